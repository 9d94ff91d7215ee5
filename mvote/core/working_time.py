"""By when something is due: hours and days, by the calendar or of the city's working time.

All of it is arithmetic in UTC; a day ends with its last second in the city's zone, the later
one where the clocks are put back over midnight.  Whoever has more time to start with, or more
days off on the way, is never due earlier: the tests hold it for every zone.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from mvote.core.text import Words

HOURS, WORKING_HOURS = "hours", "working-hours"
DAYS, WORKING_DAYS = "days", "working-days"
UNITS = (HOURS, WORKING_HOURS, DAYS, WORKING_DAYS)
UNIT_WORDS: dict[str, Words] = {
    HOURS: {"ko": "{amount}시간", "en": "{amount} hours"},
    WORKING_HOURS: {"ko": "근무시간 {amount}시간", "en": "{amount} working hours"},
    DAYS: {"ko": "{amount}일", "en": "{amount} days"},
    WORKING_DAYS: {"ko": "근무일 {amount}일", "en": "{amount} working days"},
}
MOST_AMOUNT = 4000
"""Longer than ten years nobody waits for an answer."""
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
SEARCHED_DAYS = 40_000
SECOND = timedelta(seconds=1)
_HOURS = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


class WorkingTimeFault(ValueError):
    """A city's working time cannot be read, or there is none."""


@dataclass(frozen=True, slots=True)
class Within:
    """A time that is allowed for something: ``amount`` of a unit.  Raises ValueError."""

    amount: int
    unit: str

    def __post_init__(self) -> None:
        if self.unit not in UNITS or not 1 <= self.amount <= MOST_AMOUNT:
            raise ValueError(f"nothing is due within {self.amount} {self.unit}")

    def words(self) -> Words:
        return {k: v.format(amount=self.amount) for k, v in UNIT_WORDS[self.unit].items()}

    def __str__(self) -> str:
        return f"{self.amount} {self.unit}"


def read_within(text: str) -> Within:
    """The inverse of ``str``.  Raises ValueError."""
    amount, _, unit = text.partition(" ")
    return Within(int(amount), unit)


@dataclass(frozen=True, slots=True)
class WorkingTime:
    """When a city works.

    ``weekdays`` count from Monday, 0.  ``hours`` are pairs of minutes since midnight.
    ``is_off`` says of a day whether it is a holiday, or the city closed.
    """

    zone: ZoneInfo
    weekdays: frozenset[int]
    hours: tuple[tuple[int, int], ...]
    is_off: Callable[[date], bool]

    def works(self, day: date) -> bool:
        return day.weekday() in self.weekdays and not self.is_off(day)

    def day_of(self, at: datetime) -> date:
        """The first day that has not ended before ``at``, by the city's clocks."""
        at = at.replace(microsecond=0)
        day = at.astimezone(self.zone).date() - timedelta(days=1)
        while self.end_of(day) < at:
            day += timedelta(days=1)
        return day

    def end_of(self, day: date) -> datetime:
        """The last second of a day, in UTC."""
        return self._moment(day, 24 * 60) - SECOND

    def working_days(self, behind: date) -> Iterator[date]:
        """Working days that come after a day.  Raises WorkingTimeFault where they end."""
        for ahead in range(1, SEARCHED_DAYS):
            day = behind + timedelta(days=ahead)
            if self.works(day):
                yield day
        raise WorkingTimeFault(f"the city does not work after {behind}")

    def shifts(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Stretches of working time from ``since`` on, one behind the other, in UTC."""
        reached = since
        for day in self.working_days(self.day_of(since) - timedelta(days=2)):
            for begins, ends in self.hours:
                begin = max(reached, self._moment(day, begins))
                end = self._moment(day, ends)
                if begin < end:
                    reached = end
                    yield begin, end

    def _moment(self, day: date, minutes: int) -> datetime:
        """A time of a day; the later one where the clocks show it twice or skip it."""
        if minutes == 24 * 60:
            day, minutes = day + timedelta(days=1), 0
        wall = datetime.combine(day, time(minutes // 60, minutes % 60), self.zone)
        return max(wall.replace(fold=fold).astimezone(UTC) for fold in (0, 1))


def due_at(start: datetime, within: Within, city: WorkingTime) -> datetime:
    """When ``within`` has passed since ``start``, in UTC to the second.

    Days end with the day, and the day of ``start`` does not count.  Raises WorkingTimeFault.
    """
    start = start.astimezone(UTC).replace(microsecond=0)
    if within.unit == HOURS:
        return start + timedelta(hours=within.amount)
    if within.unit == DAYS:
        return city.end_of(city.day_of(start) + timedelta(days=within.amount))
    if within.unit == WORKING_HOURS:
        return _after_working(start, timedelta(hours=within.amount), city)
    return _after_working_days(city.day_of(start), within.amount, city)


def moved_by_pause(
    due: datetime, *, begins: datetime, until: date, unit: str, city: WorkingTime
) -> datetime:
    """When it is due after a pause to the end of ``until``: what was left begins again then.

    Where days are counted at least one is left.  It never comes earlier than ``due``.
    """
    ends = city.end_of(until)
    if unit == HOURS:
        return max(due, ends + (due - begins))
    if unit == DAYS:
        left = (city.day_of(due) - city.day_of(begins)).days
        return max(due, city.end_of(until + timedelta(days=max(1, left))))
    if unit == WORKING_HOURS:
        return max(due, _after_working(ends, _worked(begins, due, city), city))
    today, last = city.day_of(begins), city.day_of(due)
    days = (today + timedelta(days=one) for one in range(1, (last - today).days + 1))
    left = sum(city.works(day) for day in days)
    return max(due, _after_working_days(until, max(1, left), city))


def _after_working_days(day: date, amount: int, city: WorkingTime) -> datetime:
    return city.end_of(next(islice(city.working_days(day), amount - 1, None)))


def _after_working(start: datetime, needed: timedelta, city: WorkingTime) -> datetime:
    for begin, end in city.shifts(start):
        if end - begin >= needed:
            return begin + needed
        needed -= end - begin
    raise WorkingTimeFault(f"the city does not work after {start}")


def _worked(since: datetime, until: datetime, city: WorkingTime) -> timedelta:
    worked = timedelta()
    for begin, end in city.shifts(since):
        if begin >= until:
            break
        worked += min(end, until) - begin
    return worked


def read_weekdays(text: str) -> frozenset[int]:
    """``mon,tue,wed,thu,fri``.  Raises WorkingTimeFault."""
    named = [one.strip() for one in text.split(",") if one.strip()]
    if not named or not set(named) <= set(WEEKDAYS):
        raise WorkingTimeFault(f"has to name days as {','.join(WEEKDAYS)}")
    return frozenset(WEEKDAYS.index(one) for one in named)


def read_hours(text: str) -> tuple[tuple[int, int], ...]:
    """``09:00-12:00,13:00-18:00``, one behind the other.  Raises WorkingTimeFault."""
    found: list[tuple[int, int]] = []
    for one in text.split(","):
        matched = _HOURS.fullmatch(one.strip())
        if matched is None:
            raise WorkingTimeFault("has to look like 09:00-12:00,13:00-18:00")
        a, b, c, d = map(int, matched.groups())
        found.append((60 * a + b, 60 * c + d))
    ends = [0, *(end for _, end in found)]
    for (begins, end), before in zip(found, ends, strict=False):
        if not before <= begins < end <= 24 * 60:
            raise WorkingTimeFault("has to name stretches one behind the other")
    return tuple(found)
