"""Laws that hold for every counting method in the registry, those to come included."""

import json
from dataclasses import replace
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.canonical import canonical_bytes
from mvote.core.counting import METHODS
from mvote.core.counting.fit import check_question
from mvote.core.question import Counting, Question, QuestionRefused
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Amount, Choices, Ranking, Scores, Text
from mvote.core.text import LANGUAGES
from mvote.core.ties import TIE_RULES, tie_rule

IDS = "abcde"
COSTS = {"a": 30, "b": 50, "c": 20, "d": 50, "e": 0}

ASKED_BY_SHAPE = {
    Choices: ("multiple-choice", {"most": 4}, {}),
    Ranking: ("ranking", {"equal": True}, {}),
    Scores: ("rating", {"scale": {"least": 0, "most": 5}}, {}),
    Amount: ("number", {"least": -50, "most": 50}, {}),
    Text: ("open-text", {}, {}),
}
"""Type of question, config and counting options: what a method is asked that is not below."""

ASKED = {
    "plurality": ("single-choice", {}, {"seats": 2}),
    "approval": ("multiple-choice", {"most": 4}, {"seats": 2}),
    "budget-greedy": ("budget", {"most": 5}, {"budget": 100, "min_votes": 2}),
    "budget-greedy-no-skip": ("budget", {"most": 5}, {"budget": 100, "withdrawn": ["c"]}),
    "budget-greedy-threshold": ("budget", {"most": 5}, {"budget": 100, "min_share": "20%"}),
    "equal-shares": ("budget", {"most": 5}, {"budget": 100}),
    "budget-points": ("points", {"points": 20}, {"budget": 100, "min_points": 2}),
    "budget-positions": ("ranking", {}, {"budget": 100, "positions": [3, 2, 1]}),
}
"""The same for methods that want to know more."""

WITHOUT_OPTIONS = ("number", "open-text")
BLANK = {
    Choices: Choices(()),
    Ranking: Ranking(()),
    Scores: Scores(()),
    Amount: Amount(None),
    Text: Text(None),
}
SOME = {
    Choices: Choices(("a",)),
    Ranking: Ranking.of(["a"]),
    Scores: Scores.of({"a": 1}),
    Amount: Amount(1),
    Text: Text("0" * 64),
}
STRANGE = {
    Choices: Choices(("z",)),
    Ranking: Ranking.of(["a", "z"]),
    Scores: Scores.of({"a": 1, "z": 1}),
}
"""Answers that name an option which no question here has."""

FEW = settings(max_examples=25)
"""Every law is tried on every method, so that few examples of each are many of all."""

NAMES = pytest.mark.parametrize("name", METHODS.names())
CHOOSING = pytest.mark.parametrize(
    "name", [method.name for method in METHODS if method.shape is Choices]
)
ELECTING = pytest.mark.parametrize(
    "name", [method.name for method in METHODS if method.shape in STRANGE]
)


def words(text):
    return {"ko": f"{text} 항목", "en": f"The {text}"}


def asked(name):
    return ASKED.get(name) or ASKED_BY_SHAPE[METHODS.get(name).shape]


@cache
def sample(name):
    kind, config, options = asked(name)
    costs = COSTS if name.startswith("budget") or name == "equal-shares" else {}
    raw = {
        "id": "q1",
        "type": kind,
        "title": words("question"),
        "options": [
            {"id": one, "title": words(one), **({"cost": costs[one]} if costs else {})}
            for one in ("" if kind in WITHOUT_OPTIONS else IDS)
        ],
        "config": config,
        "counting": {"method": name, "options": options},
        "blank": True,
    }
    return check_question(Question.from_json(raw))


@st.composite
def rankings(draw):
    """Up to all options, neighbours sometimes on one rank."""
    groups = []
    for one in draw(st.lists(st.sampled_from(IDS), unique=True)):
        if groups and draw(st.integers(0, 3)) == 0:
            groups[-1].append(one)
        else:
            groups.append([one])
    return Ranking.of(groups)


def answers(name):
    """Answers of the shape that a method counts, blank ones among them."""
    shape = METHODS.get(name).shape
    if shape is Choices:
        most = QUESTIONS.get(asked(name)[0]).limits(sample(name)).most
        return st.lists(st.sampled_from(IDS), max_size=most, unique=True).map(Choices.of)
    if shape is Ranking:
        return rankings()
    if shape is Scores:
        limits = QUESTIONS.get(asked(name)[0]).limits(sample(name))
        score = st.integers(max(limits.lowest, -5), min(limits.highest, 5))
        return st.dictionaries(st.sampled_from(IDS), score).map(Scores.of)
    if shape is Amount:
        return st.builds(Amount, st.none() | st.integers(-50, 50))
    return st.builds(Text, st.none() | st.sampled_from(["0" * 64, "1" * 64]))


def named_by(answer):
    return dict(answer.pairs) if isinstance(answer, Scores) else answer.ids


def count(name, ballots, rule="listed"):
    ties = tie_rule(rule, poll_hash="0" * 64, decisions={"q1": ["dbeac"]})
    return METHODS.get(name).count(sample(name), ballots, ties=ties)


def ballots_of(name, **kwargs):
    return st.lists(st.tuples(answers(name), st.integers(0, 4)), **kwargs)


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
@FEW
@given(data=st.data())
def test_the_order_of_ballots_never_matters(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    mixed = data.draw(st.permutations(ballots))
    rule = data.draw(RULES)
    assert count(name, ballots, rule).to_json() == count(name, mixed, rule).to_json()


@NAMES
@FEW
@given(data=st.data())
def test_a_weight_equals_that_many_ballots(name, data):
    ballots = data.draw(ballots_of(name, max_size=10))
    spread = [(choice, 1) for choice, weight in ballots for _ in range(weight)]
    assert count(name, ballots).to_json() == count(name, spread).to_json()


@NAMES
@FEW
@given(data=st.data())
def test_an_empty_ballot_changes_nothing_but_the_number_of_blanks(name, data):
    ballots = data.draw(ballots_of(name, max_size=10))
    blank = (BLANK[METHODS.get(name).shape], 3)
    before, after = count(name, ballots), count(name, [*ballots, blank])
    assert (after.ballots, after.blank) == (before.ballots + 3, before.blank + 3)
    assert after.valid == before.valid
    for part in ("totals", "winners", "ties", "rounds", "explanation", "pairwise", "figures"):
        assert getattr(before, part) == getattr(after, part)


@NAMES
@FEW
@given(data=st.data())
def test_every_ballot_is_valid_or_blank(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    outcome = count(name, ballots)
    assert outcome.ballots == outcome.valid + outcome.blank == sum(w for _, w in ballots)
    assert outcome.blank == sum(w for answer, w in ballots if answer.blank)


@ELECTING
@FEW
@given(data=st.data())
def test_every_option_has_a_total_in_the_order_of_the_question(name, data):
    outcome = count(name, data.draw(ballots_of(name, max_size=12)))
    assert list(outcome.totals) == list(IDS)


@CHOOSING
@FEW
@given(data=st.data())
def test_choices_add_up_to_the_totals(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    outcome = count(name, ballots)
    assert sum(outcome.totals.values()) == sum(len(c.ids) * w for c, w in ballots)


@NAMES
@FEW
@given(data=st.data())
def test_an_outcome_is_exact_and_canonical_json(name, data):
    outcome = count(name, data.draw(ballots_of(name, max_size=12)), data.draw(RULES))
    assert all(type(total) in (int, Fraction) for total in outcome.totals.values())
    made = outcome.to_json()
    assert json.loads(canonical_bytes(made)) == made
    assert "." not in "".join(made["totals"].values())
    assert set(made["explanation"]) == set(LANGUAGES)
    assert all(made["explanation"].values())


@ELECTING
@FEW
@given(data=st.data())
def test_winners_are_options_and_nobody_wins_without_a_vote(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    outcome = count(name, ballots, data.draw(RULES))
    named = {one for answer, weight in ballots if weight for one in named_by(answer)}
    assert len(set(outcome.winners)) == len(outcome.winners)
    assert set(outcome.winners) <= named
    assert all(set(tie.order) in (set(), set(tie.options)) for tie in outcome.ties)


@NAMES
@FEW
@given(data=st.data())
def test_an_undecided_tie_leaves_the_tied_out(name, data):
    outcome = count(name, data.draw(ballots_of(name, max_size=12)), "undecided")
    for tie in outcome.ties:
        if tie.rule == "undecided":
            assert tie.order == ()
            assert not set(tie.options) & set(outcome.winners)
        else:
            assert (name, tie.rule) == ("stv-scottish", "earlier-round")


@pytest.mark.parametrize("name", [method.name for method in METHODS if "withdrawn" in method.form])
@FEW
@given(data=st.data())
def test_a_withdrawn_option_never_wins(name, data):
    ballots = data.draw(ballots_of(name, max_size=12))
    question = sample(name)
    options = {**question.counting.options, "withdrawn": ["b", "d"]}
    without = replace(question, counting=Counting(name, options))
    METHODS.get(name).check_options(without)
    ties = tie_rule("listed", poll_hash="0" * 64)
    outcome = METHODS.get(name).count(without, ballots, ties=ties)
    assert not {"b", "d"} & set(outcome.winners)
    assert not {"b", "d"} & {one for tie in outcome.ties for one in tie.options}


@NAMES
def test_no_ballots_elect_nobody(name):
    outcome = count(name, [])
    assert outcome.winners == ()
    assert outcome.ties == ()


@NAMES
def test_a_ballot_that_asks_for_something_else_is_a_fault_of_the_program(name):
    shape = METHODS.get(name).shape
    if shape in STRANGE:
        with pytest.raises(ValueError, match="does not offer"):
            count(name, [(STRANGE[shape], 1)])
    with pytest.raises(ValueError, match="less than nothing"):
        count(name, [(SOME[shape], -1)])


@NAMES
@pytest.mark.parametrize(
    "junk",
    [{"x": 1}, {"seats": 0, "budget": -1, "bins": 0}, {"seats": "2", "bins": "2"}, {"y": []}],
)
def test_junk_options_are_refused_by_field(name, junk):
    question = replace(sample(name), counting=Counting(name, junk))
    with pytest.raises(QuestionRefused) as caught:
        METHODS.get(name).check_options(question)
    assert all(field.startswith("counting.") for field in caught.value.errors)
