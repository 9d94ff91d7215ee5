"""The record and the post that an act is about, and whether one may act there."""

from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.core.official import Official
from mvote.votes.discussions.errors import RecordClosed, RecordOfOtherDepartment, RecordUnknown
from mvote.votes.discussions.rules import Head
from mvote.votes.discussions.service import find_heads, get_record
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


def require_own(record_id: str, official: Official) -> None:
    """Raises RecordUnknown, RecordClosed, RecordOfOtherDepartment."""
    found = get_record(record_id)
    if not official.speaks_for(found.head.department):
        raise RecordOfOtherDepartment(department=found.head.department)
    if found.summary.closed_at is not None:
        raise RecordClosed()
