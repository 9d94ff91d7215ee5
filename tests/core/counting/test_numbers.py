"""Summaries of numbers and lists of texts."""

import statistics
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.counting.shown import decimal
from mvote.core.question import QuestionRefused
from mvote.core.shapes import Amount, Text
from tests.core.counting.asking import ask, count

RANGE = {"least": -1000, "most": 1000}


def numbers(**options):
    return ask("number", "number-summary", config=RANGE, **options)


def test_a_summary_is_exact_and_in_the_unit_of_the_question():
    question = ask("number", "number-summary", config={**RANGE, "decimals": 2}, bins=2)
    outcome = count(question, [Amount(100), Amount(250), Amount(250), Amount(401), Amount(None)])
    assert (outcome.valid, outcome.blank, outcome.winners, outcome.totals) == (4, 1, (), {})
    figures = dict(outcome.figures)
    assert figures.pop("histogram") == [
        {"from": "1", "to": "501/200", "count": 3},
        {"from": "501/200", "to": "401/100", "count": 1},
    ]
    assert figures == {
        "least": "1",
        "lower-quartile": "17/8",
        "median": "5/2",
        "upper-quartile": "1151/400",
        "most": "401/100",
        "mean": "1001/400",
    }
    assert "2.50" in outcome.explanation["ko"]


@given(st.lists(st.integers(-1000, 1000), min_size=2, max_size=40))
def test_quartiles_are_those_of_the_standard_library(values):
    outcome = count(numbers(), [Amount(one) for one in values])
    theirs = statistics.quantiles([Fraction(one) for one in values], n=4, method="inclusive")
    names = ("lower-quartile", "median", "upper-quartile")
    assert [Fraction(outcome.figures[one]) for one in names] == theirs
    assert Fraction(outcome.figures["mean"]) == Fraction(sum(values), len(values))


@given(st.lists(st.integers(-50, 50), min_size=1, max_size=40), st.integers(1, 100))
def test_every_number_stands_in_one_bar(values, bins):
    bars = count(numbers(bins=bins), [Amount(one) for one in values]).figures["histogram"]
    assert len(bars) == max(1, min(bins, max(values) - min(values)))
    for place, bar in enumerate(bars):
        low, high = Fraction(bar["from"]), Fraction(bar["to"])
        last = place == len(bars) - 1
        inside = [one for one in values if low <= one < high or (last and one == high)]
        assert bar["count"] == len(inside)


def test_no_numbers_give_no_figures():
    assert count(numbers(), [Amount(None)]).figures == {"histogram": []}


@pytest.mark.parametrize("bins", [0, 101, "5"])
def test_a_histogram_has_a_sensible_number_of_bars(bins):
    with pytest.raises(QuestionRefused):
        numbers(bins=bins)


def test_texts_are_counted():
    question = ask("open-text", "text-list")
    outcome = count(question, [(Text("0" * 64), 2), Text("1" * 64), Text(None)])
    assert (outcome.valid, outcome.blank, outcome.figures) == (3, 1, {"texts": 3})


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (12, "12"),
        (1234567, "1,234,567"),
        (Fraction(7, 3), "2.33"),
        (Fraction(-1, 8), "-0.13"),
        (Fraction(-1, 1000), "0.00"),
        (Fraction(1999, 1000), "2.00"),
    ],
)
def test_numbers_are_rounded_for_readers_only(value, shown):
    assert decimal(value) == shown
