"""The city's working time, as its settings and its closures say."""

from zoneinfo import ZoneInfo

from mvote.core.working_time import WorkingTime, read_hours, read_weekdays
from mvote.installation import installation
from mvote.votes.dues.rules_calendar import holidays_of


def city_time() -> WorkingTime:
    """When the city works, with all holidays known by now."""
    settings = installation().settings
    holiday = holidays_of(settings.holidays_country, settings.holidays_subdivision)
    return WorkingTime(
        zone=ZoneInfo(settings.time_zone),
        weekdays=read_weekdays(settings.working_days),
        hours=read_hours(settings.working_hours),
        is_off=lambda day: bool(holiday(day)),
    )
