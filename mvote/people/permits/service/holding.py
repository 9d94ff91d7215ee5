"""The permits that a citizen took, as far as this wing still knows."""

from typing import TypedDict

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.secrecy.permit import voter_ref
from mvote.core.times import iso
from mvote.people.permits.tables import IssuedRow, PollRow
from mvote.people.rolls.service.voters import get_voter


class PermitHeld(TypedDict):
    """``day`` it was taken, ``until`` (None: not known yet) its mark is kept."""

    poll: str
    day: str
    until: str | None


def permits_held(session: Session, account: str, *, proof: str) -> list[PermitHeld]:
    """Of every poll whose link to citizens is not destroyed yet.  Raises AccountGone."""
    linked = select(PollRow.id, PollRow.roll_key, PollRow.pepper, PollRow.erase_at).where(
        PollRow.pepper.is_not(None)
    )
    found: list[PermitHeld] = []
    for poll, roll_key, pepper, erase_at in session.execute(linked.order_by(PollRow.id)).all():
        key = get_voter(session, account, proof=proof, roll_key=roll_key, lists=()).roll_key
        if key is None or pepper is None:
            continue
        row = session.get(IssuedRow, (poll, voter_ref(pepper, key)))
        if row is not None:
            until = iso(erase_at) if erase_at else None
            found.append({"poll": poll, "day": row.day.isoformat(), "until": until})
    return found
