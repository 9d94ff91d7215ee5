"""By when something is due: in every zone, with any days off."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from mvote.core.working_time import DAYS, Within, WorkingTime, due_at

WEEK = frozenset(range(5))
OFFICE = ((540, 720), (780, 1080))


def _city(zone: str, *off: date) -> WorkingTime:
    return WorkingTime(ZoneInfo(zone), WEEK, OFFICE, frozenset(off).__contains__)


@pytest.mark.parametrize(
    ("start", "days", "zone", "due"),
    [
        # 18:00 in Seoul on the 1st
        ("2030-05-01T09:00:00", 30, "Asia/Seoul", "2030-05-31T14:59:59"),
        # already the 2nd in Seoul
        ("2030-05-01T16:00:00", 30, "Asia/Seoul", "2030-06-01T14:59:59"),
        ("2030-05-01T16:00:00", 1, "UTC", "2030-05-02T23:59:59"),
        # over a change to winter time
        ("2030-10-20T10:00:00", 14, "Europe/Berlin", "2030-11-03T22:59:59"),
    ],
)
def test_days_end_with_the_citys_day(start: str, days: int, zone: str, due: str) -> None:
    at = datetime.fromisoformat(start).replace(tzinfo=UTC)
    expected = datetime.fromisoformat(due).replace(tzinfo=UTC)
    assert due_at(at, Within(days, DAYS), _city(zone)) == expected
