"""The public log of permits that are counted apart: numbers, words and reasons, no persons."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.phases import CLOSED, PUBLISHED
from mvote.core.poll import PollDefinition
from mvote.core.quarantine import fits, read_release
from mvote.core.text import Words
from mvote.db import reading
from mvote.votes.polls.errors import QuarantineHidden
from mvote.votes.polls.rules import Apart, Note
from mvote.votes.polls.service.notes import list_notes
from mvote.votes.polls.service.reading import definition_of, get_public_poll
from mvote.votes.polls.tables import PollRow


@dataclass(frozen=True, slots=True)
class LoggedRule:
    """``note`` is what two officials decided about the rule last, and why."""

    rule: Mapping[str, JSON]
    words: Words
    permits: int
    released: bool
    note: Note | None


def list_quarantine(poll_id: str) -> Sequence[LoggedRule]:
    """Every rule of a poll with the number of permits under it; told after the end only.

    Raises PollUnknown, QuarantineHidden.
    """
    poll = get_public_poll(poll_id)
    if poll.state not in {CLOSED, PUBLISHED}:
        raise QuarantineHidden()
    if poll.apart is None:
        return []
    decided = dict(_decided(poll_id))
    released = released_rules(poll_id)
    return [
        LoggedRule(
            one.to_json(),
            one.words,
            poll.apart[one.rule],
            one.rule in released,
            decided.get(one.rule),
        )
        for one in definition_of(poll_id).quarantine
    ]


def released_rules(poll_id: str) -> frozenset[str]:
    """The rules whose permits count as all others: of what was noted about one the last holds."""
    last = {rule: note.quarantine or {} for rule, note in _decided(poll_id)}
    return frozenset(rule for rule, said in last.items() if said["released"])


def _decided(poll_id: str) -> Iterator[tuple[str, Note]]:
    for note in list_notes(poll_id):
        if note.quarantine is not None:
            yield read_release(dict(note.quarantine)).rule, note


def keep_apart(row: PollRow, apart: Apart | None, *, issued: int) -> bool:
    """Keep what the people wing counted apart; False where it does not fit the poll's rules."""
    rules = PollDefinition.from_json(json.loads(row.definition or "")).quarantine
    counts = None if apart is None else apart.counts
    if not fits(counts, rules, issued):
        return False
    row.quarantine = None
    if apart is not None:
        if len(apart.marks) > sum(apart.counts.values()):
            return False
        told = {"counts": dict(apart.counts), "marks": list(apart.marks)}
        row.quarantine = canonical_bytes(told).decode()
    return True


def forget_marks(row: PollRow) -> None:
    """Once the result is out nobody needs to know which ballots they were."""
    if row.quarantine is not None:
        counts = json.loads(row.quarantine)["counts"]
        row.quarantine = canonical_bytes({"counts": counts, "marks": []}).decode()


def list_marks(poll_id: str) -> Sequence[str]:
    """The pseudonyms of the ballots that are held apart; none at level secret."""
    with reading("votes") as session:
        told = session.scalar(select(PollRow.quarantine).where(PollRow.id == poll_id))
    return [] if told is None else list(json.loads(told)["marks"])
