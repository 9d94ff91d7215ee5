"""Budgets with a threshold, by points and by positions, small enough to count by hand."""

from fractions import Fraction

import pytest

from mvote.core.question import QuestionRefused
from mvote.core.shapes import Choices, Ranking, Scores
from tests.core.counting.asking import ask, count, results

COSTS = {"a": 60, "b": 50, "c": 40}


def threshold(**options):
    return ask(
        "budget",
        "budget-greedy-threshold",
        costs=COSTS,
        config={"most": 3},
        budget=200,
        **options,
    )


def points(method="budget-points", kind="points", **options):
    config = {"points": 10} if kind == "points" else {}
    return ask(kind, method, costs=COSTS, config=config, **{"budget": 100, **options})


def votes(**given):
    return [(Choices((one,)), weight) for one, weight in given.items()]


@pytest.mark.parametrize(
    ("options", "winners"),
    [
        ({"min_share": "5%"}, ("a", "b", "c")),
        ({"min_share": "1/20"}, ("a", "b", "c")),
        ({"min_share": "5.1%"}, ("a", "b")),
        ({"min_share": "50%"}, ("a",)),
        ({"min_share": "100%"}, ()),
        ({"min_votes": 6}, ("a", "b")),
        ({"min_share": "5%", "min_votes": 36}, ("a",)),
    ],
)
def test_what_is_below_the_threshold_is_not_funded(options, winners):
    outcome = count(threshold(**options), [*votes(a=60, b=35, c=5), Choices(())])
    assert outcome.winners == winners
    below = {one for one, result in results(outcome).items() if result == "too-few-votes"}
    assert below == set(COSTS) - set(winners)


@pytest.mark.parametrize("share", ["0%", "0/5", "1/0", "101%", "3/2", "half", "-5%", 5, "5 %"])
def test_a_share_that_is_none_is_refused(share):
    with pytest.raises(QuestionRefused) as caught:
        threshold(min_share=share)
    assert list(caught.value.errors) == ["counting.options.min_share"]


def test_a_threshold_has_to_be_given():
    with pytest.raises(QuestionRefused) as caught:
        threshold()
    assert list(caught.value.errors) == ["counting.options.min_share"]


def test_points_decide_and_not_the_number_of_voters():
    ballots = [Scores.of({"a": 9, "b": 1}), Scores.of({"b": 2, "c": 1}), Scores.of({"b": 1})]
    outcome = count(points(min_points=2), ballots)
    assert outcome.totals == {"a": 9, "b": 4, "c": 1}
    assert results(outcome) == {"a": "taken", "b": "too-dear", "c": "too-few-points"}


def test_positions_are_worth_as_much_as_there_are_to_rank():
    outcome = count(points("budget-positions", "ranking"), [Ranking.of("bca"), Ranking.of("a")])
    assert outcome.totals == {"a": 4, "b": 3, "c": 2}
    assert outcome.winners == ("a", "c")


def test_those_who_may_rank_two_give_two_points_and_one():
    question = ask("ranking", "budget-positions", costs=COSTS, config={"most": 2}, budget=100)
    assert count(question, [Ranking.of("bc")]).totals == {"a": 0, "b": 2, "c": 1}


def test_positions_can_be_worth_what_the_city_says_and_shared_ranks_share():
    question = points("budget-positions", "ranking", positions=[10, 3])
    outcome = count(question, [Ranking.of([["a", "b", "c"]]), Ranking.of("cba")])
    assert outcome.totals == {"a": Fraction(13, 3), "b": Fraction(22, 3), "c": Fraction(43, 3)}


@pytest.mark.parametrize("positions", [[], [1, 2], [0], [3, 2, 1, 1], [1.5], ["3"], 3, [3, -1]])
def test_points_of_positions_have_to_fall(positions):
    with pytest.raises(QuestionRefused) as caught:
        points("budget-positions", "ranking", positions=positions)
    assert list(caught.value.errors) == ["counting.options.positions"]


def test_projects_without_costs_cannot_be_funded():
    with pytest.raises(QuestionRefused) as caught:
        ask("points", "budget-points", options="abc", config={"points": 3}, budget=1)
    assert "counting.method" in caught.value.errors
