"""Laws that hold for every question type in the registry, those to come included."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core.answers import AnswerRefused
from mvote.core.canonical import canonical_bytes, parse
from mvote.core.question import Question, QuestionRefused
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Choices
from mvote.core.text import LANGUAGES

CONFIGS = {
    "yes-no": {},
    "single-choice": {},
    "multiple-choice": {"least": 2, "most": 3},
    "budget": {"limit": 60, "least": 1, "most": 3},
}
METHODS = {
    "yes-no": {"method": "plurality", "options": {}},
    "single-choice": {"method": "plurality", "options": {}},
    "multiple-choice": {"method": "approval", "options": {"seats": 2}},
    "budget": {"method": "budget-greedy", "options": {"budget": 100}},
}
TYPES = pytest.mark.parametrize("name", QUESTIONS.names())
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)


def words(text):
    return {"ko": f"{text} 항목", "en": f"The {text}"}


def sample(name, blank=True):
    options = [{"id": one, "title": words(one)} for one in "abcde"]
    if name == "budget":
        options = [{**option, "cost": 10 * place} for place, option in enumerate(options, 1)]
    raw = {
        "id": "q1",
        "type": name,
        "title": words("question"),
        "options": [] if name == "yes-no" else options,
        "config": CONFIGS[name],
        "counting": METHODS[name],
        "blank": blank,
    }
    return QUESTIONS.get(name).complete(Question.from_json(raw))


def found(act):
    """The faults by field, empty where nothing is wrong."""
    try:
        act()
    except QuestionRefused as refusal:
        return refusal.errors or {"": ["a refusal without a field"]}
    return {}


@TYPES
def test_a_type_has_a_label_in_both_languages_and_a_widget(name):
    kind = QUESTIONS.get(name)
    for label in (kind.label, *kind.form.values()):
        assert set(label) == set(LANGUAGES)
        assert all(label.values())
    assert kind.widget


@TYPES
def test_a_question_survives_json_and_the_strict_parser(name):
    question = sample(name)
    assert Question.from_json(parse(canonical_bytes(question.to_json()))) == question
    QUESTIONS.get(name).check_config(question)


@TYPES
def test_limits_are_plain_json(name):
    limits = QUESTIONS.get(name).limits(sample(name)).to_json()
    assert json.loads(json.dumps(limits)) == limits
    assert 1 <= limits["least"] <= limits["most"]


@TYPES
@given(junk=JUNK)
def test_junk_is_no_answer(name, junk):
    question = sample(name)
    try:
        read = QUESTIONS.get(name).read_answer(question, junk)
    except AnswerRefused:
        return
    assert isinstance(junk, list)
    assert sorted(junk) == list(read.ids)


@TYPES
@given(chosen=st.lists(st.sampled_from(["a", "b", "c", "d", "e", "yes", "no"]), max_size=6))
def test_an_answer_is_read_within_its_limits_or_refused(name, chosen):
    question, kind = sample(name), QUESTIONS.get(name)
    limits = kind.limits(question)
    cost = sum(question.by_id[one].cost or 0 for one in chosen if one in question.by_id)
    fits = (
        all(one in question.by_id for one in chosen)
        and len(set(chosen)) == len(chosen)
        and (not chosen or limits.least <= len(chosen) <= limits.most)
        and (limits.cost is None or cost <= limits.cost)
    )
    try:
        read = kind.read_answer(question, chosen)
    except AnswerRefused:
        assert not fits
    else:
        assert fits
        assert read == Choices.of(chosen)


@TYPES
@given(config=st.dictionaries(st.sampled_from(["least", "most", "limit", "x"]), JUNK, min_size=1))
def test_a_junk_config_is_refused_field_by_field_or_gives_sound_limits(name, config):
    question = replace(sample(name), config=config)
    kind = QUESTIONS.get(name)
    errors = found(lambda: kind.check_config(question))
    assert all(field.startswith("config.") for field in errors)
    if not errors:
        limits = kind.limits(question)
        assert 1 <= limits.least <= limits.most <= len(question.options)
        assert limits.cost is None or limits.cost >= 10


@TYPES
def test_a_blank_answer_needs_a_question_that_may_be_left_blank(name):
    kind = QUESTIONS.get(name)
    assert kind.read_answer(sample(name), []).blank
    with pytest.raises(AnswerRefused) as caught:
        kind.read_answer(sample(name, blank=False), [])
    assert caught.value.code() == "blank-not-allowed"


@TYPES
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "-"}, "id"),
        ({"id": "a b"}, "id"),
        ({"title": {"ko": "질문"}}, "title"),
        ({"title": {"ko": "질문", "en": "x" * 301}}, "title"),
        ({"title": {"ko": "질문", "en": "e\u0301"}}, "title"),
        ({"options": 3}, "options"),
        ({"options": [3]}, "options[0]"),
        ({"options": [{"id": "a", "title": words("a")}] * 2}, "options[1].id"),
        ({"options": [{"id": "a", "title": words("a"), "cost": -1}]}, "options[0].cost"),
        ({"options": [{"id": "a", "title": words("a"), "cost": 1.5}]}, "options[0].cost"),
        ({"options": [{"id": "a", "title": words("a"), "cost": True}]}, "options[0].cost"),
        ({"options": [{"id": "a", "title": words("a"), "prize": 1}]}, "options[0].prize"),
        ({"options": [{"id": "a", "title": words("a"), "text": {}}]}, "options[0].text"),
        ({"options": [{"id": f"o{n}", "title": words("o")} for n in range(501)]}, "options"),
        ({"config": []}, "config"),
        ({"counting": None}, "counting"),
        ({"counting": {}}, "counting.method"),
        ({"counting": {"method": "x", "options": {}, "more": 1}}, "counting.more"),
        ({"blank": 0}, "blank"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_broken_question_is_refused_with_the_name_of_the_field(name, change, field):
    with pytest.raises(QuestionRefused) as caught:
        Question.from_json({**sample(name).to_json(), **change})
    assert field in caught.value.errors


@given(junk=JUNK)
def test_junk_is_no_question(junk):
    with pytest.raises(QuestionRefused):
        Question.from_json(junk)


@TYPES
@given(data=st.data())
def test_a_question_with_any_one_field_replaced_by_junk_is_refused_or_read(name, data):
    raw = sample(name).to_json()
    raw[data.draw(st.sampled_from(sorted(raw)))] = data.draw(JUNK)
    if not found(lambda: QUESTIONS.get(name).check_config(Question.from_json(raw))):
        assert Question.from_json(raw).to_json() == raw
