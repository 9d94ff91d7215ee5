"""Synthetic citizens of a rehearsal: they have no number, so no SMS can go to them.

What stands in place of a number is made from the name of the rehearsal; no number that
anybody can ask a code for has the same digest.  Only who can write this database makes their
phone checks: no route leads here.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import insert, select

from mvote.core.ids import new_id
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.rules import SignIn, code_mac, new_code, number_mac
from mvote.people.identity.service.sign_ins import open_sign_in
from mvote.people.identity.tables import AccountRow, PhoneCheckRow

MACS_AT_ONCE = 500


def synthetic_mac(rehearsal: str, place: int) -> bytes:
    """The roll key of a synthetic citizen, counted from 0."""
    return number_mac(installation().keys["people"].pepper, f"{rehearsal}/{place}")


def begin_synthetic_check(mac: bytes, *, now: datetime) -> tuple[str, str]:
    """A phone check as if a code had been sent: its id and the code."""
    made = installation()
    check, code = new_id(), new_code()
    row = {
        "id": check,
        "number_mac": mac,
        "code_mac": code_mac(made.keys["people"].pepper, check, code),
        "expires_at": now + timedelta(seconds=made.settings.code_seconds),
        "tries": 0,
        "used": False,
    }
    with transaction("people", durable=False) as session:
        session.execute(insert(PhoneCheckRow).values(row))
    return check, code


def sign_in_synthetic_official(
    account: str, *, proof: str, department: str, duties: tuple[str, ...], now: datetime
) -> SignIn:
    """The sign-in of an official who exists for a rehearsal only and has no way to sign in."""
    with transaction("people") as session:
        return open_sign_in(
            session,
            account,
            kind="official",
            proof=proof,
            department=department,
            duties=duties,
            now=now,
        )


def list_synthetic_accounts(macs: Sequence[bytes]) -> list[str]:
    """The accounts that synthetic citizens made by signing in."""
    found: list[str] = []
    with reading("people") as session:
        for start in range(0, len(macs), MACS_AT_ONCE):
            part = macs[start : start + MACS_AT_ONCE]
            found += session.scalars(select(AccountRow.id).where(AccountRow.number_mac.in_(part)))
    return found
