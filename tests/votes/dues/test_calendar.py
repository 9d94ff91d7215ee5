"""The working calendar of Korea, against the public holidays that the state published.

The lists are those of the annual almanac (월력요항) with the temporary holidays and election
days that were decreed later; only Mondays to Fridays, since nothing else costs a working day.
"""

from datetime import date, timedelta

import pytest

from mvote.core.working_time import WorkingTimeFault
from mvote.votes.dues.rules_calendar import holidays_of

PUBLISHED = {
    2021: "0101 0211 0212 0301 0505 0519 0816 0920 0921 0922 1004 1011",
    2022: "0131 0201 0202 0301 0309 0505 0601 0606 0815 0909 0912 1003 1010",
    2023: "0123 0124 0301 0505 0529 0606 0815 0928 0929 1002 1003 1009 1225",
    2024: "0101 0209 0212 0301 0410 0506 0515 0606 0815 0916 0917 0918 1001 1003 1009 1225",
    2025: "0101 0127 0128 0129 0130 0303 0505 0506 0603 0606 0815 1003 1006 1007 1008 1009 1225",
}


@pytest.mark.parametrize("year", PUBLISHED)
def test_weekdays_off_are_those_that_korea_published(year: int) -> None:
    """Lunar days, days given in their stead, temporary ones and elections."""
    holiday = holidays_of("KR", "")
    days = (date(year, 1, 1) + timedelta(days=ahead) for ahead in range(365))
    off = [f"{day:%m%d}" for day in days if day.weekday() < 5 and holiday(day)]
    assert off == PUBLISHED[year].split()


def test_another_country_a_part_of_one_or_none_can_be_named() -> None:
    assert holidays_of("DE", "BY")(date(2030, 1, 6))
    assert not holidays_of("DE", "")(date(2030, 1, 6))
    assert not holidays_of("", "")(date(2030, 1, 1))
    for country, part in (("XX", ""), ("KR", "XX")):
        with pytest.raises(WorkingTimeFault):
            holidays_of(country, part)
