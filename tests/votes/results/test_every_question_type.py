"""One poll that asks a question of every type, from the draft to the tables of its result."""

import csv
import io
import json
from typing import Any

from flask import Flask
from flask.testing import FlaskClient

from mvote.core.canonical import b64u
from mvote.core.counting import METHODS
from mvote.core.questions import QUESTIONS
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from mvote.votes.results.rules import ballot_rows
from tests.core.questions.samples import GRADES, options_of
from tests.makers import words
from tests.votes import carrying

HASH = b64u(bytes(range(32)))
PICTURE = {"kind": "picture", "href": "/media/a.jpg", "alt": words("A map of the stream")}
ELSEWHERE = {"kind": "video", "href": "https://video.example/1", "alt": words("A film of it")}


def _ask(name: str, method: str, **changes: Any) -> dict[str, Any]:
    return {
        "id": name,
        "type": name,
        "title": words(f"Asked by {name}"),
        "options": options_of(name),
        "config": {},
        "counting": {"method": method, "options": changes.pop("counting", {})},
        "blank": True,
        **changes,
    }


QUESTIONS_ASKED = [
    _ask("yes-no", "plurality", reason=True, media=PICTURE),
    _ask("single-choice", "plurality", none=True, shuffle=True),
    _ask("multiple-choice", "approval", only_if={"question": "yes-no", "any_of": ["yes"]}),
    _ask("ranking", "irv", config={"equal": True}),
    _ask("rating", "score-mean", config={"scale": "minus-two-to-two"}),
    _ask("points", "cumulative", config={"points": 10}),
    _ask("budget", "budget-greedy", config={"most": 5}, counting={"budget": 60}),
    _ask("number", "number-summary", config={"least": 0, "most": 500, "decimals": 2}),
    _ask("open-text", "text-list"),
    _ask("matrix", "majority-judgment", config={"scale": GRADES, "least": 1}),
    _ask("statement", "plurality"),
]
QUESTIONS_ASKED[1]["options"][0]["media"] = ELSEWHERE
FIRST = {
    "yes-no": ["yes"],
    "yes-no.reason": [HASH],
    "single-choice": ["none"],
    "multiple-choice": ["b", "a"],
    "ranking": ["c", ["b", "a"]],
    "rating": [["a", 2], ["b", -2]],
    "points": [["a", 7], ["e", 3]],
    "budget": ["a", "e"],
    "number": [150],
    "open-text": [HASH],
    "matrix": [["a", 2], ["b", 0]],
    "statement": ["agree"],
}
SECOND: dict[str, list[Any]] = {
    **{one["id"]: [] for one in QUESTIONS_ASKED if one["id"] != "multiple-choice"},
    "yes-no": ["no"],
}


def test_a_poll_of_every_type_is_cast_counted_shown_and_written_out(
    app: Flask, http: FlaskClient
) -> None:
    assert {one["type"] for one in QUESTIONS_ASKED} == set(QUESTIONS.names())
    with app.app_context():
        poll = carrying.freeze(level="open", questions=QUESTIONS_ASKED)
        carrying.open_poll(poll)
        carrying.cast(poll, FIRST, name="Younghee")
        carrying.cast(poll, SECOND, name="Chulsoo")
    _the_poll_page_tells_what_is_asked(http, poll)
    with app.app_context():
        carrying.close(poll, issued=2)
        results.publish_result(poll, now=carrying.now())
        _open_ballots_are_spelled_in_one_cell_an_answer(poll)
    document = json.loads(http.get(f"/api/v1/polls/{poll}/result").text)
    _every_question_is_counted_by_its_method(document)
    _the_pages_and_tables_hold_every_question(http, poll)


def _the_poll_page_tells_what_is_asked(http: FlaskClient, poll: str) -> None:
    page = http.get(f"/polls/{poll}", headers={"Accept-Language": "en"}).text
    assert '<img src="/media/a.jpg" alt="A map of the stream" loading="lazy">' in page
    assert '<a href="https://video.example/1" rel="noreferrer">Video</a>: A film of it' in page
    assert "Asked only of those who chose “Yes” in “Asked by yes-no”." in page
    assert "Answer with a number from 0.00 to 5.00." in page
    assert "one of these grades: Grade A, Grade B, Grade C." in page
    korean = http.get(f"/polls/{poll}", headers={"Accept-Language": "ko"}).text
    assert "‘Asked by yes-no (한)’ 질문에서 다음 가운데 하나를 고른 분께만 묻습니다" in korean


def _every_question_is_counted_by_its_method(document: dict[str, Any]) -> None:
    outcomes = {one["id"]: one["outcome"] for one in document["questions"]}
    for question in document["questions"]:
        assert question["counting"]["method"] in METHODS.names()
        assert ("config" in question) == (question["id"] in WITH_CONFIG)
    assert outcomes["single-choice"]["winners"] == ["none"]
    assert (outcomes["multiple-choice"]["ballots"], outcomes["ranking"]["ballots"]) == (1, 2)
    assert outcomes["budget"]["totals"]["e"] == "1"
    assert outcomes["points"]["totals"] == {"a": "7", "b": "0", "c": "0", "d": "0", "e": "3"}
    assert outcomes["number"]["figures"]["median"] == "3/2"
    assert (outcomes["open-text"]["valid"], outcomes["open-text"]["blank"]) == (1, 1)
    assert outcomes["matrix"]["winners"][0] == "a"


WITH_CONFIG = ("ranking", "rating", "points", "number", "open-text", "matrix")


def _the_pages_and_tables_hold_every_question(http: FlaskClient, poll: str) -> None:
    for language in ("ko", "en"):
        page = http.get(f"/polls/{poll}/result", headers={"Accept-Language": language})
        assert page.status_code == 200, page.text
        assert all(words(f"Asked by {one}")[language] in page.text for one in QUESTIONS.names())
    table = http.get(f"/api/v1/polls/{poll}/result.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table, newline="")))
    assert {row["question"] for row in rows} == set(QUESTIONS.names())
    number = {row["option"]: row["votes"] for row in rows if row["question"] == "number"}
    assert (number[""], number["median"]) == ("1", "3/2")
    shares = {row["question"]: row["share_percent"] for row in rows if row["option"] == "a"}
    assert shares["points"] == shares["rating"] == ""
    assert shares["multiple-choice"] == "100.0"


def _open_ballots_are_spelled_in_one_cell_an_answer(poll: str) -> None:
    definition = polls.definition_of(poll)
    rows = {row[0]: row[1:] for row in ballot_rows(definition, _named())}
    assert rows["Younghee"] == (
        "yes",
        "none",
        "b a",
        "c > b = a",
        "a:2 b:-2",
        "a:7 e:3",
        "a e",
        "1.50",
        "(text)",
        "a:2 b:0",
        "agree",
    )
    assert rows["Chulsoo"] == ("no", *[""] * 10)


def _named() -> list[tuple[str | None, str]]:
    return [("Younghee", json.dumps(FIRST)), ("Chulsoo", json.dumps(SECOND))]
