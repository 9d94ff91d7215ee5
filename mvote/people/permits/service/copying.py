"""What of this wing's rows does not go into a copy of the database, but apart from it.

Whoever holds a poll's pepper can find who took which permit, and the private half of its
issuer key, sealed as it is, makes more of them.  So both go where the keys go, and are
destroyed with them when the link is.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.keys import KeyEncryption
from mvote.people.permits.service.keys import open_sealed, seal_again
from mvote.people.permits.tables import IssuerKeyRow, PollRow

LEFT_OUT: Final[Mapping[str, str]] = {"polls": "pepper", "issuer_keys": "sealed"}
"""By table the column that a copy has empty."""


@dataclass(frozen=True, slots=True)
class PollKeys:
    """``sealed`` are private keys by kid; the link has to be destroyed by ``destroy_by``."""

    poll: str
    pepper: bytes
    sealed: Mapping[str, bytes]
    destroy_by: datetime


def list_poll_keys(session: Session) -> Sequence[PollKeys]:
    """What every poll has that is not erased."""
    held = select(IssuerKeyRow).where(IssuerKeyRow.sealed.is_not(None))
    sealed: dict[str, dict[str, bytes]] = {}
    for row in session.scalars(held):
        sealed.setdefault(row.poll, {})[row.kid] = bytes(row.sealed or b"")
    return [
        PollKeys(
            poll.id,
            bytes(poll.pepper or b""),
            sealed.get(poll.id, {}),
            poll.erase_at or poll.closes + timedelta(days=poll.dispute_days),
        )
        for poll in session.scalars(select(PollRow).where(PollRow.pepper.is_not(None)))
    ]


def put_back_keys(
    session: Session,
    found: Iterable[PollKeys],
    *,
    copied: KeyEncryption,
    here: KeyEncryption,
) -> Sequence[str]:
    """Put them into a copy again, sealed with the key that is used here.

    Returns the polls whose issuer key opens with neither; a poll that has been erased
    since is erased again by its own date.  Raises SettingsFault.
    """
    damaged = []
    for one in found:
        row = session.get(PollRow, one.poll)
        if row is None:
            continue
        row.pepper = one.pepper
        for kid, sealed in one.sealed.items():
            raw = open_sealed(sealed, one.poll, kid, (copied, here))
            if raw is None:
                damaged.append(one.poll)
                continue
            session.get_one(IssuerKeyRow, (one.poll, kid)).sealed = seal_again(
                raw, one.poll, kid, here
            )
    session.flush()
    return damaged
