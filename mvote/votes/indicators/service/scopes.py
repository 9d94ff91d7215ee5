"""The scope in which citizens may question indicators; a new one follows when it closes."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.ids import new_id
from mvote.db import hold_gate, reading, transaction
from mvote.votes.indicators.tables import IndicatorRow, IndicatorScopeRow
from mvote.votes.participation import service as participation

KIND = "indicators"
GATE = "mvote-indicator-scopes"
AHEAD = timedelta(days=1)
"""A new scope opens so long before the old one closes, so that there is always one."""


def find_current() -> str | None:
    """The scope in which questions are asked now, None before the first import."""
    with reading("votes") as session:
        row = _newest(session)
        return row.scope if row else None


def open_current(session: Session, *, now: datetime) -> bool:
    """Open a scope where there is none that stays open for a while; says whether it did."""
    hold_gate(session, GATE, exclusive=True)  # else two workers open one each
    newest = _newest(session)
    if newest is not None and newest.closes > now + AHEAD:
        return False
    made = participation.open_scope(session, new_id(), kind=KIND, now=now)
    number = newest.number + 1 if newest else 1
    session.add(IndicatorScopeRow(number=number, scope=made.id, closes=made.closes))
    session.flush()
    return True


def renew_scope(*, now: datetime) -> int:
    """What the worker runs."""
    with reading("votes") as session:
        newest = _newest(session)
        lasts = newest is not None and newest.closes > now + AHEAD
        if lasts or session.scalar(select(IndicatorRow.id).limit(1)) is None:
            return 0
    with transaction("votes") as session:
        return int(open_current(session, now=now))


def _newest(session: Session) -> IndicatorScopeRow | None:
    query = select(IndicatorScopeRow).order_by(IndicatorScopeRow.number.desc()).limit(1)
    return session.scalars(query).first()
