"""Rows of permits lie so that nothing tells who came first.

A row's place on the disk and, on PostgreSQL, the number of the transaction that wrote it
follow the order of arrival.  So the rows of a poll are written anew in the order of
``voter_ref``, which is a keyed hash, in one transaction: at intervals while permits are
issued, and once more when the poll ends.  SQLite keeps its rows by that key from the
beginning, but inside a page they lie as they came.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from mvote.core.phases import FROZEN, OPEN, SUSPENDED
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.permits.service.rows import take_gate
from mvote.people.permits.tables import IssuedRow, PollRow

ISSUING = (FROZEN, OPEN, SUSPENDED)
_COLUMNS = "poll, voter_ref, permit, day"
# PostgreSQL does it without a temporary table, for which a role may lack the right.
_POSTGRESQL = (
    f"""
    WITH gone AS (DELETE FROM issued WHERE poll = :poll RETURNING {_COLUMNS})
    INSERT INTO issued ({_COLUMNS}) SELECT {_COLUMNS} FROM gone ORDER BY voter_ref
    """,
)
_SQLITE = (
    f"""
    CREATE TEMPORARY TABLE issued_in_order AS
    SELECT {_COLUMNS} FROM issued WHERE poll = :poll ORDER BY voter_ref
    """,
    "DELETE FROM issued WHERE poll = :poll",
    f"INSERT INTO issued ({_COLUMNS}) SELECT {_COLUMNS} FROM issued_in_order ORDER BY voter_ref",
    "DROP TABLE issued_in_order",
)


def order_due(*, now: datetime) -> int:
    """Write the rows of every poll anew that has new ones, an interval after the last time.

    Returns of how many polls.
    """
    before = now - timedelta(seconds=installation().settings.batch_seconds)
    due = select(PollRow.id).where(
        PollRow.state.in_(ISSUING),
        PollRow.ordered_at.is_(None) | (PollRow.ordered_at <= before),
    )
    with reading("people") as session:
        polls = session.scalars(due).all()
    return sum(_order_one(poll_id, now=now) for poll_id in polls)


def _order_one(poll_id: str, *, now: datetime) -> int:
    """Also where nothing is new the time is noted, so that it is not looked up every second."""
    with transaction("people") as session:
        take_gate(session, poll_id, exclusive=True)
        row = session.get_one(PollRow, poll_id, with_for_update=True, populate_existing=True)
        row.ordered_at = now
        return int(put_in_order(session, row))


def put_in_order(session: Session, row: PollRow) -> bool:
    """Write a poll's permits anew if there are new ones; the caller holds the gate alone."""
    count = session.scalar(select(func.count()).where(IssuedRow.poll == row.id)) or 0
    if count == row.ordered:
        return False
    sqlite = session.get_bind().dialect.name == "sqlite"
    for command in _SQLITE if sqlite else _POSTGRESQL:
        session.execute(text(command), {"poll": row.id} if ":poll" in command else {})
    row.ordered = count
    row.untidy += 1
    return True
