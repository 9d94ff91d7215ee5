"""Dues as everyone reads them."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, or_, select, tuple_
from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.core.working_time import read_within
from mvote.db import reading
from mvote.votes.dues.errors import DueUnknown
from mvote.votes.dues.rules import (
    ANSWER,
    HEAD,
    LATE,
    LIFTED,
    MAYOR,
    MET,
    OFFICER,
    OPEN,
    OVERDUE,
    Due,
    Move,
    Pause,
)
from mvote.votes.dues.tables import DueMoveRow, DuePauseRow, DueRow

UNMET = and_(DueRow.met_at.is_(None), DueRow.lifted_at.is_(None))
AT_ONCE = 500
"""Ids in one question to the database, which bears only so many."""


def get_due(due_id: str) -> Due:
    """One due with its pauses and moves.  Raises DueUnknown."""
    with reading("votes") as session:
        row = session.get(DueRow, due_id) if is_id(due_id) else None
        if row is None:
            raise DueUnknown()
        return _whole(session, [row])[0]


def list_dues(session: Session, records: Iterable[str]) -> dict[str, list[Due]]:
    """Everything that is or was owed in some records, by record, the earliest date first."""
    query = select(DueRow).where(DueRow.record.in_(list(records)))
    found: dict[str, list[Due]] = {}
    rows = session.scalars(query.order_by(DueRow.due_at, DueRow.id)).all()
    for due in _whole(session, rows):
        found.setdefault(due.record, []).append(due)
    return found


def list_all_dues(
    *,
    after: tuple[datetime, str] | None = None,
    limit: int | None = None,
    department: str | None = None,
    state: str | None = None,
    told: str | None = None,
    newest: bool = False,
    now: datetime,
) -> list[Due]:
    """What is or was owed, the earliest date first, behind the date and id in ``after``.

    ``told`` leaves what went as far as the head of a department, or the mayor.  ``newest``
    turns the order round.
    """
    place = tuple_(DueRow.due_at, DueRow.id)
    order = (DueRow.due_at.desc(), DueRow.id.desc()) if newest else (DueRow.due_at, DueRow.id)
    query = select(DueRow).order_by(*order).limit(limit)
    if department is not None:
        query = query.where(DueRow.department == department)
    if state is not None:
        query = query.where(_standing(state, now))
    if told is not None:
        column = {OFFICER: DueRow.told_at, HEAD: DueRow.head_at, MAYOR: DueRow.mayor_at}[told]
        query = query.where(column.is_not(None))
    if after is not None:
        query = query.where(place < after if newest else place > after)
    with reading("votes") as session:
        return _whole(session, session.scalars(query).all())


def stream_dues(*, now: datetime) -> Iterator[Due]:
    """All that is or was owed, in pieces; no transaction stays open between them."""
    after: tuple[datetime, str] | None = None
    while found := list_all_dues(after=after, limit=AT_ONCE, now=now):
        yield from found
        after = (found[-1].due_at, found[-1].id)


def _standing(state: str, now: datetime) -> ColumnElement[bool]:
    past = or_(DueRow.told_at.is_not(None), DueRow.due_at < now)
    return {
        OPEN: UNMET,
        OVERDUE: and_(UNMET, past),
        LATE: and_(
            DueRow.met_at.is_not(None),
            or_(DueRow.told_at.is_not(None), DueRow.met_at > DueRow.due_at),
        ),
        MET: DueRow.met_at.is_not(None),
        LIFTED: DueRow.lifted_at.is_not(None),
    }[state]


def list_overdue(*, now: datetime) -> dict[str, list[Due]]:
    """What is owed past its date, by department, the longest owed first."""
    found: dict[str, list[Due]] = {}
    for due in list_all_dues(state=OVERDUE, now=now):
        found.setdefault(due.department, []).append(due)
    return dict(sorted(found.items()))


def owner_of(session: Session, *, cause: str, kind: str = ANSWER) -> str | None:
    """The department that owes this now, None where nothing is owed for it."""
    return session.scalar(select(DueRow.department).where(about(cause, kind)))


def about(cause: str, kind: str) -> ColumnElement[bool]:
    """What is owed of one kind for one cause; it may be from when the cause was the id."""
    as_before = and_(DueRow.id == cause, DueRow.cause.is_(None))
    return and_(DueRow.kind == kind, or_(DueRow.cause == cause, as_before))


def _whole(session: Session, rows: Sequence[DueRow]) -> list[Due]:
    found: list[Due] = []
    for start in range(0, len(rows), AT_ONCE):
        piece = rows[start : start + AT_ONCE]
        ids = [row.id for row in piece]
        pauses: dict[str, list[Pause]] = {}
        moves: dict[str, list[Move]] = {}
        paused = select(DuePauseRow).where(DuePauseRow.due.in_(ids)).order_by(DuePauseRow.number)
        for pause in session.scalars(paused):
            pauses.setdefault(pause.due, []).append(pause_of(pause))
        moved = select(DueMoveRow).where(DueMoveRow.due.in_(ids)).order_by(DueMoveRow.number)
        for move in session.scalars(moved):
            moves.setdefault(move.due, []).append(move_of(move))
        found += (due_of(row, pauses.get(row.id, ()), moves.get(row.id, ())) for row in piece)
    return found


def pause_of(row: DuePauseRow) -> Pause:
    return Pause(row.began_at, row.until, json.loads(row.reason), row.by, row.due_after)


def move_of(row: DueMoveRow) -> Move:
    return Move(row.at, row.how, row.by, row.named, row.owner, json.loads(row.reason))


def due_of(row: DueRow, pauses: Sequence[Pause] = (), moves: Sequence[Move] = ()) -> Due:
    levels = ((MAYOR, row.mayor_at), (HEAD, row.head_at), (OFFICER, row.told_at))
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
        level=next((level for level, at in levels if at is not None), None),
        pauses=tuple(pauses),
        moves=tuple(moves),
    )
