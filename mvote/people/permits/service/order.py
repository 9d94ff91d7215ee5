"""Rows of permits lie so that nothing tells who came first.

A row's place on the disk and, on PostgreSQL, the number of the transaction that wrote it
follow the order of arrival.  So the rows of a poll are written anew in the order of
``voter_ref``, which is a keyed hash: at intervals while permits are issued, and once more
when the poll has ended.  A poll with many rows is written range by range of that hash, each
in a transaction of its own, so that nobody waits for long.  SQLite keeps its rows by that
key from the beginning, but inside a page they lie as they came.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import cast

from sqlalchemy import Table, func, select

from mvote.core.phases import FROZEN, OPEN, SUSPENDED
from mvote.db import reading, transaction, write_anew
from mvote.installation import installation
from mvote.people.permits.service.rows import lock_poll, take_gate
from mvote.people.permits.tables import IssuedRow, PollRow

ISSUING = (FROZEN, OPEN, SUSPENDED)
RANGE_ROWS = 10_000
"""About how many rows one transaction writes anew."""
PREFIXES = 1 << 16
"""Ranges are made of whole values of the first two bytes."""
RANGE = "poll = :poll AND voter_ref BETWEEN :low AND :high"


def order_due(*, now: datetime) -> int:
    """Write the rows of every poll anew that has new ones: at intervals, and after its end.

    Returns of how many polls.
    """
    before = now - timedelta(seconds=installation().settings.batch_seconds)
    waited = PollRow.ordered_at.is_(None) | (PollRow.ordered_at <= before)
    running = PollRow.state.in_(ISSUING) & waited
    ended = PollRow.pepper.is_not(None) & (PollRow.issued != PollRow.ordered)
    with reading("people") as session:
        polls = session.scalars(select(PollRow.id).where(running | ended)).all()
    return sum(_order_one(poll_id, now=now) for poll_id in polls)


def _order_one(poll_id: str, *, now: datetime) -> bool:
    """Whether there were new rows.  Also where there are none it is looked up at intervals only."""
    with transaction("people") as session:
        row = lock_poll(session, poll_id)
        row.ordered_at = now
        count = session.scalar(select(func.count()).where(IssuedRow.poll == row.id)) or 0
        if count == row.ordered:
            return False
    ordered = sum(_order_range(poll_id, low, high) for low, high in _ranges(count))
    with transaction("people") as session:
        row = lock_poll(session, poll_id)
        row.ordered = ordered
        row.untidy += 1
    return True


def _ranges(rows: int) -> Iterator[tuple[bytes, bytes]]:
    """The first and the last value of ``voter_ref`` of each range; the values are spread evenly."""
    count = min(PREFIXES, max(1, rows // RANGE_ROWS))
    borders = [PREFIXES * number // count for number in range(count + 1)]
    for first, behind in pairwise(borders):
        yield first.to_bytes(2, "big") + bytes(30), (behind - 1).to_bytes(2, "big") + b"\xff" * 30


def _order_range(poll_id: str, low: bytes, high: bytes) -> int:
    """Write one range anew; nobody gets a permit of this poll meanwhile.  Returns its rows."""
    given = {"poll": poll_id, "low": low, "high": high}
    with transaction("people") as session:
        take_gate(session, poll_id, exclusive=True)
        return write_anew(session, cast(Table, IssuedRow.__table__), RANGE, given)
