"""Everything that this wing holds about a citizen."""

from datetime import datetime

from mvote.core.canonical import JSON
from mvote.core.times import iso
from mvote.db import reading
from mvote.people.identity.service.accounts import get_roll_keys
from mvote.people.identity.service.holding import held_of_account
from mvote.people.permits.service.holding import (
    permits_held,
    reviews_held,
    scope_permits_held,
)
from mvote.people.rolls.service.holding import held_on_rolls


def get_everything_held(account: str, *, proof: str, now: datetime) -> dict[str, JSON]:
    """What is kept under the keys that this sign-in shows.

    A sign-in by a weaker proof than a key was proved by opens nothing of that key.
    Raises AccountGone.
    """
    with reading("people") as session:
        keys = get_roll_keys(session, account).shown_by(proof)
        return {
            "v": 1,
            "at": iso(now),
            **held_of_account(session, account, keys),
            **held_on_rolls(session, account, keys),
            "permits": permits_held(session, account, proof=proof),
            "scope_permits": scope_permits_held(session, account, proof=proof),
            "reviews": reviews_held(session, account, proof=proof),
        }
