"""Start ``mvote`` commands beside this one, see when a parent is gone, end what was started."""

import gc
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import IO

STOP_SECONDS = 20
LOOK_SECONDS = 1.0


class Running:
    """A ``mvote`` command in a process of its own.  What it prints goes to ``log`` if one is given.

    ``apart``: Ctrl-C at the keyboard does not reach it; who started it ends it.
    """

    def __init__(
        self,
        *arguments: str,
        environ: Mapping[str, str] | None = None,
        log: IO[bytes] | None = None,
        apart: bool = False,
    ) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "mvote.cli", *arguments],
            env=dict(os.environ if environ is None else environ),
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            process_group=0 if apart else None,
        )

    @property
    def pid(self) -> int:
        return self._process.pid

    def ended(self) -> int | None:
        """The exit code, or None while it runs."""
        return self._process.poll()

    def wait(self, seconds: float) -> bool:
        """Whether it ends within so many seconds."""
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def stop(self) -> None:
        """Ask it to end; what does not end in time is killed."""
        if self.ended() is None:
            self._process.terminate()
            if not self.wait(STOP_SECONDS):
                self._process.kill()
                self._process.wait()


def when_orphaned(parent: int, then: Callable[[], None]) -> None:
    """Call ``then`` once ``parent`` is no longer this process's parent, however it ended.

    A killed parent can tell its children nothing, so they look.
    """

    def look() -> None:
        pause = threading.Event()
        while os.getppid() == parent:
            pause.wait(LOOK_SECONDS)
        then()

    threading.Thread(target=look, name="parent", daemon=True).start()


@contextmanager
def starting() -> Iterator[None]:
    """Collect no garbage while modules are imported.

    Nearly all that an import makes stays for good; to look through it again and again only
    makes a start longer.
    """
    collects = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collects:
            gc.enable()
