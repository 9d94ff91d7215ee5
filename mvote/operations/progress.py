"""How far a long command is: a bar on a terminal, now and then a line elsewhere, on stderr."""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

LINE_SECONDS = 10.0


@contextmanager
def counting(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Gives a function that is told how many are done."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _Lines(label, total)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as progress:
        task = progress.add_task(label, total=total)

        def tell(done: int) -> None:
            progress.update(task, completed=done)

        yield tell


class _Lines:
    """For logs: at most a line in ten seconds."""

    def __init__(self, label: str, total: int) -> None:
        self._label, self._total, self._told = label, total, time.monotonic()

    def __call__(self, done: int) -> None:
        if time.monotonic() - self._told >= LINE_SECONDS:
            self._told = time.monotonic()
            sys.stderr.write(f"{self._label}: {done} of {self._total}\n")
            sys.stderr.flush()
