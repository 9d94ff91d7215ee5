"""Sign-ins: opened once, renewed by rotation, ended at once.

A sign-in is a family of tokens.  Each refresh token serves once; when an old one comes
back, two hold it, one of them is a thief, and nobody can tell which: the family ends.
"""

from datetime import datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.ids import new_id
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.identity.errors import AccountGone, RefreshReused
from mvote.people.identity.rules import Kind, OfficialAccount, RefreshTokenReused, SignIn
from mvote.people.identity.tables import FamilyRow, OfficialRow

# Every sign-in and every request with a token: made once, for speed.
FAMILIES = cast(Table, FamilyRow.__table__)
_OPEN = FAMILIES.insert()
_KNOWN = select(FAMILIES.c.id).where(FAMILIES.c.id == bindparam("family"))


def open_sign_in(
    session: Session, account: str, *, kind: Kind, proof: str, now: datetime
) -> SignIn:
    """Begin a family in the caller's transaction."""
    family = new_id()
    row = {"id": family, "account": account, "kind": kind, "proof": proof, "turn": 1}
    session.execute(_OPEN, {**row, "expires_at": _end(now)})
    return SignIn(account, kind, family, proof, 1)


def refresh_sign_in(family: str, *, turn: int, now: datetime) -> SignIn:
    """Rotate the refresh token whose ``turn`` it is.

    Raises RefreshReused (the family has ended), AccountGone.
    """
    with transaction("people") as session:
        row = session.execute(
            update(FamilyRow)
            .where(FamilyRow.id == family, FamilyRow.turn == turn)
            .values(turn=FamilyRow.turn + 1, expires_at=_end(now))
            .returning(FamilyRow.account, FamilyRow.kind, FamilyRow.proof, FamilyRow.turn)
        ).one_or_none()
        if row is None:
            _end_reused(session, family, now=now)
        else:
            official = find_official(session, row.account) if row.kind == "official" else None
    if row is None:
        raise RefreshReused()
    if official is not None:
        return official_sign_in(official, family, proof=row.proof, turn=row.turn)
    if row.kind == "official":
        raise AccountGone()
    return SignIn(row.account, "citizen", family, row.proof, row.turn)


def _end_reused(session: Session, family: str, *, now: datetime) -> None:
    ended = session.execute(
        delete(FamilyRow).where(FamilyRow.id == family).returning(FamilyRow.kind)
    ).one_or_none()
    if ended is not None:
        record(session, "people", RefreshTokenReused(family, kind=ended.kind), now=now)


def end_sign_in(family: str) -> None:
    """Log out: every token of the family is void from now on."""
    with transaction("people") as session:
        session.execute(delete(FamilyRow).where(FamilyRow.id == family))


def is_ended(family: str) -> bool:
    """Whether the tokens of a family are void."""
    with reading("people") as session:
        return session.execute(_KNOWN, {"family": family}).first() is None


def find_official(session: Session, account: str) -> OfficialAccount | None:
    row = session.get(OfficialRow, account)
    return None if row is None else official_of(row)


def official_of(row: OfficialRow) -> OfficialAccount:
    return OfficialAccount(row.id, row.login, row.department, tuple(row.duties.split()))


def official_sign_in(official: OfficialAccount, family: str, *, proof: str, turn: int) -> SignIn:
    """With the department and the duties that the official has now."""
    return SignIn(
        official.id, "official", family, proof, turn, official.department, official.duties
    )


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=installation().settings.refresh_seconds)
