"""Something comes to be owed, is given, or is owed no more; in the caller's transaction."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import new_id
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.core.working_time import Within, due_at
from mvote.db import reading, transaction
from mvote.votes.dues.rules import FIRST, KINDS, Due, DueSet
from mvote.votes.dues.service.city_time import city_time
from mvote.votes.dues.service.reading import about, due_of
from mvote.votes.dues.tables import DueRow


def set_due(
    session: Session,
    *,
    record: str,
    cause: str,
    kind: str,
    department: str,
    start: datetime,
    within: Within,
    now: datetime,
) -> Due:
    """From now on a department owes something; what is owed already stays as it was told.

    The date is worked out here and never again: a holiday or a closure that is named later
    neither shortens nor lengthens what was promised.
    """
    if kind not in KINDS:
        raise ValueError(f"nothing of the kind {kind} is owed")
    row = session.scalars(select(DueRow).where(about(cause, kind)).with_for_update()).first()
    if row is None:
        row = DueRow(
            id=new_id(),
            record=record,
            cause=cause,
            kind=kind,
            department=department,
            owner=FIRST,
            within=str(within),
            due_at=due_at(start, within, city_time(session)),
            set_at=now.replace(microsecond=0),
        )
        session.add(row)
        session.flush()
        told = DueSet(record, due=row.id, kind=kind, department=department, due_at=iso(row.due_at))
        audit(session, "votes", told, now=now)
    return due_of(row)


def meet_due(session: Session, *, cause: str, kind: str, now: datetime) -> bool:
    """What was owed has come, and with it what was owed before it for the same cause.

    False where nothing was owed, or it came before.
    """
    met = False
    for one in KINDS[: KINDS.index(kind) + 1]:
        query = select(DueRow).where(about(cause, one), DueRow.lifted_at.is_(None))
        row = session.scalars(query.with_for_update()).first()
        if row is not None and row.met_at is None:
            row.met_at = now.replace(microsecond=0)
            met = True
    return met


def lift_due(
    session: Session, *, cause: str, kind: str | None = None, why: Words, now: datetime
) -> int:
    """Of what is still owed for a cause, of one kind or all, nothing is; says of how many."""
    lifted = 0
    for one in KINDS if kind is None else (kind,):
        query = select(DueRow).where(about(cause, one), DueRow.lifted_at.is_(None))
        row = session.scalars(query.with_for_update()).first()
        if row is not None and row.met_at is None:
            row.lifted_at = now.replace(microsecond=0)
            row.why = canonical_bytes(dict(why)).decode()
            lifted += 1
    return lifted


def nameless_records() -> list[str]:
    """Records with dues from when a due was always its record's department's."""
    with reading("votes") as session:
        query = select(DueRow.record).where(DueRow.department.is_(None)).distinct()
        return list(session.scalars(query))


def name_department(record: str, department: str) -> None:
    """Say whose the dues of a record are that bear no department yet."""
    nameless = update(DueRow).where(DueRow.record == record, DueRow.department.is_(None))
    with transaction("votes") as session:
        session.execute(nameless.values(department=department))
