"""The method of equal shares against its definition, step by step."""

from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.question import QuestionRefused
from mvote.core.shapes import Choices
from tests.core.counting.asking import ask, count, results

IDS = "abcdef"


def share(costs, money, completion="none", **options):
    return ask(
        "budget",
        "equal-shares",
        costs=costs,
        config={"most": len(costs)},
        budget=money,
        completion=completion,
        **options,
    )


def ballots(*texts):
    return [Choices.of(one) for one in texts]


def rate(cost, money):
    """The share of its cost that a project asks of each supporter, by the definition, or None."""
    if sum(money) < cost:
        return None
    paid, left = Fraction(0), len(money)
    for one in sorted(money):
        if one * left >= cost - paid:
            return (cost - paid) / left / cost
        paid, left = paid + one, left - 1
    raise AssertionError("the supporters have the money")


def by_definition(costs, votes, endowment):
    """All voters one by one; None where projects are tied for a voter who cannot pay for both."""
    money = [endowment] * len(votes)
    won = []
    while True:
        rates = {}
        for one, cost in costs.items():
            backers = [left for left, vote in zip(money, votes, strict=True) if one in vote]
            found = rate(cost, backers) if backers and one not in won else None
            if found is not None:
                rates[one] = found
        if not rates:
            return won, money
        best = min(rates.values())
        tied = [one for one in rates if rates[one] == best]
        for left, vote in zip(money, votes, strict=True):
            wish = sum(costs[one] for one in tied if one in vote)
            if len(set(tied) & set(vote)) > 1 and best * wish > left > 0:
                return None
        won.append(tied[0])
        for place, vote in enumerate(votes):
            if tied[0] in vote:
                money[place] -= min(money[place], best * costs[tied[0]])


COSTS = st.lists(st.integers(1, 40), min_size=6, max_size=6).map(
    lambda costs: dict(zip(IDS, costs, strict=True))
)
VOTES = st.lists(
    st.lists(st.sampled_from(IDS), min_size=1, max_size=4, unique=True), min_size=1, max_size=12
)


@settings(max_examples=150)
@given(COSTS, VOTES, st.integers(0, 120))
def test_it_does_what_its_definition_says(costs, votes, budget):
    outcome = count(share(costs, budget), ballots(*votes))
    expected = by_definition(costs, votes, Fraction(budget, len(votes)))
    if expected is None:
        assert outcome.ties
        return
    won, money = expected
    assert outcome.winners == tuple(won)
    assert outcome.ties == ()
    assert outcome.rounds[-1].left == budget - sum(costs[one] for one in won)
    paid = sum(Fraction(budget, len(votes)) - left for left in money)
    assert paid == sum(costs[one] for one in won)


def add_one(costs, votes, budget):
    """The completion by its definition; None where a tie decides something."""
    endowment, kept = Fraction(budget, len(votes)), None
    while True:
        found = by_definition(costs, votes, endowment)
        if found is None:
            return None
        won = found[0]
        spent = sum(costs[one] for one in won)
        if kept is not None and spent > budget:
            return kept
        kept = won
        wanted = {one for vote in votes for one in vote}
        if not any(spent + costs[one] <= budget for one in wanted - set(won)):
            return kept
        endowment = Fraction(int(endowment) + 1)


@settings(max_examples=80)
@given(COSTS, VOTES, st.integers(0, 120))
def test_shares_are_raised_as_long_as_the_projects_stay_in_the_budget(costs, votes, budget):
    expected = add_one(costs, votes, budget)
    outcome = count(share(costs, budget, "add1"), ballots(*votes))
    assert sum(costs[one] for one in outcome.winners) <= budget
    if expected is not None:
        assert outcome.winners == tuple(expected)


def test_a_minority_decides_about_its_part_of_the_money():
    """Greedy gives all to the majority of 60; by equal shares the 40 get what they can pay."""
    costs = {"a": 30, "b": 30, "c": 40, "d": 40}
    votes = [(Choices.of("abd"), 60), (Choices.of("c"), 40)]
    question = share(costs, 100)
    outcome = count(question, votes)
    assert outcome.winners == ("a", "b", "c")
    assert outcome.figures["endowment"] == "1"
    assert outcome.figures["paid"] == {"a": "1/2", "b": "1/2", "c": "1"}
    assert results(outcome)["d"] == "not-afforded"
    greedy = ask("budget", "budget-greedy", costs=costs, config={"most": 4}, budget=100)
    assert count(greedy, votes).winners == ("a", "b", "d")


def test_those_with_less_left_pay_what_they_have():
    """a takes 6 of each of its two supporters; for b the one with 4 left pays 4, the other 7."""
    outcome = count(share({"a": 12, "b": 11}, 30), ballots("a", "ab", "b"))
    assert outcome.winners == ("a", "b")
    assert outcome.figures["paid"] == {"a": "6", "b": "7"}


COMPLETE = {"a": 60, "b": 50, "c": 40, "d": 5}


@pytest.mark.parametrize(
    ("completion", "winners"),
    [("none", ("a",)), ("greedy", ("a", "c")), ("add1", ("a",)), ("add1u", ("a", "c"))],
)
def test_what_is_left_is_spent_as_the_poll_says(completion, winners):
    """At 25 for each voter b would be bought and the budget overspent, so add1 stops at 24."""
    votes = [(Choices.of("a"), 7), (Choices.of("b"), 2), (Choices.of("c"), 1)]
    outcome = count(share(COMPLETE, 100, completion), votes)
    assert outcome.winners == winners
    assert outcome.figures["endowment"] == ("24" if "add1" in completion else "10")
    assert results(outcome)["d"] == "too-few-votes"


def test_a_free_project_with_votes_is_chosen():
    outcome = count(share({"a": 0, "b": 10, "c": 0}, 5), ballots("ab"))
    assert outcome.winners == ("a",)
    assert results(outcome) == {"a": "taken", "b": "not-afforded", "c": "too-few-votes"}


def test_a_withdrawn_project_is_not_bought_and_costs_nobody_anything():
    outcome = count(share({"a": 5, "b": 10}, 10, withdrawn=["a"]), ballots("ab", "ab"))
    assert outcome.winners == ("b",)
    assert outcome.totals["a"] == 2
    assert results(outcome)["a"] == "withdrawn"


def test_equal_rates_are_a_tie_only_where_a_voter_cannot_pay_for_both():
    apart = count(share({"a": 10, "b": 10}, 20), ballots("a", "b"))
    assert (apart.winners, apart.ties) == (("a", "b"), ())
    both = count(share({"a": 10, "b": 10}, 15), ballots("ab", "ab"))
    assert both.winners == ("a",)
    assert both.ties[0].options == ("a", "b")


def test_a_tie_left_undecided_ends_the_count():
    costs = {"a": 10, "b": 10, "c": 1}
    outcome = count(share(costs, 16, "add1u"), ballots("ab", "ab", "c"), "undecided")
    assert outcome.ties[0].options == ("a", "b")
    assert not {"a", "b"} & set(outcome.winners)
    assert results(outcome)["a"] == "tied"


@pytest.mark.parametrize("step", [1, 7])
def test_the_step_is_a_number_of_units_of_money(step):
    question = share({"a": 60, "b": 50}, 100, "add1", increment=step)
    outcome = count(question, [(Choices.of("a"), 3), (Choices.of("b"), 1)])
    assert Fraction(outcome.figures["endowment"]) % step in (0, Fraction(25) % step)


def test_without_a_step_a_thousandth_of_the_share_is_one():
    votes = [(Choices.of("a"), 3), (Choices.of("b"), 1)]
    outcome = count(share({"a": 600_000, "b": 390_000}, 1_000_000, "add1"), votes)
    assert outcome.winners == ("a", "b")
    assert outcome.figures["endowment"] == "390000"
    assert outcome.rounds[0].why["ko"] == "지지자 3명이 200,000씩 내어 선정했습니다."


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"completion": "magic"}, "completion"),
        ({"increment": 0}, "increment"),
        ({"increment": "1"}, "increment"),
    ],
)
def test_nonsense_about_shares_is_refused(options, field):
    with pytest.raises(QuestionRefused) as caught:
        share({"a": 1, "b": 2}, 10, **options)
    assert list(caught.value.errors) == [f"counting.options.{field}"]
