"""What passed its date is told once."""

from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.votes.dues.rules import AnswerOverdue
from mvote.votes.dues.tables import DueRow
from mvote.votes.polls import service as polls


def tell_overdue(*, now: datetime) -> int:
    """Tell the audit log once of everything that passed its date and did not come."""
    missed = (
        DueRow.due_at < now,
        DueRow.department.is_not(None),
        DueRow.met_at.is_(None),
        DueRow.lifted_at.is_(None),
        DueRow.told_at.is_(None),
    )
    with reading("votes") as session:
        found = session.scalars(select(DueRow.id).where(*missed)).all()
    told = 0
    for due in found:
        with transaction("votes") as session:
            claim = update(DueRow).where(DueRow.id == due, *missed).values(told_at=now)
            if session.scalars(claim.returning(DueRow.id)).first() is not None:
                _tell(session, due, now=now)
                told += 1
    return told


def _tell(session: Session, due: str, *, now: datetime) -> None:
    row = session.get_one(DueRow, due)
    cause = row.cause or row.id
    poll = cause if polls.find_poll(cause) is not None else ""
    happening = AnswerOverdue(row.record, poll, row.department or "", iso(row.due_at))
    audit(session, "votes", happening, now=now)
