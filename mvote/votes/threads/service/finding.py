"""The record and the post that an act is about, and whether one may act there."""

from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.core.official import Official
from mvote.votes.discussions.errors import (
    RecordClosed,
    RecordMoved,
    RecordUnknown,
)
from mvote.votes.discussions.rules import Head
from mvote.votes.discussions.service import find_heads
from mvote.votes.discussions.service.reading import find_record
from mvote.votes.discussions.service.writing import lock_own
from mvote.votes.moderation import service as moderation
from mvote.votes.threads.errors import PostNotShown, PostUnknown
from mvote.votes.threads.rules import POST
from mvote.votes.threads.tables import PostRow


def head_of(record_id: str) -> Head:
    """What a record is about.  Raises RecordUnknown."""
    head = find_heads([record_id]).get(record_id)
    if head is None:
        raise RecordUnknown()
    return head


def find_post(session: Session, record: str, post_id: str) -> PostRow:
    """A citizen's post of this record.  Raises PostUnknown."""
    row = session.get(PostRow, post_id) if is_id(post_id) else None
    if row is None or row.record != record:
        raise PostUnknown()
    return row


def check_shown(session: Session, row: PostRow) -> None:
    """Raises PostNotShown."""
    standing = moderation.list_standings(session, kind=POST, items=[row.id]).get(row.id)
    if standing is None or not standing.shown:
        raise PostNotShown()


def require_open(session: Session, record_id: str) -> None:
    """Raises RecordUnknown, RecordMoved, RecordClosed."""
    row = find_record(session, record_id)
    if row.merged_into:
        raise RecordMoved(into=row.merged_into)
    if row.closed_at is not None:
        raise RecordClosed()


def require_own(session: Session, record_id: str, official: Official) -> None:
    """Lock an open record of the official's department, or in which it owes something.

    Raises RecordUnknown, RecordMoved, RecordClosed, RecordOfOtherDepartment.
    """
    if lock_own(session, record_id, official).closed_at is not None:
        raise RecordClosed()
