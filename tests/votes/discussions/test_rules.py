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
    entry_digest,
    state_of,
)
from mvote.votes.discussions.rules_answers import (
    ToAnswer,
    asked_of,
    check_answer,
    check_expected,
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


def _question(name: str, winners: list[str], **totals: str) -> dict[str, Any]:
    options = [{"id": one, "title": words(one)} for one in totals]
    outcome = {"winners": winners, "totals": totals}
    return {"id": name, "options": options, "outcome": outcome}


RESULT = {
    "title": words("The bridge"),
    "questions": [
        _question("q1", ["yes"], yes="7/2", no="0"),
        _question("q2", ["a", "b"], a="9", b="8", c="0", d="5", e="5", none="6"),
    ],
}
REASONS = [
    ("q1", "yes", "It is short.", 900),
    ("q2", "e", "It is quiet.", 45),
    ("q2", "d", "It is near.", 45),
    ("q2", "d", "It is bright.", 45),
    ("q2", "c", "It is dry.", 44),
    ("q9", "c", "It is elsewhere.", 70),
]
ASKED = asked_of("p", RESULT, sha256="0" * 64, reasons=[], steps=20)


def _check(options: Any, minority: Any = None, asked: ToAnswer = ASKED) -> None:
    check_answer(options, minority, asked=asked, result=RESULT)


def _said(question: str, option: str, decision: str = "adopted", reason: Any = None) -> Any:
    return {"question": question, "option": option, "decision": decision, "reason": reason}


DEAR = words("Too dear.")
WON = [_said("q1", "yes"), _said("q2", "a", "partly", DEAR), _said("q2", "b")]
WHOLE = [*WON, _said("q2", "d", "not-adopted", DEAR)]


def test_an_answer_that_speaks_of_every_winner_and_the_runner_up_is_taken() -> None:
    assert [(one.question, one.option) for one in ASKED.runners_up] == [("q2", "d")]
    _check(WHOLE)
    _check([*WHOLE, _said("q2", "c", "not-adopted", DEAR)])


def test_the_strongest_reason_of_those_who_did_not_win_has_to_be_answered() -> None:
    asked = asked_of("p", RESULT, sha256="0" * 64, reasons=REASONS, steps=20)
    assert asked.minority is not None
    assert (asked.minority.about.option, asked.minority.text) == ("d", "It is bright.")
    assert (asked.minority.voters, asked.runners_up) == (40, ())
    said = {"reason": asked.minority.id, "text": DEAR}
    _check(WON, said, asked)
    other = said | {"reason": "f" * 64}
    for minority, by, field in ((None, asked, "minority"), (other, asked, "minority.reason")):
        with pytest.raises(OfficialAnswerRefused) as caught:
            _check(WON, minority, by)
        assert list(caught.value.errors) == [field]
    with pytest.raises(OfficialAnswerRefused):
        _check(WHOLE, said)


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ([], "options"),
        (WHOLE[:2], "options"),
        (WON, "options"),
        ([*WHOLE, _said("q1", "yes")], "options[4].option"),
        ([*WHOLE, _said("q1", "a")], "options[4].option"),
        ([*WHOLE, _said("q3", "a")], "options[4].option"),
        ([_said("q1", "yes", "not-adopted"), *WHOLE[1:]], "options[0].reason"),
        ([_said("q1", "yes", "partly"), *WHOLE[1:]], "options[0].reason"),
    ],
)
def test_an_answer_that_leaves_something_out_is_refused(options: Any, field: str) -> None:
    with pytest.raises(OfficialAnswerRefused) as caught:
        _check(options)
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
