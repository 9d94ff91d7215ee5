"""A citizen's account as the upper domains ask for it: by what it may stand on a roll."""

from dataclasses import dataclass

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from mvote.people.identity.errors import AccountGone
from mvote.people.identity.tables import AccountRow


@dataclass(frozen=True, slots=True)
class RollKeys:
    """Keyed digests of 32 bytes that stand for one person; None: not proved."""

    number: bytes


ACCOUNTS = AccountRow.__table__
# Every permit asks it, so it is made once.
_KEYS = select(ACCOUNTS.c.number_mac).where(ACCOUNTS.c.id == bindparam("account"))


def get_roll_keys(session: Session, account: str) -> RollKeys:
    """Raises AccountGone."""
    found = session.execute(_KEYS, {"account": account}).one_or_none()
    if found is None:
        raise AccountGone()
    return RollKeys(number=found.number_mac)
