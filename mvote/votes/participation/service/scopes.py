"""Open a scope, keep who issues its permits, close it; each tells the people wing."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id
from mvote.core.issuing import MOST_ISSUERS
from mvote.core.scope import EVERYONE, Scope, ScopeUnknown
from mvote.core.secrecy.keys import KeyMalformed, load_issuers
from mvote.core.times import iso
from mvote.db import hold_gate, reading, transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.votes.participation.rules import (
    CLOSED,
    OPEN,
    OPENING,
    KnownScope,
    ScopeClosed,
    ScopeIssuerKept,
    ScopeOpened,
)
from mvote.votes.participation.tables import HolderRow, ScopeRow


def open_scope(
    session: Session,
    scope_id: str,
    *,
    kind: str,
    audience: Mapping[str, JSON] | None = None,
    proof: str = "sms",
    roll_key: str = "number",
    closes: datetime | None = None,
    now: datetime,
) -> Scope:
    """Let citizens act about one thing, in the caller's transaction; opened twice, it stays.

    ``audience`` None is everyone with a verified number; ``closes`` None is in
    ``MVOTE_SCOPE_DAYS`` days.  Acts are taken once the people wing has named its issuer.
    Raises ScopeRefused, NumbersNotKnown.
    """
    known = session.get(ScopeRow, scope_id)
    if known is not None:
        return Scope.from_json(json.loads(known.definition))
    last = closes or now + timedelta(days=installation().settings.scope_days)
    whom = dict(EVERYONE if audience is None else audience)
    made = Scope(scope_id, kind, whom, proof, roll_key, last.replace(microsecond=0))
    definition = made.to_json()
    Scope.from_json(definition)
    spelled = canonical_bytes(definition).decode()
    row = ScopeRow(
        id=scope_id,
        state=OPENING,
        definition=spelled,
        sh=made.hash,
        closes=made.closes,
        issuers="[]",
    )
    session.add(row)
    publish(session, "votes", kind="scope-opened", poll=scope_id, body=definition)
    record(session, "votes", ScopeOpened(scope_id, kind=kind, sh=made.hash), now=now)
    return made


def keep_issuer(session: Session, scope_id: str, *, sh: str, issuer: JSON, now: datetime) -> None:
    """Keep the key that the people wing named; told twice, nothing more happens.

    A people wing that was put back from a copy without this scope makes a new key.  It is
    kept beside the first, so that nobody loses the permit that the first one signed.
    Raises ScopeUnknown, KeyMalformed.
    """
    row = lock_scope(session, scope_id)
    if row.sh != sh:
        raise ScopeUnknown()
    kids = load_issuers(issuer)
    held = json.loads(row.issuers)
    if len(kids) != 1 or len(held) >= MOST_ISSUERS:
        raise KeyMalformed(field="issuer")
    [kid] = kids
    if any(one["kid"] == kid for one in held):
        return
    row.issuers = canonical_bytes([*held, *issuer]).decode()
    if row.state == OPENING:
        row.state = OPEN
    record(session, "votes", ScopeIssuerKept(scope_id, kid=kid), now=now)


def close_scope(session: Session, scope_id: str, *, now: datetime) -> None:
    """Take no more acts, in the caller's transaction; closed twice, it stays closed.

    Raises ScopeUnknown, NumbersNotKnown.
    """
    take_gate(session, scope_id, exclusive=True)
    row = lock_scope(session, scope_id)
    if row.state == CLOSED:
        return
    row.state = CLOSED
    publish(session, "votes", kind="scope-closed", poll=scope_id, body={"at": iso(now)})
    acted = select(func.count()).where(HolderRow.scope == scope_id)
    holders = session.scalar(acted) or 0
    record(session, "votes", ScopeClosed(scope_id, holders=holders), now=now)


def close_due(now: datetime) -> int:
    """Close every scope whose time is over; returns how many."""
    over = select(ScopeRow.id).where(ScopeRow.closes <= now, ScopeRow.state != CLOSED)
    with reading("votes") as session:
        scopes = session.scalars(over.order_by(ScopeRow.id)).all()
    for scope_id in scopes:
        with transaction("votes") as session:
            close_scope(session, scope_id, now=now)
    return len(scopes)


def get_scope(scope_id: str) -> KnownScope:
    """Raises ScopeUnknown."""
    with reading("votes") as session:
        row = session.get(ScopeRow, scope_id) if is_id(scope_id) else None
        if row is None:
            raise ScopeUnknown()
        scope = Scope.from_json(json.loads(row.definition))
        return KnownScope(scope, row.state, tuple(json.loads(row.issuers)))


def lock_scope(session: Session, scope_id: str) -> ScopeRow:
    """The whole row, nobody else's until the transaction ends.  Raises ScopeUnknown."""
    row = session.get(ScopeRow, scope_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ScopeUnknown()
    return row


def take_gate(session: Session, scope_id: str, *, exclusive: bool) -> None:
    """Who acts holds the gate shared; who closes or writes rows anew holds it alone."""
    hold_gate(session, f"mvote-scope:{scope_id}", exclusive=exclusive)
