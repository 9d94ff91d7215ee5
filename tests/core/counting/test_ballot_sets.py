"""However ballots come and however they are put together, the outcome is the same."""

from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.counting import METHODS, ballot_sets
from mvote.core.counting.ballot_sets import BallotSets
from mvote.core.shapes import RankedRows, Ranking
from mvote.core.ties import tie_rule
from tests.core.counting.ranked import IDS, question, ranking
from tests.core.counting.test_ranked_laws import RANKED, ballots

BY_SETS = ["irv", "schulze", "ranked-pairs", "copeland"]
ROWS = st.lists(st.lists(st.sampled_from(IDS), unique=True).map(tuple), max_size=30)
OPTIONS = st.fixed_dictionaries(
    {}, optional={"withdrawn": st.lists(st.sampled_from(IDS), unique=True, max_size=2)}
)
IRV = st.fixed_dictionaries(
    {},
    optional={
        "max_ranks": st.integers(1, 4),
        "until": st.sampled_from(["two", "majority"]),
        "batch": st.booleans(),
        "equal_ranks": st.sampled_from(
            ["split", "exhaust", "exhaust-if-multiple-continuing", "skip"]
        ),
    },
)


def counted(name, given_, options=None):
    asked = question(name, options)
    METHODS.get(name).check_options(asked)
    return METHODS.get(name).count(asked, given_, ties=tie_rule("drawn", poll_hash="0" * 64))


def without_sets(act):
    """What comes of it where any number of sets is too many."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ballot_sets, "MOST_SETS", -1)
        return act()


@pytest.mark.parametrize("name", BY_SETS)
@settings(max_examples=40, deadline=None)
@given(given_=ballots(), options=OPTIONS, irv=IRV)
def test_sets_of_ballots_give_what_ballots_one_by_one_give(name, given_, options, irv):
    chosen = {**options, **(irv if name == "irv" else {})}
    pairs = [(ranking(spelled), weight) for spelled, weight in given_.items()]
    outcome = counted(name, pairs, chosen)
    assert outcome == without_sets(lambda: counted(name, pairs, chosen))


@pytest.mark.parametrize("name", RANKED)
@settings(max_examples=20, deadline=None)
@given(rows=ROWS, options=OPTIONS, data=st.data())
def test_rows_give_what_their_rankings_give(name, rows, options, data):
    rankings = [Ranking.of(row) for row in rows]
    assert counted(name, RankedRows(rows), options) == counted(
        name, [(one, 1) for one in rankings], options
    )
    weights = data.draw(st.lists(st.integers(0, 700), min_size=len(rows), max_size=len(rows)))
    lists = RankedRows([list(row) for row in rows], weights)
    pairs = list(zip(rankings, weights, strict=True))
    assert list(lists) == pairs
    assert counted(name, lists, options) == counted(name, pairs, options)


@pytest.mark.parametrize("name", ["irv", "schulze", "borda"])
def test_many_rows_alike_or_not_give_the_same(name):
    different = list(permutations("abcdef"))
    alike = [row[: 1 + place % 3] for place, row in enumerate(different)] * 3
    for rows in (different, alike, [*alike, (), ()]):
        asked = question(name, {}, "abcdef")
        ties = tie_rule("listed", poll_hash="")
        count = METHODS.get(name).count
        by_rankings = count(asked, [(Ranking.of(row), 1) for row in rows], ties=ties)
        assert count(asked, RankedRows(rows), ties=ties) == by_rankings
        assert by_rankings.ballots == len(rows)


@pytest.mark.parametrize(
    ("rows", "weights", "said"),
    [
        ([("a", "b"), ("a", "c", "a")], (), "one rank only"),
        ([("a", "a", "b", "c", "d", "e", "a")] * 3, (), "one rank only"),
        ([("a", "z")], (), "does not offer"),
        ([("a", "b"), ("b",)], (1, -1), "less than nothing"),
    ],
)
@pytest.mark.parametrize("options", [{}, {"withdrawn": ["e"]}])
@pytest.mark.parametrize("name", ["irv", "borda"])
def test_rows_that_are_no_rankings_are_refused(name, options, rows, weights, said):
    with pytest.raises(ValueError, match=said):
        counted(name, RankedRows(rows, weights), options)


def test_a_weight_is_wanted_for_every_row():
    with pytest.raises(ValueError, match="every row"):
        RankedRows([("a",), ("b",)], [1])


def test_weights_of_any_size_are_added_exactly():
    weights = [1, 0, 255, 256, 10**30, 2**64 - 1]
    made = ballot_sets.ballot_sets([("a",)] * 6, weights, {"a": ("a",)})
    assert [made.weight(1 << place) for place in reversed(range(6))] == weights
    assert made.weight(made.everyone) == sum(weights)


def test_an_option_twice_on_a_ballot_is_found():
    assert not BallotSets([{"a": 0b01}, {"a": 0b10}], 0b11).repeats()
    assert BallotSets([{"a": 0b01}, {"b": 0b11}, {"a": 0b11}], 0b11).repeats()
