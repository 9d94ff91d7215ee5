"""Records over HTTP."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update
from werkzeug.test import TestResponse

from mvote.audit.service import seal
from mvote.core.official import Official
from mvote.core.times import iso
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.dues.tables import DueRow
from mvote.votes.polls import service as polls
from mvote.votes.results.jobs import publish_closed
from tests.makers import words
from tests.votes.carrying import bearer, carry_to_close, freeze, now
from tests.votes.discussions.carried import ANSWERER, follow

DRAFTER = Official("drafter-2", "roads", frozenset({"drafter"}))
ADOPTED = {"question": "q1", "option": "yes", "decision": "adopted"}
pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def _published() -> tuple[str, str]:
    poll = carry_to_close({"yes": 1})
    publish_closed(now())
    follow()
    return polls.get_poll(poll).record, poll


def _code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, str(answer.get_json()["code"])


def test_a_record_is_read_by_everyone_and_kept_by_its_tag(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = _published()
    answer = http.get(f"/api/v1/records/{record}")
    said = answer.get_json()
    assert said["state"] == "awaiting-answer"
    assert [entry["kind"] for entry in said["entries"]] == ["poll", "result"]
    assert said["dues"][0]["cause"] == poll
    again = http.get(f"/api/v1/records/{record}", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_an_answer_is_given_once_and_changes_the_tag(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = _published()
        token = bearer(ANSWERER)
    tag = http.get(f"/api/v1/records/{record}").headers["ETag"]
    body = {"poll": poll, "options": [ADOPTED], "text": words("We build it.")}
    url = f"/api/v1/records/{record}/answers"
    first, again = (http.post(url, json=body, headers=token) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    assert first.get_json()["body"]["options"] == [{**ADOPTED, "reason": None}]
    now_ = http.get(f"/api/v1/records/{record}", headers={"If-None-Match": tag})
    assert now_.status_code == 200
    assert now_.get_json()["state"] == "answered"


def test_all_that_a_department_writes(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = _published()
        token = bearer(ANSWERER)
        expected = (now() + timedelta(days=9)).date().isoformat()
    text = words("Text.")
    for path, body in (
        ("interim-answers", {"poll": poll, "text": text, "expected": expected}),
        ("answers", {"poll": poll, "options": [ADOPTED], "text": text}),
        ("steps", {"text": text, "planned": "2030-01-02"}),
        ("steps", {"text": text, "done": "2030-01-03"}),
        ("closing-report", {"text": text}),
    ):
        answer = http.post(f"/api/v1/records/{record}/{path}", json=body, headers=token)
        assert answer.status_code == 201, answer.get_json()
    answer = http.post(f"/api/v1/records/{record}/steps", json={"text": text}, headers=token)
    assert _code(answer) == (409, "record-closed")
    said = http.get(f"/api/v1/records/{record}").get_json()
    assert said["state"] == "closed"
    assert said["entries"][4]["body"] == {"text": text, "planned": "2030-01-02", "done": None}


WRONG_ANSWERS: list[tuple[dict[str, Any], set[str] | None]] = [
    ({"options": []}, {"options"}),
    ({"options": [ADOPTED | {"decision": "not-adopted"}]}, {"options[0].reason"}),
    ({"options": [ADOPTED | {"decision": "perhaps"}]}, {"options[0].decision"}),
    ({"text": {"ko": "글"}}, {"text"}),
    ({"text": words("\u1112\u1161\u11ab")}, None),
    ({"extra": 1}, {"extra"}),
]


def test_a_wrong_answer_is_refused_by_its_fields(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = _published()
        token = bearer(ANSWERER)
    for changes, fields in WRONG_ANSWERS:
        body = {"poll": poll, "options": [ADOPTED], "text": words("We build it.")} | changes
        answer = http.post(f"/api/v1/records/{record}/answers", json=body, headers=token)
        assert answer.status_code == (422 if fields else 400), changes
        if fields:
            assert set(answer.get_json()["errors"]) == fields
    with app.app_context():
        assert len(records.get_record(record).entries) == 2


def test_a_city_says_how_long_a_text_may_be(
    app: Flask, http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    with app.app_context():
        record, _ = _published()
        token = bearer(ANSWERER)
    made = app.extensions["mvote"]
    shorter = replace(made.settings, text_characters=20)
    monkeypatch.setitem(app.extensions, "mvote", replace(made, settings=shorter))
    url = f"/api/v1/records/{record}/steps"
    answer = http.post(url, json={"text": words("A text of more than twenty.")}, headers=token)
    assert _code(answer) == (422, "fields-refused")
    assert answer.get_json()["errors"] == {"text": ["ko: longer than 20 characters"]}
    assert http.post(url, json={"text": words("Short.")}, headers=token).status_code == 201


def test_who_may_not_write_is_told_why(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, _ = _published()
        drafter = bearer(DRAFTER)
        foreigner = bearer(Official("answerer-3", "parks", frozenset({"answerer"})))
        answerer = bearer(ANSWERER)
    url, body = f"/api/v1/records/{record}/steps", {"text": words("Text.")}
    assert _code(http.post(url, json=body)) == (401, "token-missing")
    assert _code(http.post(url, json=body, headers=drafter)) == (403, "duty-missing")
    foreign = http.post(url, json=body, headers=foreigner)
    assert _code(foreign) == (403, "record-of-other-department")
    for unknown in ("0" * 16, "x", "%00", "a" * 90, "%EA%B0%80"):
        answer = http.post(f"/api/v1/records/{unknown}/steps", json=body, headers=answerer)
        assert _code(answer) == (404, "record-unknown")
        assert _code(http.get(f"/api/v1/records/{unknown}")) == (404, "record-unknown")


def test_records_are_listed_page_by_page(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        ids = {polls.get_poll(freeze()).record for _ in range(3)}
        seal("votes")
        records.follow_polls()
    first = http.get("/api/v1/records?limit=2").get_json()
    second = http.get(f"/api/v1/records?limit=2&after={first['next']}").get_json()
    assert {one["id"] for one in first["items"] + second["items"]} == ids
    assert (len(first["items"]), second["next"]) == (2, None)
    assert len(http.get("/api/v1/records?department=roads").get_json()["items"]) == 3
    assert http.get("/api/v1/records?department=parks").get_json()["items"] == []
    for wrong in ("x", "2030-01-01T00:00:00", "2030-13-01T00:00:00Z.a", "0001-01-01T00:00:00Z"):
        answer = http.get(f"/api/v1/records?after={wrong}")
        assert answer.status_code in (200, 400)
        assert answer.status_code == 200 or answer.get_json()["code"] == "cursor-not-valid"
    assert http.get("/api/v1/records?department=%00").status_code == 422


def test_what_is_overdue_is_public_by_department(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = _published()
    assert http.get("/api/v1/records/overdue").get_json() == {"items": []}
    with app.app_context(), transaction("votes") as session:
        past = now() - timedelta(days=3, minutes=1)
        session.execute(update(DueRow).values(due_at=past))  # no poll can have closed days ago
    (department,) = http.get("/api/v1/records/overdue").get_json()["items"]
    assert (department["department"], department["name"]) == ("roads", words("roads"))
    (owed,) = department["overdue"]
    assert owed == {
        "record": record,
        "title": words("The bridge"),
        "due": owed["due"],
        "cause": poll,
        "kind": "answer",
        "due_at": iso(past),
        "days": 3,
        "interim": False,
    }
    assert http.get(f"/api/v1/records/{record}").get_json()["overdue"] is True
