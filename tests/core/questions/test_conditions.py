"""Questions that are asked only of some, and reasons beside answers."""

import pytest

from mvote.core import answers
from mvote.core.canonical import b64u
from mvote.core.poll import DraftRefused, PollDraft
from mvote.core.questions import read_answers
from mvote.core.questions.telling import describe
from mvote.core.shapes import Choices, Ranking, Text
from tests.core.questions.samples import sample
from tests.makers import make_poll_draft

HASH = [b64u(bytes(32))]


def asked(name, wanted, *any_of, kind="single-choice", **changes):
    return sample(kind, id=name, only_if={"question": wanted, "any_of": list(any_of)}, **changes)


POLL = (
    sample("multiple-choice", id="q1", config={}),
    asked("q2", "q1", "a", "b", reason=True),
    asked("q3", "q2", "c", kind="ranking", config={}),
    sample("yes-no", id="q4"),
)


def test_a_question_is_asked_of_those_who_chose_one_of_its_options():
    ans = {"q1": ["b", "e"], "q2": ["c"], "q3": ["d"], "q4": ["yes"]}
    assert read_answers(POLL, ans) == {
        "q1": Choices(("b", "e")),
        "q2": Choices(("c",)),
        "q3": Ranking.of(["d"]),
        "q4": Choices(("yes",)),
    }


def test_who_is_not_asked_does_not_answer_nor_is_asked_what_follows_from_it():
    assert set(read_answers(POLL, {"q1": ["e"], "q4": []})) == {"q1", "q4"}
    assert set(read_answers(POLL, {"q1": [], "q4": []})) == {"q1", "q4"}
    assert set(read_answers(POLL, {"q1": ["a"], "q2": ["a"], "q4": []})) == {"q1", "q2", "q4"}


@pytest.mark.parametrize(
    ("ans", "question"),
    [
        ({"q1": ["e"], "q2": ["c"], "q4": []}, "q2"),
        ({"q1": ["e"], "q2": [], "q4": []}, "q2"),
        ({"q1": ["a"], "q2": ["a"], "q3": ["a"], "q4": []}, "q3"),
        ({"q1": ["e"], "q3": ["a"], "q4": []}, "q3"),
        ({"q1": ["e"], "q2.reason": HASH, "q4": []}, "q2.reason"),
    ],
)
def test_an_answer_to_what_was_not_asked_is_refused(ans, question):
    with pytest.raises(answers.AnswerNotAsked) as caught:
        read_answers(POLL, ans)
    assert caught.value.params == {"question": question}


@pytest.mark.parametrize(
    ("ans", "question"),
    [({"q1": ["a"], "q4": []}, "q2"), ({"q1": ["a"], "q2": ["c"], "q4": []}, "q3")],
)
def test_what_was_asked_is_answered_or_left_blank_but_not_left_out(ans, question):
    with pytest.raises(answers.AnswerMissing) as caught:
        read_answers(POLL, ans)
    assert caught.value.params == {"question": question}


def test_a_reason_may_stand_beside_an_answer_as_a_hash():
    ans = {"q1": ["a"], "q2": ["d"], "q4": []}
    without = read_answers(POLL, ans)
    assert read_answers(POLL, {**ans, "q2.reason": HASH}) == without
    for raw in ([], ["because"], HASH[0], HASH * 2):
        with pytest.raises(answers.WrongAnswerType) as caught:
            read_answers(POLL, {**ans, "q2.reason": raw})
        assert caught.value.params == {"question": "q2.reason"}


def test_a_reason_that_was_not_asked_for_is_refused():
    with pytest.raises(answers.UnknownQuestion):
        read_answers(POLL, {"q1": [], "q4": [], "q4.reason": HASH})


def test_a_hash_of_an_open_text_is_read():
    question = sample("open-text", id="q1")
    assert read_answers([question], {"q1": HASH}) == {"q1": Text("00" * 32)}


def faults(*questions):
    raw = make_poll_draft(record="r1", questions=[one.to_json() for one in questions])
    with pytest.raises(DraftRefused) as caught:
        PollDraft.from_json(raw)
    return caught.value.errors


def choice(name, **changes):
    counting = {"method": "plurality", "options": {}}
    return sample("single-choice", id=name, counting=counting, **changes)


def only_if(question, *any_of):
    return {"only_if": {"question": question, "any_of": list(any_of)}}


def test_a_condition_names_an_earlier_question_and_options_that_it_has():
    first = choice("q1")
    draft = make_poll_draft(
        record="r1",
        questions=[first.to_json(), choice("q2", **only_if("q1", "a", "e")).to_json()],
    )
    assert PollDraft.from_json(draft).to_json()["questions"][1]["only_if"]["any_of"] == ["a", "e"]
    field = "questions[1].only_if.question"
    assert field in faults(first, choice("q2", **only_if("q3", "a")), choice("q3"))
    assert field in faults(first, choice("q2", **only_if("q2", "a")))
    assert "questions[1].only_if.any_of" in faults(first, choice("q2", **only_if("q1", "z")))


def test_a_reader_is_told_of_whom_a_question_is_asked():
    told = describe(POLL[1], {one.id: one for one in POLL})
    assert told[0]["en"] == "Asked only of those who chose “The a” or “The b” in “The question”."
    assert "‘a 항목’, ‘b 항목’" in told[0]["ko"]


def test_a_condition_rests_on_a_question_in_which_options_are_chosen():
    counting = {"method": "borda", "options": {}}
    ranked = sample("ranking", id="q1", counting=counting)
    second = choice("q2", **only_if("q1", "a"))
    assert "questions[1].only_if.question" in faults(ranked, second)
