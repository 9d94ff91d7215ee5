"""What every act of a department has in common: whose record it is, and one retry, one entry."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import JSON, canonical_bytes, parse
from mvote.core.official import Official
from mvote.votes.discussions.errors import (
    RecordClosed,
    RecordMoved,
    RecordOfOtherDepartment,
)
from mvote.votes.discussions.rules import ABOUT_POLLS, HAPPENINGS, RecordEntry
from mvote.votes.discussions.service.chaining import append, find_last, lock_record
from mvote.votes.discussions.service.entering import Added
from mvote.votes.discussions.service.homes import list_owed
from mvote.votes.discussions.tables import RecordRow


def lock_own(session: Session, record_id: str, official: Official) -> RecordRow:
    """A record of the official's department, or in which it owes something.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment.
    """
    row = lock_record(session, record_id)
    if row.merged_into:
        raise RecordMoved(into=row.merged_into)
    owed = list_owed(session, [row.id]).get(row.id, [])
    if not official.speaks_for(row.department) and not any(
        official.speaks_for(due.department) for due in owed
    ):
        raise RecordOfOtherDepartment(department=row.department)
    return row


def require_open(row: RecordRow) -> None:
    """Raises RecordClosed."""
    if row.closed_at is not None:
        raise RecordClosed()


def same(
    session: Session, row: RecordRow, kind: str, body: Mapping[str, JSON], *, subject: str = ""
) -> RecordEntry | None:
    """The newest entry of its kind, where it says just this: then a retry has come."""
    last = find_last(session, row.id, kind, subject)
    if last is not None and last.body == parse(canonical_bytes(dict(body))):
        return last
    return None


def add(
    session: Session,
    row: RecordRow,
    kind: str,
    body: Mapping[str, JSON],
    *,
    subject: str = "",
    official: Official,
    now: datetime,
) -> Added:
    """Write an entry unless it stands there.  Raises RecordClosed."""
    if (there := same(session, row, kind, body, subject=subject)) is not None:
        return there, False
    require_open(row)
    return write(session, row, kind, body, subject=subject, official=official, now=now), True


def write(
    session: Session,
    row: RecordRow,
    kind: str,
    body: Mapping[str, JSON],
    *,
    subject: str = "",
    poll: str = "",
    official: Official | None = None,
    now: datetime,
) -> RecordEntry:
    """Write an entry and tell of it; without an official it enters by itself.

    ``poll`` is the poll that is meant where the subject is something else.
    """
    by = official.department if official else ""
    entry = append(session, row, kind, body, poll=subject, by=by, at=now)
    about = subject if kind in ABOUT_POLLS else poll
    who = official.id if official else ""
    happening = HAPPENINGS[kind](row.id, entry.number, about, by or row.department, who)
    audit(session, "votes", happening, now=now)
    return entry
