"""A citizen's account: the roll keys it holds, who gets one, and who loses it.

A roll key belongs to whoever proved it last.  Nothing of two accounts is ever merged: a
permit hangs on the key, never on the account, so a key that moves takes no vote along and
gives no second one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal, cast

from sqlalchemy import Table, bindparam, delete, select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.core.ids import new_id
from mvote.core.proofs import is_at_least, stronger
from mvote.db import hold_gate
from mvote.people.identity.errors import AccountGone, OtherKeyHeld, StrongerSignInNeeded
from mvote.people.identity.rules import BY_CODE, BY_DESK, BY_OIDC, BY_SMS, SignIn
from mvote.people.identity.service.sign_ins import end_all, end_by, note_seen, open_sign_in
from mvote.people.identity.tables import AccountRow, FamilyRow

Key = Literal["number", "oidc", "entry"]

SIGNS_IN: Final[Mapping[Key, tuple[str, ...]]] = {
    "number": (BY_SMS,),
    "oidc": (BY_OIDC,),
    "entry": (BY_CODE, BY_DESK),
}
"""By which proofs somebody signs in who has nothing but this key."""

TRIES: Final = 5
"""How often a key is taken anew that somebody else takes at the same moment."""


@dataclass(frozen=True, slots=True)
class RollKeys:
    """Keyed digests of 32 bytes that stand for one person; None: not proved.

    A number is proved by SMS, a subject by OIDC, an entry by ``entry_proof``: code or desk.
    """

    number: bytes | None
    oidc: bytes | None = None
    entry: bytes | None = None
    entry_proof: str | None = None

    def shown_by(self, proof: str) -> "RollKeys":
        """Those that a sign-in may use: a weak one opens nothing that was proved by more.

        ``proof`` is the strongest that was given in the sign-in.
        """
        oidc = self.oidc if is_at_least(proof, BY_OIDC) else None
        by = self.entry_proof
        if by is not None and not is_at_least(proof, by):
            by = BY_CODE if proof == BY_CODE else None
        return RollKeys(self.number, oidc, self.entry if by else None, by)

    def are_shown_by(self, proof: str) -> bool:
        """Whether none of them is kept from such a sign-in."""
        shown = self.shown_by(proof)
        return (shown.oidc, shown.entry) == (self.oidc, self.entry)

    def held(self) -> tuple[Key, ...]:
        return tuple(key for key in SIGNS_IN if getattr(self, key) is not None)


ACCOUNTS = cast(Table, AccountRow.__table__)
# Every permit asks it, so it is made once.
_KEYS = select(
    ACCOUNTS.c.number_mac, ACCOUNTS.c.oidc_mac, ACCOUNTS.c.entry_mac, ACCOUNTS.c.entry_proof
).where(ACCOUNTS.c.id == bindparam("account"))


def get_roll_keys(session: Session, account: str) -> RollKeys:
    """Raises AccountGone."""
    found = session.execute(_KEYS, {"account": account}).one_or_none()
    if found is None:
        raise AccountGone()
    return RollKeys(found.number_mac, found.oidc_mac, found.entry_mac, found.entry_proof)


def hold_account(session: Session, account: str) -> None:
    """Let nobody else change or delete it until the transaction ends.  Raises AccountGone."""
    if session.execute(_KEYS.with_for_update(), {"account": account}).first() is None:
        raise AccountGone()


_HOLDER: Final = {
    key: text(
        f"INSERT INTO accounts (id, {key}_mac) VALUES (:id, :mac)"
        f" ON CONFLICT ({key}_mac) DO UPDATE SET {key}_mac = excluded.{key}_mac RETURNING id"
    )
    for key in ("number", "oidc", "entry")
}


def sign_in_with_key(
    session: Session, key: Key, mac: bytes, *, proof: str, now: datetime
) -> SignIn:
    """Sign in, in the caller's transaction, to the account that holds a key just proved.

    It is made where there is none; two at once get the same.
    """
    account = str(session.scalars(_HOLDER[key], {"id": new_id(), "mac": mac}).one())
    if key == "entry":
        _note_proof(session, account, proof)
    note_seen(session, account, now=now)
    return open_sign_in(session, account, kind="citizen", proof=proof, now=now)


def add_key(
    session: Session, account: str, key: Key, mac: bytes, *, proof: str, family: str
) -> SignIn:
    """Give a key just proved to the account that is signed in; the sign-in shows the proof too.

    Raises OtherKeyHeld, StrongerSignInNeeded, AccountGone.
    """
    own = FamilyRow.id == family, FamilyRow.account == account
    by = session.scalar(select(FamilyRow.proof).where(*own))
    if by is None:
        raise AccountGone()
    give_key(session, account, key, mac, proof=proof, by=by)
    return _raise_proof(session, account, family, proof)


def give_key(session: Session, account: str, key: Key, mac: bytes, *, proof: str, by: str) -> None:
    """Give a key just proved to an account, in the caller's transaction.

    ``by`` is the strongest proof of the sign-in that asks for it.  What is added opens
    whatever was proved by less, so it has to be added by somebody who was shown all of the
    account: else whoever got hold of a number would add a login of his own, and have the
    entry behind that number.

    Another account that held the key loses it, and its sign-ins by that key end; one without
    any key left is gone.  Raises OtherKeyHeld where the account has another key of the same
    kind, StrongerSignInNeeded, AccountGone.
    """
    hold_gate(session, f"mvote-key:{key}:{mac.hex()}", exclusive=True)  # one after the other
    for left in reversed(range(TRIES)):
        held = session.execute(_KEYS.with_for_update(), {"account": account}).one_or_none()
        if held is None:
            raise AccountGone()
        if getattr(held, f"{key}_mac") not in (None, mac):
            raise OtherKeyHeld(key=key)
        if getattr(held, f"{key}_mac") is None and not RollKeys(*held).are_shown_by(by):
            raise StrongerSignInNeeded()
        try:
            with session.begin_nested():
                _move_key(session, account, key, mac)
        except IntegrityError:  # somebody signed in with it at the same moment
            if not left:
                raise
            continue
        break
    if key == "entry":
        _note_proof(session, account, proof)


def _move_key(session: Session, account: str, key: Key, mac: bytes) -> None:
    column = ACCOUNTS.c[f"{key}_mac"]
    nothing = {column: None} | ({ACCOUNTS.c.entry_proof: None} if key == "entry" else {})
    taken = session.execute(
        update(ACCOUNTS)
        .where(column == mac, ACCOUNTS.c.id != account)
        .values(nothing)
        .returning(ACCOUNTS.c.id, ACCOUNTS.c.number_mac, ACCOUNTS.c.oidc_mac, ACCOUNTS.c.entry_mac)
    ).all()
    for other, *keys in taken:
        if keys == [None, None, None]:
            end_all(session, other)
            session.execute(delete(ACCOUNTS).where(ACCOUNTS.c.id == other))
        else:  # a number is given to somebody else one day; what a used code proved stays
            end_by(session, other, SIGNS_IN[key])
    session.execute(update(ACCOUNTS).where(ACCOUNTS.c.id == account).values({column: mac}))


def _note_proof(session: Session, account: str, proof: str) -> None:
    """By what an entry was proved; the strongest proof of it stays."""
    row = ACCOUNTS.c.id == account
    before = session.scalar(select(ACCOUNTS.c.entry_proof).where(row))
    kept = proof if before is None else stronger(before, proof)
    session.execute(update(ACCOUNTS).where(row).values(entry_proof=kept))


def _raise_proof(session: Session, account: str, family: str, proof: str) -> SignIn:
    row = session.get(FamilyRow, family, with_for_update=True)
    if row is None or row.account != account:
        raise AccountGone()
    row.proof = stronger(row.proof, proof)
    return SignIn(account, "citizen", family, row.proof, row.turn)
