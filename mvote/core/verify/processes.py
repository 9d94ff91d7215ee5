"""Judging the entries of a big board on every processor: two signatures a ballot take the time."""

import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import cached_property
from typing import Any, Final

from mvote.core.verify.entries import Entry, Judge

AHEAD: Final = 3
"""Blocks that wait for each processor: enough to keep it busy, few enough for the memory."""
FEW_BYTES: Final = 2 * 2**20
"""Below this starting other processes takes longer than the checks."""
MOST_PROCESSES: Final = 61
"""As many as Windows can wait for."""

Judged = list[tuple[Any, ...]]


def judge_all(definition: bytes, blocks: Iterator[bytes], *, size: int) -> Iterator[Entry]:
    """Every entry in order.  ``size`` in bytes decides whether other processes help."""
    processes = min(_processors(), MOST_PROCESSES)
    if size >= FEW_BYTES and processes > 1:
        yield from _Helpers(definition, processes).judge(_numbered(blocks))
        return
    judge = Judge.of(definition)
    for start, block in _numbered(blocks):
        yield from judge.judge_block(start, block)


def _processors() -> int:
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _numbered(blocks: Iterator[bytes]) -> Iterator[tuple[int, bytes]]:
    """Blocks by the position of their first line."""
    start = 0
    for block in blocks:
        yield start, block
        start += block.count(b"\n")


class _Helpers:
    """Other processes that judge; when they die, this one goes on alone."""

    def __init__(self, definition: bytes, processes: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._definition = definition
        self._pool = ProcessPoolExecutor(processes, context, _prepare, (definition,))
        self._most = AHEAD * processes

    def judge(self, numbered: Iterator[tuple[int, bytes]]) -> Iterator[Entry]:
        waiting: deque[tuple[Future[Judged] | None, int, bytes]] = deque()
        try:
            for start, block in numbered:
                waiting.append((self._submit(start, block), start, block))
                if len(waiting) >= self._most:
                    yield from self._result(*waiting.popleft())
            while waiting:
                yield from self._result(*waiting.popleft())
        finally:
            self._pool.shutdown(wait=True, cancel_futures=True)

    def _submit(self, start: int, block: bytes) -> Future[Judged] | None:
        try:
            with _interrupts_kept_here():
                return self._pool.submit(_judge_block, start, block)
        except BrokenProcessPool:
            return None

    def _result(self, future: Future[Judged] | None, start: int, block: bytes) -> Iterator[Entry]:
        try:
            judged = future.result() if future else None
        except BrokenProcessPool:
            judged = None
        if judged is None:
            yield from self._judge.judge_block(start, block)
        else:
            yield from map(Entry._make, judged)

    @cached_property
    def _judge(self) -> Judge:
        return Judge.of(self._definition)


@contextmanager
def _interrupts_kept_here() -> Iterator[None]:
    """A process started meanwhile never sees Ctrl-C, which is for its parent to answer."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


_judges: list[Judge] = []
"""The judge of a helping process."""


def _prepare(definition: bytes) -> None:
    threading.Thread(target=_leave_with_parent, daemon=True).start()
    _judges[:] = [Judge.of(definition)]


def _leave_with_parent() -> None:
    """Nobody else would end a helper whose parent was killed."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _judge_block(start: int, block: bytes) -> Judged:
    """Plain tuples, which travel faster; equal answers as one object travel once."""
    return [tuple(entry) for entry in _judges[0].judge_block(start, block)]
