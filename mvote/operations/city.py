"""An installation of one's own, for the demo and for replays: settings and server process."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from pathlib import Path

import urllib3

from mvote.client.api import Api
from mvote.operations.processes import Running
from mvote.settings import Settings, Side

START_SECONDS = 60
LOOK_SECONDS = 0.1
LOG_LINES_SHOWN = 15


class CityFault(Exception):
    """A step of the installation did not do what it should; the sentence says which and why."""


@dataclass(frozen=True, slots=True)
class City:
    """A running installation, or one side of it, behind ``url``."""

    settings: Settings
    url: str
    running: Running

    def api(self, *, connections: int = 4) -> Api:
        return Api(self.url, connections=connections)


def environment(settings: Settings) -> dict[str, str]:
    """This process's environment, in which ``Settings.from_env`` reads exactly these settings."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MVOTE_")}
    changed = {
        field.name: getattr(settings, field.name)
        for field in fields(settings)
        if getattr(settings, field.name) != field.default
    }
    return kept | {f"MVOTE_{name.upper()}": str(value) for name, value in changed.items()}


def free_port(wanted: int | None = None) -> int:
    """The wanted port where nobody listens there, else one that is free."""
    for port in (wanted, 0):
        if port is None:
            continue
        try:
            with socket.create_server(("127.0.0.1", port)) as held:
                found: int = held.getsockname()[1]
            return found
        except OSError:
            continue
    raise CityFault("no port of this machine is free")


@contextmanager
def serving(
    settings: Settings,
    *,
    port: int,
    log: Path,
    processes: int | None = None,
    side: Side = "both",
) -> Iterator[City]:
    """A ``mvote serve`` process of its own, with its worker, that ends with the block.

    Raises CityFault with the end of its log.
    """
    url = f"http://localhost:{port}"
    with log.open("ab") as out:
        running = Running(
            *("serve", "--side", side),
            *("--port", str(port), "--parent", str(os.getpid())),
            *(("--workers", str(processes)) if processes else ()),
            environ=environment(settings),
            log=out,
            apart=True,
        )
    try:
        _await_ready(running, url, log)
        yield City(settings, url, running)
    finally:
        running.stop()


def _await_ready(running: Running, url: str, log: Path) -> None:
    end = time.monotonic() + START_SECONDS
    with urllib3.PoolManager(retries=False, timeout=2) as pool:
        while running.ended() is None and time.monotonic() < end:
            try:
                if pool.request("GET", f"{url}/readyz").status == 200:
                    return
            except urllib3.exceptions.HTTPError:
                pass
            time.sleep(LOOK_SECONDS)
    raise CityFault(f"the server did not start:\n{_end_of(log)}")


def _end_of(log: Path) -> str:
    return "\n".join(log.read_text(errors="replace").splitlines()[-LOG_LINES_SHOWN:])
