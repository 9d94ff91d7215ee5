"""In which record something goes on, after records were merged and split."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from mvote.votes.discussions.rules import RecordEntry
from mvote.votes.discussions.service.chaining import lock_record
from mvote.votes.discussions.service.rows import entry_of
from mvote.votes.discussions.tables import RecordEntryRow, RecordRow, RecordSubjectRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import Due

_PLACE = (RecordEntryRow.at, RecordEntryRow.number, RecordEntryRow.record)
Marks = Mapping[str, list[tuple[str, str]]]


def find_home(session: Session, record_id: str, subject: str = "") -> RecordRow:
    """The record in which ``subject`` goes on now.  Raises NoResultFound for an unknown one."""
    moved = session.get(RecordSubjectRow, subject) if subject else None
    row = session.get_one(RecordRow, moved.record if moved else record_id)
    return session.get_one(RecordRow, row.merged_into) if row.merged_into else row


def lock_home(session: Session, record_id: str, subject: str = "") -> RecordRow:
    """The record in which what happens to ``subject`` is written now, as ``lock_record`` does."""
    moved = session.get(RecordSubjectRow, subject) if subject else None
    row = lock_record(session, moved.record if moved else record_id)
    return lock_record(session, row.merged_into) if row.merged_into else row


def list_at_home(session: Session, records: Iterable[str]) -> Mapping[str, list[RecordEntry]]:
    """The entries that make up where each record stands, in the order in which they came.

    Those of records that were merged into it and of what was split off to it are among them,
    those about what was split off from it are not.
    """
    found: dict[str, list[RecordEntry]] = defaultdict(list)
    for home, row in _at_home(session, records, (RecordEntryRow,)):
        found[home].append(entry_of(row[0]))
    return found


def list_owed(session: Session, records: Iterable[str]) -> Mapping[str, list[Due]]:
    """What is or was owed in each record and in those merged into it, the earliest date first."""
    homes = _homes(session, list(records))
    found: dict[str, list[Due]] = defaultdict(list)
    for record, owed in dues.list_dues(session, homes).items():
        found[homes[record]] += owed
    return {
        home: sorted(owed, key=lambda due: (due.due_at, due.id)) for home, owed in found.items()
    }


def list_marks(session: Session, records: Iterable[str]) -> Marks:
    """Kind and subject of the same entries."""
    columns = RecordEntryRow.record, RecordEntryRow.poll, RecordEntryRow.kind
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for home, row in _at_home(session, records, columns):
        found[home].append((row.kind, row.poll))
    return found


def marks_of(session: Session, record_id: str) -> list[tuple[str, str]]:
    """Kind and subject of every entry by which one record stands where it does."""
    return list_marks(session, [record_id]).get(record_id, [])


def _at_home(
    session: Session, records: Iterable[str], columns: tuple[Any, ...]
) -> Iterator[tuple[str, Any]]:
    """Each entry with the record it belongs to now."""
    homes = _homes(session, list(records))
    into = select(RecordSubjectRow.subject).where(RecordSubjectRow.record.in_(homes))
    here = or_(RecordEntryRow.record.in_(homes), RecordEntryRow.poll.in_(into))
    gone = select(RecordSubjectRow.subject, RecordSubjectRow.record).where(
        RecordSubjectRow.subject.in_(select(RecordEntryRow.poll).where(here))
    )
    moved = {row.subject: row.record for row in session.execute(gone)}
    for row in session.execute(select(*columns).where(here).order_by(*_PLACE)):
        said = row[0] if len(columns) == 1 else row
        home = homes.get(moved.get(said.poll, said.record))
        if home is not None:
            yield home, row


def _homes(session: Session, records: list[str]) -> dict[str, str]:
    """These records and those merged into them, each with the one among them it goes on in."""
    query = select(RecordRow.id, RecordRow.merged_into).where(RecordRow.merged_into.in_(records))
    merged = {one: into for one, into in session.execute(query) if into}
    return {one: one for one in records} | merged
