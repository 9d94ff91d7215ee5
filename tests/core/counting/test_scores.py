"""Methods that count scores, by hand and against votelib and the definitions."""

from fractions import Fraction

import pytest
import votelib.evaluate.cardinal
from hypothesis import given, settings
from hypothesis import strategies as st
from votelib.evaluate.core import Tie as Undecided

from mvote.core.question import QuestionRefused
from mvote.core.shapes import Scores
from tests.core.counting.asking import ask, count

SCALE = {"scale": {"least": 0, "most": 5}}
TENNESSEE = {"memphis": 42, "nashville": 26, "chattanooga": 15, "knoxville": 17}


def rate(method, ids="abc", **options):
    return ask("rating", method, options=ids, config=SCALE, **options)


def scores(**given):
    return Scores.of(given)


def everyone_scores_everything(ids="abc"):
    one = st.fixed_dictionaries({option: st.integers(0, 5) for option in ids})
    return st.lists(one, min_size=1, max_size=9)


def for_votelib(ballots):
    made = {}
    for one in ballots:
        key = frozenset(one.items())
        made[key] = made.get(key, 0) + 1
    return made


def test_the_highest_mean_wins_and_is_exact():
    outcome = count(rate("score-mean"), [scores(a=5, b=3), scores(a=0, b=3), scores(a=2)])
    assert outcome.totals == {"a": Fraction(7, 3), "b": 3, "c": 0}
    assert outcome.winners == ("b",)
    assert "3점" in outcome.explanation["ko"]


@pytest.mark.parametrize(
    ("unscored", "winner", "total"), [("ignore", "b", 3), ("zero", "a", 2), ("lowest", "a", 2)]
)
def test_what_is_left_unscored_counts_as_the_poll_says(unscored, winner, total):
    ballots = [scores(a=2, b=3), scores(a=2), scores(a=2)]
    outcome = count(rate("score-mean", unscored=unscored), ballots)
    assert outcome.winners == (winner,)
    assert outcome.totals[winner] == total


def test_the_lowest_is_that_of_the_scale():
    config = {"scale": "minus-two-to-two"}
    question = ask("rating", "score-mean", options="ab", config=config, unscored="lowest")
    outcome = count(question, [scores(a=1, b=0), scores(b=0)])
    assert outcome.totals == {"a": Fraction(-1, 2), "b": 0}


def test_of_an_even_number_of_scores_the_lower_middle_one_is_the_median():
    outcome = count(rate("score-median"), [scores(a=1, b=2), scores(a=4, b=2)])
    assert outcome.totals == {"a": 1, "b": 2, "c": 0}
    assert outcome.winners == ("b",)


def test_an_option_that_nobody_scored_never_wins():
    for method in ("score-mean", "score-median", "majority-judgment", "star", "cumulative"):
        config = {"points": 20} if method == "cumulative" else SCALE
        kind = "points" if method == "cumulative" else "rating"
        question = ask(kind, method, options="ab", config=config, withdrawn=["a"])
        assert count(question, [scores(a=5)]).winners == ()


def test_equal_majority_grades_are_told_apart_by_the_grades_around_them():
    """4 4 3 2 1 beats 5 5 3 1 1, for next to the middle stands a 2 and not a 1."""
    ballots = [scores(a=a, b=b) for a, b in zip((4, 4, 3, 2, 1), (5, 5, 3, 1, 1), strict=True)]
    outcome = count(rate("majority-judgment"), ballots)
    assert outcome.totals["a"] == outcome.totals["b"] == 3
    assert outcome.winners == ("a",)
    assert outcome.figures["majority"]["b"] == {"grade": 3, "above": 2, "below": 2}
    assert count(rate("score-mean"), ballots).winners == ("b",)


def majority_value(grades):
    """By the definition: take the lower median away, again and again."""
    left, taken = sorted(grades), []
    while left:
        taken.append(left.pop((len(left) - 1) // 2))
    return taken


@given(st.lists(st.tuples(*[st.integers(0, 4)] * 3), min_size=1, max_size=14))
def test_majority_judgment_orders_by_the_majority_value(ballots):
    question = rate("majority-judgment", seats=3)
    outcome = count(question, [scores(a=a, b=b, c=c) for a, b, c in ballots])
    values = {one: majority_value([row[at] for row in ballots]) for at, one in enumerate("abc")}
    assert list(outcome.winners) == sorted("abc", key=lambda one: values[one], reverse=True)


@given(st.lists(st.integers(0, 3), min_size=1, max_size=6), st.integers(2, 4))
def test_grades_given_equally_often_more_stay_a_tie(grades, times):
    """An option scored by more voters in the same shares is no better and no worse."""
    ballots = [scores(a=one) for one in grades] + [scores(b=one) for one in grades * times]
    outcome = count(rate("majority-judgment", unscored="ignore"), ballots)
    assert outcome.ties[0].options == ("a", "b")


def tennessee():
    """The capital of Tennessee, scored as in the literature on STAR."""
    rows = {
        "memphis": (5, 2, 1, 0),
        "nashville": (0, 5, 2, 2),
        "chattanooga": (0, 3, 5, 3),
        "knoxville": (0, 2, 4, 5),
    }
    return [
        (Scores.of(dict(zip(rows, row, strict=True))), TENNESSEE[city])
        for city, row in rows.items()
    ]


def test_tennessee_gets_nashville_by_star():
    outcome = count(rate("star", TENNESSEE), tennessee())
    assert outcome.totals == {
        "memphis": 210,
        "nashville": 293,
        "chattanooga": 237,
        "knoxville": 182,
    }
    assert outcome.winners == ("nashville",)
    scoring, run_off = outcome.rounds
    assert set(scoring.eliminated) == {"memphis", "knoxville"}
    assert run_off.totals == {"nashville": 68, "chattanooga": 32}
    assert run_off.elected == ("nashville",)


def test_the_run_off_can_turn_the_scores_round():
    outcome = count(rate("star"), [(scores(a=5, b=4), 3), (scores(a=0, b=5), 2)])
    assert outcome.totals["b"] > outcome.totals["a"]
    assert outcome.winners == ("a",)
    assert outcome.rounds[-1].exhausted == 0


def test_a_tie_for_the_run_off_goes_to_whom_more_voters_prefer():
    ballots = [scores(a=5, b=1, c=3), scores(a=5, b=4, c=3), scores(a=5, b=4, c=3)]
    outcome = count(rate("star"), ballots)
    assert outcome.totals["b"] == outcome.totals["c"]
    assert outcome.rounds[0].eliminated == ("c",)
    assert outcome.ties == ()


def test_a_tie_in_the_run_off_goes_to_the_higher_sum():
    outcome = count(rate("star"), [scores(a=5, b=0), scores(a=3, b=4)])
    assert outcome.rounds[-1].totals == {"a": 1, "b": 1}
    assert (outcome.winners, outcome.ties) == (("a",), ())


def test_equal_sums_in_a_tied_run_off_go_to_more_highest_scores():
    outcome = count(rate("star"), [scores(a=5, b=4), scores(a=2, b=3)])
    assert outcome.totals["a"] == outcome.totals["b"]
    assert (outcome.winners, outcome.ties) == (("a",), ())


@pytest.mark.parametrize(("rule", "winners"), [("listed", ("a",)), ("undecided", ())])
def test_only_what_star_cannot_tell_apart_is_left_to_the_tie_rule(rule, winners):
    outcome = count(rate("star"), [scores(a=5, b=4), scores(a=4, b=5)], rule)
    assert outcome.winners == winners
    assert (outcome.ties[0].options, outcome.ties[0].stage) == (("a", "b"), 2)


def test_further_seats_of_star_are_filled_without_the_winners():
    outcome = count(rate("star", TENNESSEE, seats=4), tennessee())
    assert outcome.winners[:2] == ("nashville", "chattanooga")
    assert len(outcome.winners) == 4


@settings(max_examples=60)
@given(everyone_scores_everything())
def test_votelib_finds_the_same_highest_mean(ballots):
    theirs = votelib.evaluate.cardinal.ScoreVoting("mean").evaluate(for_votelib(ballots), 1)
    ours = count(rate("score-mean"), [Scores.of(one) for one in ballots])
    if isinstance(theirs[0], Undecided):
        assert set(ours.ties[0].options) == set(theirs[0])
    else:
        assert (ours.winners, ours.ties) == (tuple(theirs), ())


@settings(max_examples=60)
@given(everyone_scores_everything())
def test_votelib_finds_the_same_winner_by_star(ballots):
    """Where neither sums nor comparisons are tied, for votelib leaves ties to its user."""
    ours = count(rate("star"), [Scores.of(one) for one in ballots])
    finalists = ours.rounds[-1].totals
    if len(set(ours.totals.values())) < 3 or len(set(finalists.values())) < 2:
        return
    star = votelib.evaluate.cardinal.STAR()
    assert star.evaluate(for_votelib(ballots), 1) == list(ours.winners)


def test_points_are_added_up():
    question = ask("points", "cumulative", options="abc", config={"points": 10}, seats=2)
    outcome = count(question, [(scores(a=7, b=3), 2), scores(c=10)])
    assert outcome.totals == {"a": 14, "b": 6, "c": 10}
    assert outcome.winners == ("a", "c")


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"unscored": "five"}, "counting.options.unscored"),
        ({"seats": 4}, "counting.options.seats"),
        ({"withdrawn": ["z"]}, "counting.options.withdrawn"),
    ],
)
def test_nonsense_about_scores_is_refused(options, field):
    with pytest.raises(QuestionRefused) as caught:
        rate("score-mean", **options)
    assert field in caught.value.errors
