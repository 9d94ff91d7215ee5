"""The city's working time, as its settings, the country's holidays and its closures say."""

from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.core.working_time import WorkingTime, read_hours, read_weekdays
from mvote.installation import city_zone, installation
from mvote.votes.dues.rules_calendar import holidays_of
from mvote.votes.dues.tables import ClosureRow


def city_time(session: Session) -> WorkingTime:
    """When the city works, by all that is known now."""
    settings = installation().settings
    holiday = holidays_of(settings.holidays_country, settings.holidays_subdivision)
    closed = _closed(session)
    return WorkingTime(
        zone=city_zone(),
        weekdays=read_weekdays(settings.working_days),
        hours=read_hours(settings.working_hours),
        is_off=lambda day: day in closed or bool(holiday(day)),
    )


def _closed(session: Session) -> frozenset[date]:
    query = select(ClosureRow.first, ClosureRow.last).where(ClosureRow.withdrawn_at.is_(None))
    return frozenset(
        first + timedelta(days=ahead)
        for first, last in session.execute(query)
        for ahead in range((last - first).days + 1)
    )
