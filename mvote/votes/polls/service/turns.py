"""Who may touch a poll when: the gate of its ballots, and the lock on its row."""

from datetime import datetime

from sqlalchemy import ColumnElement, exists
from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.core.phases import OPEN, PollUnknown
from mvote.db import hold_gate
from mvote.votes.polls.rules import Poll
from mvote.votes.polls.service.reading import to_poll
from mvote.votes.polls.tables import PollRow


def take_gate(session: Session, poll_id: str, *, exclusive: bool) -> None:
    """Hold the gate of a poll's ballots until the transaction ends.

    Whoever puts ballots in holds it shared, whoever moves them or stops the poll
    holds it exclusively, before any row is read.  Raises PollUnknown where there can be none.
    """
    if not is_id(poll_id):
        raise PollUnknown()
    hold_gate(session, f"mvote-gate:{poll_id}", exclusive=exclusive)


def lock_row(session: Session, poll_id: str) -> PollRow:
    """The poll's row, until the transaction ends nobody else's.  Raises PollUnknown."""
    if not is_id(poll_id):
        raise PollUnknown()
    row = session.get(PollRow, poll_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise PollUnknown()
    return row


def lock_poll(session: Session, poll_id: str) -> Poll:
    """Keep the poll as it is until the transaction ends.  Raises PollUnknown."""
    return to_poll(lock_row(session, poll_id))


def takes_ballots(poll_id: str, *, at: datetime) -> ColumnElement[bool]:
    """A condition for statements of this wing: the poll is open, and ``at`` before its closing.

    One that was put back from a copy takes none until two officials have decided.
    """
    is_open = PollRow.state == OPEN, PollRow.closes_at > at, PollRow.restored_at.is_(None)
    return exists().where(PollRow.id == poll_id, *is_open)
