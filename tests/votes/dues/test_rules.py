"""When something owed is late."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from mvote.votes.dues.rules import ANSWER, Due

NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(days=2, seconds=1)
DUE = Due("d", "r", "p", ANSWER, "roads", NOON, NOON)


def test_what_is_owed_is_late_from_the_next_second_on_and_stays_late() -> None:
    assert not DUE.overdue(NOON)
    assert DUE.overdue(NOON.replace(second=1))
    assert not replace(DUE, met_at=NOON).late(LATER)
    assert not replace(DUE, lifted_at=NOON).late(LATER)
    late = replace(DUE, met_at=LATER)
    assert (late.overdue(LATER), late.late(LATER), late.days(LATER)) == (
        False,
        True,
        2,
    )
    told = replace(DUE, told_at=LATER)  # and then the clock was set back
    assert told.overdue(NOON)
    assert replace(told, met_at=NOON).late(NOON)
