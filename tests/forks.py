"""Processes that start at once: they are forked from one that has imported mvote already.

Python and mvote take a second to import, which a test that is about something else need
not pay.  That ``mvote`` starts from nothing is proved where it serves.
"""

import importlib.util
import multiprocessing
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any, Final

from mvote.cli import COMMANDS, main

STREAMS: Final = (os.O_RDONLY, *(2 * (os.O_WRONLY | os.O_CREAT,)))
"""How standard input, output and error are opened, by their number."""


def forks() -> ForkServerContext:
    """The context of all processes that are forked; its server is started with the first."""
    context = multiprocessing.get_context("forkserver")
    modules = [place.partition(":")[0] for place in COMMANDS.values()]
    found = [one for one in modules if importlib.util.find_spec(one)]
    context.set_forkserver_preload(["__main__", "mvote.app", "mvote.worker", *found, __name__])
    return context


class Fork:
    """A process that does ``work(*given)``."""

    def __init__(self, work: Callable[..., None], *given: Any) -> None:
        self._process = forks().Process(target=work, args=given)
        self._process.start()

    def is_running(self) -> bool:
        return self._process.is_alive()

    def wait(self, seconds: float) -> int | None:
        """Its exit code, or minus the signal that ended it; what does not end in time is killed."""
        self._process.join(seconds)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
            return None
        return self._process.exitcode


def mvote_command(
    arguments: Sequence[str],
    environ: Mapping[str, str],
    streams: Sequence[Path],
    cwd: Path | None = None,
) -> None:
    """Be the command ``mvote``; ``streams`` are the files to read from, write to and complain to.

    Exits as the command does.
    """
    if cwd:
        os.chdir(cwd)
    os.environ.clear()
    os.environ.update(environ)
    for number, (path, how) in enumerate(zip(streams, STREAMS, strict=True)):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    sys.argv = ["mvote", *arguments]
    main()
