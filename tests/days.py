"""What a test does falls on one day, whenever it is run."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from time import sleep
from zoneinfo import ZoneInfo

import pytest

ZONES = (UTC, ZoneInfo("Asia/Seoul"))
LONGEST = timedelta(seconds=60)
"""Next to no test takes so long."""


@pytest.fixture(autouse=True)
def one_day() -> None:
    """Where a day is about to end, in UTC or in the city, the test waits for the next one.

    What people owe, may say and are shown depends on the day, of which tests ask more than once.
    """
    for zone in ZONES:
        while (left := _left_of_the_day(zone)) < LONGEST:
            sleep(left.total_seconds() + 0.01)


def _left_of_the_day(zone: tzinfo) -> timedelta:
    now = datetime.now(zone)
    tomorrow = datetime.combine(now.date() + timedelta(days=1), time.min, zone)
    return tomorrow - now
