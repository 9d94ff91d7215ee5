"""Weighted totals, effective sizes, margins of error and raking."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.survey import (
    SurveyFault,
    effective_size,
    estimate,
    margin_of_error,
    rake,
)

SEXES, AGES = ("f", "m"), ("old", "young")


def test_weights_add_up_exactly():
    tenth = Fraction(1, 10)
    found = estimate([("yes", tenth), ("no", 2 * tenth), ("yes", 7 * tenth)])
    assert found.totals == {"yes": Fraction(8, 10), "no": Fraction(2, 10)}
    assert (found.share("yes"), found.respondents) == (Fraction(4, 5), 3)
    assert found.counts == {"yes": 2, "no": 1}


def test_a_sample_with_equal_weights_is_worth_its_size():
    assert effective_size({Fraction(3, 7): 1000}) == 1000


def test_unequal_weights_make_a_sample_worth_less():
    """Kish: (1 + 1 + 4)² / (1 + 1 + 16) = 2."""
    assert effective_size({Fraction(1): 2, Fraction(4): 1}) == 2


def test_the_margin_of_error_is_that_of_the_textbook():
    """A half of 1,000: ±3.10 points, as every newspaper says."""
    margin = margin_of_error(Fraction(1, 2), Fraction(1000))
    assert margin.quantize(Decimal("0.0001")) == Decimal("0.0310")
    assert margin_of_error(Fraction(0), Fraction(10)) == 0


@pytest.mark.parametrize("weights", [[Fraction(-1)], [Fraction(0)], []])
def test_weights_that_are_none_are_refused(weights):
    with pytest.raises(SurveyFault):
        estimate([("yes", one) for one in weights])


def test_an_even_table_is_raked_to_the_product_of_its_margins():
    cells = {(sex, age): Fraction(1) for sex in SEXES for age in AGES}
    margins = [
        {"f": Fraction(3), "m": Fraction(1)},
        {"old": Fraction(1, 2), "young": Fraction(1, 2)},
    ]
    raked = rake(cells, margins)
    assert raked.factors == {
        ("f", "old"): Fraction(3, 2),
        ("f", "young"): Fraction(3, 2),
        ("m", "old"): Fraction(1, 2),
        ("m", "young"): Fraction(1, 2),
    }


WEIGHT = st.fractions(min_value=Fraction(1, 10), max_value=50, max_denominator=20)


@settings(max_examples=50)
@given(st.lists(WEIGHT, min_size=8, max_size=8), st.data())
def test_raked_weights_meet_every_margin_and_stay_a_product(numbers, data):
    cells = {
        (sex, age): numbers[2 * at + by]
        for at, sex in enumerate(SEXES)
        for by, age in enumerate(AGES)
    }
    margins = [
        dict(zip(SEXES, numbers[4:6], strict=True)),
        dict(zip(AGES, numbers[6:8], strict=True)),
    ]
    raked = rake(cells, margins)
    total = sum(cells.values())
    after = {cell: cells[cell] * raked.factors[cell] for cell in cells}
    for place, margin in enumerate(margins):
        for category, share in margin.items():
            got = sum(weight for cell, weight in after.items() if cell[place] == category)
            wanted = total * share / sum(margin.values())
            assert abs(got / wanted - 1) < Fraction(1, 10**9)
    a, b, c, d = (raked.factors[sex, age] for sex in SEXES for age in AGES)
    assert abs(a * d / (b * c) - 1) < Fraction(1, 10**6)
    order = data.draw(st.permutations(list(cells)))
    assert rake({cell: cells[cell] for cell in order}, margins) == raked


@pytest.mark.parametrize(
    "margin",
    [
        {"f": Fraction(1)},
        {"f": Fraction(1), "m": Fraction(1), "x": Fraction(1)},
        {"f": Fraction(2), "m": Fraction(-1)},
        {"f": Fraction(1), "m": Fraction(0)},
    ],
)
def test_margins_that_do_not_fit_the_sample_are_refused(margin):
    with pytest.raises(SurveyFault):
        rake({("f",): Fraction(1), ("m",): Fraction(1)}, [margin])


def test_margins_that_contradict_one_another_are_refused():
    """All women are old and all men young, but the margins want more women than old people."""
    cells = {("f", "old"): Fraction(1), ("m", "young"): Fraction(1)}
    margins = [
        {"f": Fraction(3), "m": Fraction(1)},
        {"old": Fraction(1), "young": Fraction(1)},
    ]
    with pytest.raises(SurveyFault, match="together"):
        rake(cells, margins)
