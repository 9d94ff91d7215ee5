"""“Not mine”: a due goes to another department, and in the end to one that keeps it."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.installation import installation
from mvote.votes.dues.errors import (
    DueOfOtherDepartment,
    NamedDepartmentUnknown,
    NotForYouToSettle,
    OwnerSettled,
)
from mvote.votes.dues.rules import (
    ASSIGNED,
    MAYORS_OFFICE,
    MAYORS_OFFICE_WORDS,
    REFUSED,
    SETTLED,
    SETTLING,
    DueMoved,
    Move,
    owner_after_refusal,
)
from mvote.votes.dues.service.pausing import lock_due, require_open
from mvote.votes.dues.service.reading import move_of
from mvote.votes.dues.tables import DueMoveRow, DueRow
from mvote.votes.polls.service import list_departments


def coordinating() -> str:
    """The department that settles whose a due is; without one it is the mayor's office."""
    return installation().settings.coordinating_department or MAYORS_OFFICE


def owner_names() -> Mapping[str, Words]:
    """The names of all who can owe something, by their code."""
    named = {one.code: one.name for one in list_departments()}
    return {MAYORS_OFFICE: MAYORS_OFFICE_WORDS, **named}


def refuse_due(
    due_id: str, *, department: str, reason: Words, official: Official, now: datetime
) -> tuple[Move, bool]:
    """The department that owes it says that it is not theirs and names another.

    The clock runs on.  Gives the move and whether it is new.  Raises DueUnknown, DueOver,
    DueOfOtherDepartment, NamedDepartmentUnknown, OwnerSettled.
    """
    names = owner_names()
    with transaction("votes") as session:
        row = lock_due(session, due_id)
        moves = _moves(session, row)
        if (there := _same(moves, REFUSED, official, department, reason)) is not None:
            return there, False
        if not official.speaks_for(row.department or ""):
            raise DueOfOtherDepartment(department=row.department or "")
        require_open(row)
        if department not in names or department == row.department:
            raise NamedDepartmentUnknown(department=department)
        owner = owner_after_refusal(row.owner, named=department, coordinating=coordinating())
        if owner[0] == row.department:  # another department coordinates now than did before
            raise OwnerSettled(department=owner[0])
        return _move(
            session,
            row,
            number=len(moves) + 1,
            how=REFUSED,
            named=department,
            owner=owner,
            reason=reason,
            now=now,
        )


def assign_due(
    due_id: str, *, department: str, reason: Words, official: Official, now: datetime
) -> tuple[Move, bool]:
    """The coordinating department settles who owes it; that department cannot hand it on.

    Raises DueUnknown, DueOver, NotForYouToSettle, NamedDepartmentUnknown, OwnerSettled.
    """
    names = owner_names()
    with transaction("votes") as session:
        row = lock_due(session, due_id)
        moves = _moves(session, row)
        if (there := _same(moves, ASSIGNED, official, department, reason)) is not None:
            return there, False
        if not official.speaks_for(coordinating()):
            raise NotForYouToSettle(department=coordinating())
        require_open(row)
        if row.owner != SETTLING:
            raise OwnerSettled(department=row.department or "")
        if department not in names or department == row.department:
            raise NamedDepartmentUnknown(department=department)
        return _move(
            session,
            row,
            number=len(moves) + 1,
            how=ASSIGNED,
            named=department,
            owner=(department, SETTLED),
            reason=reason,
            now=now,
        )


def _moves(session: Session, row: DueRow) -> list[DueMoveRow]:
    query = select(DueMoveRow).where(DueMoveRow.due == row.id).order_by(DueMoveRow.number)
    return list(session.scalars(query))


def _same(
    moves: list[DueMoveRow], how: str, official: Official, named: str, reason: Words
) -> Move | None:
    """The last move, where it says just this: then a retry has come."""
    if not moves or not official.speaks_for(moves[-1].by):
        return None
    last = move_of(moves[-1])
    return last if (last.how, last.named, last.reason) == (how, named, dict(reason)) else None


def _move(
    session: Session,
    row: DueRow,
    *,
    number: int,
    how: str,
    named: str,
    owner: tuple[str, str],
    reason: Words,
    now: datetime,
) -> tuple[Move, bool]:
    """``owner`` is who owes it from now on, and how firmly."""
    made = DueMoveRow(
        due=row.id,
        number=number,
        at=now.replace(microsecond=0),
        how=how,
        by=row.department,
        named=named,
        owner=owner[0],
        reason=canonical_bytes(dict(reason)).decode(),
    )
    told = DueMoved(row.record, due=row.id, how=how, by=row.department or "", owner=owner[0])
    session.add(made)
    row.department, row.owner = owner
    session.flush()
    audit(session, "votes", told, now=now)
    return move_of(made), True
