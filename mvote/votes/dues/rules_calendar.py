"""Public holidays of a country, with those of the moon and the days given in their stead."""

from collections.abc import Callable
from datetime import date
from functools import cache

from holidays import country_holidays
from holidays.utils import list_supported_countries

from mvote.core.working_time import WorkingTimeFault


@cache
def holidays_of(country: str, subdivision: str) -> Callable[[date], str]:
    """What names the holiday of a day, or gives nothing; no country has none.

    Years are worked out as they are asked for.  Raises WorkingTimeFault.
    """
    if not country:
        return lambda _day: ""
    known = list_supported_countries(include_aliases=False)
    if country not in known:
        raise WorkingTimeFault(f"the holidays of {country!r} are not known")
    if subdivision and subdivision not in known[country]:
        raise WorkingTimeFault(f"{country} has no part {subdivision!r}")
    found = country_holidays(country, subdiv=subdivision or None)
    return lambda day: found.get(day) or ""
