"""Dues as everyone reads them."""

import json
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from mvote.core.working_time import read_within
from mvote.db import reading
from mvote.votes.dues.rules import ANSWER, Due
from mvote.votes.dues.tables import DueRow


def list_dues(session: Session, records: Iterable[str]) -> dict[str, list[Due]]:
    """Everything that is or was owed in some records, by record, the earliest date first."""
    query = select(DueRow).where(DueRow.record.in_(list(records)))
    found: dict[str, list[Due]] = {}
    for row in session.scalars(query.order_by(DueRow.due_at, DueRow.id)):
        found.setdefault(row.record, []).append(due_of(row))
    return found


def list_open_dues(department: str | None = None) -> list[Due]:
    """What is still owed, by all or by one department, the earliest date first."""
    query = select(DueRow).where(DueRow.met_at.is_(None), DueRow.lifted_at.is_(None))
    if department is not None:
        query = query.where(DueRow.department == department)
    with reading("votes") as session:
        return [due_of(row) for row in session.scalars(query.order_by(DueRow.due_at, DueRow.id))]


def list_overdue(*, now: datetime) -> dict[str, list[Due]]:
    """What is owed past its date, by department, the longest owed first."""
    query = (
        select(DueRow)
        .where(
            DueRow.met_at.is_(None),
            DueRow.lifted_at.is_(None),
            or_(DueRow.due_at < now, DueRow.told_at.is_not(None)),
        )
        .order_by(DueRow.department, DueRow.due_at, DueRow.id)
    )
    found: dict[str, list[Due]] = {}
    with reading("votes") as session:
        for row in session.scalars(query):
            found.setdefault(row.department or "", []).append(due_of(row))
    return found


def owner_of(session: Session, *, cause: str, kind: str = ANSWER) -> str | None:
    """The department that owes this now, None where nothing is owed for it."""
    return session.scalar(select(DueRow.department).where(about(cause, kind)))


def about(cause: str, kind: str) -> ColumnElement[bool]:
    """What is owed of one kind for one cause; it may be from when the cause was the id."""
    as_before = and_(DueRow.id == cause, DueRow.cause.is_(None))
    return and_(DueRow.kind == kind, or_(DueRow.cause == cause, as_before))


def due_of(row: DueRow) -> Due:
    return Due(
        id=row.id,
        record=row.record,
        cause=row.cause or row.id,
        kind=row.kind,
        department=row.department or "",
        due_at=row.due_at,
        set_at=row.set_at,
        within=read_within(row.within) if row.within else None,
        met_at=row.met_at,
        lifted_at=row.lifted_at,
        why=json.loads(row.why) if row.why else None,
        told_at=row.told_at,
    )
