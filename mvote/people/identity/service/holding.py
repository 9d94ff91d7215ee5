"""Everything that this domain holds about a citizen, told to that citizen, and how it goes."""

from datetime import date

from sqlalchemy import Delete, delete, select, update
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, b64u
from mvote.core.times import iso
from mvote.people.identity.service.accounts import SIGNS_IN, RollKeys
from mvote.people.identity.service.consents import list_consents
from mvote.people.identity.service.declared import declared_by
from mvote.people.identity.service.sign_ins import end_by
from mvote.people.identity.tables import (
    AccountRow,
    ConsentRow,
    DeclaredRow,
    FamilyRow,
    LimitRow,
    PhoneCheckRow,
)

OF_ACCOUNT = (ConsentRow, DeclaredRow, FamilyRow)
"""Tables whose rows belong to an account and go with it."""


def held_of_account(session: Session, account: str, keys: RollKeys) -> dict[str, JSON]:
    """``keys`` are those that the sign-in shows; digests are base64url, days ISO 8601."""
    row = session.get_one(AccountRow, account)
    families = select(FamilyRow).where(FamilyRow.account == account).order_by(FamilyRow.id)
    declared = declared_by(session, account)
    return {
        "account": account,
        "last_used_in": None if row.seen is None else f"{row.seen:%Y-%m}",
        "keys": _keys(keys),
        "sign_ins": [
            {"proof": one.proof, "expires": iso(one.expires_at)}
            for one in session.scalars(families)
        ],
        "consents": [
            {
                "purpose": one.purpose,
                "version": one.version,
                "digest": one.digest,
                "given": one.given.isoformat(),
                "withdrawn": one.withdrawn.isoformat() if one.withdrawn else None,
            }
            for one in list_consents(account)
        ],
        "declared": None
        if declared is None
        else {
            "district": declared.district,
            "birth_band": declared.birth_band,
            "gender": declared.gender,
        },
        "codes": _codes(session, keys.number),
    }


def _keys(keys: RollKeys) -> list[JSON]:
    """What is kept in place of a number, a subject or an entry."""
    named = {"number": keys.number, "oidc": keys.oidc, "entry": keys.entry}
    return [{"kind": kind, "digest": b64u(mac)} for kind, mac in named.items() if mac is not None]


def _codes(session: Session, number: bytes | None) -> list[JSON]:
    """Codes sent to the number, and how many in the hour that is counted."""
    if number is None:
        return []
    checks = select(PhoneCheckRow).where(PhoneCheckRow.number_mac == number)
    counted = session.get(LimitRow, ("number", number))
    found: list[JSON] = [
        {"expires": iso(one.expires_at), "used": one.used}
        for one in session.scalars(checks.order_by(PhoneCheckRow.expires_at))
    ]
    if counted is not None:
        found.append({"counted_since": iso(counted.started_at), "codes": counted.uses})
    return found


def delete_account(session: Session, account: str) -> dict[str, int]:
    """In the caller's transaction: the account and what belongs to it; rows by table."""
    row = session.get(AccountRow, account, with_for_update=True)
    gone: dict[str, int] = {}
    if row is not None and row.number_mac is not None:
        checks = delete(PhoneCheckRow).where(PhoneCheckRow.number_mac == row.number_mac)
        gone[PhoneCheckRow.__tablename__] = _rows(session, checks)
    for table in OF_ACCOUNT:
        gone[table.__tablename__] = _rows(session, delete(table).where(table.account == account))
    gone[AccountRow.__tablename__] = _rows(
        session, delete(AccountRow).where(AccountRow.id == account)
    )
    return {name: rows for name, rows in gone.items() if rows}


def forget_keys(session: Session, account: str, keys: RollKeys) -> dict[str, int]:
    """In the caller's transaction: these keys of an account that has others, and what goes along.

    The sign-ins by them end; rows by table.
    """
    row = session.get_one(AccountRow, account, with_for_update=True)
    gone = {PhoneCheckRow.__tablename__: 0, FamilyRow.__tablename__: 0}
    if keys.number is not None:
        checks = delete(PhoneCheckRow).where(PhoneCheckRow.number_mac == keys.number)
        gone[PhoneCheckRow.__tablename__] = _rows(session, checks)
    for key in keys.held():
        setattr(row, f"{key}_mac", None)
        gone[FamilyRow.__tablename__] += end_by(session, account, SIGNS_IN[key])
    if keys.entry is not None:
        row.entry_proof = None
    return {name: rows for name, rows in gone.items() if rows}


def unused_accounts(session: Session, *, before: date, month: date, most: int) -> tuple[str, ...]:
    """Accounts last used before a month, and with no sign-in left.

    Those of which it is not known count as used in the running ``month``.
    """
    session.execute(update(AccountRow).where(AccountRow.seen.is_(None)).values(seen=month))
    signed_in = select(FamilyRow.account)
    query = select(AccountRow.id).where(AccountRow.seen < before, AccountRow.id.not_in(signed_in))
    return tuple(session.scalars(query.order_by(AccountRow.id).limit(most)))


def _rows(session: Session, statement: Delete) -> int:
    return session.connection().execute(statement).rowcount
