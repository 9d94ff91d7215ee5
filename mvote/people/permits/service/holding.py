"""The permits that a citizen took and the reviews asked for, as far as this wing still knows."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.secrecy.permit import voter_ref
from mvote.core.times import iso
from mvote.people.permits.tables import IssuedRow, PollRow, ReviewRow
from mvote.people.rolls.service.voters import get_voter


class PermitHeld(TypedDict):
    """``day`` it was taken, ``until`` (None: not known yet) its mark is kept."""

    poll: str
    day: str
    until: str | None


class ReviewHeld(TypedDict):
    poll: str
    text: str
    state: str
    due: str


def permits_held(session: Session, account: str, *, proof: str) -> list[PermitHeld]:
    """Of every poll whose link to citizens is not destroyed yet.  Raises AccountGone."""
    found: list[PermitHeld] = []
    for mark in _marks(session, account, proof):
        row = session.get(IssuedRow, (mark.poll, mark.ref))
        if row is not None:
            until = iso(mark.until) if mark.until else None
            found.append({"poll": mark.poll, "day": row.day.isoformat(), "until": until})
    return found


def reviews_held(session: Session, account: str, *, proof: str) -> list[ReviewHeld]:
    """Of the same polls.  Raises AccountGone."""
    return [
        {"poll": row.poll, "text": row.text, "state": row.state, "due": iso(row.due_at)}
        for row in _reviews(session, account, proof)
    ]


def forget_reviews(session: Session, account: str, *, proof: str) -> int:
    """Delete what the citizen wrote, in the caller's transaction; how many.  Raises AccountGone."""
    rows = list(_reviews(session, account, proof))
    for row in rows:
        session.delete(row)
    return len(rows)


def _reviews(session: Session, account: str, proof: str) -> Iterator[ReviewRow]:
    for mark in _marks(session, account, proof):
        row = session.get(ReviewRow, (mark.poll, mark.ref))
        if row is not None:
            yield row


class _Mark(NamedTuple):
    """What stands for the citizen in one poll, until its link is destroyed."""

    poll: str
    ref: bytes
    until: datetime | None


def _marks(session: Session, account: str, proof: str) -> Iterator[_Mark]:
    linked = select(PollRow.id, PollRow.roll_key, PollRow.pepper, PollRow.erase_at).where(
        PollRow.pepper.is_not(None)
    )
    for poll, roll_key, pepper, erase_at in session.execute(linked.order_by(PollRow.id)).all():
        key = get_voter(session, account, proof=proof, roll_key=roll_key, lists=()).roll_key
        if key is not None and pepper is not None:
            yield _Mark(poll, voter_ref(pepper, key), erase_at)
