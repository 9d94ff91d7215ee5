"""Days on which the city is closed: the country's holidays, and its own."""

import json
from datetime import date, datetime, timedelta

from sqlalchemy import select

from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import city_day, installation
from mvote.votes.dues.errors import ClosureNotAhead, ClosureUnknown
from mvote.votes.dues.rules import Closure, ClosureNamed, ClosureWithdrawn
from mvote.votes.dues.rules_calendar import holidays_of
from mvote.votes.dues.tables import ClosureRow


def name_closure(
    *, first: date, last: date, reason: Words, official: Official, now: datetime
) -> Closure:
    """The city does not work on some days; only what comes to be owed from now on counts them.

    Raises ClosureNotAhead.
    """
    settings = installation().settings
    today = city_day(now)
    if not today <= first <= last < first + timedelta(days=settings.closure_days):
        raise ClosureNotAhead(days=settings.closure_days)
    spelled = canonical_bytes(dict(reason)).decode()
    with transaction("votes") as session:
        same = select(ClosureRow).where(
            ClosureRow.first == first,
            ClosureRow.last == last,
            ClosureRow.reason == spelled,
            ClosureRow.withdrawn_at.is_(None),
        )
        row = session.scalars(same).first()
        if row is None:
            row = ClosureRow(
                id=new_id(),
                first=first,
                last=last,
                reason=spelled,
                by=official.id,
                entered_at=now.replace(microsecond=0),
            )
            session.add(row)
            told = ClosureNamed(row.id, first.isoformat(), last.isoformat(), official.id)
            audit(session, "votes", told, now=now)
            session.flush()
        return _closure(row)


def withdraw_closure(
    closure_id: str, *, reason: Words, official: Official, now: datetime
) -> Closure:
    """The city works after all; what was promised meanwhile stays.  Raises ClosureUnknown."""
    with transaction("votes") as session:
        row = (
            session.get(ClosureRow, closure_id, with_for_update=True) if is_id(closure_id) else None
        )
        if row is None:
            raise ClosureUnknown()
        if row.withdrawn_at is None:
            row.withdrawn_at = now.replace(microsecond=0)
            row.withdrawn_why = canonical_bytes(dict(reason)).decode()
            audit(session, "votes", ClosureWithdrawn(row.id, official.id), now=now)
        return _closure(row)


def list_closures(*, year: int) -> list[Closure]:
    """The closures of a year, those withdrawn too, in their order."""
    ends = date(year, 1, 1), date(year, 12, 31)
    query = select(ClosureRow).where(ClosureRow.first <= ends[1], ClosureRow.last >= ends[0])
    with reading("votes") as session:
        rows = session.scalars(query.order_by(ClosureRow.first, ClosureRow.id))
        return [_closure(row) for row in rows]


def list_holidays(*, year: int) -> list[tuple[date, str]]:
    """The country's public holidays of a year, as it names them."""
    settings = installation().settings
    holiday = holidays_of(settings.holidays_country, settings.holidays_subdivision)
    days = (date(year, 1, 1) + timedelta(days=ahead) for ahead in range(366))
    return [(day, holiday(day)) for day in days if day.year == year and holiday(day)]


def _closure(row: ClosureRow) -> Closure:
    return Closure(
        id=row.id,
        first=row.first,
        last=row.last,
        reason=json.loads(row.reason),
        entered_at=row.entered_at,
        withdrawn_at=row.withdrawn_at,
        withdrawn_why=json.loads(row.withdrawn_why) if row.withdrawn_why else None,
    )
