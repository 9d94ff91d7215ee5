"""Many citizens at once: a bounded number of threads, outcomes in order, one clear stop.

For the demo, for replays, for benchmarks and for tests.  Items are taken one by one, so
that a generator of a million voters costs no memory before its time.
"""

import threading
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

from mvote.client.api import Api
from mvote.client.citizen import Citizen
from mvote.client.errors import Refused, SwarmStopped
from mvote.client.poll import FrozenPoll
from mvote.core.secrecy.ballot import Answers
from mvote.core.secrecy.receipt import Receipt

PROGRESS_EVERY_SECONDS: Final = 0.2
STOP_WITHIN_SECONDS: Final = 10.0

Item = TypeVar("Item")
Value = TypeVar("Value")
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Outcome(Generic[Value]):
    """What came of one item: a value, or a refusal whose code was expected."""

    value: Value | None = None
    refused: Refused | None = None


@dataclass(frozen=True, slots=True)
class Voter:
    """A simulated citizen: a phone number, the answers, and a name where the poll takes one."""

    number: str
    answers: Answers
    name: str | None = None


def cast_all(
    voters: Iterable[Voter],
    *,
    people: Api,
    votes: Api,
    poll: FrozenPoll,
    code_of: Callable[[str], str],
    threads: int,
    progress: Progress | None = None,
    expected: Collection[str] = (),
) -> list[Outcome[Receipt]]:
    """Let every voter prove the number, take a permit and cast.

    ``code_of`` finds the code that was sent to a number; it is called from many threads.
    Raises SwarmStopped.
    """

    def vote(voter: Voter) -> Receipt:
        citizen = Citizen(people, votes, number=voter.number)
        citizen.check_phone()
        citizen.enter_code(code_of(voter.number))
        citizen.get_permit(poll, name=voter.name)
        return citizen.cast(poll, voter.answers)

    return run_all(voters, vote, threads=threads, progress=progress, expected=expected)


def run_all(
    items: Iterable[Item],
    work: Callable[[Item], Value],
    *,
    threads: int,
    progress: Progress | None = None,
    expected: Collection[str] = (),
) -> list[Outcome[Value]]:
    """Do ``work`` on every item and give the outcomes in the order of the items.

    ``progress`` is told from the calling thread how many are done.  A refusal whose code is
    in ``expected`` is an outcome; anything else that is raised stops all.  Raises SwarmStopped.
    """
    swarm = _Swarm(items, work, frozenset(expected))
    workers = [threading.Thread(target=swarm.labour, daemon=True) for _ in range(threads)]
    for worker in workers:
        worker.start()
    try:
        _watch(workers, swarm, progress)
    finally:
        swarm.stopped.set()
        for worker in workers:
            worker.join(STOP_WITHIN_SECONDS)
    if progress:
        progress(len(swarm.outcomes))
    return swarm.in_order()


def _watch(
    workers: list[threading.Thread], swarm: "_Swarm[Item, Value]", progress: Progress | None
) -> None:
    """Wait for the workers, reporting; the first failure ends the waiting."""
    for worker in workers:
        while worker.is_alive() and not swarm.stopped.is_set():
            worker.join(PROGRESS_EVERY_SECONDS)
            if progress:
                progress(len(swarm.outcomes))


class _Swarm(Generic[Item, Value]):
    """What the threads share.  ``outcomes`` by place; the lock guards the taking of items."""

    def __init__(
        self, items: Iterable[Item], work: Callable[[Item], Value], expected: frozenset[str]
    ) -> None:
        self.outcomes: dict[int, Outcome[Value]] = {}
        self.stopped = threading.Event()
        self._failure: tuple[int, BaseException] | None = None
        self._items: Iterator[Item] = iter(items)
        self._taken = 0
        self._work = work
        self._expected = expected
        self._lock = threading.Lock()

    def labour(self) -> None:
        """What each thread does: take the next item until none is left or another failed."""
        while not self.stopped.is_set():
            with self._lock:
                place = self._taken
                self._taken += 1
                try:
                    item = next(self._items)
                except StopIteration:
                    return
                except Exception as cause:
                    self._fail(place, cause)
                    return
            try:
                self.outcomes[place] = self._outcome(item)
            except Exception as cause:
                with self._lock:
                    self._fail(place, cause)
                return

    def in_order(self) -> list[Outcome[Value]]:
        """Raises SwarmStopped with the first failure."""
        if self._failure:
            place, cause = self._failure
            raise SwarmStopped(place, len(self.outcomes), cause) from cause
        return [self.outcomes[place] for place in range(len(self.outcomes))]

    def _outcome(self, item: Item) -> Outcome[Value]:
        try:
            return Outcome(value=self._work(item))
        except Refused as refused:
            if refused.code not in self._expected:
                raise
            return Outcome(refused=refused)

    def _fail(self, place: int, cause: BaseException) -> None:
        """Keep the failure that came first; the caller holds the lock."""
        self._failure = self._failure or (place, cause)
        self.stopped.set()
