"""A citizen leaves: what goes at once, what stays, why and until when."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.db import transaction
from mvote.people.identity.service.accounts import get_roll_keys
from mvote.people.identity.service.holding import delete_account, forget_keys
from mvote.people.permits.service.holding import (
    forget_reviews,
    permits_held,
    scope_permits_held,
)
from mvote.people.privacy.rules import (
    ACCOUNT_STAYS,
    CITIZENS,
    PERMIT_STAYS,
    REGISTER_STAYS,
    SCOPE_PERMITS_STAY,
    AccountDeleted,
    Left,
    Staying,
)
from mvote.people.rolls.service.holding import forget_on_rolls, held_on_rolls


def leave(account: str, *, proof: str, now: datetime) -> Left:
    """Delete the account and everything that is kept for it alone.  Raises AccountGone.

    A sign-in by less than something of the account was proved by takes away what it shows and
    no more: who got hold of a number deletes nobody's entry, whose code cannot serve again.

    The marks of permits stay until the time for disputes is over: who registers anew gets
    no second permit.
    """
    with transaction("people") as session:
        stays = tuple(_staying(session, account, proof))
        keys = get_roll_keys(session, account)
        gone = forget_on_rolls(session, account)
        gone["reviews"] = forget_reviews(session, account, proof=proof)
        if keys.are_shown_by(proof):
            gone |= delete_account(session, account)
            record(session, "people", AccountDeleted(CITIZENS), now=now)
        else:
            gone |= forget_keys(session, account, keys.shown_by(proof))
    return Left({name: rows for name, rows in gone.items() if rows}, stays)


def _staying(session: Session, account: str, proof: str) -> Iterator[Staying]:
    held = get_roll_keys(session, account)
    keys = held.shown_by(proof)
    if not held.are_shown_by(proof):
        yield Staying("account", ACCOUNT_STAYS)
    for one in permits_held(session, account, proof=proof):
        yield Staying("permit", PERMIT_STAYS, poll=one["poll"], until=one["until"])
    scopes = scope_permits_held(session, account, proof=proof)
    if scopes:
        yield Staying("scope-permits", SCOPE_PERMITS_STAY)
    if held_on_rolls(session, account, keys)["register"] is not None:
        yield Staying("register", REGISTER_STAYS)
