"""Texts beside a ballot: what is checked before one is kept."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mvote.core import answers
from mvote.core.canonical import b64u, b64u_decode
from mvote.core.questions import read_answers
from mvote.core.questions.private_texts import PrivateText, hash_text, read_texts, write_text
from tests.core.questions.samples import sample

ASKED = (
    sample("yes-no", id="q1", reason=True),
    sample("open-text", id="q2", config={"least": 3, "most": 10}),
    sample("open-text", id="q3"),
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def written(**texts):
    """The answers and the private part of a ballot with these texts."""
    ans, private = {"q1": ["yes"], "q2": [], "q3": []}, {}
    for key, text in texts.items():
        ans[key], private[key] = write_text(text)
    return ans, private


def read(ans, private):
    read_answers(ASKED, ans)
    return read_texts(ASKED, ans, private)


def test_a_text_and_a_reason_are_read_where_their_hashes_stand_in_the_ballot():
    ans, private = written(**{"q3": "나무를 더\n심어 주세요", "q1.reason": "Shade"})
    assert read(ans, private) == (
        PrivateText("q1.reason", "Shade"),
        PrivateText("q3", "나무를 더\n심어 주세요"),
    )
    assert read(ans, {}) == ()


def test_the_hash_is_of_the_salt_and_the_text_in_its_one_form():
    salt = bytes(range(32))
    assert hash_text(salt, "가") == hashlib.sha256(salt + "가".encode()).digest()
    assert hash_text(salt, "\u1100\u1161") == hash_text(salt, "가")
    answer, private = write_text("\u1100\u1161")
    assert private["text"] == "가"
    assert b64u_decode(answer[0]) == hash_text(b64u_decode(private["salt"]), "가")


def test_every_text_has_a_salt_of_its_own():
    assert write_text("the same")[0] != write_text("the same")[0]


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"text": "other"}, answers.TextNotInBallot),
        ({"salt": b64u(bytes(32))}, answers.TextNotInBallot),
        ({"salt": b64u(bytes(31))}, answers.TextMalformed),
        ({"salt": 7}, answers.TextMalformed),
        ({"text": None}, answers.TextMalformed),
        ({"more": 1}, answers.TextMalformed),
    ],
)
def test_a_text_that_the_ballot_does_not_hold_is_refused(change, refusal):
    ans, private = written(q2="words")
    private["q2"] |= change
    with pytest.raises(refusal) as caught:
        read(ans, private)
    assert caught.value.params == {"question": "q2"}


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("ab", answers.TextTooShort),
        ("a" * 11, answers.TextTooLong),
        ("   ", answers.TextNotPlain),
        ("abc\x07", answers.TextNotPlain),
        ("abc\u202e", answers.TextNotPlain),
    ],
)
def test_a_text_keeps_to_its_length_and_shows_what_it_says(text, refusal):
    ans, private = written(q2=text)
    with pytest.raises(refusal):
        read(ans, private)


def test_a_text_to_a_question_that_has_none_or_was_left_blank_is_refused():
    _, private = write_text("words")
    for key in ("q1", "q2", "q3.reason", "q9"):
        with pytest.raises(answers.TextNotInBallot):
            read({"q1": ["yes"], "q2": [], "q3": []}, {key: private})


@given(junk=JUNK, whole=st.booleans())
def test_junk_beside_a_ballot_is_refused_in_words(junk, whole):
    ans, private = written(q2="words")
    try:
        made = read(ans, junk if whole else private | {"q3": junk})
    except answers.AnswerRefused as refusal:
        assert type(refusal) in answers.TEXT_REFUSALS  # noqa: PT017
    else:
        assert whole
        assert (made, junk) == ((), {})
