"""What is destroyed when a poll is over, off the disk too, and the statement that it is gone."""

import logging
from datetime import datetime
from weakref import WeakSet

from sqlalchemy import Engine, delete, func, insert, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.times import iso
from mvote.db import engine, reading, take_off_disk, transaction
from mvote.exchange.service import publish
from mvote.people.permits.rules import PermitsErased, PurgeStated, purge_statement
from mvote.people.permits.service.rows import lock_poll, scope_of_row
from mvote.people.permits.tables import (
    IssuedDayRow,
    IssuedRow,
    PollRow,
    ReviewRow,
    RollCorrectionRow,
    RollEntryRow,
)
from mvote.upkeep.service import find_last_copy

log = logging.getLogger("mvote.permits")

LEADING = (IssuedRow, RollEntryRow, RollCorrectionRow, ReviewRow)
"""What leads from a citizen to a poll, or says what one wrote about it."""
REFERRING = ("issued", "roll_entries")
REWRITTEN = ("polls", "issuer_keys", "roll_corrections", "reviews")

_told: WeakSet[Engine] = WeakSet()
"""Databases of which was said that they are in use: once, not every second."""


def erase_due(*, now: datetime) -> int:
    """Destroy what links citizens to permits, of every poll whose dispute window is over.

    The counts by day stay.  Returns how many polls were erased.
    """
    due = select(PollRow.id).where(PollRow.erase_at <= now, PollRow.erased_at.is_(None))
    with reading("people") as session:
        polls = session.scalars(due).all()
    return sum(_erase(poll_id, now=now) for poll_id in polls)


def _erase(poll_id: str, *, now: datetime) -> int:
    days = select(IssuedRow.poll, IssuedRow.day, func.count()).where(IssuedRow.poll == poll_id)
    with transaction("people") as session:
        row = lock_poll(session, poll_id)
        if row.erased_at is not None:
            return 0
        counted = days.group_by(IssuedRow.poll, IssuedRow.day)
        session.execute(insert(IssuedDayRow).from_select(["poll", "day", "issued"], counted))
        for table in LEADING:
            session.execute(delete(table).where(table.poll == poll_id))
        row.pepper, row.erased_at = None, now.replace(microsecond=0)
        row.untidy += 1
        of = scope_of_row(poll_id) or poll_id
        record(session, "people", PermitsErased(of, issued=row.issued or 0), now=now)
    return 1


def tidy(*, now: datetime) -> int:
    """Take what was deleted of polls off the disk; where a link was erased, say so then.

    Where the database is in use the next round tries again, in any process: what is left
    to do stands in the rows.  Returns how many polls were tidied.
    """
    untidy = select(PollRow.id, PollRow.untidy).where(PollRow.untidy > 0)
    with reading("people") as session:
        seen = session.execute(untidy).all()
    if not seen:
        return 0
    people = engine("people")
    if not take_off_disk("people", *REFERRING, rewritten=REWRITTEN):
        if people not in _told:
            log.warning("the database is in use; what was deleted lies in it a while longer")
        _told.add(people)
        return 0
    _told.discard(people)
    return sum(_is_tidy(poll, times, now=now) for poll, times in seen)


def _is_tidy(poll_id: str, times: int, *, now: datetime) -> bool:
    """Note it, unless something of the poll was deleted meanwhile."""
    with transaction("people") as session:
        row = lock_poll(session, poll_id)
        if row.untidy != times:
            return False
        row.untidy = 0
        stated = row.purge_stated or scope_of_row(row.id) is not None
        if row.erased_at is not None and not stated:
            _state_purge(session, row, row.erased_at, now=now)
    return True


def _state_purge(session: Session, row: PollRow, erased: datetime, *, now: datetime) -> None:
    """Sign that the link is gone, for the votes wing to show to everyone.

    It names the last copy that was made before, whose keys may still hold it.
    """
    row.purge_stated = True
    copied = find_last_copy(session, "people", before=erased)
    said = purge_statement(permits=row.issued or 0, at=erased, last_backup=copied)
    document = publish(session, "people", kind="purge-statement", poll=row.id, body=said)
    happened = PurgeStated(row.id, document=document.seq, erased=iso(erased))
    record(session, "people", happened, now=now)
