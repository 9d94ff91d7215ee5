"""Correct an entry by another, merge two records, split one: nothing that was said goes away."""

import hashlib
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.fields import Faults
from mvote.core.ids import crockford
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.votes.discussions.errors import (
    NothingToSplit,
    RecordEntryUnknown,
    RecordMoved,
    RecordOfOtherDepartment,
    RecordsNotToMerge,
)
from mvote.votes.discussions.rules import ERRATUM, MERGED, SPLIT, SPLITTABLE, Head
from mvote.votes.discussions.service.chaining import lock_record
from mvote.votes.discussions.service.entering import Added, begin_record, open_scope_of
from mvote.votes.discussions.service.homes import marks_of
from mvote.votes.discussions.service.reading import find_record
from mvote.votes.discussions.service.writing import lock_own, require_open, same, write
from mvote.votes.discussions.tables import (
    PromiseStepRow,
    RecordEntryRow,
    RecordRow,
    RecordSubjectRow,
)
from mvote.votes.dues import service as dues

INTO, FROM = "into", "from"


def add_erratum(
    record_id: str, *, entry: int, text: Words, official: Official, now: datetime
) -> Added:
    """Correct an entry by a new one that names it; a closed record takes it too.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordEntryUnknown.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        wrong = session.get(RecordEntryRow, (row.id, entry)) if entry <= row.entries else None
        if wrong is None:
            raise RecordEntryUnknown()
        body: dict[str, JSON] = {"entry": entry, "corrects": wrong.digest, "text": dict(text)}
        if (there := same(session, row, ERRATUM, body, subject=str(entry))) is not None:
            return there, False
        made = write(session, row, ERRATUM, body, subject=str(entry), official=official, now=now)
        return made, True


def merge_record(
    record_id: str, *, into: str, text: Words, official: Official, now: datetime
) -> Added:
    """Let a record go on in another of the same department; gives its last entry.

    Both stay as they are; what is owed in it, and by when, is owed in the other from now on.
    Raises RecordUnknown, RecordOfOtherDepartment, RecordMoved, RecordsNotToMerge.
    """
    with transaction("votes") as session:
        department = find_record(session, record_id).department
        if not official.speaks_for(department):
            raise RecordOfOtherDepartment(department=department)
        rows = {one: lock_record(session, one) for one in sorted({record_id, into})}
        row, other = rows[record_id], rows[into]
        if row.id == other.id or row.department != other.department:
            raise RecordsNotToMerge()
        body: dict[str, JSON] = {"role": INTO, "other": into, "text": dict(text)}
        there = same(session, row, MERGED, body, subject=into)
        if there is not None and row.merged_into is not None:
            return there, False
        if row.merged_into:
            raise RecordMoved(into=row.merged_into)
        if other.merged_into:
            raise RecordMoved(into=other.merged_into)
        entry = write(session, row, MERGED, body, subject=into, official=official, now=now)
        last: dict[str, JSON] = {"entries": entry.number, "chain": entry.digest}
        told = {"role": FROM, "other": row.id, "text": dict(text), **last}
        write(session, other, MERGED, told, subject=row.id, official=official, now=now)
        _carry_all(session, row, other)
        return entry, True


def _carry_all(session: Session, row: RecordRow, other: RecordRow) -> None:
    """What comes later, is owed or was promised is found in the other record from now on."""
    row.merged_into = other.id
    if row.closed_at is None:
        other.closed_at = None
    here, there = row.id, other.id
    session.execute(
        update(RecordRow).where(RecordRow.merged_into == here).values(merged_into=there)
    )
    for table in (RecordSubjectRow, PromiseStepRow):
        session.execute(update(table).where(table.record == here).values(record=there))
    dues.carry_dues(session, of=here, to=there)


def split_record(
    record_id: str,
    *,
    title: Words,
    subjects: Sequence[str],
    text: Words,
    official: Official,
    now: datetime,
) -> Added:
    """Let some of the things a record is about go on in a new one; gives the entry that says so.

    ``subjects`` are ids of polls, proposals, pools or promises.  Raises RecordUnknown,
    RecordMoved, RecordOfOtherDepartment, RecordClosed, NothingToSplit.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        new = _name_of(row.id, title, subjects)
        body: dict[str, JSON] = {
            "role": INTO,
            "other": new,
            "subjects": list(subjects),
            "title": dict(title),
            "text": dict(text),
        }
        if (there := same(session, row, SPLIT, body, subject=new)) is not None:
            return there, False
        require_open(row)
        _require_own_subjects(session, row, subjects)
        entry = write(session, row, SPLIT, body, subject=new, official=official, now=now)
        other = begin_record(session, Head(new, row.department, title, entry.at))
        open_scope_of(session, new, now=now)
        last: dict[str, JSON] = {"entries": entry.number, "chain": entry.digest}
        told = {"role": FROM, "other": row.id, "subjects": list(subjects), **last}
        told["text"] = dict(text)
        write(session, other, SPLIT, told, subject=row.id, official=official, now=now)
        _carry_some(session, row, other, subjects)
        return entry, True


def _name_of(record: str, title: Words, subjects: Sequence[str]) -> str:
    """The same for the same split, so that a retry makes no second record."""
    said = {"record": record, "title": dict(title), "subjects": list(subjects)}
    return crockford(hashlib.sha256(canonical_bytes(said)).digest())


def _require_own_subjects(session: Session, row: RecordRow, subjects: Sequence[str]) -> None:
    """Each goes on in this record now, and something stays behind.  Raises NothingToSplit."""
    faults = Faults()
    kinds = {subject: kind for kind, subject in marks_of(session, row.id) if kind in SPLITTABLE}
    for place, one in enumerate(subjects):
        if one not in kinds or one in subjects[:place]:
            faults.add(f"subjects[{place}]", "is not in this record, or stands twice")
    if not faults.errors and set(subjects) == set(kinds):
        faults.add("subjects", "leave nothing in this record")
    faults.refuse(NothingToSplit)


def _carry_some(
    session: Session, row: RecordRow, other: RecordRow, subjects: Sequence[str]
) -> None:
    for one in subjects:
        session.merge(RecordSubjectRow(subject=one, record=other.id))
    steps = update(PromiseStepRow).where(PromiseStepRow.promise.in_(subjects))
    session.execute(steps.values(record=other.id))
    dues.carry_dues(session, of=row.id, to=other.id, causes=subjects)
