"""Entries of a board, each by itself: what it is, its leaf, and which checks it breaks."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from mvote.core.answers import AnswerRefused
from mvote.core.canonical import JSON, MalformedJson, canonical_bytes, parse
from mvote.core.errors import Refusal
from mvote.core.poll import PollDefinition
from mvote.core.poll_notes import NOTE, Noted, check_note
from mvote.core.quarantine import read_counts
from mvote.core.questions import read_answers
from mvote.core.secrecy import exact
from mvote.core.secrecy.ballot import (
    Ballot,
    BallotForged,
    BallotKeySpent,
    BallotMalformed,
    BallotTooLarge,
    read_ballot,
    verify_ballot,
    verify_signature,
)
from mvote.core.secrecy.keys import IssuerPublic, load_issuers
from mvote.core.secrecy.merkle import leaf_hash
from mvote.core.secrecy.permit import PermitMalformed
from mvote.core.text import text_fault
from mvote.core.times import parse_iso
from mvote.core.verify.quick import QuickLook

NOTES: Final = ("suspend", "resume")
MOST_REASON: Final = 10_000


class Close(NamedTuple):
    """The last entry.  ``apart`` is how many permits are counted apart by rule, if any are."""

    ballots: int
    voters: int
    issued: int
    issued_sha256: str
    apart: dict[str, int] | None = None


class Entry(NamedTuple):
    """One line of the board; ``breaches`` are codes of checks.

    ``is_ballot`` holds for what looks like one and cannot be read, too.  ``holder`` and
    ``seq`` stand at ballots that can be read, ``answers`` where these keep the rules.
    ``noted`` stands at notes of officials.
    """

    leaf: bytes
    breaches: tuple[str, ...] = ()
    is_ballot: bool = False
    holder: bytes | None = None
    seq: int = 0
    answers: bytes | None = None
    close: Close | None = None
    noted: Noted | None = None


@dataclass(frozen=True)
class Judge:
    """Looks at entries of one poll."""

    definition: PollDefinition
    issuers: Mapping[str, IssuerPublic]
    quick: QuickLook | None

    @classmethod
    def of(cls, definition: bytes) -> "Judge":
        """``definition`` is poll.json, which was read before."""
        read = PollDefinition.from_json(parse(definition))
        issuers = load_issuers([key.to_json() for key in read.issuer])
        return cls(read, issuers, QuickLook.of(read, issuers))

    def judge_block(self, start: int, block: bytes) -> Iterator[Entry]:
        """Lines one behind the other; a last one without its end breaks the spelling."""
        *whole, left = block.split(b"\n")
        for position, body in enumerate(whole, start):
            yield self.judge(position, body)
        if left:
            entry = self.judge(start + len(whole), left)
            yield entry._replace(breaches=tuple(sorted({*entry.breaches, "canonical"})))

    def judge(self, position: int, body: bytes) -> Entry:
        """``body`` is the line without its end.  Entry 0 is the definition, which others judge."""
        leaf = leaf_hash(body)
        found = self.quick.look(body) if self.quick and position else None
        if found is not None:
            return Entry(leaf, (), True, *found)
        try:
            value = parse(body)
            if not isinstance(value, dict):
                raise MalformedJson(reason="no object")
        except (MalformedJson, ValueError):
            return Entry(leaf, ("canonical",))
        if position and "type" not in value:
            return self._ballot(leaf, value, body)
        spelled = () if canonical_bytes(value) == body else ("canonical",)
        return _note(leaf, value, position, spelled) if position else Entry(leaf, spelled)

    def _ballot(self, leaf: bytes, value: JSON, body: bytes) -> Entry:
        try:
            ballot = read_ballot(value)
        except (BallotMalformed, BallotTooLarge, PermitMalformed):
            return Entry(leaf, ("canonical",), is_ballot=True)
        if ballot.canonical != body:
            return Entry(leaf, ("canonical",))
        breaches = self._unproved(ballot)
        answers: bytes | None = canonical_bytes(dict(ballot.answers))
        try:
            read_answers(self.definition.questions, ballot.answers)
        except AnswerRefused:
            breaches.add("answers")
            answers = None
        return Entry(leaf, tuple(sorted(breaches)), True, ballot.holder, ballot.seq, answers)

    def _unproved(self, ballot: Ballot) -> set[str]:
        """``permits`` where poll or permit are not good, ``signatures`` where that is not."""
        try:
            verify_ballot(
                ballot,
                poll=self.definition.poll,
                ph=self.definition.hash,
                level=self.definition.level,
                issuers=self.issuers,
            )
        except BallotForged:
            return {"signatures"}
        except Refusal:
            return {"permits"} | _unsigned(ballot)
        return set()


def _unsigned(ballot: Ballot) -> set[str]:
    try:
        if isinstance(ballot.permit, BallotKeySpent):
            verify_signature(ballot.permit, ballot.canonical)
    except BallotForged:
        return {"signatures"}
    return set()


def _note(leaf: bytes, value: JSON, position: int, spelled: tuple[str, ...]) -> Entry:
    """An entry that is no ballot: the close, or a note of what happened."""
    try:
        if value["type"] == "close":
            return Entry(leaf, spelled, close=_read_close(value))
        if value["type"] == NOTE:
            return Entry(leaf, spelled, noted=check_note(value, position))
        _check_note(value, position)
    except exact.Fault:
        breach = "close-entry" if value["type"] == "close" else "canonical"
        return Entry(leaf, (*spelled, breach))
    return Entry(leaf, spelled)


def _read_close(value: JSON) -> Close:
    needed = {"type", "counts", "issued", "issued_sha256"}
    fields = exact.record(value, "close", needed, {"quarantine"})
    counts = exact.record(fields["counts"], "counts", {"ballots", "voters"})
    most = 2**53 - 1
    return Close(
        ballots=exact.whole(counts, "ballots", least=0, most=most),
        voters=exact.whole(counts, "voters", least=0, most=most),
        issued=exact.whole(fields, "issued", least=0, most=most),
        issued_sha256=exact.matching(fields, "issued_sha256", exact.SHA256_HEX),
        apart=read_counts(fields["quarantine"]) if "quarantine" in fields else None,
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
