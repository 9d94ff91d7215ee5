"""The opinion pool: whose a text is cannot be told from it, and moderators decide what is shown."""

import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from mvote.audit.service import list_entries
from mvote.core.canonical import b64u, b64u_decode
from mvote.core.official import Official
from mvote.core.questions.private_texts import write_text
from mvote.core.secrecy.ballot import read_ballot
from mvote.db import engine
from mvote.votes.opinions import service as opinions
from mvote.votes.results import service as results
from tests.makers import words, yes_no_question
from tests.votes import carrying
from tests.votes.ballots.booth import Booth, engine_name
from tests.votes.ballots.test_texts import WHY

VOTERS = 40
AT_CHANCE = 12
"""A random order puts one voter in his own place on average; 12 of 40 is out of reach."""
MODERATOR = Official("moderator-1", "roads", frozenset({"moderator"}))
ELSEWHERE = Official("moderator-2", "parks", frozenset({"moderator"}))
ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))


@pytest.fixture
def booth(app: Flask) -> Booth:
    return Booth.open(app, level="secret", questions=[yes_no_question(reason=True), WHY])


def cast_all(booth: Booth) -> list[dict[str, Any]]:
    """Every voter writes who came as which; what was sent, in the order of arrival."""
    sent = []
    for number in range(VOTERS):
        answer, why = write_text(f"came as {number}")
        ans = {"q1": ["yes"], "q2": answer}
        beside = {"q2": why}
        if number == 7:
            ans["q1.reason"], beside["q1.reason"] = write_text("because of the shade")
        body = {**booth.ballot(f"voter {number}", answers=ans), "texts": beside}
        assert booth.cast(body).status_code == 201
        sent.append(body)
    return sent


def rows(app: Flask, query: str) -> list[Any]:
    with app.app_context(), engine("votes").connect() as connection:
        return list(connection.execute(text(query)))


def test_no_row_of_the_pool_derives_from_a_ballot_or_tells_who_came_first(
    app: Flask, booth: Booth
) -> None:
    sent = cast_all(booth)
    with app.app_context():
        carrying.close(booth.poll, issued=VOTERS)
    keys = [bytes(row.voter_key) for row in rows(app, "SELECT voter_key FROM ballot_texts")]
    place = "voter_key, question" if engine_name(app) == "sqlite" else "ctid"
    lying = rows(app, f"SELECT voter_key FROM ballot_texts ORDER BY {place}")
    assert len(keys) == VOTERS + 1
    assert [bytes(row.voter_key) for row in lying] == sorted(keys)
    with app.app_context():
        assert opinions.follow_polls() == 1
        assert opinions.follow_polls() == 0
    assert rows(app, "SELECT 1 FROM ballot_texts") == rows(app, "SELECT 1 FROM text_inbox") == []
    place = "id" if engine_name(app) == "sqlite" else "ctid"
    pool = rows(app, f"SELECT * FROM opinions ORDER BY {place}")
    assert len(pool) == VOTERS + 1
    came = [int(row.text.split()[-1]) for row in pool if row.kind == "answer"]
    assert sorted(came) == list(range(VOTERS))
    assert sum(place == number for place, number in enumerate(came)) < AT_CHANCE
    assert came != sorted(came, key=lambda number: read(sent[number]).leaf)
    assert came != sorted(came, key=lambda number: read(sent[number]).holder)
    dump = " ".join(str(tuple(row)) for row in pool) + audit_of(app)
    for body in sent:
        for trace in traces(body):
            assert trace not in dump


def read(body: dict[str, Any]) -> Any:
    return read_ballot({key: value for key, value in body.items() if key != "texts"})


def traces(body: dict[str, Any]) -> list[str]:
    """What would tie a text to its ballot: leaf, voter key, nonce, salt and hash, as spelled."""
    ballot, salt = read(body), body["texts"]["q2"]["salt"]
    raw = [ballot.leaf, ballot.holder, ballot.nonce, b64u_decode(salt)]
    raw.append(b64u_decode(body["ans"]["q2"][0]))
    return [spelled for one in raw for spelled in (b64u(one), one.hex(), repr(one)[2:-1])]


def audit_of(app: Flask) -> str:
    with app.app_context():
        return json.dumps([entry.body for entry in list_entries("votes")])


def test_a_moderator_publishes_or_hides_each_text_and_everyone_reads_what_is_published(
    app: Flask, http: FlaskClient
) -> None:
    booth = Booth.open(app, questions=[yes_no_question(reason=True), WHY])
    answer, why = write_text("Plant trees")
    reason, because = write_text("Noise")
    ballot = booth.ballot("ann", answers={"q1": ["no"], "q1.reason": reason, "q2": answer})
    assert booth.cast({**ballot, "texts": {"q2": why, "q1.reason": because}}).status_code == 201
    public, pool = (
        f"/api/v1/polls/{booth.poll}/opinions",
        f"/api/v1/polls/{booth.poll}/opinion-pool",
    )
    with app.app_context():
        mine, other = carrying.bearer(MODERATOR), carrying.bearer(ELSEWHERE)
        nobody = carrying.bearer(ANSWERER)
        carrying.close(booth.poll, issued=1)
        opinions.follow_polls()
    assert http.get(public).get_json()["code"] == "opinions-not-published"
    assert http.get(pool, headers=nobody).get_json()["code"] == "duty-missing"
    assert http.get(pool, headers=other).get_json()["code"] == "pool-of-other-department"
    waiting = http.get(f"{pool}?state=waiting", headers=mine).get_json()["items"]
    assert {(one["question"], one["kind"], one["text"]) for one in waiting} == {
        ("q2", "answer", "Plant trees"),
        ("q1", "reason", "Noise"),
    }
    by_text = {one["text"]: f"/api/v1/opinions/{one['id']}" for one in waiting}
    shown, hidden = by_text["Plant trees"], by_text["Noise"]
    assert http.post(f"{shown}/publish", headers=other).status_code == 403
    assert http.post(f"{shown}/publish", headers=mine).get_json()["state"] == "published"
    why_hidden = {"reason": words("It names a neighbour.")}
    done = http.post(f"{hidden}/hide", headers=mine, json=why_hidden).get_json()
    assert (done["state"], done["reason"]) == ("hidden", why_hidden["reason"])
    assert http.post(f"{hidden}/hide", headers=mine, json={}).status_code == 422
    unknown = http.post("/api/v1/opinions/0000000000000000/publish", headers=mine)
    assert unknown.get_json()["code"] == "opinion-unknown"
    with app.app_context():
        results.publish_result(booth.poll, now=carrying.now())
        told = [e.name for e in list_entries("votes", subject=booth.poll) if "Opinion" in e.name]
    assert told == ["OpinionsTaken", "OpinionPublished", "OpinionHidden"]
    assert [one["text"] for one in http.get(public).get_json()["items"]] == ["Plant trees"]
    page = http.get(f"/polls/{booth.poll}/result", headers={"Accept-Language": "en"}).text
    assert "<li>Plant trees</li>" in page
    assert "What voters wrote" in page
    assert "Noise" not in page
    assert http.get(f"{pool}?state=waiting", headers=mine).get_json()["items"] == []
    assert http.get(f"{public}?after=x").get_json()["code"] == "cursor-not-valid"
