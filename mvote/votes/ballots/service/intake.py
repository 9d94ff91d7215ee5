"""The queue before the disk: many requests wait, one thread writes for all of them together.

One commit makes up to ``intake_flush`` ballots durable, and nobody is answered before it
returned.  Every process has a thread of its own for each database it serves; it starts
with the first ballot and ends when it has had nothing to do for a while.
"""

import atexit
import logging
import os
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    InterfaceError,
    InternalError,
    OperationalError,
    TimeoutError,
)

from mvote.settings import Settings
from mvote.votes.ballots.errors import BallotFateUnknown, BallotNotStorable, IntakeFull
from mvote.votes.ballots.rules import Incoming
from mvote.votes.ballots.service.storing import (
    RETRY_SECONDS,
    Fate,
    Key,
    Stored,
    key_of,
    store_all,
)

log = logging.getLogger("mvote.ballots")

IDLE_SECONDS: Final = 20.0
CANNOT_SAY = (OperationalError, InterfaceError, TimeoutError)
"""The database cannot be reached, is locked, is full, or went away in the middle."""
ONE_IS_AT_FAULT = (DataError, IntegrityError, InternalError)


@dataclass(slots=True, eq=False)
class _Waiting:
    """A request that waits; ``fate`` is set before ``done`` is."""

    ballot: Incoming
    done: threading.Event = field(default_factory=threading.Event)
    fate: Fate | None = None

    def settle(self, fate: Fate) -> None:
        self.fate = fate
        self.done.set()


class Intake:
    """The queue of one process for one database."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self._engine = engine
        self._most_waiting = settings.intake_queue
        self._most_at_once = max(1, settings.intake_flush)
        self._patience = settings.intake_wait_seconds
        self._waiting: deque[_Waiting] = deque()
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._ending = False

    def store(self, ballot: Incoming) -> Stored:
        """Return when the ballot is durable, or when it is clear that the poll takes none.

        Raises SeqConflict, StaleSeq, IntakeFull, BallotFateUnknown, BallotNotStorable.
        """
        waiting = self._enqueue(ballot)
        waiting.done.wait(self._patience)
        if waiting.fate is None:
            raise BallotFateUnknown(retry_after=RETRY_SECONDS)
        if isinstance(waiting.fate, Exception):
            raise waiting.fate
        return waiting.fate

    def stop(self) -> None:
        """Write what waits, then end the thread; another ballot would start it again."""
        with self._changed:
            self._ending = True
            self._changed.notify()
            thread = self._thread
        if thread is not None:
            thread.join(self._patience)

    def _enqueue(self, ballot: Incoming) -> _Waiting:
        waiting = _Waiting(ballot)
        with self._changed:
            if len(self._waiting) >= self._most_waiting:
                raise IntakeFull(retry_after=RETRY_SECONDS)
            self._waiting.append(waiting)
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="ballots", daemon=True)
                self._thread.start()
            self._changed.notify()
        return waiting

    def _work(self) -> None:
        while batch := self._take():
            settle(self._engine, batch)

    def _take(self) -> list[_Waiting]:
        """All that wait, up to the most at once; nothing means that the thread ends."""
        with self._changed:
            if not self._waiting and not self._ending:
                self._changed.wait(IDLE_SECONDS)
            count = min(len(self._waiting), self._most_at_once)
            batch = [self._waiting.popleft() for _ in range(count)]
            if not batch:
                self._thread, self._ending = None, False
                _forget(self._engine, self)
            return batch


def settle(engine: Engine, batch: Sequence[_Waiting]) -> None:
    """Write a batch and tell every request what became of its ballot.

    Of several requests with the identical ballot the first is told that it is new.
    """
    fates = _fates(engine, [waiting.ballot for waiting in batch])
    for waiting in batch:
        key = key_of(waiting.ballot)
        fate = fates[key]
        if fate is Stored.NEW:
            fates[key] = Stored.AGAIN
        waiting.settle(fate)


def _fates(engine: Engine, ballots: Sequence[Incoming]) -> dict[Key, Fate]:
    """What became of each ballot; no exception ends the thread that all depend on."""
    try:
        return store_all(engine, ballots)
    except CANNOT_SAY as error:
        log.error("ballots could not be stored: %s", _kind(error))
        return _all(ballots, BallotFateUnknown(retry_after=RETRY_SECONDS))
    except ONE_IS_AT_FAULT as error:
        if error.connection_invalidated:
            return _all(ballots, BallotFateUnknown(retry_after=RETRY_SECONDS))
        return _one_by_one(engine, ballots, error)
    except Exception as error:
        log.exception("ballots could not be stored")
        return _all(ballots, error)


def _one_by_one(engine: Engine, ballots: Sequence[Incoming], error: DBAPIError) -> dict[Key, Fate]:
    """One ballot that the database refuses must not take the others with it."""
    if len({key_of(ballot) for ballot in ballots}) == 1:
        log.error("a ballot cannot be stored: %s", _kind(error))
        return _all(ballots, BallotNotStorable())
    fates: dict[Key, Fate] = {}
    for key, ballot in {key_of(ballot): ballot for ballot in ballots}.items():
        fates[key] = _fates(engine, [ballot])[key]
    return fates


def _all(ballots: Sequence[Incoming], fate: Fate) -> dict[Key, Fate]:
    return dict.fromkeys(map(key_of, ballots), fate)


def _kind(error: Exception) -> str:
    """Only the kind: what the database says may quote a ballot."""
    return type(getattr(error, "orig", None) or error).__name__


_intakes: dict[Engine, Intake] = {}
_lock = threading.Lock()


def intake_of(engine: Engine, settings: Settings) -> Intake:
    """This process's queue for a database."""
    with _lock:
        if engine not in _intakes:
            _intakes[engine] = Intake(engine, settings)
        return _intakes[engine]


def _forget(engine: Engine, intake: Intake) -> None:
    with _lock:
        if _intakes.get(engine) is intake:
            del _intakes[engine]


@atexit.register
def stop_intakes() -> None:
    """Write what waits before the process ends."""
    for intake in list(_intakes.values()):
        intake.stop()


def _start_anew() -> None:
    """A forked child has neither the thread nor the requests of its parent."""
    global _lock  # noqa: PLW0603
    _lock = threading.Lock()
    _intakes.clear()


os.register_at_fork(after_in_child=_start_anew)
