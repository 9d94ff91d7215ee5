"""The permits that a citizen took and the reviews asked for, as far as this wing still knows."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache
from typing import NamedTuple, TypedDict

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from mvote.core.secrecy.permit import voter_ref
from mvote.core.times import iso
from mvote.people.permits.rules import hidden_by
from mvote.people.permits.service.rows import no_scope, of_scope, scope_of_row
from mvote.people.permits.tables import IssuedRow, PollRow, ReviewRow
from mvote.people.rolls.service.voters import Voter, get_voter


class PermitHeld(TypedDict):
    """``day`` it was taken, ``until`` (None: not known yet) its mark is kept."""

    poll: str
    day: str
    until: str | None


class ScopePermitHeld(TypedDict):
    """The same for a scope: a proposal, a pool, a record."""

    scope: str
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
    return [
        {"poll": mark.poll, "day": day, "until": mark.until_spelled}
        for mark, day in _taken(session, account, proof, where=no_scope())
    ]


def scope_permits_held(session: Session, account: str, *, proof: str) -> list[ScopePermitHeld]:
    """The same of scopes that are not closed.  Raises AccountGone."""
    return [
        {"scope": scope_of_row(mark.poll) or "", "day": day, "until": mark.until_spelled}
        for mark, day in _taken(session, account, proof, where=of_scope())
    ]


def _taken(
    session: Session, account: str, proof: str, *, where: ColumnElement[bool]
) -> Iterator[tuple["_Mark", str]]:
    for mark in _marks(session, account, proof, where=where):
        row = session.get(IssuedRow, (mark.poll, mark.ref))
        if row is not None:
            yield mark, row.day.isoformat()


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
    for mark in _marks(session, account, proof, where=no_scope()):
        row = session.get(ReviewRow, (mark.poll, mark.ref))
        if row is not None:
            yield row


class _Mark(NamedTuple):
    """What stands for the citizen in one poll, until its link is destroyed."""

    poll: str
    ref: bytes
    until: datetime | None

    @property
    def until_spelled(self) -> str | None:
        return iso(self.until) if self.until else None


def _marks(
    session: Session, account: str, proof: str, *, where: ColumnElement[bool]
) -> Iterator[_Mark]:
    columns = PollRow.id, PollRow.roll_key, PollRow.proof, PollRow.pepper, PollRow.erase_at
    linked = select(*columns).where(PollRow.pepper.is_not(None), where).order_by(PollRow.id)

    @cache
    def voter_by(roll_key: str) -> Voter:
        return get_voter(session, account, proof=proof, roll_key=roll_key, lists=())

    for poll, roll_key, least, pepper, erase_at in session.execute(linked).all():
        voter = voter_by(roll_key)
        if hidden_by(roll_key, least, voter.proof) or voter.roll_key is None or pepper is None:
            continue
        yield _Mark(poll, voter_ref(pepper, voter.roll_key), erase_at)
