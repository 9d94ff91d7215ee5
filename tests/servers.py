"""Fixtures for tests that speak to ``mvote serve`` in a process of its own, over real HTTP."""

import itertools
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import urllib3

from mvote.settings import Settings
from tests.databases import DatabaseUrls

START_SECONDS = 300
STOP_SECONDS = 120
ANSWER_SECONDS = 300
MVOTE = Path(sys.executable).with_name("mvote")
LOWEST_PORT = 10_240
KERNELS_PORTS = Path("/proc/sys/net/ipv4/ip_local_port_range")
SHARES = 16
"""Workers of pytest-xdist that have ports of their own."""


def free_port() -> int:
    """A port at which a server that is started now can listen, however long it takes to start.

    One that the kernel deals out could be any connection's by then.
    """
    ports = _own_ports()
    for _ in range(1000):
        port = next(ports)
        with suppress(OSError), socket.create_server(("127.0.0.1", port)) as held:
            return int(held.getsockname()[1])
    raise RuntimeError("no port is free")


@cache
def _own_ports() -> Iterator[int]:
    """Those of this process, over and over, below the ones that the kernel deals out."""
    kernels = int(KERNELS_PORTS.read_text().split()[0]) if KERNELS_PORTS.exists() else 32_768
    share = (kernels - LOWEST_PORT) // SHARES
    if share < 1:  # it deals out nearly all of them
        return itertools.repeat(0)
    worker = int(re.sub(r"\D", "", os.environ.get("PYTEST_XDIST_WORKER", "")) or 0)
    first, begin = LOWEST_PORT + worker % SHARES * share, os.getpid() % share
    return itertools.cycle(first + (begin + place) % share for place in range(share))


def ask(method: str, url: str, **given: Any) -> urllib3.BaseHTTPResponse:
    """One request, never repeated.  Left to itself urllib3 waits no longer than three seconds."""
    return urllib3.request(method, url, retries=False, timeout=ANSWER_SECONDS, **given)


def environment(settings: Settings) -> dict[str, str]:
    """The environment that makes ``Settings.from_env`` read these settings."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("MVOTE_")}
    given = {f.name: getattr(settings, f.name) for f in fields(settings)}
    changed = {f.name for f in fields(settings) if given[f.name] != f.default}
    return kept | {f"MVOTE_{name.upper()}": str(given[name]) for name in changed}


class Server:
    """A running ``mvote serve``.  ``log`` is the file with all that it printed."""

    def __init__(self, settings: Settings, log: Path, *options: str, port: int) -> None:
        self.settings = settings
        self.url = f"http://127.0.0.1:{port}"
        self.log = log
        command = [str(MVOTE), "serve", "--port", str(port), *options]
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                command, env=environment(settings), stdout=out, stderr=out, start_new_session=True
            )

    def await_ready(self) -> None:
        """Wait until /readyz answers 200.  Raises RuntimeError with the log."""
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.process.poll() is None:
            try:
                answer = urllib3.request("GET", f"{self.url}/readyz", retries=False, timeout=10)
            except urllib3.exceptions.HTTPError:
                answer = None
            if answer is not None and answer.status == 200:
                return
            time.sleep(0.05)
        raise RuntimeError(f"mvote serve did not get ready:\n{self.log.read_text()}")

    def stop(self) -> None:
        """Ask it to end, then end it and what it started."""
        if self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """As a power cut would: no process of it lives on to tidy up."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


Serve = Callable[..., Server]


@pytest.fixture
def serve(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[Serve]:
    """Start servers: ``serve(settings, "--side", "people", port=…)``; they end with the test.

    It asks for the databases so that the servers end before these are dropped.  They are
    killed, for a server takes seconds to end by itself; how it does so has its own tests.
    """
    started: list[Server] = []

    def start(settings: Settings, *options: str, port: int | None = None) -> Server:
        log = tmp_path / f"serve-{len(started)}.log"
        started.append(Server(settings, log, *options, port=port or free_port()))
        started[-1].await_ready()
        return started[-1]

    yield start
    for server in started:
        server.kill()
        # pytest shows what a fixture prints here only when the test has failed.
        sys.stdout.write(f"--- {server.url}\n{server.log.read_text()}")


@pytest.fixture
def live_server(serve: Serve, settings: Settings) -> Server:
    """Both wings and the worker behind one address."""
    return serve(settings)
