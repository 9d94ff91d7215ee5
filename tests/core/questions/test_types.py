"""What single question types promise beyond the laws."""

import pytest

from mvote.core import answers
from mvote.core.question import Question, QuestionRefused
from mvote.core.questions import QUESTIONS, read_answers
from mvote.core.registry import UnknownPart
from mvote.core.shapes import Choices


def title(text):
    return {"ko": text, "en": text}


def question(kind, options, config=None, blank=False, name="q1"):
    raw = {
        "id": name,
        "type": kind,
        "title": title("Q"),
        "options": [{"id": one, "title": title(one), **more} for one, more in options],
        "config": config or {},
        "counting": {"method": "plurality", "options": {}},
        "blank": blank,
    }
    return QUESTIONS.get(kind).complete(Question.from_json(raw))


def projects(*costs):
    return [(f"p{place}", {"cost": cost}) for place, cost in enumerate(costs)]


def faults(made):
    with pytest.raises(QuestionRefused) as caught:
        QUESTIONS.get(made.type).check_config(made)
    return caught.value.errors


def test_yes_and_no_are_filled_in():
    made = question("yes-no", [])
    assert [option.id for option in made.options] == ["yes", "no"]
    assert made.options[0].title == {"ko": "찬성", "en": "Yes"}


def test_a_yes_no_question_has_no_third_option():
    assert "options" in faults(question("yes-no", [("yes", {}), ("no", {}), ("maybe", {})]))
    assert "options" in faults(question("yes-no", [("no", {}), ("yes", {})]))


def test_a_choice_of_one_option_is_no_choice():
    assert "options" in faults(question("single-choice", [("a", {})]))


def test_costs_stand_on_projects_and_nowhere_else():
    assert "options[1].cost" in faults(question("single-choice", [("a", {}), ("b", {"cost": 1})]))
    assert "options[0].cost" in faults(question("budget", [("a", {})], {"most": 1}))


def test_a_budget_question_says_how_much_or_how_many():
    assert "config.limit" in faults(question("budget", projects(5, 9)))


def test_a_limit_under_the_cheapest_choice_is_refused():
    assert "config.limit" in faults(question("budget", projects(5, 9), {"limit": 4}))
    assert "config.limit" in faults(question("budget", projects(5, 9), {"limit": 13, "least": 2}))
    QUESTIONS.get("budget").check_config(question("budget", projects(5, 9), {"limit": 5}))


def test_most_may_not_be_under_least():
    options = [(one, {}) for one in "abc"]
    assert "config.most" in faults(question("multiple-choice", options, {"least": 3, "most": 2}))


def test_money_stays_a_safe_integer():
    made = question("budget", projects(2**53 - 1, 2), {"most": 1})
    assert "options" in faults(made)


@pytest.mark.parametrize(
    ("raw", "refusal"),
    [
        (["p9"], answers.UnknownOption),
        (["p0", "p0"], answers.ChosenTwice),
        (["p0"], answers.TooFewChosen),
        (["p0", "p1", "p2", "p3"], answers.TooManyChosen),
        (["p2", "p3"], answers.OverBudget),
        ("p0", answers.WrongAnswerType),
        ({"p0": 1}, answers.WrongAnswerType),
        ([["p0"]], answers.WrongAnswerType),
        (None, answers.WrongAnswerType),
        ([], answers.BlankNotAllowed),
    ],
)
def test_each_broken_rule_of_an_answer_has_its_own_code(raw, refusal):
    made = question("budget", projects(1, 2, 30, 40), {"limit": 60, "least": 2, "most": 3})
    with pytest.raises(refusal) as caught:
        QUESTIONS.get("budget").read_answer(made, raw)
    assert caught.value.params["question"] == "q1"
    assert caught.value.status == 422


def test_a_budget_may_be_spent_to_the_last_won():
    made = question("budget", projects(1, 2, 30, 40), {"limit": 70, "most": 4})
    assert QUESTIONS.get("budget").read_answer(made, ["p3", "p2"]) == Choices(("p2", "p3"))


def test_a_ballot_answers_every_question_once():
    asked = (question("yes-no", [], name="q1"), question("yes-no", [], name="q2", blank=True))
    assert read_answers(asked, {"q2": [], "q1": ["no"]}) == {
        "q1": Choices(("no",)),
        "q2": Choices(()),
    }
    with pytest.raises(answers.AnswerMissing):
        read_answers(asked, {"q1": ["no"]})
    with pytest.raises(answers.UnknownQuestion):
        read_answers(asked, {"q1": ["no"], "q2": [], "q3": ["no"]})


def test_an_unknown_type_is_refused_with_the_known_ones():
    with pytest.raises(UnknownPart, match="budget"):
        QUESTIONS.get("telepathy")


def test_choices_are_sorted_and_without_doubles():
    assert Choices.of(["b", "a", "b"]).ids == ("a", "b")
    with pytest.raises(ValueError, match="sorted"):
        Choices(("b", "a"))
