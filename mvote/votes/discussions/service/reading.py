"""Records as everyone reads them."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select, tuple_
from sqlalchemy.orm import Session

from mvote.core.issuing import CODE
from mvote.db import reading
from mvote.votes.discussions.errors import RecordUnknown
from mvote.votes.discussions.rules import (
    GONE_ON,
    INTERIM,
    Head,
    Overdue,
    Record,
    RecordEntry,
    Summary,
    chain_fault,
    state_of,
)
from mvote.votes.discussions.service.homes import Marks, list_marks, list_owed
from mvote.votes.discussions.service.rows import entry_of, head_of
from mvote.votes.discussions.service.withholding import cover_entries, cover_heads
from mvote.votes.discussions.tables import RecordEntryRow, RecordRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import Due


def get_record(record_id: str) -> Record:
    """A record with all its entries, as they may be read.  Raises RecordUnknown."""
    with reading("votes") as session:
        row = find_record(session, record_id)
        [summary] = _summaries(session, [row])
        return Record(summary, tuple(cover_entries(session, _entries(session, row.id))))


def find_record(session: Session, record_id: str) -> RecordRow:
    """Raises RecordUnknown."""
    row = session.get(RecordRow, record_id) if CODE.fullmatch(record_id) else None
    if row is None:
        raise RecordUnknown()
    return row


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
        return _summaries(session, session.scalars(query).all())


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
    """What records are about, as it may be read, by their id, of those that there are."""
    known = [one for one in records if CODE.fullmatch(one)]
    query = select(RecordRow).where(RecordRow.id.in_(known))
    with reading("votes") as session:
        heads = [head_of(row) for row in session.scalars(query)]
        return {one.id: one for one in cover_heads(session, heads)}


def find_entries(places: Collection[tuple[str, int]]) -> dict[tuple[str, int], RecordEntry]:
    """Entries as they may be read, by their record and number, of those that there are."""
    place = tuple_(RecordEntryRow.record, RecordEntryRow.number)
    query = select(RecordEntryRow).where(place.in_(places))
    with reading("votes") as session:
        entries = [entry_of(row) for row in session.scalars(query)]
        return {(one.record, one.number): one for one in cover_entries(session, entries)}


def check_record(record_id: str) -> str | None:
    """Recompute the chain of a record; say what is wrong, or None.  Raises RecordUnknown."""
    with reading("votes") as session:
        row = find_record(session, record_id)
        entries = _entries(session, row.id)
        fault = chain_fault(head_of(row), entries)
        if fault is None and row.entries != len(entries):
            return f"entry {row.entries} is missing"
        return fault


def _entries(session: Session, record_id: str) -> list[RecordEntry]:
    """As they were written."""
    query = select(RecordEntryRow).where(RecordEntryRow.record == record_id)
    return [entry_of(row) for row in session.scalars(query.order_by(RecordEntryRow.number))]


def _summaries(session: Session, rows: Sequence[RecordRow]) -> list[Summary]:
    ids = [row.id for row in rows]
    heads = cover_heads(session, [head_of(row) for row in rows])
    marks, owed = list_marks(session, ids), list_owed(session, ids)
    return [_summary(row, head, marks, owed) for row, head in zip(rows, heads, strict=True)]


def _summary(row: RecordRow, head: Head, marks: Marks, owed: Mapping[str, list[Due]]) -> Summary:
    closed = row.closed_at is not None
    mine = tuple(owed.get(row.id, ()))
    due = {one.cause for one in mine if one.open()}
    state = state_of(marks.get(row.id, []), closed=closed, owed=due)
    return Summary(
        head=head,
        state=GONE_ON if row.merged_into else state,
        closed_at=row.closed_at,
        dues=mine,
        merged_into=row.merged_into,
    )
