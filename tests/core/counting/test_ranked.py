"""What the counts of rankings promise, on cases small enough to count by hand."""

from fractions import Fraction

import pytest

from mvote.core.counting import METHODS
from mvote.core.question import QuestionRefused
from mvote.core.shapes import Ranking
from mvote.core.ties import ChairNeeded
from tests.core.counting.ranked import count, question

RANKED = [
    method.name
    for method in METHODS
    if method.shape is Ranking and not method.name.startswith("budget-")
]
TRANSFERABLE = [name for name in RANKED if name.startswith("stv-")]
TENNESSEE = {"mnck": 42, "nckm": 26, "cknm": 15, "kcnm": 17}
"""Memphis, Nashville, Chattanooga and Knoxville: who is near the middle beats every other."""


def moves(stage):
    return {one.option: dict(one.to) for one in stage.transfers}


def test_instant_runoff_eliminates_the_last_until_one_has_more_than_half():
    outcome = count("irv", TENNESSEE, ids="mnck")
    assert outcome.winners == ("k",)
    assert [stage.eliminated for stage in outcome.rounds] == [("c",), ("n",), ()]
    assert [dict(stage.totals) for stage in outcome.rounds] == [
        {"m": 42, "n": 26, "c": 15, "k": 17},
        {"m": 42, "n": 26, "k": 32},
        {"m": 42, "k": 58},
    ]
    assert moves(outcome.rounds[1]) == {"n": {"k": 26}}
    assert outcome.totals == {"m": 42, "n": 0, "c": 0, "k": 58}
    assert "58 of 100" in outcome.explanation["en"]
    assert "과반" in outcome.explanation["ko"]


def test_a_ballot_without_a_next_choice_counts_for_nobody_and_lowers_the_half():
    outcome = count("irv", {"a": 4, "b": 3, "c": 2}, ids="abc")
    assert outcome.winners == ("a",)
    assert [stage.exhausted for stage in outcome.rounds] == [0, 2]


def test_half_of_the_first_round_can_be_asked_for_and_two_can_be_waited_for():
    ballots = {"a": 5, "bc": 2, "cb": 2, "d": 2}
    assert len(count("irv", ballots, ids="abcd").rounds) == 2
    late = count("irv", ballots, {"majority_of": "first-round"}, ids="abcd")
    assert [len(stage.totals) for stage in late.rounds] == [4, 3, 2]
    waited = count("irv", {"a": 9, "b": 2, "c": 1}, {"until": "two"}, ids="abc")
    assert [len(stage.totals) for stage in waited.rounds] == [3, 2]


def test_with_more_seats_instant_runoff_ends_when_so_many_are_left():
    outcome = count("irv", TENNESSEE, {"seats": 2}, ids="mnck")
    assert outcome.winners == ("k", "m")


def test_hopeless_options_go_together_where_the_rule_says_so():
    ballots = {"a": 10, "b": 9, "ca": 3, "da": 2, "ea": 1}
    outcome = count("irv", ballots, {"batch": True})
    assert [stage.eliminated for stage in outcome.rounds] == [("c", "d", "e"), ()]
    assert outcome.totals["a"] == 16


@pytest.mark.parametrize(
    ("equal", "first", "exhausted"),
    [
        ("split", {"a": Fraction(7, 2), "b": Fraction(7, 2), "c": 4, "d": 1}, 0),
        ("exhaust", {"a": 2, "b": 2, "c": 4, "d": 1}, 3),
        ("exhaust-if-multiple-continuing", {"a": 2, "b": 2, "c": 4, "d": 1}, 3),
        ("skip", {"a": 2, "b": 2, "c": 7, "d": 1}, 0),
    ],
)
def test_equal_ranks_are_counted_as_the_rule_says(equal, first, exhausted):
    ballots = {"a": 2, "b": 2, "c": 4, "d": 1, "a=bc": 3}
    stage = count("irv", ballots, {"equal_ranks": equal}, ids="abcd").rounds[0]
    assert (dict(stage.totals), stage.exhausted) == (first, exhausted)


def test_a_shared_rank_counts_once_only_one_of_it_is_left():
    ballots = {"a": 4, "ba": 3, "da=cb": 2, "c": 1}
    left = count("irv", ballots, {"equal_ranks": "exhaust-if-multiple-continuing"}, ids="abcd")
    assert moves(left.rounds[1]) == {"d": {"a": 2}}
    gone = count("irv", ballots, {"equal_ranks": "exhaust"}, ids="abcd")
    assert moves(gone.rounds[1]) == {"d": {}}


def test_a_part_of_a_shared_rank_goes_to_the_others_on_it():
    outcome = count("irv", {"a=b": 3, "a": 2, "c": 4}, ids="abc")
    assert moves(outcome.rounds[0]) == {"b": {"a": Fraction(3, 2)}}
    assert outcome.totals["a"] == 5


def test_only_so_many_ranks_count():
    outcome = count("irv", {"ab": 2, "cba": 3, "b": 4}, {"max_ranks": 1}, ids="abc")
    assert outcome.rounds[-1].exhausted == 2


def test_a_tie_for_the_last_place_says_in_which_stage_and_what_decided():
    outcome = count("irv", {"a": 5, "bc": 1, "c": 2, "d": 3}, ids="abcd", rule="earlier-round")
    (tie,) = outcome.ties
    assert (tie.options, tie.place, tie.stage) == (("c", "d"), 2, 2)
    assert (tie.rule, tie.order) == ("earlier-round", ("d", "c"))
    assert outcome.rounds[1].eliminated == ("c",)


def test_the_chair_is_asked_before_a_count_goes_on():
    ballots = {"a": 3, "bc": 2, "cb": 2}
    with pytest.raises(ChairNeeded):
        count("irv", ballots, ids="abc", rule="chair")
    decided = count("irv", ballots, ids="abc", rule="chair", decisions={"q1": ["cb"]})
    assert decided.winners == ("c",)
    assert decided.ties[0].to_json()["rule"] == "chair"


def test_where_ties_are_left_undecided_those_who_cannot_matter_go_together():
    outcome = count("irv", {"a": 3, "b": 2}, rule="undecided")
    assert outcome.winners == ("a",)
    assert outcome.ties == ()
    stuck = count("irv", {"a": 2, "b": 2}, ids="abc", rule="undecided")
    assert stuck.winners == ()
    assert stuck.ties[0].options == ("a", "b")


def test_a_run_off_is_between_the_two_with_the_most_first_choices():
    outcome = count("run-off", TENNESSEE, ids="mnck")
    assert outcome.winners == ("n",)
    assert [dict(stage.totals) for stage in outcome.rounds][1] == {"m": 42, "n": 58}
    assert outcome.rounds[0].eliminated == ("c", "k")
    at_once = count("run-off", {"ab": 6, "ba": 5}, ids="ab")
    assert (at_once.winners, len(at_once.rounds)) == (("a",), 1)


def test_equal_ranks_in_a_run_off_count_for_neither():
    outcome = count("run-off", {"ac": 4, "b": 3, "ca=b": 2, "c=a": 1}, ids="abc")
    assert outcome.winners == ("a",)
    assert outcome.rounds[1].totals == {"a": 5, "b": 3}
    assert outcome.rounds[1].exhausted == 2


def test_borda_gives_points_for_ranks():
    outcome = count("borda", TENNESSEE, ids="mnck")
    assert outcome.totals == {"m": 126, "n": 194, "c": 173, "k": 107}
    assert outcome.winners == ("n",)


@pytest.mark.parametrize(
    ("variant", "totals"),
    [
        ("standard", {"a": Fraction(5, 2), "b": Fraction(5, 2), "c": Fraction(1, 2), "d": 0}),
        ("modified", {"a": Fraction(3, 2), "b": Fraction(3, 2), "c": 0, "d": 0}),
        ("dowdall", {"a": Fraction(3, 4), "b": Fraction(3, 4), "c": 0, "d": 0}),
    ],
)
def test_equal_ranks_get_the_average_of_their_places(variant, totals):
    if variant == "standard":
        totals = {**totals, "c": Fraction(1, 2), "d": Fraction(1, 2)}
    assert count("borda", {"a=b": 1}, {"variant": variant}, ids="abcd").totals == totals


def test_bucklin_adds_ranks_until_somebody_has_a_majority():
    outcome = count("bucklin", TENNESSEE, ids="mnck")
    assert outcome.winners == ("n",)
    assert [dict(stage.totals) for stage in outcome.rounds] == [
        {"m": 42, "n": 26, "c": 15, "k": 17},
        {"m": 42, "n": 68, "c": 58, "k": 32},
    ]
    none = count("bucklin", {"a": 3, "b": 2, "c": 2}, ids="abc")
    assert none.winners == ("a",)
    assert "no majority" in none.explanation["en"]


def test_the_pairwise_table_puts_unranked_last_and_counts_equal_ranks_for_neither():
    outcome = count("copeland", {"ab": 2, "b=c": 3}, ids="abc")
    assert outcome.pairwise == {
        "a": {"b": 2, "c": 2},
        "b": {"a": 3, "c": 2},
        "c": {"a": 3, "b": 0},
    }


@pytest.mark.parametrize("method", ["schulze", "ranked-pairs", "copeland"])
def test_whoever_beats_every_other_wins(method):
    outcome = count(method, TENNESSEE, ids="mnck")
    assert outcome.winners == ("n",)
    assert outcome.totals["n"] == 3
    assert outcome.figures["ranking"] == [["n"], ["c"], ["k"], ["m"]]
    assert "beats every other" in outcome.explanation["en"]


SCHULZE_2011 = {
    "acbed": 5,
    "adecb": 5,
    "bedac": 8,
    "cabed": 3,
    "caebd": 7,
    "cbade": 2,
    "dceba": 7,
    "ebadc": 8,
}


def test_schulzes_own_example_comes_out_as_he_has_it():
    outcome = count("schulze", SCHULZE_2011, {"strength": "winning-votes"})
    assert outcome.figures["ranking"] == [["e"], ["a"], ["c"], ["b"], ["d"]]
    assert count("ranked-pairs", SCHULZE_2011).winners == ("a",)


def test_margins_and_winning_votes_can_elect_different_options():
    ballots = {"ab": 9, "bc": 8, "ca": 5, "c": 2, "b=c": 3, "a=b": 4}
    by_margin = count("schulze", ballots, {"strength": "margins"}, ids="abc")
    by_votes = count("schulze", ballots, {"strength": "winning-votes"}, ids="abc")
    assert by_margin.pairwise == by_votes.pairwise
    assert by_margin.pairwise["a"] == {"b": 14, "c": 13}


def test_equally_strong_victories_in_a_circle_are_a_tie():
    circle = {"abc": 1, "bca": 1, "cab": 1}
    outcome = count("ranked-pairs", circle, ids="abc")
    assert outcome.ties[0].options == ("a", "b", "c")
    assert outcome.winners == ("a",)
    assert count("ranked-pairs", circle, ids="abc", rule="undecided").winners == ()
    assert count("schulze", circle, ids="abc", rule="undecided").winners == ()


def test_draws_count_as_the_rule_says():
    ballots = {"ab": 1, "ba": 1}
    assert count("copeland", ballots, ids="abc").totals == {
        "a": Fraction(3, 2),
        "b": Fraction(3, 2),
        "c": 0,
    }
    assert count("copeland", ballots, {"draws": "none"}, ids="abc").totals["a"] == 1
    assert count("copeland", ballots, {"draws": "full"}, ids="abc").totals["a"] == 2


def test_a_surplus_goes_on_at_its_value_in_scotland():
    outcome = count("stv-scottish", {"ab": 4, "ac": 3, "b": 1, "c": 2}, {"seats": 2}, ids="abc")
    first = outcome.rounds[0]
    assert (first.quota, first.elected) == (4, ("a",))
    assert moves(first) == {"a": {"b": Fraction(171428, 10**5), "c": Fraction(128571, 10**5)}}
    assert outcome.winners == ("a", "c")
    assert outcome.rounds[1].lost == Fraction(1, 10**5)


def test_scottish_ties_for_a_surplus_go_by_the_stage_before_and_not_to_the_chair():
    ballots = {"ac": 12, "b": 8, "c": 2, "d": 2, "e": 1}
    outcome = count("stv-scottish", ballots, {"seats": 4}, rule="chair")
    assert [tie.to_json() for tie in outcome.ties] == [
        {
            "options": ["b", "c"],
            "place": 4,
            "rule": "earlier-round",
            "order": ["b", "c"],
            "stage": 2,
        }
    ]
    assert [one.option for stage in outcome.rounds[1:3] for one in stage.transfers] == ["b", "c"]
    with pytest.raises(ChairNeeded):
        count("stv-wigm", ballots, {"seats": 4, "quota": "whole"}, rule="chair")


@pytest.mark.parametrize("name", TRANSFERABLE)
def test_seats_that_only_so_many_stand_for_are_theirs_without_passing_papers_on(name):
    outcome = count(name, {"a": 3, "b": 1}, {"seats": 2, "withdrawn": ["c"]}, ids="abc")
    assert set(outcome.winners) == {"a", "b"}


@pytest.mark.parametrize("name", TRANSFERABLE)
def test_a_seat_stays_empty_where_nobody_named_anybody_for_it(name):
    outcome = count(name, {"a": 3}, {"seats": 2}, ids="abc")
    assert outcome.winners == ("a",)


@pytest.mark.parametrize("name", RANKED)
def test_ballots_for_withdrawn_options_only_are_valid_and_idle(name):
    outcome = count(name, {"z": 5, "za": 2, "b": 1}, {"withdrawn": ["z"]}, ids="abz")
    assert (outcome.valid, outcome.winners, outcome.totals["z"]) == (8, ("a",), 0)
    alone = count(name, {"z": 5}, {"withdrawn": ["z"]}, ids="abz")
    assert (alone.valid, alone.winners) == (5, ())


@pytest.mark.parametrize("name", RANKED)
def test_all_blank_and_no_ballots_at_all_elect_nobody(name):
    for ballots in ({}, {"": 4}, {"a": 0}):
        outcome = count(name, ballots)
        assert outcome.winners == ()
        assert outcome.valid == 0
        assert set(outcome.totals.values()) == {0}
        assert outcome.explanation["ko"] == "유효표가 없어 선정된 것이 없습니다."


@pytest.mark.parametrize("name", RANKED)
def test_a_tie_in_every_round_ends_with_what_the_rule_decides(name):
    ballots = {"abcd": 1, "bcda": 1, "cdab": 1, "dabc": 1}
    assert len(count(name, ballots, ids="abcd").winners) == 1
    assert count(name, ballots, ids="abcd", rule="undecided").winners == ()


@pytest.mark.parametrize("name", RANKED)
@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"seats": 6}, "seats"),
        ({"seats": 0}, "seats"),
        ({"seats": 4, "withdrawn": ["a", "b"]}, "seats"),
        ({"withdrawn": list("abcde")}, "withdrawn"),
        ({"withdrawn": "a"}, "withdrawn"),
        ({"withdrawn": ["z"]}, "withdrawn"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_options_that_cannot_be_are_refused_by_field(name, options, field):
    with pytest.raises(QuestionRefused) as caught:
        METHODS.get(name).check_options(question(name, options))
    assert f"counting.options.{field}" in caught.value.errors


@pytest.mark.parametrize(
    ("name", "options", "field"),
    [
        ("irv", {"equal_ranks": "guess"}, "equal_ranks"),
        ("irv", {"max_ranks": 0}, "max_ranks"),
        ("irv", {"until": "dawn"}, "until"),
        ("irv", {"batch": 1}, "batch"),
        ("borda", {"variant": "sum"}, "variant"),
        ("schulze", {"strength": "great"}, "strength"),
        ("copeland", {"draws": "some"}, "draws"),
        ("stv-wigm", {"quota": "hare"}, "quota"),
        ("stv-wigm", {"decimals": 31}, "decimals"),
        ("stv-wigm", {"decimals": 4, "arithmetic": "rational"}, "decimals"),
        ("stv-meek", {"arithmetic": "float"}, "arithmetic"),
        ("stv-meek", {"omega": 0}, "omega"),
        ("stv-cfer", {"batch": "yes"}, "batch"),
    ],
)
def test_choices_that_a_method_does_not_know_are_refused(name, options, field):
    with pytest.raises(QuestionRefused) as caught:
        METHODS.get(name).check_options(question(name, options))
    assert list(caught.value.errors) == [f"counting.options.{field}"]
