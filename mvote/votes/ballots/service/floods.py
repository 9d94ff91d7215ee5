"""Whoever sends bad ballots is slowed, and nobody who shares the address is refused for it.

Only a check tells a bad ballot from a good one, so every ballot is checked.  But from an
address that has sent too many bad ones they are checked one at a time, which leaves the other
addresses their share of the processor, and a bad one waits for its answer.  A good one waits
for no more than those before it; where too many wait already, the phone is told to send the
same bytes again.  The addresses stand in the memory of one process, for a minute by default.
"""

import threading
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from mvote.core.networks import network_of
from mvote.db import engine
from mvote.installation import installation
from mvote.settings import Settings
from mvote.votes.ballots.errors import TooManyBadBallots

RETRY_SECONDS: Final = 1


@dataclass(slots=True)
class Turn:
    """One request.  Whoever carries it out says whether its ballot was ``bad``."""

    bad: bool = False
    lane: "threading.Lock | None" = None

    def leave_lane(self) -> None:
        """The ballot was looked at, and nobody needs to wait for the disk behind it."""
        if self.lane is not None:
            self.lane.release()
            self.lane = None


@dataclass(slots=True, eq=False)
class _Sender:
    """An address.  ``bad`` ballots since ``since``; ``waiting`` wait for the ``lane``."""

    since: float
    bad: int = 0
    waiting: int = 0
    lane: threading.Lock = field(default_factory=threading.Lock)


class Floods:
    """What one process knows of bad ballots."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._senders: OrderedDict[str, _Sender] = OrderedDict()
        self._lock = threading.Lock()
        self._held = threading.BoundedSemaphore(max(1, settings.bad_ballots_held))

    @contextmanager
    def turn(self, address: str) -> Iterator[Turn]:
        """The turn of a request; it ends when it may be answered.  Raises TooManyBadBallots."""
        network = network_of(address)
        flooding = self._flooding(network)
        turn = Turn(lane=None if flooding is None else self._enter_lane(flooding))
        try:
            yield turn
        finally:
            turn.leave_lane()
            if turn.bad:
                self._note(network)
            if turn.bad and flooding is not None:
                self._hold()

    def bad(self, address: str) -> int:
        """How many bad ballots of an address are remembered."""
        with self._lock:
            found = self._senders.get(network_of(address))
            return 0 if found is None or self._is_over(found) else found.bad

    def waiting(self, address: str) -> int:
        """How many ballots of an address wait for their turn."""
        with self._lock:
            found = self._senders.get(network_of(address))
            return 0 if found is None else found.waiting

    def _enter_lane(self, sender: _Sender) -> threading.Lock:
        """Alone among those of this address.  Raises TooManyBadBallots."""
        with self._lock:
            if sender.waiting >= self._settings.bad_ballots_lane:
                raise TooManyBadBallots(retry_after=RETRY_SECONDS)
            sender.waiting += 1
        entered = sender.lane.acquire(timeout=self._settings.bad_ballots_lane_seconds)
        with self._lock:
            sender.waiting -= 1
        if not entered:
            raise TooManyBadBallots(retry_after=RETRY_SECONDS)
        return sender.lane

    def _hold(self) -> None:
        """Let a bad one wait, outside the lane; not so many that they use up the threads."""
        if self._held.acquire(blocking=False):
            try:
                sleep(self._settings.bad_ballots_pause)
            finally:
                self._held.release()

    def _flooding(self, network: str) -> _Sender | None:
        with self._lock:
            found = self._senders.get(network)
            if found is None or self._is_over(found):
                return None
            return found if found.bad >= self._settings.bad_ballots else None

    def _note(self, network: str) -> None:
        """Where there is no room for another address, the one that was noted first goes."""
        with self._lock:
            found = self._senders.get(network)
            if found is None or self._is_over(found):
                found = self._senders[network] = _Sender(monotonic())
                self._senders.move_to_end(network)
            found.bad += 1
            while len(self._senders) > max(1, self._settings.bad_ballots_addresses):
                self._senders.popitem(last=False)

    def _is_over(self, sender: _Sender) -> bool:
        return monotonic() - sender.since >= self._settings.bad_ballots_seconds


_floods: WeakKeyDictionary[Engine, Floods] = WeakKeyDictionary()
_lock = threading.Lock()


def floods() -> Floods:
    """What this process knows of those who send ballots to its database."""
    votes = engine("votes")
    with _lock:
        if votes not in _floods:
            _floods[votes] = Floods(installation().settings)
        return _floods[votes]
