"""What the entries of a board add up to."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from mvote.core.counted_apart import Quarantined
from mvote.core.outage import Closings
from mvote.core.poll import PollDefinition
from mvote.core.poll_notes import Noted
from mvote.core.quarantine import Release, fits
from mvote.core.secrecy.merkle import GrowingTree
from mvote.core.verify.entries import Close, Entry
from mvote.core.verify.words import SHOWN


@dataclass(slots=True)
class Board:
    """What the entries add up to.  ``counting`` has the ballot that counts of each voter.

    Equal answers are kept once, so memory grows with the voters only.  ``sought`` is the
    leaf of a receipt, and ``found_at`` where it stands.  ``closings`` follows the outages that
    were noted, ``added`` counts those whom officials added to the roll meanwhile, ``released``
    names the rules whose permits they let count as all others.
    """

    revote: bool
    closings: Closings
    sought: bytes | None = None
    added: int = 0
    released: set[str] = field(default_factory=set)
    tree: GrowingTree = field(default_factory=GrowingTree)
    breaches: dict[str, list[int]] = field(default_factory=dict)
    broken: Counter[str] = field(default_factory=Counter)
    ballots: int = 0
    close: Close | None = None
    counting: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    replaced: set[tuple[bytes, int]] = field(default_factory=set)
    answers: dict[bytes, int] = field(default_factory=dict)
    found_at: int | None = None

    def breach(self, code: str, position: int) -> None:
        self.broken[code] += 1
        if self.broken[code] <= SHOWN:
            self.breaches.setdefault(code, []).append(position)

    def grouped(self) -> Iterator[tuple[str, int]]:
        """Answers that count, equal ones together; those against the rules left out."""
        spelled = {number: answers for answers, number in self.answers.items()}
        weights = Counter(number for _, number in self.counting.values())
        for number, weight in sorted(weights.items()):
            if number in spelled:
                yield spelled[number].decode(), weight

    def apart(self, definition: PollDefinition) -> Quarantined | None:
        """What is counted apart, where the last entry says it as the poll has it."""
        close = self.close
        if close is None or not fits(close.apart, definition.quarantine, close.issued):
            return None
        return None if close.apart is None else Quarantined(close.apart, self.released)

    def take(self, entry: Entry) -> None:
        position = self.tree.size
        self.tree.append(entry.leaf)
        if self.close is not None:
            self.breach("close-entry", position)
        for code in entry.breaches:
            self.breach(code, position)
        if entry.noted is not None:
            self.added += entry.noted.roll.raises if entry.noted.roll else 0
            self._release(entry.noted.release)
            if not self._moves_as_ruled(entry.noted):
                self.breach("canonical", position)
        if entry.leaf == self.sought and self.found_at is None:
            self.found_at = position
        self.close = entry.close or self.close
        self.ballots += entry.is_ballot
        if entry.holder is not None:
            self._count(entry.holder, entry.seq, entry.answers, position)

    def _release(self, release: Release | None) -> None:
        if release is not None:
            self.released.discard(release.rule)
            self.released |= {release.rule} if release.released else set()

    def _moves_as_ruled(self, noted: Noted) -> bool:
        moved = noted.moved
        if moved is None:
            return True
        return self.closings.take(moved.outage, closes=moved.closes, at=noted.at)

    def _count(self, holder: bytes, seq: int, answers: bytes | None, position: int) -> None:
        """Of one voter the ballot with the highest number counts."""
        before = self.counting.get(holder)
        twice = before is not None and (before[0] == seq or (holder, seq) in self.replaced)
        if twice or (not self.revote and (before is not None or seq > 1)):
            self.breach("duplicate-seq", position)
        if before is not None:
            self.replaced.add((holder, min(before[0], seq)))
        if before is None or before[0] < seq:
            kept = -1
            if answers is not None:
                kept = self.answers.setdefault(answers, len(self.answers))
            self.counting[holder] = (seq, kept)
