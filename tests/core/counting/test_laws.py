"""Laws that hold for every counting method in the registry, those to come included."""

import json
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.canonical import canonical_bytes
from mvote.core.counting import METHODS
from mvote.core.counting.fit import check_question
from mvote.core.question import Counting, Question, QuestionRefused
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Choices
from mvote.core.text import LANGUAGES
from mvote.core.ties import TIE_RULES, tie_rule

NAMES = pytest.mark.parametrize("name", METHODS.names())
COSTS = {"a": 30, "b": 50, "c": 20, "d": 50, "e": 0}
ASKED = {
    "plurality": ("single-choice", {}, {"seats": 2}),
    "approval": ("multiple-choice", {"most": 4}, {"seats": 2}),
    "budget-greedy": ("budget", {"most": 5}, {"budget": 100, "min_votes": 2}),
    "budget-greedy-no-skip": ("budget", {"most": 5}, {"budget": 100, "withdrawn": ["c"]}),
}


def words(text):
    return {"ko": f"{text} 항목", "en": f"The {text}"}


def sample(name):
    kind, config, options = ASKED[name]
    costs = COSTS if kind == "budget" else {}
    raw = {
        "id": "q1",
        "type": kind,
        "title": words("question"),
        "options": [
            {"id": one, "title": words(one), **({"cost": costs[one]} if costs else {})}
            for one in "abcde"
        ],
        "config": config,
        "counting": {"method": name, "options": options},
        "blank": True,
    }
    return check_question(Question.from_json(raw))


def choices(name):
    most = QUESTIONS.get(ASKED[name][0]).limits(sample(name)).most
    return st.lists(st.sampled_from("abcde"), max_size=most, unique=True).map(Choices.of)


def count(name, ballots, rule="listed"):
    ties = tie_rule(rule, poll_hash="0" * 64)
    return METHODS.get(name).count(sample(name), ballots, ties=ties)


def ballots_of(name, **kwargs):
    return st.lists(st.tuples(choices(name), st.integers(0, 4)), **kwargs)


RULES = st.sampled_from(TIE_RULES.names())


@NAMES
def test_a_method_has_a_version_and_labels_in_both_languages(name):
    method = METHODS.get(name)
    assert method.version >= 1
    for label in (method.label, *method.form.values()):
        assert set(label) == set(LANGUAGES)
        assert all(label.values())


@pytest.mark.parametrize("kind", QUESTIONS.names())
def test_some_method_counts_each_type_of_question(kind):
    assert any(method.shape is QUESTIONS.get(kind).shape for method in METHODS)


@NAMES
@given(data=st.data())
def test_the_order_of_ballots_never_matters(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    mixed = data.draw(st.permutations(ballots))
    rule = data.draw(RULES)
    assert count(name, ballots, rule).to_json() == count(name, mixed, rule).to_json()


@NAMES
@given(data=st.data())
def test_a_weight_equals_that_many_ballots(name, data):
    ballots = data.draw(ballots_of(name, max_size=10))
    spread = [(choice, 1) for choice, weight in ballots for _ in range(weight)]
    assert count(name, ballots).to_json() == count(name, spread).to_json()


@NAMES
@given(data=st.data())
def test_an_empty_ballot_changes_nothing_but_the_number_of_blanks(name, data):
    ballots = data.draw(ballots_of(name, max_size=10))
    before, after = count(name, ballots), count(name, [*ballots, (Choices(()), 3)])
    assert (after.ballots, after.blank) == (before.ballots + 3, before.blank + 3)
    assert after.valid == before.valid
    for part in ("totals", "winners", "ties", "rounds", "explanation"):
        assert getattr(before, part) == getattr(after, part)


@NAMES
@given(data=st.data())
def test_totals_add_up(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    outcome = count(name, ballots)
    assert outcome.ballots == outcome.valid + outcome.blank == sum(w for _, w in ballots)
    assert sum(outcome.totals.values()) == sum(len(c.ids) * w for c, w in ballots)
    assert list(outcome.totals) == list("abcde")


@NAMES
@given(data=st.data())
def test_an_outcome_is_exact_and_canonical_json(name, data):
    outcome = count(name, data.draw(ballots_of(name, max_size=12)), data.draw(RULES))
    assert all(type(total) in (int, Fraction) for total in outcome.totals.values())
    made = outcome.to_json()
    assert json.loads(canonical_bytes(made)) == made
    assert "." not in "".join(made["totals"].values())
    assert set(made["explanation"]) == set(LANGUAGES)
    assert all(made["explanation"].values())


@NAMES
@given(data=st.data())
def test_winners_are_options_and_nobody_wins_without_a_vote(name, data):
    outcome = count(name, data.draw(ballots_of(name, max_size=12)), data.draw(RULES))
    assert len(set(outcome.winners)) == len(outcome.winners)
    assert all(outcome.totals[one] > 0 for one in outcome.winners)
    assert all(set(tie.order) in (set(), set(tie.options)) for tie in outcome.ties)


@NAMES
@given(data=st.data())
def test_an_undecided_tie_leaves_the_tied_out(name, data):
    outcome = count(name, data.draw(ballots_of(name, max_size=12)), "undecided")
    for tie in outcome.ties:
        assert not set(tie.options) & set(outcome.winners)
        assert tie.order == ()


@NAMES
def test_no_ballots_elect_nobody(name):
    outcome = count(name, [])
    assert outcome.winners == ()
    assert outcome.ties == ()


@NAMES
def test_a_ballot_that_asks_for_something_else_is_a_fault_of_the_program(name):
    with pytest.raises(ValueError, match="does not offer"):
        count(name, [(Choices(("z",)), 1)])
    with pytest.raises(ValueError, match="less than nothing"):
        count(name, [(Choices(("a",)), -1)])


@NAMES
@pytest.mark.parametrize("junk", [{"x": 1}, {"seats": 0, "budget": -1}, {"seats": "2"}, {"y": []}])
def test_junk_options_are_refused_by_field(name, junk):
    question = replace(sample(name), counting=Counting(name, junk))
    with pytest.raises(QuestionRefused) as caught:
        METHODS.get(name).check_options(question)
    assert all(field.startswith("counting.") for field in caught.value.errors)
