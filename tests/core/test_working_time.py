"""By when something is due: in every zone, with any days off."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.working_time import (
    DAYS,
    HOURS,
    UNITS,
    WORKING_DAYS,
    WORKING_HOURS,
    Within,
    WorkingTime,
    WorkingTimeFault,
    due_at,
    moved_by_pause,
    read_hours,
    read_weekdays,
    read_within,
)

WEEK = read_weekdays("mon,tue,wed,thu,fri")
OFFICE = read_hours("09:00-12:00,13:00-18:00")
# Clocks change at midnight in Havana and Beirut, a minute later in St. John's until 2011, by
# half an hour on Lord Howe; Apia left out a whole day.
ZONES = ("Asia/Seoul", "UTC", "Europe/Berlin", "America/St_Johns", "America/Havana")
ODD_ZONES = ("Asia/Beirut", "Australia/Lord_Howe", "Pacific/Apia", "Asia/Kathmandu")
HOURS_OF_WORK = (OFFICE, ((0, 1440),), ((0, 150), (155, 181), (1320, 1440)), ((90, 150),))


def _city(
    zone: str,
    off: frozenset[date] = frozenset(),
    hours: tuple[tuple[int, int], ...] = OFFICE,
    week: frozenset[int] = WEEK,
) -> WorkingTime:
    return WorkingTime(ZoneInfo(zone), week, hours, off.__contains__)


def _at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("start", "within", "zone", "due"),
    [
        # 18:00 in Seoul on the 1st, and already the 2nd there
        ("2030-05-01T09:00:00", "30 days", "Asia/Seoul", "2030-05-31T14:59:59"),
        ("2030-05-01T16:00:00", "30 days", "Asia/Seoul", "2030-06-01T14:59:59"),
        ("2030-05-01T16:00:00", "1 days", "UTC", "2030-05-02T23:59:59"),
        # over a change to winter time
        ("2030-10-20T10:00:00", "14 days", "Europe/Berlin", "2030-11-03T22:59:59"),
        ("2030-10-26T10:00:00", "24 hours", "Europe/Berlin", "2030-10-27T10:00:00"),
        # from the day before a leap day, a Monday
        ("2028-02-28T03:00:00", "1 days", "Asia/Seoul", "2028-02-29T14:59:59"),
        ("2028-02-28T03:00:00", "1 working-days", "Asia/Seoul", "2028-02-29T14:59:59"),
        ("2028-02-29T03:00:00", "365 days", "Asia/Seoul", "2029-02-28T14:59:59"),
        # Friday 17:00, then the weekend; lunch is no work
        ("2030-05-03T08:00:00", "1 working-days", "Asia/Seoul", "2030-05-06T14:59:59"),
        ("2030-05-03T08:00:00", "1 working-hours", "Asia/Seoul", "2030-05-03T09:00:00"),
        ("2030-05-03T08:00:00", "2 working-hours", "Asia/Seoul", "2030-05-06T01:00:00"),
        ("2030-05-03T08:00:00", "5 working-hours", "Asia/Seoul", "2030-05-06T05:00:00"),
        ("2030-05-04T08:00:00", "8 working-hours", "Asia/Seoul", "2030-05-06T09:00:00"),
    ],
)
def test_a_date_is_worked_out_by_the_citys_clocks(
    start: str, within: str, zone: str, due: str
) -> None:
    assert due_at(_at(start), read_within(within), _city(zone)) == _at(due)


def test_days_off_are_no_working_days() -> None:
    off = frozenset((date(2030, 5, 6), date(2030, 5, 7)))
    start = _at("2030-05-03T08:00:00")
    assert due_at(start, Within(1, WORKING_DAYS), _city("Asia/Seoul", off)) == _at(
        "2030-05-08T14:59:59"
    )
    assert due_at(start, Within(2, WORKING_HOURS), _city("Asia/Seoul", off)) == _at(
        "2030-05-08T01:00:00"
    )


MOMENTS = st.integers(1_100_000_000, 2_000_000_000).map(
    lambda seconds: datetime.fromtimestamp(seconds, UTC)
)
LENGTHS = st.builds(Within, st.integers(1, 40), st.sampled_from(UNITS))
STEPS = st.integers(0, 3 * 86400).map(lambda seconds: timedelta(seconds=seconds))


@st.composite
def cities(draw: st.DrawFn) -> tuple[WorkingTime, WorkingTime, datetime]:
    """A city, the same city with more days off, and a moment near which those lie."""
    zone = draw(st.sampled_from(ZONES + ODD_ZONES))
    hours = draw(st.sampled_from(HOURS_OF_WORK))
    week = draw(st.sampled_from((WEEK, frozenset(range(7)), frozenset({2}))))
    at = draw(MOMENTS)
    days = st.integers(-3, 60).map(lambda ahead: at.date() + timedelta(days=ahead))
    off, more = draw(st.frozensets(days, max_size=6)), draw(st.frozensets(days, max_size=6))
    return _city(zone, off, hours, week), _city(zone, off | more, hours, week), at


@settings(max_examples=200)
@given(cities(), LENGTHS, STEPS, st.integers(0, 5))
def test_more_time_or_more_days_off_never_make_it_due_earlier(
    city: tuple[WorkingTime, WorkingTime, datetime], within: Within, later: timedelta, longer: int
) -> None:
    less_off, more_off, start = city
    due = due_at(start, within, less_off)
    assert start < due
    assert due <= due_at(start + later, within, less_off)
    assert due <= due_at(start, Within(within.amount + longer, within.unit), less_off)
    assert due <= due_at(start, within, more_off)


@settings(max_examples=120)
@given(cities(), LENGTHS, STEPS, st.integers(1, 30))
def test_a_pause_only_ever_moves_a_date_later(
    city: tuple[WorkingTime, WorkingTime, datetime], within: Within, later: timedelta, days: int
) -> None:
    """Even by a calendar that lost some days off since the date was told."""
    less_off, more_off, start = city
    due = due_at(start, within, more_off)
    begins = min(start + later, due)
    until = less_off.day_of(begins) + timedelta(days=days)
    moved = moved_by_pause(due, begins=begins, until=until, unit=within.unit, city=less_off)
    assert moved >= due
    assert moved >= less_off.end_of(until)
    again = moved_by_pause(
        due, begins=begins, until=until + timedelta(days=1), unit=within.unit, city=less_off
    )
    assert again >= moved


@pytest.mark.parametrize(
    ("unit", "due", "until", "moved"),
    [
        (HOURS, "2030-05-05T20:00:00", "2030-05-08", "2030-05-11T05:59:59"),
        (DAYS, "2030-05-06T14:59:59", "2030-05-09", "2030-05-12T14:59:59"),
        (DAYS, "2030-05-03T14:59:59", "2030-05-09", "2030-05-10T14:59:59"),
        (WORKING_DAYS, "2030-05-06T14:59:59", "2030-05-10", "2030-05-13T14:59:59"),
        # eight hours are left, and a Monday has so many
        (WORKING_HOURS, "2030-05-06T05:00:00", "2030-05-12", "2030-05-13T09:00:00"),
    ],
)
def test_what_was_left_begins_again_after_a_pause(
    unit: str, due: str, until: str, moved: str
) -> None:
    """Paused on a Friday at 14:00 in Seoul; of days at least one is left."""
    last = date.fromisoformat(until)
    begins, city = _at("2030-05-03T05:00:00"), _city("Asia/Seoul")
    assert moved_by_pause(_at(due), begins=begins, until=last, unit=unit, city=city) == _at(moved)


def test_working_time_that_cannot_be_is_refused() -> None:
    for text in (
        "",
        "9-18",
        "09:00-08:00",
        "09:00-12:00,11:00-13:00",
        "09:00-24:30",
        "09:00-09:00",
    ):
        with pytest.raises(WorkingTimeFault):
            read_hours(text)
    for text in ("", "monday", "mon;tue"):
        with pytest.raises(WorkingTimeFault):
            read_weekdays(text)
    for text in ("0 days", "5 weeks", "days", "99999 hours", "5"):
        with pytest.raises(ValueError):  # noqa: PT011
            read_within(text)
    never = WorkingTime(ZoneInfo("UTC"), WEEK, OFFICE, lambda _day: True)
    with pytest.raises(WorkingTimeFault):
        due_at(_at("2030-05-01T09:00:00"), Within(1, WORKING_DAYS), never)
