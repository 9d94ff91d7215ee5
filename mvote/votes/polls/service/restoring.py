"""Polls after a copy was put back: they stand still until two officials decide.

What citizens did since the copy was made is not in it, so nothing may go on as if nothing
had happened.  A poll that has not begun yet is stopped once it opens.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.phases import APPROVED, CLOSING, FROZEN, OPEN, SUSPENDED
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.votes.polls.rules import SCHEDULE, PollSuspended
from mvote.votes.polls.service.steps import enter_state
from mvote.votes.polls.service.turns import lock_row, take_gate
from mvote.votes.polls.tables import PollRow

HELD = (APPROVED, FROZEN, OPEN, SUSPENDED)
RUNNING = (FROZEN, OPEN, SUSPENDED, CLOSING)
RESTORED: Words = {
    "ko": "시스템을 사본에서 되돌렸습니다. 공무원 두 사람이 확인할 때까지 투표를 멈춥니다.",
    "en": "The system was put back from a copy. Voting stands still until two officials have "
    "looked.",
}


def hold_restored(session: Session, *, now: datetime) -> Sequence[str]:
    """Mark every poll that is not over, in a database that was put back; returns which."""
    held = update(PollRow).where(PollRow.state.in_(HELD)).values(restored_at=now)
    return session.scalars(held.returning(PollRow.id)).all()


def hold_poll(session: Session, poll_id: str, *, now: datetime) -> None:
    """The same for one poll, because the people wing was put back.  Raises PollUnknown."""
    row = lock_row(session, poll_id)
    if row.state in HELD:
        row.restored_at = now


def suspend_restored(now: datetime) -> int:
    """Suspend every open poll that is held; returns how many."""
    held = select(PollRow.id).where(PollRow.state == OPEN, PollRow.restored_at.is_not(None))
    with reading("votes") as session:
        polls = session.scalars(held.order_by(PollRow.id)).all()
    return sum(_suspend_one(poll_id, now) for poll_id in polls)


def _suspend_one(poll_id: str, now: datetime) -> int:
    with transaction("votes") as session:
        take_gate(session, poll_id, exclusive=True)
        row = lock_row(session, poll_id)
        if row.state != OPEN or row.restored_at is None:
            return 0
        enter_state(session, row, "suspend", reason=RESTORED, now=now)
        record(session, "votes", PollSuspended(row.id, by=SCHEDULE, reason=RESTORED), now=now)
        return 1


def list_running_definitions(votes: Engine) -> Sequence[tuple[str, str]]:
    """At start: id and canonical definition of every poll that is frozen and not over."""
    running = select(PollRow.id, PollRow.definition).where(PollRow.state.in_(RUNNING))
    with votes.connect() as connection:
        rows = connection.execute(running.where(PollRow.definition.is_not(None)))
        return [(poll, str(definition)) for poll, definition in rows]
