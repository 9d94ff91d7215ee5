"""Sign-ins: opened once, renewed by rotation, ended at once.

A sign-in is a family of tokens.  Each refresh token serves once; when an old one comes
back, two hold it, one of them is a thief, and nobody can tell which: the family ends.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from sqlalchemy import Table, bindparam, delete, or_, select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.ids import new_id
from mvote.db import hold_gate, reading, transaction
from mvote.installation import installation
from mvote.people.identity.errors import RefreshReused
from mvote.people.identity.rules import Kind, RefreshTokenReused, SignIn
from mvote.people.identity.tables import AccountRow, FamilyRow

# Every sign-in and every request with a token: made once, for speed.
FAMILIES = cast(Table, FamilyRow.__table__)
_OPEN = FAMILIES.insert()
_SIGN_IN = [
    FAMILIES.c[name] for name in ("account", "kind", "proof", "turn", "department", "duties")
]
_KNOWN = select(FAMILIES.c.id).where(FAMILIES.c.id == bindparam("family"))


@dataclass(frozen=True, slots=True)
class OpenSignIn:
    """A sign-in as the official sees it; ``id`` is its family."""

    id: str
    started: date | None
    proof: str
    device: str


def open_sign_in(
    session: Session,
    account: str,
    *,
    kind: Kind,
    proof: str,
    now: datetime,
    department: str = "",
    duties: tuple[str, ...] = (),
    device: str = "",
) -> SignIn:
    """Begin a family in the caller's transaction.

    ``device`` is what an official calls it; of a citizen no day and no device is kept.
    """
    family = new_id()
    row = {"id": family, "account": account, "kind": kind, "proof": proof, "turn": 1}
    claims = {"department": department, "duties": " ".join(duties)}
    started = now.date() if kind == "official" else None
    seen = {"started": started, "device": device, "expires_at": _end(now)}
    session.execute(_OPEN, {**row, **claims, **seen})
    return SignIn(account, kind, family, proof, 1, department, duties)


_SEEN = (
    update(AccountRow)
    .where(
        AccountRow.id == bindparam("account"),
        or_(AccountRow.seen.is_(None), AccountRow.seen < bindparam("month")),
    )
    .values(seen=bindparam("month"))
)


def note_seen(session: Session, account: str, *, now: datetime) -> None:
    """The month of a citizen's last sign-in, no more exactly, so that unused accounts can go."""
    session.connection().execute(_SEEN, {"account": account, "month": now.date().replace(day=1)})


def refresh_sign_in(family: str, *, turn: int, now: datetime) -> SignIn:
    """Rotate the refresh token whose ``turn`` it is.

    Raises RefreshReused: the family has ended.
    """
    with transaction("people") as session:
        row = session.execute(
            update(FamilyRow)
            .where(FamilyRow.id == family, FamilyRow.turn == turn)
            .values(turn=FamilyRow.turn + 1, expires_at=_end(now))
            .returning(*_SIGN_IN)
        ).one_or_none()
        if row is None:
            _end_reused(session, family, now=now)
        elif row.kind == "citizen":
            note_seen(session, row.account, now=now)
    if row is None:
        raise RefreshReused()
    duties = tuple(row.duties.split())
    return SignIn(row.account, row.kind, family, row.proof, row.turn, row.department, duties)


@contextmanager
def renewing(family: str, *, turn: int, now: datetime, within: timedelta) -> Iterator[bool]:
    """Alone with a family; whether this turn of it was the last to pass, ``within`` this time.

    For a browser that asks twice at once, of two processes: it is no thief, and nothing need be
    asked for the second time.  Whoever comes with a turn from before that is one at any time.
    On SQLite nobody is kept out: a city on it has one process, which keeps its tabs in order.
    """
    kept = select(FAMILIES.c.turn, FAMILIES.c.expires_at).where(FAMILIES.c.id == family)
    with reading("people") as session:
        hold_gate(session, f"renewing {family}", exclusive=True)
        row = session.execute(kept).one_or_none()
        yield row is not None and row.turn == turn + 1 and row.expires_at > _end(now - within)


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


def end_all(session: Session, account: str, *, but: str = "") -> int:
    """End every sign-in of an account in the caller's transaction, or all but one.

    Returns how many.
    """
    ended = session.execute(
        delete(FamilyRow)
        .where(FamilyRow.account == account, FamilyRow.id != but)
        .returning(FamilyRow.id)
    )
    return len(ended.all())


def end_by(session: Session, account: str, proofs: Collection[str]) -> int:
    """End the sign-ins whose strongest proof is one of these, in the caller's transaction.

    Returns how many.
    """
    ended = session.execute(
        delete(FamilyRow)
        .where(FamilyRow.account == account, FamilyRow.proof.in_(proofs))
        .returning(FamilyRow.id)
    )
    return len(ended.all())


def end_own_sign_in(session: Session, account: str, family: str) -> bool:
    """End one sign-in in the caller's transaction; False where the account has no such one."""
    ended = session.execute(
        delete(FamilyRow)
        .where(FamilyRow.account == account, FamilyRow.id == family)
        .returning(FamilyRow.id)
    )
    return ended.first() is not None


def list_open(session: Session, account: str, *, now: datetime) -> tuple[OpenSignIn, ...]:
    """The sign-ins of an official that have not ended, the newest days first."""
    rows = session.scalars(
        select(FamilyRow)
        .where(FamilyRow.account == account, FamilyRow.expires_at > now)
        .order_by(FamilyRow.started.desc(), FamilyRow.id)
    )
    return tuple(OpenSignIn(row.id, row.started, row.proof, row.device) for row in rows)


def _end(now: datetime) -> datetime:
    return now + timedelta(seconds=installation().settings.refresh_seconds)
