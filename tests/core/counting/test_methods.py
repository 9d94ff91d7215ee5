"""What single counting methods promise, on cases small enough to count by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.counting import METHODS
from mvote.core.counting.fit import check_question
from mvote.core.question import Question, QuestionRefused
from mvote.core.shapes import Choices
from mvote.core.ties import tie_rule


def title(text):
    return {"ko": text, "en": text}


def question(kind, method, options, *, costs=None, config=None):
    ids = list(costs or "abc")
    raw = {
        "id": "q1",
        "type": kind,
        "title": title("Q"),
        "options": [
            {"id": one, "title": title(one.upper()), **({"cost": costs[one]} if costs else {})}
            for one in ids
        ],
        "config": config or {},
        "counting": {"method": method, "options": options},
        "blank": True,
    }
    if kind == "yes-no":
        raw["options"] = []
    return check_question(Question.from_json(raw))


def count(asked, totals, rule="listed", poll_hash="0" * 64):
    """Count ballots that each choose one option, so many for each."""
    ballots = [(Choices((one,)), weight) for one, weight in totals.items()]
    method = METHODS.get(asked.counting.method)
    return method.count(asked, ballots, ties=tie_rule(rule, poll_hash=poll_hash))


def budget(costs, money, *, skips=True, **options):
    method = "budget-greedy" if skips else "budget-greedy-no-skip"
    config = {"most": len(costs)}
    return question("budget", method, {"budget": money, **options}, costs=costs, config=config)


def results(outcome):
    return {one.option: one.result for one in outcome.rounds}


def test_yes_and_no_are_counted_by_plurality():
    outcome = count(question("yes-no", "plurality", {}), {"yes": 80, "no": 40})
    assert outcome.winners == ("yes",)
    assert "찬성" in outcome.explanation["ko"]
    assert "80" in outcome.explanation["en"]


def test_several_seats_are_filled_from_the_top():
    asked = question("single-choice", "plurality", {"seats": 2})
    assert count(asked, {"a": 1, "b": 5, "c": 3}).winners == ("b", "c")


def test_seats_without_votes_stay_empty():
    asked = question("single-choice", "plurality", {"seats": 2})
    assert count(asked, {"b": 5}).winners == ("b",)


def test_a_withdrawn_option_keeps_its_votes_and_does_not_win():
    outcome = count(question("single-choice", "plurality", {"withdrawn": ["b"]}), {"a": 1, "b": 5})
    assert outcome.totals == {"a": 1, "b": 5, "c": 0}
    assert outcome.winners == ("a",)


def test_approval_counts_every_option_of_a_ballot():
    asked = question("multiple-choice", "approval", {})
    ballots = [(Choices(("a", "b")), 1), (Choices(("b", "c")), 1)]
    outcome = METHODS.get("approval").count(asked, ballots, ties=tie_rule("listed", poll_hash=""))
    assert outcome.totals == {"a": 1, "b": 2, "c": 1}
    assert outcome.winners == ("b",)


def test_a_tie_is_recorded_with_its_place_and_what_decided_it():
    asked = question("single-choice", "plurality", {"seats": 2})
    outcome = count(asked, {"a": 2, "b": 5, "c": 2})
    assert outcome.winners == ("b", "a")
    (tie,) = outcome.ties
    assert (tie.options, tie.place, tie.rule, tie.order) == (("a", "c"), 2, "listed", ("a", "c"))
    assert "동점" in outcome.explanation["ko"]


def test_a_tie_among_those_who_all_win_decides_nothing():
    asked = question("single-choice", "plurality", {"seats": 2})
    assert count(asked, {"a": 2, "c": 2}).ties == ()


def test_a_draw_depends_on_the_poll_and_can_be_repeated():
    asked = question("single-choice", "plurality", {})
    drawn = {count(asked, {"a": 2, "c": 2}, "drawn", f"{n:064x}").winners for n in range(30)}
    assert drawn == {("a",), ("c",)}
    # sha256("00…0|q1|a") and "…|q1|c" written down from another program
    assert count(asked, {"a": 2, "c": 2}, "drawn").winners == ("a",)


def test_a_draw_without_the_hash_of_the_poll_is_a_fault_of_the_program():
    with pytest.raises(ValueError, match="hash"):
        count(question("single-choice", "plurality", {}), {"a": 1, "b": 1}, "drawn", "")


def test_skipping_goes_on_after_a_project_that_does_not_fit():
    outcome = count(budget({"a": 60, "b": 50, "c": 40}, 100), {"a": 3, "b": 2, "c": 1})
    assert outcome.winners == ("a", "c")
    assert results(outcome) == {"a": "taken", "b": "too-dear", "c": "taken"}
    assert [one.left for one in outcome.rounds] == [40, 40, 0]


def test_without_skipping_the_first_that_does_not_fit_ends_the_count():
    asked = budget({"a": 60, "b": 50, "c": 40}, 100, skips=False)
    outcome = count(asked, {"a": 3, "b": 2, "c": 1})
    assert outcome.winners == ("a",)
    assert results(outcome) == {"a": "taken", "b": "too-dear", "c": "after-the-end"}


@pytest.mark.parametrize("skips", [True, False])
def test_a_project_under_the_least_votes_is_passed_over(skips):
    asked = budget({"a": 60, "b": 50, "c": 40}, 200, skips=skips, min_votes=2)
    outcome = count(asked, {"a": 1, "b": 2, "c": 3})
    assert outcome.winners == ("c", "b")
    assert results(outcome)["a"] == "too-few-votes"


@pytest.mark.parametrize("skips", [True, False])
def test_a_withdrawn_project_keeps_its_votes_and_ends_nothing(skips):
    asked = budget({"a": 999, "b": 50, "c": 40}, 100, skips=skips, withdrawn=["a"])
    outcome = count(asked, {"a": 9, "b": 2, "c": 3})
    assert outcome.totals["a"] == 9
    assert outcome.winners == ("c", "b")


def test_a_project_nobody_chose_is_funded_only_where_the_rule_says_so():
    costs = {"a": 60, "b": 10}
    assert count(budget(costs, 100), {"a": 1}).winners == ("a",)
    assert count(budget(costs, 100, min_votes=0), {"a": 1}).winners == ("a", "b")


def test_equal_votes_that_all_fit_are_no_tie():
    outcome = count(budget({"a": 60, "b": 40}, 100), {"a": 1, "b": 1})
    assert outcome.winners == ("a", "b")
    assert outcome.ties == ()


def test_one_that_could_never_fit_is_no_rival_where_it_is_skipped():
    costs = {"a": 999, "b": 40}
    assert count(budget(costs, 100), {"a": 1, "b": 1}).ties == ()
    assert len(count(budget(costs, 100, skips=False), {"a": 1, "b": 1}).ties) == 1


def test_an_undecided_tie_for_money_ends_the_count():
    asked = budget({"a": 60, "b": 50, "c": 10}, 100)
    outcome = count(asked, {"a": 3, "b": 3, "c": 1}, "undecided")
    assert outcome.winners == ()
    assert results(outcome) == {"a": "tied", "b": "tied", "c": "after-the-end"}


@pytest.mark.parametrize("skips", [True, False])
@given(data=st.data())
def test_money_is_never_overspent_and_always_accounted_for(skips, data):
    costs = dict(
        zip("abcdef", data.draw(st.lists(st.integers(0, 40), min_size=6, max_size=6)), strict=True)
    )
    money = data.draw(st.integers(0, 120))
    totals = {one: data.draw(st.integers(0, 5)) for one in costs}
    rule = data.draw(st.sampled_from(["listed", "drawn", "undecided"]))
    outcome = count(budget(costs, money, skips=skips), totals, rule)
    left = money
    for one in outcome.rounds:
        left -= costs[one.option] if one.taken else 0
        assert one.left == left >= 0
        if one.result == "too-dear":
            assert costs[one.option] > left
    assert sorted(one.option for one in outcome.rounds) == sorted(costs)
    votes = [one.total for one in outcome.rounds]
    assert votes == sorted(votes, reverse=True)


@given(data=st.data())
def test_a_recorded_tie_is_one_that_the_order_decides(data):
    """Turning the order of the options round changes the winners only where a tie says so."""
    ids = "abcd"
    costs = {one: data.draw(st.integers(0, 30)) for one in ids}
    money = data.draw(st.integers(0, 80))
    totals = {one: data.draw(st.integers(1, 3)) for one in ids}
    skips = data.draw(st.booleans())
    turned = {one: costs[one] for one in reversed(ids)}
    outcome = count(budget(costs, money, skips=skips), totals)
    other = count(budget(turned, money, skips=skips), totals)
    if set(outcome.winners) != set(other.winners):
        assert outcome.ties


@pytest.mark.parametrize(
    ("kind", "method", "options", "field"),
    [
        ("multiple-choice", "plurality", {}, "counting.method"),
        ("single-choice", "budget-greedy", {"budget": 1}, "counting.method"),
        ("single-choice", "astrology", {}, "counting.method"),
        ("single-choice", "plurality", {"seats": 4}, "counting.options.seats"),
        ("multiple-choice", "approval", {"seats": 3, "withdrawn": ["a"]}, "counting.options.seats"),
        (
            "multiple-choice",
            "approval",
            {"withdrawn": ["a", "b", "c"]},
            "counting.options.withdrawn",
        ),
        ("telepathy", "plurality", {}, "type"),
    ],
)
def test_a_method_that_does_not_fit_the_question_is_refused(kind, method, options, field):
    with pytest.raises(QuestionRefused) as caught:
        question(kind, method, options)
    assert field in caught.value.errors


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "counting.options.budget"),
        ({"budget": -1}, "counting.options.budget"),
        ({"budget": 1, "min_votes": -1}, "counting.options.min_votes"),
        ({"budget": 1, "withdrawn": ["z"]}, "counting.options.withdrawn"),
        ({"budget": 1, "withdrawn": [[]]}, "counting.options.withdrawn"),
        ({"budget": 1, "colour": "red"}, "counting.options.colour"),
    ],
)
def test_a_budget_count_needs_its_money_and_nothing_unknown(options, field):
    with pytest.raises(QuestionRefused) as caught:
        question("budget", "budget-greedy", options, costs={"a": 1, "b": 2}, config={"most": 1})
    assert field in caught.value.errors
