"""The permits that a citizen took and the reviews asked for, as far as this wing still knows."""

from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple, TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.secrecy.permit import voter_ref
from mvote.core.times import iso
from mvote.people.permits.rules import hidden_by
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
    """Of every poll whose link to citizens is not destroyed yet; none of those that ask for
    more than the sign-in proved.  Raises AccountGone.
    """
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
    columns = PollRow.id, PollRow.roll_key, PollRow.proof, PollRow.pepper, PollRow.erase_at
    linked = select(*columns).where(PollRow.pepper.is_not(None)).order_by(PollRow.id)
    for poll, roll_key, least, pepper, erase_at in session.execute(linked).all():
        voter = get_voter(session, account, proof=proof, roll_key=roll_key, lists=())
        if hidden_by(roll_key, least, voter.proof) or voter.roll_key is None or pepper is None:
            continue
        yield _Mark(poll, voter_ref(pepper, voter.roll_key), erase_at)
