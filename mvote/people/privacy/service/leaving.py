"""A citizen leaves: what goes at once, what stays, why and until when."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.db import transaction
from mvote.people.identity.service.accounts import get_roll_keys
from mvote.people.identity.service.holding import delete_account
from mvote.people.permits.service.holding import forget_reviews, permits_held
from mvote.people.privacy.rules import (
    CITIZENS,
    PERMIT_STAYS,
    REGISTER_STAYS,
    AccountDeleted,
    Left,
    Staying,
)
from mvote.people.rolls.service.holding import forget_on_rolls, held_on_rolls


def leave(account: str, *, proof: str, now: datetime) -> Left:
    """Delete the account and everything that is kept for it alone.  Raises AccountGone.

    The marks of permits stay until the time for disputes is over: who registers anew gets
    no second permit.
    """
    with transaction("people") as session:
        stays = tuple(_staying(session, account, proof))
        gone = forget_on_rolls(session, account)
        gone["reviews"] = forget_reviews(session, account, proof=proof)
        gone |= delete_account(session, account)
        record(session, "people", AccountDeleted(CITIZENS), now=now)
    return Left({name: rows for name, rows in gone.items() if rows}, stays)


def _staying(session: Session, account: str, proof: str) -> Iterator[Staying]:
    keys = get_roll_keys(session, account).shown_by(proof)
    for one in permits_held(session, account, proof=proof):
        yield Staying("permit", PERMIT_STAYS, poll=one["poll"], until=one["until"])
    if held_on_rolls(session, account, keys)["register"] is not None:
        yield Staying("register", REGISTER_STAYS)
