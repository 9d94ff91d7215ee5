"""How much is learnt from a vote on each statement, worked out now and then and not for each phone.

It takes every vote of a pool, so the weights stand in the memory of one process for a while.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from time import monotonic
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from mvote.db import engine, reading
from mvote.installation import installation
from mvote.votes.pools.rules import told_weights
from mvote.votes.pools.service.freezing import matrix_of
from mvote.votes.pools.service.rows import list_statement_rows, texts_of

MOST_POOLS: Final = 1_000
Weights = Mapping[str, int]


@dataclass(slots=True, eq=False)
class _Kept:
    until: float = 0.0
    weights: Weights | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


class Memory:
    """The weights of pools for so many seconds, at most ``MOST_POOLS`` of them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._pools: OrderedDict[str, _Kept] = OrderedDict()

    def recall(self, pool_id: str, work_out: Callable[[], Weights], *, seconds: float) -> Weights:
        """While they are worked out anew, those that are known already are given to others."""
        with self._lock:
            kept = self._pools.setdefault(pool_id, _Kept())
            self._pools.move_to_end(pool_id)
            while len(self._pools) > MOST_POOLS:
                self._pools.popitem(last=False)
        known = kept.weights
        if known is not None and monotonic() < kept.until:
            return known
        if not kept.lock.acquire(blocking=known is None):
            return known or {}
        try:
            if kept.weights is None or monotonic() >= kept.until:
                kept.weights, kept.until = work_out(), monotonic() + seconds
            return kept.weights
        finally:
            kept.lock.release()


_memories: WeakKeyDictionary[Engine, Memory] = WeakKeyDictionary()
_lock = threading.Lock()


def weights_of(pool_id: str) -> Weights:
    """By id of a statement; ``rules.UNSEEN`` stands for those that were written since."""
    seconds = installation().settings.pool_weights_seconds
    with _lock:
        memory = _memories.setdefault(engine("votes"), Memory())
    return memory.recall(pool_id, lambda: _work_out(pool_id), seconds=seconds)


def _work_out(pool_id: str) -> Weights:
    with reading("votes") as session:
        texts = texts_of(session, list_statement_rows(session, pool_id))
        matrix = matrix_of(session, pool_id, {one: one for one in texts}, texts)
    return told_weights(matrix, texts)
