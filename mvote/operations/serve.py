"""``mvote serve``: the API and the pages behind granian, and the worker beside them."""

import logging
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

import click
from flask import Flask
from granian.constants import HTTPModes, Interfaces
from granian.log import LogLevels
from granian.server import Server

from mvote.gateways.other_wing import tls_context
from mvote.keys import open_keys, open_public_keys
from mvote.operations.credentials import check_apart
from mvote.operations.database import check_revisions
from mvote.operations.held_keys import check_held, note_held
from mvote.operations.issuing import check_issuing
from mvote.operations.logs import configure
from mvote.operations.metrics import offer_metrics
from mvote.operations.processes import Running, starting, when_orphaned
from mvote.settings import SIDES, WINGS, Settings, SettingsFault, Side, Wing, wings_of

log = logging.getLogger("mvote.serve")

THREADS = 32
LOOK_SECONDS = 0.2
RESTART_SECONDS = 1.0
STOP_SECONDS = 15

side_option = click.option(
    "--side",
    type=click.Choice(SIDES),
    default="both",
    show_default=True,
    help="One wing alone, or both.",
)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to run: ``processes`` of the server with ``threads`` each."""

    side: Side
    host: str
    port: int
    processes: int
    threads: int
    worker: bool

    @property
    def address(self) -> str:
        host = {"0.0.0.0": "localhost", "::": "localhost"}.get(self.host, self.host)
        return f"http://[{host}]:{self.port}" if ":" in host else f"http://{host}:{self.port}"


@click.command()
@side_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen at.")
@click.option(
    "--port",
    type=click.IntRange(1, 65535),
    default=8000,
    show_default=True,
    help="Port to listen at.",
)
@click.option(
    "--workers",
    type=click.IntRange(1, 64),
    help="Processes that answer requests.  [default: 1 on SQLite, 2 on PostgreSQL]",
)
@click.option(
    "--threads",
    type=click.IntRange(1, 512),
    help=f"Threads of each process.  [default: {THREADS} divided by the processes]",
)
@click.option("--no-worker", is_flag=True, help="Do not run `mvote worker` beside the server.")
@click.option("--parent", type=int, hidden=True, help="End when this process is gone.")
def serve(
    *,
    side: str,
    host: str,
    port: int,
    workers: int | None,
    threads: int | None,
    no_worker: bool,
    parent: int | None,
) -> None:
    """Serve the API and the pages, with the worker beside them.

    One side alone needs its own database and keys, the address of the other side
    and the other side's public.json; see README.

    \b
    Examples:
      mvote serve
      mvote serve --host 0.0.0.0 --port 8080 --workers 4
      mvote serve --side votes --no-worker
    """
    settings = Settings.from_env()
    processes = workers or _processes(settings, wings_of(side))
    threads = threads or max(8, THREADS // processes)
    plan = Plan(cast(Side, side), host, port, processes, threads, not no_worker)
    if parent is not None:
        when_orphaned(parent, _end_this_process)
    os.environ.setdefault("MVOTE_PUBLIC_URL", plan.address)
    configure(settings)
    check_installation(settings, wings_of(side))
    _check_port(plan)
    offer_metrics(settings)
    _run(plan)


def check_installation(settings: Settings, wings: tuple[Wing, ...]) -> None:
    """Whether keys and databases are there before anything listens.  Raises SettingsFault."""
    check_apart(settings, wings)
    tls_context(settings)
    check_revisions(settings, wings)
    check_held(settings, wings)
    for wing in wings:
        note_held(settings, open_keys(settings, wing))
    for wing in WINGS:
        open_public_keys(settings, wing)
    if "people" in wings:
        check_issuing(settings)


def make_app() -> Flask:
    """What granian calls in each server process, which starts afresh and shares no connection."""
    # The process that only watches over the others is not to carry the whole app.
    with starting():
        from mvote.app import create_app

    configure(Settings.from_env())
    when_orphaned(os.getppid(), _end_this_process)
    return create_app(cast(Side, os.environ["MVOTE_SIDE"]))


def _end_this_process() -> None:
    os.kill(os.getpid(), signal.SIGTERM)


def _processes(settings: Settings, wings: tuple[Wing, ...]) -> int:
    """On SQLite writers take turns anyway, and one process needs no lock between processes."""
    urls = [settings.database_url(wing) for wing in wings]
    return 1 if any(url.startswith("sqlite:") for url in urls) else 2


def _check_port(plan: Plan) -> None:
    """Raises SettingsFault where the address cannot be listened at."""
    try:
        family = socket.getaddrinfo(plan.host, plan.port, type=socket.SOCK_STREAM)[0][0]
        socket.create_server((plan.host, plan.port), family=family).close()
    except OSError as error:
        raise SettingsFault(
            f"cannot listen at {plan.host} port {plan.port}: {_reason(error)};"
            " choose another with --host and --port"
        ) from None


def _reason(error: OSError) -> str:
    """The system's own words; a failed look-up of a name has a negative number."""
    number = error.errno or 0
    return os.strerror(number) if number > 0 else str(error.strerror)


def _run(plan: Plan) -> None:
    """Serve until SIGTERM or SIGINT.

    The processes are spawned, not forked: a forked one would share open database
    connections with its siblings and could answer one person with another's row.
    """
    os.environ["MVOTE_SIDE"] = plan.side
    multiprocessing.set_start_method("spawn", force=True)
    server = Server(
        "mvote.operations.serve:make_app",
        factory=True,
        address=plan.host,
        port=plan.port,
        interface=Interfaces.WSGI,
        http=HTTPModes.http1,
        websockets=False,
        workers=plan.processes,
        blocking_threads=plan.threads,
        backlog=2048,
        log_level=LogLevels.error,
        log_access=False,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
    )
    if plan.worker:
        beside = _WorkerBeside(plan.side, lambda: server.interrupt_signal)
        server.on_startup(beside.start)
        server.on_shutdown(beside.join)
    log.info("%s on %s, %d × %d threads", plan.side, plan.address, plan.processes, plan.threads)
    server.serve()


class _WorkerBeside(threading.Thread):
    """Keeps one ``mvote worker`` running until the server was told to stop."""

    def __init__(self, side: Side, stopping: Callable[[], bool]) -> None:
        super().__init__(name="worker", daemon=True)
        self._side = side
        self._stopping = stopping

    def run(self) -> None:
        running = self._begin()
        while not self._stopping():
            if running.wait(LOOK_SECONDS) and not self._stopping():
                log.error("the worker ended with exit code %s, starting it again", running.ended())
                time.sleep(RESTART_SECONDS)
                running = self._begin()
        running.stop()

    def _begin(self) -> Running:
        return Running("worker", "--side", self._side, "--parent", str(os.getpid()))
