"""Permits after a copy was put back: none is given until two officials decide.

The copy has forgotten who took a permit since it was made.  The votes wing is told, it
suspends the poll, and its officials decide there; what it then says about the poll is heard
here like every other state.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mvote.core.phases import APPROVED, FROZEN, OPEN, SUSPENDED
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.exchange.service import publish
from mvote.people.permits.service.rows import lock_poll, no_scope, scope_of_row
from mvote.people.permits.tables import PollRow

LOCKED = (APPROVED, FROZEN, OPEN, SUSPENDED)


def lock_restored(session: Session, *, now: datetime) -> Sequence[str]:
    """Lock what is not over, in a database that was put back; returns which polls.

    Scopes are locked too.  The votes wing needs not be told: acts by permits that are out
    there go on, and one official lets all scopes go on here (``scopes.release_scopes``).
    """
    locked = update(PollRow).where(PollRow.state.in_(LOCKED))
    locked = locked.values(locked_at=now, lock_said=False)
    found = session.scalars(locked.returning(PollRow.id)).all()
    return [name for name in found if scope_of_row(name) is None]


def tell_locked() -> int:
    """Ask the votes wing to suspend polls that are locked here; returns how many."""
    untold = select(PollRow.id).where(
        PollRow.locked_at.is_not(None), PollRow.lock_said.is_(False), no_scope()
    )
    with reading("people") as session:
        polls = session.scalars(untold.order_by(PollRow.id)).all()
    return sum(_tell(poll_id) for poll_id in polls)


def _tell(poll_id: str) -> int:
    with transaction("people") as session:
        row = lock_poll(session, poll_id)
        if row.locked_at is None or row.lock_said:
            return 0
        row.lock_said = True
        body = {"at": iso(row.locked_at)}
        publish(session, "people", kind="permits-locked", poll=row.id, body=body)
        return 1


def goes_on(row: PollRow, state: str, at: datetime) -> bool:
    """Whether this is a decision after the copy was put back; what was said before is none."""
    if row.locked_at is None or (row.state, state) != (SUSPENDED, OPEN):
        return False
    return at >= row.locked_at.replace(microsecond=0)
