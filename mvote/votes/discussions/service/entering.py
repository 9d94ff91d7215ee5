"""How other domains open a record and write into it, within their own transaction."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.text import Words
from mvote.votes.discussions.rules import Head, RecordEntry
from mvote.votes.discussions.service.chaining import append, find_last
from mvote.votes.discussions.service.homes import lock_home
from mvote.votes.discussions.tables import RecordRow
from mvote.votes.participation import service as participation

Added = tuple[RecordEntry, bool]
"""An entry, and whether it is new; the same words once more are the entry that stands there."""


def open_record(
    session: Session, *, department: str, title: Words, now: datetime, record_id: str | None = None
) -> str:
    """Open a record and return its id; one that is there already stays as it is."""
    name = record_id or new_id()
    if session.get(RecordRow, name, with_for_update=True) is None:
        begin_record(session, Head(name, department, title, now.replace(microsecond=0)))
    open_scope_of(session, name, now=now)
    return name


def open_scope_of(session: Session, record_id: str, *, now: datetime) -> None:
    """Citizens may act about a record without a name, from an answer on at the latest."""
    if is_id(record_id):
        participation.open_scope(session, record_id, kind="record", now=now)


def begin_record(session: Session, head: Head) -> RecordRow:
    """Write down what a record is about; its first entry is chained to that."""
    row = RecordRow(
        id=head.id,
        department=head.department,
        title=canonical_bytes(dict(head.title)).decode(),
        opened_at=head.opened_at,
        closed_at=None,
        entries=0,
        chain=head.digest(),
    )
    session.add(row)
    session.flush()
    return row


def add_entry(
    session: Session,
    record_id: str,
    *,
    kind: str,
    subject: str,
    body: Mapping[str, JSON],
    by: str,
    now: datetime,
) -> Added:
    """Write what happened to ``subject`` (an id of 16 characters) into a record.

    ``by`` is the department that says so, empty where it enters by itself.  What stands there
    as the newest of its kind about this subject does not enter again; other words are its next
    version.  A merged record takes it where it goes on.  Raises RecordUnknown.
    """
    row = lock_home(session, record_id, subject)
    last = find_last(session, row.id, kind, subject)
    if last is not None and last.body == dict(body):
        return last, False
    return append(session, row, kind, body, poll=subject, by=by, at=now), True
