"""What passed its date is told, to the officer, the head of the department, the mayor: once each.

What was told stays told, so a clock that is set back neither takes it back nor tells it again.
"""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mvote.audit.rules import Happening
from mvote.audit.service import record as audit
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.dues.rules import HEAD, LEVELS, MAYOR, OFFICER, AnswerOverdue, DueEscalated
from mvote.votes.dues.service.reading import UNMET
from mvote.votes.dues.tables import DueRow
from mvote.votes.polls import service as polls


def tell_overdue(*, now: datetime) -> int:
    """Tell the audit log once of everything that passed its date, and how far it has gone."""
    settings = installation().settings
    waits = {OFFICER: 0, HEAD: settings.head_after_days, MAYOR: settings.mayor_after_days}
    return sum(_tell_level(level, now - timedelta(days=waits[level]), now) for level in LEVELS)


def _tell_level(level: str, before: datetime, now: datetime) -> int:
    columns = {OFFICER: DueRow.told_at, HEAD: DueRow.head_at, MAYOR: DueRow.mayor_at}
    missed = (
        UNMET,
        DueRow.due_at < before,
        DueRow.department.is_not(None),
        columns[level].is_(None),
    )
    with reading("votes") as session:
        found = session.scalars(select(DueRow.id).where(*missed).order_by(DueRow.due_at)).all()
    told = 0
    for due in found:
        with transaction("votes") as session:
            claim = update(DueRow).where(DueRow.id == due, *missed).values({columns[level]: now})
            if session.scalars(claim.returning(DueRow.id)).first() is not None:
                audit(session, "votes", _happening(session, due, level), now=now)
                told += 1
    return told


def _happening(session: Session, due: str, level: str) -> Happening:
    row = session.get_one(DueRow, due)
    department = row.department or ""
    if level != OFFICER:
        return DueEscalated(
            row.record, due=row.id, kind=row.kind, department=department, level=level
        )
    cause = row.cause or row.id
    poll = cause if polls.find_poll(cause) is not None else ""
    return AnswerOverdue(row.record, poll, department, iso(row.due_at))
