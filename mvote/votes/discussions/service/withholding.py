"""Words of citizens in records: they stand there for as long as moderators show them.

What is written never changes, and the digests cover it.  Whoever reads gets a sentence in the
place of what moderators do not show, with the digest of what was written.  Such words are the
title of a proposal, which may also be the title of its record, and the reason of a minority.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.votes.discussions.rules import ANSWER, PROPOSAL, WITHHELD, Head, RecordEntry
from mvote.votes.discussions.service.rows import entry_of
from mvote.votes.discussions.tables import RecordEntryRow
from mvote.votes.moderation import service as moderation
from mvote.votes.opinions import service as opinions

AT_ONCE = 500
"""Ids in one question to the database, which bears only so many."""


def cover_heads(session: Session, heads: Sequence[Head]) -> list[Head]:
    """Heads as they may be read, in the same order."""
    unseen: dict[str, list[Words]] = {}
    for start in range(0, len(heads), AT_ONCE):
        names = [one.id for one in heads[start : start + AT_ONCE]]
        proposed = select(RecordEntryRow).where(
            RecordEntryRow.record.in_(names), RecordEntryRow.kind == PROPOSAL
        )
        entries = [entry_of(row) for row in session.scalars(proposed)]
        hidden = _hidden(session, entries)
        for one in entries:
            if one.poll in hidden:
                unseen.setdefault(one.record, []).append(one.body["title"])
    return [
        replace(one, title=WITHHELD, written=one.digest())
        if one.title in unseen.get(one.id, ())
        else one
        for one in heads
    ]


def cover_entries(session: Session, entries: Sequence[RecordEntry]) -> list[RecordEntry]:
    """Entries as they may be read, in the same order."""
    hidden, shown = _hidden(session, entries), _shown_reasons(session, entries)
    return [_covered(one, hidden, shown) for one in entries]


def _covered(
    entry: RecordEntry, hidden: Collection[str], shown: Collection[tuple[str, str, str]]
) -> RecordEntry:
    body = entry.body
    if entry.kind == PROPOSAL and entry.poll in hidden:
        return replace(entry, body={**body, "title": dict(WITHHELD)}, withheld=True)
    said = _minority(entry)
    if said is not None and (entry.poll, said["question"], said["text"]) not in shown:
        return replace(entry, body={**body, "minority": {**said, "text": None}}, withheld=True)
    return entry


def _hidden(session: Session, entries: Sequence[RecordEntry]) -> set[str]:
    """Proposals of whose words moderators show none."""
    named = {one.poll for one in entries if one.kind == PROPOSAL}
    found = moderation.list_standings(session, kind=PROPOSAL, items=named)
    return {name for name, standing in found.items() if not standing.shown}


def _shown_reasons(
    session: Session, entries: Sequence[RecordEntry]
) -> Collection[tuple[str, str, str]]:
    """Poll, question and text of the reasons in answers that moderators show."""
    named = [(one.poll, said["text"]) for one in entries if (said := _minority(one)) is not None]
    return opinions.find_shown_reasons(session, named) if named else ()


def _minority(entry: RecordEntry) -> Mapping[str, JSON] | None:
    said: Mapping[str, JSON] | None = entry.body.get("minority")
    return said if entry.kind == ANSWER else None
