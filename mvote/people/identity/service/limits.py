"""Limits that hold over every process, because they are counted in the database."""

from datetime import datetime, timedelta

from sqlalchemy import Integer, bindparam, delete, select, text, update
from sqlalchemy.orm import Session

from mvote.db import UtcDateTime, reading, transaction
from mvote.people.identity.tables import LimitRow

_COUNT = (
    text(
        """
        INSERT INTO limits (kind, key, uses, started_at) VALUES (:kind, :key, 1, :now)
        ON CONFLICT (kind, key) DO UPDATE SET
            uses = CASE WHEN limits.started_at > :since THEN limits.uses + 1 ELSE 1 END,
            started_at = CASE WHEN limits.started_at > :since THEN limits.started_at ELSE :now END
        RETURNING uses, started_at
        """
    )
    .bindparams(bindparam("now", type_=UtcDateTime()), bindparam("since", type_=UtcDateTime()))
    .columns(uses=Integer, started_at=UtcDateTime())
)


def seconds_over(
    session: Session, kind: str, key: bytes, *, most: int, seconds: int, now: datetime
) -> int | None:
    """Count one use; None while there were at most ``most``, else how many seconds to wait.

    The window of ``seconds`` begins with the first use.  The row stays locked until the
    transaction ends, so that uses at the same time are counted one after the other.
    """
    since = now - timedelta(seconds=seconds)
    found = session.execute(_COUNT, {"kind": kind, "key": key, "now": now, "since": since}).one()
    if found.uses <= most:
        return None
    left = found.started_at + timedelta(seconds=seconds) - now
    return max(1, int(left.total_seconds()) + 1)


def take_back(session: Session, kind: str, key: bytes) -> None:
    """Undo one use."""
    session.execute(
        update(LimitRow)
        .where(LimitRow.kind == kind, LimitRow.key == key, LimitRow.uses > 0)
        .values(uses=LimitRow.uses - 1)
    )


def forget_older(kind: str, *, seconds: int, now: datetime) -> int:
    """Drop the counts of one kind whose window is over; how many.  Looks before it writes."""
    old = (LimitRow.kind == kind) & (LimitRow.started_at <= now - timedelta(seconds=seconds))
    with reading("people") as session:
        if session.execute(select(1).where(old).limit(1)).first() is None:
            return 0
    with transaction("people") as session:
        return session.connection().execute(delete(LimitRow).where(old)).rowcount


def forget(session: Session, kind: str, key: bytes) -> None:
    """Begin anew, as after a right password."""
    session.execute(delete(LimitRow).where(LimitRow.kind == kind, LimitRow.key == key))
