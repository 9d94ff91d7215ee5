"""Records as everyone reads them."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from mvote.core.issuing import CODE
from mvote.db import reading
from mvote.votes.discussions.errors import RecordUnknown
from mvote.votes.discussions.rules import (
    INTERIM,
    Head,
    Overdue,
    Record,
    RecordEntry,
    Summary,
    chain_fault,
    state_of,
)
from mvote.votes.discussions.tables import RecordEntryRow, RecordRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import Due

Marks = Mapping[str, list[tuple[str, str]]]


def get_record(record_id: str) -> Record:
    """A record with all its entries.  Raises RecordUnknown."""
    with reading("votes") as session:
        row = session.get(RecordRow, record_id) if CODE.fullmatch(record_id) else None
        if row is None:
            raise RecordUnknown()
        query = select(RecordEntryRow).where(RecordEntryRow.record == record_id)
        found = session.scalars(query.order_by(RecordEntryRow.number))
        entries = tuple(entry_of(one) for one in found)
        marks = {record_id: [(entry.kind, entry.poll) for entry in entries]}
        return Record(_summary(row, marks, dues.list_dues(session, [record_id])), entries)


def list_records(
    *, after: tuple[datetime, str] | None, limit: int, department: str | None = None
) -> list[Summary]:
    """Records, the youngest first, that lie behind the time of opening and id in ``after``."""
    query = select(RecordRow).order_by(RecordRow.opened_at.desc(), RecordRow.id).limit(limit)
    if department is not None:
        query = query.where(RecordRow.department == department)
    if after is not None:
        at, record = after
        same = and_(RecordRow.opened_at == at, RecordRow.id > record)
        query = query.where(or_(RecordRow.opened_at < at, same))
    with reading("votes") as session:
        rows = session.scalars(query).all()
        ids = [row.id for row in rows]
        marks, owed = _marks(session, ids), dues.list_dues(session, ids)
        return [_summary(row, marks, owed) for row in rows]


def list_overdue(*, now: datetime) -> dict[str, list[Overdue]]:
    """What is owed past its date, by department, the longest owed first."""
    owed = dues.list_overdue(now=now)
    records = {due.record for listed in owed.values() for due in listed}
    heads = find_heads(records)
    query = select(RecordEntryRow.record, RecordEntryRow.poll).where(
        RecordEntryRow.record.in_(records), RecordEntryRow.kind == INTERIM
    )
    with reading("votes") as session:
        interim = {(record, about) for record, about in session.execute(query)}
    return {
        department: [
            Overdue(due, heads[due.record].title, (due.record, due.cause) in interim)
            for due in listed
        ]
        for department, listed in owed.items()
    }


def find_heads(records: Collection[str]) -> dict[str, Head]:
    """What records are about, by their id, of those that there are."""
    known = [one for one in records if CODE.fullmatch(one)]
    query = select(RecordRow).where(RecordRow.id.in_(known))
    with reading("votes") as session:
        return {row.id: head_of(row) for row in session.scalars(query)}


def find_entries(places: Collection[tuple[str, int]]) -> dict[tuple[str, int], RecordEntry]:
    """Entries by their record and number, of those that there are."""
    place = tuple_(RecordEntryRow.record, RecordEntryRow.number)
    query = select(RecordEntryRow).where(place.in_(places))
    with reading("votes") as session:
        return {(row.record, row.number): entry_of(row) for row in session.scalars(query)}


def check_record(record_id: str) -> str | None:
    """Recompute the chain of a record; say what is wrong, or None.  Raises RecordUnknown."""
    found = get_record(record_id)
    fault = chain_fault(found.head, found.entries)
    if fault is None:
        with reading("votes") as session:
            row = session.get_one(RecordRow, record_id)
            if row.entries != len(found.entries):
                return f"entry {row.entries} is missing"
    return fault


def head_of(row: RecordRow) -> Head:
    return Head(row.id, row.department, json.loads(row.title), row.opened_at)


def entry_of(row: RecordEntryRow) -> RecordEntry:
    return RecordEntry(
        record=row.record,
        number=row.number,
        kind=row.kind,
        poll=row.poll,
        version=row.version,
        at=row.at,
        by=row.by,
        body=json.loads(row.body),
        previous=row.previous,
        digest=row.digest,
    )


def marks_of(session: Session, record_id: str) -> list[tuple[str, str]]:
    """Kind and poll of every entry of a record."""
    return _marks(session, [record_id]).get(record_id, [])


def _marks(session: Session, records: Iterable[str]) -> Marks:
    query = select(RecordEntryRow.record, RecordEntryRow.kind, RecordEntryRow.poll)
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for record, kind, poll in session.execute(query.where(RecordEntryRow.record.in_(records))):
        found[record].append((kind, poll))
    return found


def _summary(row: RecordRow, marks: Marks, owed: Mapping[str, list[Due]]) -> Summary:
    return Summary(
        head=head_of(row),
        state=state_of(marks.get(row.id, []), closed=row.closed_at is not None),
        closed_at=row.closed_at,
        dues=tuple(owed.get(row.id, ())),
    )
