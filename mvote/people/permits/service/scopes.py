"""Follow scopes from opening to closing, as the votes wing tells of them.

A scope is kept as a secret poll's row is, under a name of its own (``rows.row_of_scope``),
open from the beginning and with the scope's hash in the place of a poll's.  So permits,
their order on the disk, erasure and the lock after a restore are the same program.  Nothing
is disputed about a scope, so the link to citizens is destroyed as soon as it is closed.
"""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.issuing import GROWING
from mvote.core.official import Official
from mvote.core.phases import CLOSED, OPEN
from mvote.core.scope import Scope, ScopeUnknown
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.people.permits.errors import ScopeKnownDifferently
from mvote.people.permits.rules import (
    ScopeIssuerNamed,
    ScopeIssuingEnded,
    ScopesReleased,
    list_digest,
)
from mvote.people.permits.service.following import new_pepper
from mvote.people.permits.service.keys import destroy_keys, make_key
from mvote.people.permits.service.noted import list_ahead, note_anew
from mvote.people.permits.service.rows import (
    SCOPE_MARK,
    lock_poll,
    of_scope,
    row_of_scope,
    scope_of_row,
    spell,
    take_gate,
)
from mvote.people.permits.tables import IssuedRow, PollRow

SECRET = "secret"


def name_scope_issuer(
    session: Session, scope_id: str, *, definition: Mapping[str, JSON], now: datetime
) -> None:
    """Make a key pair for a scope and tell the votes wing; told twice, nothing more happens.

    Raises ScopeRefused, ScopeUnknown, ScopeKnownDifferently, IssuerKeyMissing.
    """
    scope = Scope.from_json(dict(definition))
    if scope.id != scope_id:
        raise ScopeUnknown()
    name = row_of_scope(scope_id)
    known = session.get(PollRow, name)
    if known is not None:
        if known.ph != scope.hash:
            raise ScopeKnownDifferently()
        return
    key = make_key(session, name)
    issuer = [{**key, "operator": installation().settings.city_ko}]
    session.add(_row_of(scope, name, issuer, kid=key["kid"]))
    body = {"sh": scope.hash, "issuer": issuer}
    publish(session, "people", kind="scope-issuer", poll=scope_id, body=body)
    record(session, "people", ScopeIssuerNamed(scope_id, kid=key["kid"]), now=now)


def _row_of(scope: Scope, name: str, issuer: JSON, *, kid: str) -> PollRow:
    return PollRow(
        id=name,
        state=OPEN,
        approved=spell(scope.to_json()),
        said=spell({"issuer": issuer, "roll": {"mode": GROWING, "eligible": None}}),
        level=SECRET,
        proof=scope.proof,
        roll_key=scope.roll_key,
        audience=spell(dict(scope.audience)),
        closes=scope.closes,
        dispute_days=0,
        kid=kid,
        pepper=new_pepper(),
        ph=scope.hash,
        ordered=0,
        untidy=0,
        purge_stated=False,
    )


def end_scope(session: Session, scope_id: str, *, now: datetime) -> None:
    """Give no more permits and destroy the key; ended twice, it stays.  Raises ScopeUnknown."""
    name = row_of_scope(scope_id)
    take_gate(session, name, exclusive=True)
    if session.get(PollRow, name) is None:
        raise ScopeUnknown()
    row = lock_poll(session, name)
    if row.state == CLOSED:
        return
    permits = session.scalars(select(IssuedRow.permit).where(IssuedRow.poll == name)).all()
    row.state, row.locked_at = CLOSED, None
    row.issued, row.issued_sha256 = len(permits), list_digest(permits)
    row.erase_at = now
    destroyed = destroy_keys(session, name)
    row.untidy += 1
    happened = ScopeIssuingEnded(scope_id, issued=len(permits), keys_destroyed=destroyed)
    record(session, "people", happened, now=now)


def end_scopes_due(now: datetime) -> int:
    """End every scope whose time is over, told or not; returns how many."""
    over = select(PollRow.id).where(of_scope(), PollRow.state == OPEN, PollRow.closes <= now)
    with reading("people") as session:
        names = session.scalars(over.order_by(PollRow.id)).all()
    for name in names:
        with transaction("people") as session:
            end_scope(session, scope_of_row(name) or "", now=now)
    return len(names)


def release_scopes(*, reason: Words, official: Official, now: datetime) -> int:
    """Give permits again in every scope that was put back from a copy; returns how many.

    The copy has forgotten the permits that were given since it was made, so each of these
    citizens could take a second one; that is for an official to weigh.  One decision serves
    for all scopes, as nothing else than the age of the copy tells them apart.  What was noted
    outside the database (``noted``) begins anew.
    """
    locked = update(PollRow).where(of_scope(), PollRow.locked_at.is_not(None))
    with transaction("people") as session:
        found = set(session.scalars(locked.values(locked_at=None).returning(PollRow.id)))
        ahead = list_ahead(session, SCOPE_MARK)
        found |= ahead.keys()
        if found:
            happened = ScopesReleased("scopes", n=len(found), by=official.id, reason=reason)
            record(session, "people", happened, now=now)
    note_anew(ahead)
    return len(found)
