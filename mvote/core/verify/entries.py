"""Entries of a board, each by itself: what it is, its leaf, and which checks it breaks.

This is where the time goes (two signatures a ballot), so it runs on every processor.
"""

import multiprocessing
import os
from collections import deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from itertools import islice
from typing import Final

from mvote.core.answers import AnswerRefused
from mvote.core.canonical import JSON, MalformedJson, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.poll import PollDefinition
from mvote.core.questions import read_answers
from mvote.core.secrecy import exact
from mvote.core.secrecy.ballot import (
    Ballot,
    BallotForged,
    BallotMalformed,
    BallotTooLarge,
    read_ballot,
    verify_ballot,
)
from mvote.core.secrecy.keys import IssuerPublic, load_issuers
from mvote.core.secrecy.merkle import leaf_hash
from mvote.core.secrecy.permit import PermitMalformed
from mvote.core.text import text_fault
from mvote.core.times import parse_iso

AT_ONCE: Final = 500
AHEAD: Final = 3
"""Batches that wait for each processor: enough to keep it busy, few enough for the memory."""
FEW_BYTES: Final = 2 * 2**20
"""Below this starting other processes takes longer than the checks."""
NOTES: Final = ("suspend", "resume")
MOST_REASON: Final = 10_000


@dataclass(frozen=True, slots=True)
class Close:
    """The last entry."""

    ballots: int
    voters: int
    issued: int
    issued_sha256: str


@dataclass(frozen=True, slots=True)
class Cast:
    """What a ballot has to do with the others; ``answers`` is None where they break a rule."""

    holder: bytes
    seq: int
    answers: bytes | None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the board; ``breaches`` are codes of checks.  ``cast`` stands at ballots only.

    ``is_ballot`` holds for what looks like one and cannot be read, too.
    """

    leaf: bytes
    breaches: tuple[str, ...] = ()
    is_ballot: bool = False
    cast: Cast | None = None
    close: Close | None = None


@dataclass(frozen=True)
class Judge:
    """Looks at entries of one poll."""

    definition: PollDefinition
    issuers: Mapping[str, IssuerPublic]

    @classmethod
    def of(cls, definition: bytes) -> "Judge":
        """``definition`` is poll.json, which was read before."""
        read = PollDefinition.from_json(parse(definition))
        return cls(read, load_issuers([key.to_json() for key in read.issuer]))

    def judge(self, position: int, line: bytes) -> Entry:
        """``line`` with its line end.  Entry 0 is the definition, which others judge."""
        body = line.removesuffix(b"\n")
        leaf = leaf_hash(body)
        spelled = () if len(body) < len(line) else ("canonical",)
        try:
            value = parse(body)
            if not isinstance(value, dict):
                raise MalformedJson(reason="no object")
        except (MalformedJson, ValueError):
            return Entry(leaf, ("canonical",))
        if position == 0 or "type" in value:
            if canonical_bytes(value) != body:
                spelled = ("canonical",)
            return Entry(leaf, spelled) if position == 0 else _note(leaf, value, position, spelled)
        return self._ballot(leaf, value, body, spelled)

    def _ballot(self, leaf: bytes, value: JSON, body: bytes, spelled: tuple[str, ...]) -> Entry:
        try:
            ballot = read_ballot(value)
        except (BallotMalformed, BallotTooLarge, PermitMalformed):
            return Entry(leaf, ("canonical",), is_ballot=True)
        breaches = set(spelled) if ballot.canonical == body else {"canonical"}
        try:
            self._verify(ballot)
        except BallotForged:
            breaches.add("signatures")
        except Refusal:
            breaches.add("permits")
        answers: bytes | None = canonical_bytes(dict(ballot.answers))
        try:
            read_answers(self.definition.questions, ballot.answers)
        except AnswerRefused:
            breaches.add("answers")
            answers = None
        cast = Cast(ballot.holder, ballot.seq, answers)
        return Entry(leaf, tuple(sorted(breaches)), is_ballot=True, cast=cast)

    def _verify(self, ballot: Ballot) -> None:
        """Raises BallotForged, and another refusal where poll or permit are not good."""
        verify_ballot(
            ballot,
            poll=self.definition.poll,
            ph=self.definition.hash,
            level=self.definition.level,
            issuers=self.issuers,
        )


def _note(leaf: bytes, value: JSON, position: int, spelled: tuple[str, ...]) -> Entry:
    """An entry that is no ballot: the close, or a note of what happened."""
    try:
        if value["type"] == "close":
            return Entry(leaf, spelled, close=_read_close(value))
        _check_note(value, position)
    except exact.Fault:
        breach = "close-entry" if value["type"] == "close" else "canonical"
        return Entry(leaf, (*spelled, breach))
    return Entry(leaf, spelled)


def _read_close(value: JSON) -> Close:
    fields = exact.record(value, "close", {"type", "counts", "issued", "issued_sha256"})
    counts = exact.record(fields["counts"], "counts", {"ballots", "voters"})
    most = 2**53 - 1
    return Close(
        ballots=exact.whole(counts, "ballots", least=0, most=most),
        voters=exact.whole(counts, "voters", least=0, most=most),
        issued=exact.whole(fields, "issued", least=0, most=most),
        issued_sha256=exact.matching(fields, "issued_sha256", exact.SHA256_HEX),
    )


def _check_note(value: JSON, position: int) -> None:
    """``suspend`` or ``resume``; a cancelled poll has no bundle.  Raises Fault."""
    fields = exact.record(value, "entry", {"type", "position", "at"}, {"reason"})
    if fields["type"] not in NOTES:
        raise exact.Fault("type")
    if fields["position"] != position or type(fields["position"]) is not int:
        raise exact.Fault("position")
    try:
        parse_iso(fields["at"])
    except (ValueError, TypeError, AttributeError):
        raise exact.Fault("at") from None
    reason = fields.get("reason", {})
    words = reason.values() if isinstance(reason, dict) else [None]
    if any(not isinstance(w, str) or text_fault(w, most=MOST_REASON, lines=True) for w in words):
        raise exact.Fault("reason")


def judge_all(definition: bytes, lines: Iterator[bytes], *, size: int) -> Iterator[Entry]:
    """Every entry in order.  ``size`` in bytes decides whether other processes help."""
    batches = _batches(lines)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 1
    if size < FEW_BYTES or processors < 2:
        judge = Judge.of(definition)
        for start, batch in batches:
            yield from (judge.judge(start + n, line) for n, line in enumerate(batch))
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processors, context, _prepare, (definition,)) as pool:
        waiting: deque[Future[list[Entry]]] = deque()
        for start, batch in batches:
            waiting.append(pool.submit(_judge_batch, start, batch))
            if len(waiting) >= AHEAD * processors:
                yield from waiting.popleft().result()
        while waiting:
            yield from waiting.popleft().result()


def _batches(lines: Iterator[bytes]) -> Iterator[tuple[int, list[bytes]]]:
    start = 0
    while batch := list(islice(lines, AT_ONCE)):
        yield start, batch
        start += len(batch)


_judges: list[Judge] = []
"""The judge of a helping process."""


def _prepare(definition: bytes) -> None:
    _judges[:] = [Judge.of(definition)]


def _judge_batch(start: int, batch: list[bytes]) -> list[Entry]:
    return [_judges[0].judge(start + n, line) for n, line in enumerate(batch)]
