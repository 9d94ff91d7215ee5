"""Laws that hold for every question type in the registry, those to come included."""

import json
import re
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from mvote.core.answers import ANSWER_REFUSALS, AnswerRefused
from mvote.core.canonical import canonical_bytes, parse
from mvote.core.question import Question, QuestionRefused
from mvote.core.questions import QUESTIONS
from mvote.core.questions.telling import describe
from mvote.core.secrecy.ballot import read_ballot
from mvote.core.text import LANGUAGES
from tests.core.questions.samples import CASES, answers, sample, within, words
from tests.makers import make_ballot

ISSUER = Ed25519PrivateKey.generate()
TYPES = pytest.mark.parametrize("name", QUESTIONS.names())
EACH = pytest.mark.parametrize(("name", "number"), CASES)
FEW = settings(max_examples=15)
"""Every law is tried on every way to set up every type."""
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=8,
)
IDS = st.sampled_from(["a", "b", "c", "d", "e", "yes", "no", "none", "agree", "pass", "z"])
NEARLY = st.lists(
    IDS | st.lists(IDS | st.integers(-3, 120), max_size=3) | st.integers(-300, 300), max_size=6
)
"""What could nearly be an answer of some type."""


def found(act):
    """The faults by field, empty where nothing is wrong."""
    try:
        act()
    except QuestionRefused as refusal:
        return refusal.errors or {"": ["a refusal without a field"]}
    return {}


def attempt(question, raw):
    """The refusal of an answer and the answer, one of them None."""
    try:
        return None, QUESTIONS.get(question.type).read_answer(question, raw)
    except AnswerRefused as refusal:
        return refusal, None


@TYPES
def test_a_type_has_words_in_both_languages_for_all_it_shows_and_a_widget(name):
    kind = QUESTIONS.get(name)
    for said in (kind.label, kind.keyboard, kind.screen_reader, *kind.form.values()):
        assert set(said) == set(LANGUAGES)
        assert re.search("[가-힣]", said["ko"])
        assert re.search("[A-Za-z]", said["en"])
        assert not re.search("[가-힣]", said["en"])
    assert kind.widget


@EACH
def test_a_reader_is_told_how_a_question_is_answered_in_both_languages(name, number):
    question = sample(name, number)
    told = describe(question, {"q1": question})
    for said in told:
        assert set(said) == set(LANGUAGES)
        assert re.search("[가-힣]", said["ko"])
        assert said["ko"].endswith(".")
        assert said["en"].endswith(".")
    assert len(told) == 2 + question.none + question.reason + question.shuffle


@TYPES
def test_the_example_of_an_answer_is_one(name):
    kind, settings = QUESTIONS.get(name), {"matrix": 1, "ranking": 1, "number": 1}
    answer = kind.read_answer(sample(name, settings.get(name, 0)), parse(kind.example))
    assert not answer.blank


def test_every_type_has_a_sample_and_a_widget_of_its_own():
    assert {name for name, _ in CASES} == set(QUESTIONS.names())
    assert len({kind.widget for kind in QUESTIONS}) == len(QUESTIONS.names())


@EACH
def test_a_question_survives_json_and_the_strict_parser(name, number):
    question = sample(name, number)
    assert Question.from_json(parse(canonical_bytes(question.to_json()))) == question
    QUESTIONS.get(name).check_config(question)
    assert QUESTIONS.get(name).complete(question) == question


@EACH
def test_limits_are_plain_json(name, number):
    limits = QUESTIONS.get(name).limits(sample(name, number))
    assert json.loads(json.dumps(limits.to_json())) == limits.to_json()
    assert limits.least <= limits.most


@EACH
@FEW
@given(data=st.data())
def test_what_keeps_to_the_limits_is_taken_and_read_as_it_was_written(name, number, data):
    question, kind = sample(name, number), QUESTIONS.get(name)
    answer = data.draw(answers(question))
    assert within(question, answer)
    assert not answer.blank
    written = kind.write_answer(answer)
    assert kind.read_answer(question, parse(canonical_bytes(written))) == answer


@EACH
@FEW
@given(data=st.data())
def test_a_written_answer_may_stand_in_a_ballot(name, number, data):
    question, kind = sample(name, number), QUESTIONS.get(name)
    ans = {"q1": kind.write_answer(data.draw(answers(question)))}
    ballot = make_ballot("p1", "0" * 64, ISSUER, answers=ans)
    assert read_ballot(parse(canonical_bytes(ballot))).answers == ans


@EACH
@settings(max_examples=40)
@given(junk=JUNK | NEARLY)
def test_junk_is_refused_in_words_or_read_within_the_limits(name, number, junk):
    question, kind = sample(name, number), QUESTIONS.get(name)
    refusal, read = attempt(question, junk)
    if refusal:
        assert refusal.params["question"] == "q1"
        assert all(refusal.sentences().values())
        assert type(refusal) in ANSWER_REFUSALS
        return
    assert read.blank == (junk == [])
    assert read.blank or within(question, read)
    assert kind.read_answer(question, kind.write_answer(read)) == read


@EACH
@FEW
@given(data=st.data())
def test_a_spoilt_answer_is_refused_or_read_within_the_limits(name, number, data):
    question, kind = sample(name, number), QUESTIONS.get(name)
    spoilt = kind.write_answer(data.draw(answers(question)))
    place = data.draw(st.integers(0, len(spoilt) - 1))
    spoilt[place : place + 1] = data.draw(st.lists(JUNK | st.just(spoilt[place]), max_size=3))
    refusal, read = attempt(question, spoilt)
    assert refusal or read.blank or within(question, read)


@TYPES
def test_a_config_key_that_means_nothing_is_refused_by_its_name(name):
    question = sample(name)
    question = replace(question, config={**question.config, "moost": 3})
    assert set(found(lambda: QUESTIONS.get(name).check_config(question))) == {"config.moost"}


@EACH
@FEW
@given(data=st.data())
def test_a_junk_config_is_refused_field_by_field_or_can_be_answered(name, number, data):
    kind, question = QUESTIONS.get(name), sample(name, number)
    keys = st.sampled_from([*kind.form, "x"])
    junk = data.draw(st.dictionaries(keys, JUNK | st.integers(-2, 8), min_size=1, max_size=2))
    question = replace(question, config={**question.config, **junk})
    errors = found(lambda: kind.check_config(question))
    assert all(field.startswith("config.") for field in errors)
    if not errors:
        answer = data.draw(answers(question))
        assert kind.read_answer(question, kind.write_answer(answer)) == answer
        assert Question.from_json(parse(canonical_bytes(question.to_json()))) == question


@EACH
def test_a_blank_answer_needs_a_question_that_may_be_left_blank(name, number):
    kind = QUESTIONS.get(name)
    assert kind.read_answer(sample(name, number), []) == kind.blank_answer()
    assert kind.blank_answer().blank
    assert kind.write_answer(kind.blank_answer()) == []
    with pytest.raises(AnswerRefused) as caught:
        kind.read_answer(sample(name, number, blank=False), [])
    assert caught.value.code() == "blank-not-allowed"


@TYPES
@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"id": "-"}, "id"),
        ({"id": "a b"}, "id"),
        ({"id": "q1.reason"}, "id"),
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
        (
            {"options": [{"id": "a", "title": words("a"), "categories": []}]},
            "options[0].categories",
        ),
        (
            {"options": [{"id": "a", "title": words("a"), "categories": [words("x")] * 2}]},
            "options[0].categories[1]",
        ),
        (
            {"options": [{"id": "a", "title": words("a"), "categories": [words("x"), 3]}]},
            "options[0].categories[1]",
        ),
        ({"options": [{"id": f"o{n}", "title": words("o")} for n in range(501)]}, "options"),
        ({"config": []}, "config"),
        ({"counting": None}, "counting"),
        ({"counting": {}}, "counting.method"),
        ({"counting": {"method": "x", "options": {}, "more": 1}}, "counting.more"),
        ({"blank": 0}, "blank"),
        ({"reason": 1}, "reason"),
        ({"none": None}, "none"),
        ({"shuffle": "yes"}, "shuffle"),
        ({"only_if": 1}, "only_if"),
        ({"only_if": {"question": "q0", "any_of": []}}, "only_if.any_of"),
        ({"only_if": {"question": "q0", "any_of": ["a", "a"]}}, "only_if.any_of"),
        ({"only_if": {"question": "q0", "any_of": [["a"]]}}, "only_if.any_of"),
        ({"only_if": {"question": "q0", "any_of": ["a"], "not": 1}}, "only_if.not"),
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


@EACH
@FEW
@given(data=st.data())
def test_a_question_with_any_one_field_replaced_by_junk_is_refused_or_read(name, number, data):
    raw = sample(name, number).to_json()
    raw[data.draw(st.sampled_from(sorted(raw)))] = data.draw(JUNK)
    if not found(lambda: QUESTIONS.get(name).check_config(Question.from_json(raw))):
        made = Question.from_json(raw).to_json()
        assert made == {
            key: value for key, value in raw.items() if value is not False or key in made
        }
