"""Results over HTTP: the same bytes for everyone, and none before the time."""

import base64
import csv
import hashlib
import io

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mvote.core.canonical import canonical_bytes
from mvote.votes.polls import service as polls
from mvote.votes.results.jobs import publish_closed
from mvote.votes.results.schemas import ResultOut
from tests.makers import budget_question, make_poll_draft
from tests.votes.carrying import (
    DRAFTER,
    cancel,
    carry_to_close,
    cast,
    close,
    freeze,
    now,
    open_poll,
)

PATHS = ("result", "result.csv", "result/ballots.csv", "running-count")


def _published(votes: dict[str, int], **changes: object) -> str:
    poll = carry_to_close(votes, **changes)  # type: ignore[arg-type]
    publish_closed(now())
    return poll


def _code(answer: TestResponse) -> tuple[int, str]:
    assert answer.mimetype == "application/problem+json"
    return answer.status_code, str(answer.get_json()["code"])


def test_the_result_is_canonical_json_with_its_digest(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        poll = _published({"yes": 2, "no": 1})
    answer = http.get(f"/api/v1/polls/{poll}/result")
    digest = hashlib.sha256(answer.data).digest()
    assert (answer.status_code, answer.mimetype) == (200, "application/json")
    assert canonical_bytes(answer.get_json()) == answer.data
    assert answer.headers["Repr-Digest"] == f"sha-256=:{base64.b64encode(digest).decode()}:"
    assert answer.headers["ETag"] == f'"{digest.hex()}"'
    assert ResultOut().validate({**answer.get_json(), "x": 1}) == {"x": ["Unknown field."]}


def test_who_has_the_bytes_already_gets_none(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        poll = _published({"yes": 1})
    for path in ("result", "result.csv"):
        first = http.get(f"/api/v1/polls/{poll}/{path}")
        tag = {"If-None-Match": first.headers["ETag"]}
        again = http.get(f"/api/v1/polls/{poll}/{path}", headers=tag)
        assert (again.status_code, again.data) == (304, b"")
        assert "must-revalidate" in again.headers["Cache-Control"]
        assert http.head(f"/api/v1/polls/{poll}/{path}").headers["ETag"] == first.headers["ETag"]


def test_the_table_is_a_download_that_a_spreadsheet_reads(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        question = budget_question(100, {"a": 60, "b": 50})
        poll = _published(
            {"a": 2, "b": 1}, question="projects", kind="budget", questions=[question]
        )
    answer = http.get(f"/api/v1/polls/{poll}/result.csv")
    assert answer.mimetype == "text/csv"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="result-{poll}.csv"'
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    found = [(row["option"], row["votes"], row["share_percent"], row["chosen"]) for row in rows]
    assert found == [("a", "2", "66.7", "true"), ("b", "1", "33.3", "false")]


def test_names_are_downloaded_from_an_open_poll_only(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        poll = freeze(level="open")
        open_poll(poll)
        cast(poll, {"q1": ["yes"]}, name="홍길동")
        close(poll, issued=1)
        publish_closed(now())
        secret = _published({"yes": 1})
    answer = http.get(f"/api/v1/polls/{poll}/result/ballots.csv")
    assert answer.data.decode("utf-8-sig") == "name,q1\r\n홍길동,yes\r\n"
    answer = http.get(f"/api/v1/polls/{secret}/result/ballots.csv")
    assert _code(answer) == (403, "ballots-not-open")


@pytest.mark.parametrize("level", ["open", "confidential"])
def test_before_publication_nothing_but_a_refusal_is_told(
    app: Flask, http: FlaskClient, level: str
) -> None:
    with app.app_context():
        poll = freeze(level=level)

    def refused() -> set[tuple[int, str]]:
        return {_code(http.get(f"/api/v1/polls/{poll}/{path}")) for path in PATHS}

    told = {(409, "result-not-published"), (409, "count-hidden-before-close")}
    told |= {(403, "ballots-not-open")} if level != "open" else set()
    assert refused() == told
    with app.app_context():
        open_poll(poll)
        cast(poll, {"q1": ["yes"]})
    assert refused() == told
    with app.app_context():
        close(poll, issued=1)
    assert refused() == told


def test_a_cancelled_poll_never_has_a_result(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        poll = freeze()
        open_poll(poll)
        cast(poll, {"q1": ["yes"]})
        cancel(poll)
        assert publish_closed(now()) == 0
    assert _code(http.get(f"/api/v1/polls/{poll}/result")) == (409, "result-not-published")


def test_drafts_and_unknown_polls_cannot_be_told_apart(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        freeze()
        draft = polls.draft_poll(make_poll_draft(), official=DRAFTER, now=now()).poll.id
    for poll in (draft, "0" * 16, "x", "%00", "a" * 300, "%ED%88%AC"):
        for path in PATHS:
            assert _code(http.get(f"/api/v1/polls/{poll}/{path}")) == (404, "poll-unknown")


def test_a_live_poll_shows_a_provisional_count(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        rule = make_poll_draft()["decision"] | {"results": "live"}
        poll = carry_to_close({"yes": 2}, decision=rule)
    said = http.get(f"/api/v1/polls/{poll}/running-count").get_json()
    assert said["provisional"] is True
    assert said["questions"] == [
        {"id": "q1", "ballots": 2, "blank": 0, "totals": {"yes": "2", "no": "0"}}
    ]
    assert _code(http.get(f"/api/v1/polls/{poll}/result")) == (409, "result-not-published")
