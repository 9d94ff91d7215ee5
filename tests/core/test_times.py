"""Times have one spelling on the wire, and another for people."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from mvote.core.times import in_zone, iso, parse_iso

NEW_YEAR = datetime(2030, 12, 31, 15, 0, 59, 999999, tzinfo=UTC)


def test_a_time_is_spelled_in_utc_and_cut_to_the_second() -> None:
    east = NEW_YEAR.astimezone(timezone(timedelta(hours=9)))
    assert iso(east) == "2030-12-31T15:00:59Z"
    assert parse_iso(iso(east)) == NEW_YEAR.replace(microsecond=0)


@pytest.mark.parametrize(
    "text",
    [
        *("2030-12-31", "2030-12-31T15:00:59+00:00", "2030-12-31T15:00:59.5Z"),
        *("2030-02-30T00:00:00Z", "٢٠٣٠-12-31T15:00:59Z", "2030-12-31T15:00:59Z\n"),
    ],
)
def test_another_spelling_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"time|day"):
        parse_iso(text)


def test_an_early_year_is_read_as_it_was_spelled() -> None:
    assert iso(parse_iso("0999-12-31T15:00:59Z")) == "0999-12-31T15:00:59Z"


def test_people_read_a_time_by_the_clocks_of_their_city() -> None:
    assert in_zone(NEW_YEAR, "Asia/Seoul") == "2031-01-01 00:00 KST"
