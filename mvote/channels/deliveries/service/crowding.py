"""No network alone uses up what a process of the server asks or takes in a day.

Who asks from where stands in the memory of one process, for the day, and nowhere else.  What was
refused for another reason does not count.
"""

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from mvote.channels.deliveries.errors import TooManyAsked
from mvote.channels.deliveries.rules import MAIL
from mvote.channels.deliveries.service.following import DAY_SECONDS
from mvote.core.networks import block_of, network_of
from mvote.db import engine
from mvote.installation import city_day, installation

ALL_PERCENT = 100
Source = tuple[str, str]
"""A channel, and a network or a block of them."""


class Crowd:
    """What one process knows of those who asked today."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._day = date.min
        self._asked: Counter[Source] = Counter()

    def take(self, most: dict[Source, int], *, day: date) -> None:
        """Count one more for each source, or for none of them.  Raises TooManyAsked."""
        with self._lock:
            if day != self._day:
                self._day = day
                self._asked.clear()
            if any(self._asked[source] >= bound for source, bound in most.items()):
                raise TooManyAsked(retry_after=DAY_SECONDS)
            self._asked.update(most.keys())

    def give_back(self, sources: dict[Source, int], *, day: date) -> None:
        """Nothing is left of whoever was only refused: else refusals would fill the memory."""
        with self._lock:
            if day == self._day:
                self._asked.subtract(sources.keys())
                for source in sources:
                    if not self._asked[source]:
                        del self._asked[source]

    def __len__(self) -> int:
        """How many sources it knows."""
        with self._lock:
            return len(self._asked)


@contextmanager
def asking(channel: str, address: str, *, known: bool = False, now: datetime) -> Iterator[None]:
    """What asks for e-mail or push messages, from an address.  Raises TooManyAsked.

    Who is ``known`` may ask however many its neighbours were.
    """
    if known:
        yield
        return
    settings, day = installation().settings, city_day(now)
    most, each = (
        (settings.mail_new_per_day, settings.mail_network_per_day)
        if channel == MAIL
        else (settings.push_new_per_day, settings.push_network_per_day)
    )
    bounds = {
        (channel, network_of(address)): each,
        (channel, f"{block_of(address)} and neighbours"): share_of(most),
    }
    crowd = _crowd()
    crowd.take(bounds, day=day)
    try:
        yield
    except Exception:
        crowd.give_back(bounds, day=day)
        raise


def share_of(most: int) -> int:
    """How much of a day's one domain or one block of networks can use up, 1 at least."""
    return max(1, most * installation().settings.one_source_percent // ALL_PERCENT)


_crowds: WeakKeyDictionary[Engine, Crowd] = WeakKeyDictionary()
_lock = threading.Lock()


def _crowd() -> Crowd:
    votes = engine("votes")
    with _lock:
        return _crowds.setdefault(votes, Crowd())
