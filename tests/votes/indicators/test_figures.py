"""What the records come to: rates as published, times, and what is owed."""

from datetime import timedelta

import pytest
from flask import Flask

from mvote.votes.discussions.rules import RecordEntry
from mvote.votes.indicators import service as indicators
from mvote.votes.indicators.rules_figures import POLLS, PROPOSALS, Rate, figures_of, median_days
from tests.votes.indicators.ledger import BEGIN, DAY, DEPARTMENTS, keep_ledger

SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


@pytest.mark.parametrize(
    ("part", "whole", "percent"),
    [
        (73, 3600, "2.03"),
        (59, 5963, "0.99"),
        (0, 7, "0.00"),
        (7, 7, "100.00"),
        (1, 8, "12.50"),
        (1, 80000, "0.00"),
        (1, 20000, "0.01"),  # 0.005 goes up
        (2, 3, "66.67"),
        (0, 0, None),
    ],
)
def test_rates_are_rounded_half_up_to_hundredths(part: int, whole: int, percent: str) -> None:
    assert Rate(part, whole).percent() == percent


def test_a_median_is_of_days_and_tenths() -> None:
    assert median_days([]) is None
    assert median_days([3 * DAY]) == "3.0"
    assert median_days([9 * DAY, DAY, 2 * DAY]) == "2.0"
    assert median_days([DAY, 2 * DAY]) == "1.5"
    assert median_days([timedelta(hours=6), timedelta(hours=6)]) == "0.3"  # 0.25 goes up
    assert median_days([-DAY]) == "0.0"


def test_a_proposal_that_another_department_answered_is_of_its_rate() -> None:
    """So that no department adopted more than it was made."""
    entered = RecordEntry("r", 1, "proposal", "p", 1, BEGIN, "", {}, "", "")
    said = {"kind": "answer", "decision": "adopted"}
    answered = RecordEntry("r", 2, "proposal-reply", "p", 1, BEGIN + DAY, "parks", said, "", "")
    found = figures_of(
        dues=[],
        entries=[entered, answered],
        records={"r": "roads"},
        proposals={"roads": 2, "parks": 1},
        promises={},
        now=BEGIN,
    )
    rates = {name: one.rate(PROPOSALS) for name, one in found.departments.items()}
    assert rates == {"parks": Rate(1, 2), "roads": Rate(0, 1)}
    assert found.city.rate(PROPOSALS) == Rate(1, 3)


@SQLITE
def test_a_ledger_of_the_published_base_lines_gives_their_rates(app: Flask) -> None:
    with app.app_context():
        keep_ledger()
        found = indicators.get_figures(now=BEGIN + 60 * DAY)
    city = found.city
    assert city.rate(POLLS) == Rate(73, 3600)
    assert city.rate(PROPOSALS) == Rate(59, 5963)
    assert (city.rate(POLLS).percent(), city.rate(PROPOSALS).percent()) == ("2.03", "0.99")
    assert (city.answered, city.due, city.overdue) == (146, 3454, 3454)
    assert city.late == sum(10 + place % 40 > 30 for place in range(146))
    assert list(found.departments) == list(DEPARTMENTS)
    for name in ("due", "overdue", "answered", "late"):
        assert sum(getattr(one, name) for one in found.departments.values()) == getattr(city, name)
    for kind, (part, whole) in ((POLLS, (73, 3600)), (PROPOSALS, (59, 5963))):
        rates = [one.rate(kind) for one in found.departments.values()]
        assert (sum(one.part for one in rates), sum(one.whole for one in rates)) == (part, whole)
    assert (
        city.first_days() == "7.2"
    )  # the 162nd of 323: of 177 proposals, after 7 days and 4 hours
    assert found.to_json()["city"]["polls"]["adopted"] == {
        "part": 73,
        "whole": 3600,
        "percent": "2.03",
    }
