"""Due dates, where a record stands, what an answer has to say, and the chain of entries."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mvote.votes.discussions.errors import OfficialAnswerRefused
from mvote.votes.discussions.rules import (
    Head,
    RecordEntry,
    chain_fault,
    check_answer,
    check_expected,
    entry_digest,
    state_of,
)
from tests.makers import words

SEOUL = ZoneInfo("Asia/Seoul")
NOON = datetime(2030, 5, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("marks", "state"),
    [
        ([("poll", "a")], "awaiting-result"),
        ([("poll", "a"), ("result", "a")], "awaiting-answer"),
        ([("poll", "a"), ("result", "a"), ("interim-answer", "a")], "awaiting-answer"),
        ([("poll", "a"), ("result", "a"), ("answer", "a")], "answered"),
        ([("poll", "a"), ("poll", "b"), ("result", "a")], "awaiting-answer"),
        ([("poll", "a"), ("poll", "b"), ("result", "a"), ("answer", "a")], "awaiting-result"),
        ([("poll", "a"), ("cancelled", "a")], "withdrawn"),
        (
            [("poll", "a"), ("cancelled", "a"), ("poll", "b"), ("result", "b"), ("answer", "b")],
            "answered",
        ),
    ],
)
def test_a_record_stands_where_its_polls_stand(marks: list[tuple[str, str]], state: str) -> None:
    assert state_of(marks, closed=False) == state
    assert state_of(marks, closed=True) == "closed"


RESULT = {
    "questions": [
        {"id": "q1", "options": [{"id": "yes"}, {"id": "no"}], "outcome": {"winners": ["yes"]}},
        {
            "id": "q2",
            "options": [{"id": "a"}, {"id": "b"}, {"id": "c"}],
            "outcome": {"winners": ["a", "b"]},
        },
    ]
}


def _said(question: str, option: str, decision: str = "adopted", reason: Any = None) -> Any:
    return {"question": question, "option": option, "decision": decision, "reason": reason}


WHOLE = [_said("q1", "yes"), _said("q2", "a", "partly"), _said("q2", "b", "adopted")]


def test_an_answer_that_speaks_of_every_winner_is_taken() -> None:
    check_answer(WHOLE, RESULT)
    check_answer([*WHOLE, _said("q2", "c", "not-adopted", words("Too dear."))], RESULT)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ([], "options"),
        (WHOLE[:2], "options"),
        ([*WHOLE, _said("q1", "yes")], "options[3].option"),
        ([*WHOLE, _said("q1", "a")], "options[3].option"),
        ([*WHOLE, _said("q3", "a")], "options[3].option"),
        ([_said("q1", "yes", "not-adopted"), *WHOLE[1:]], "options[0].reason"),
    ],
)
def test_an_answer_that_leaves_something_out_is_refused(options: Any, field: str) -> None:
    with pytest.raises(OfficialAnswerRefused) as caught:
        check_answer(options, RESULT)
    assert list(caught.value.errors) == [field]


def test_an_answer_is_not_expected_in_the_past() -> None:
    late = datetime(2030, 5, 1, 16, tzinfo=UTC)  # the 2nd in Seoul
    check_expected(date(2030, 5, 2), now=late, zone=SEOUL)
    with pytest.raises(OfficialAnswerRefused):
        check_expected(date(2030, 5, 1), now=late, zone=SEOUL)


HEAD = Head("0123456789abcdef", "roads", words("The bridge"), NOON)


def _entries(*bodies: str) -> list[RecordEntry]:
    made: list[RecordEntry] = []
    for number, body in enumerate(bodies, start=1):
        previous = made[-1].digest if made else HEAD.digest()
        entry = RecordEntry(
            record=HEAD.id,
            number=number,
            kind="step",
            poll="",
            version=number,
            at=NOON,
            by="roads",
            body={"text": words(body)},
            previous=previous,
            digest="",
        )
        made.append(replace(entry, digest=entry_digest(entry)))
    return made


def test_a_chain_holds_until_anything_in_it_is_changed() -> None:
    entries = _entries("one", "two", "three")
    assert chain_fault(HEAD, entries) is None
    assert chain_fault(replace(HEAD, title=words("Another")), entries) == "entry 1 was changed"
    assert chain_fault(HEAD, [entries[0], entries[2]]) == "entry 2 is missing"
    for change in (
        {"body": {"text": words("2")}},
        {"by": "parks"},
        {"at": NOON.replace(hour=13)},
        {"kind": "answer"},
        {"version": 7},
        {"poll": "p"},
        {"record": "0" * 16},
    ):
        forged = replace(entries[1], **change)
        assert chain_fault(HEAD, [entries[0], forged, entries[2]]) == "entry 2 was changed"
        resigned = replace(forged, digest=entry_digest(forged))
        assert chain_fault(HEAD, [entries[0], resigned, entries[2]]) == "entry 3 was changed"
