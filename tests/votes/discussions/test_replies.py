"""What citizens say to an answer without a name: one rating each, and asking once again."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from mvote.db import engine
from mvote.votes.discussions import service as records
from mvote.votes.discussions.jobs import order
from mvote.votes.dues.rules import SECOND_ANSWER
from mvote.votes.moderation import service as moderation
from tests.makers import words
from tests.votes.acting import Actor, permit
from tests.votes.carrying import now
from tests.votes.discussions.carried import ANSWERER, TEXT, answer, kinds, published
from tests.votes.threads.forum import MODERATOR


@pytest.fixture
def few(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are enough."""
    made = app.extensions["mvote"]
    settings = replace(made.settings, ratings_shown=2, askers_again=2)
    monkeypatch.setitem(app.extensions, "mvote", replace(made, settings=settings))


@pytest.mark.usefixtures("few")
def test_citizens_rate_an_answer_once_and_may_ask_once_again(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = published()
        permit(record)
        ada, bea, eve = (Actor.of(record, name) for name in ("Ada", "Bea", "Eve"))

    def send(who: Actor, path: str, act: str, **body: Any) -> tuple[int, Any]:
        told = http.post(f"/api/v1/records/{record}/{path}", json=who.act(act, body))
        return told.status_code, told.get_json()

    def rate(who: Actor, digest: str, **body: Any) -> tuple[int, Any]:
        said = {"poll": poll, "answer": digest, "stars": 4} | body
        return send(who, "ratings", "rate", **said)

    assert rate(ada, "0" * 64)[1]["code"] == "answer-not-given"
    with app.app_context():
        first = answer(record, poll)[0].digest
    assert rate(ada, "0" * 64)[1]["code"] == "answer-replaced"
    assert rate(ada, first, stars=6)[1]["errors"].keys() == {"body.stars"}
    assert rate(ada, first, poll="0" * 16)[1]["code"] == "nothing-to-answer"
    assert rate(ada, first, reason="x" * 2001)[0] == 422
    status, told = rate(ada, first, stars=2, reason="<b>Too late</b>")
    assert (status, told["ratings"], told["reasons"]) == (200, None, [])
    assert rate(ada, first, stars=5)[1]["code"] == "answer-already-rated"
    status, told = rate(bea, first, stars=5)
    assert (told["ratings"], told["mean"], told["stars"]["2"]) == (2, "3.5", 1)
    (reason,) = told["reasons"]
    assert "&lt;b&gt;Too late&lt;/b&gt;" in http.get(f"/records/{record}?lang=en").text
    with app.app_context():
        moderation.hide_text(
            kind="rating",
            item=reason["id"],
            reason=words("Off topic."),
            category="off-topic",
            official=MODERATOR,
            now=now(),
        )
    replies = http.get(f"/api/v1/records/{record}/replies").get_json()
    assert replies["ratings"][0]["reasons"] == []
    assert replies["ratings"][0]["ratings"] == 2, "hiding a text takes nothing from the figures"
    assert not send(ada, "asking-again", "ask-again", poll=poll)[1]["owed"]
    assert send(ada, "asking-again", "ask-again", poll=poll)[1]["code"] == "asked-again-already"
    assert send(bea, "asking-again", "ask-again", poll=poll, reason="By when?")[1]["owed"]
    assert send(eve, "asking-again", "ask-again", poll=poll)[1]["code"] == "asked-again-already"
    with app.app_context():
        _answer_again(record, poll, first)
        assert order(now()) == 1
    dump = " ".join(_rows(app))
    assert ada.holder in dump
    assert not any(word in dump for word in ("Ada", "Too late"))


def _answer_again(record: str, poll: str, first: str) -> None:
    """One second answer is owed; with it everything is answered, and rated anew."""
    found = records.get_record(record).summary
    (owed,) = [due for due in found.dues if due.open()]
    assert (found.state, owed.kind, owed.cause) == ("awaiting-answer", SECOND_ANSWER, poll)
    (asked,) = records.list_to_answer(record)
    assert (asked.again, asked.answered, asked.due_at) == (True, False, owed.due_at)
    same, new = answer(record, poll)
    assert (same.digest, new) == (first, False)
    found = records.get_record(record).summary
    assert [due.id for due in found.dues if due.open()] == [owed.id], "nothing new was said"
    given, new = answer(record, poll, text=words("By May."))
    assert new
    assert given.digest != first
    found = records.get_record(record).summary
    assert (found.state, [due for due in found.dues if due.open()]) == ("answered", [])
    rated, _ = records.list_replies(record)
    assert (rated[0].answer, rated[0].given) == (given.digest, 0)
    records.close_record(record, text=TEXT, official=ANSWERER, now=now())
    assert kinds(record)[-4:] == ["answer", "asked-again", "answer", "closing-report"]


def _rows(app: Flask) -> list[str]:
    with app.app_context(), engine("votes").connect() as connection:
        return [str(tuple(row)) for row in connection.execute(text("SELECT * FROM answer_replies"))]


@pytest.mark.usefixtures("few")
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_ratings_are_written_down_when_the_record_closes(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = published()
        permit(record)
        digest = answer(record, poll)[0].digest
        for name, stars in (("Ada", 1), ("Bea", 4)):
            body = {"poll": poll, "answer": digest, "stars": stars}
            raw = Actor.of(record, name).act("rate", body)
            records.rate_answer(record, raw=raw, **body, reason="", now=now())
        records.close_record(record, text=TEXT, official=ANSWERER, now=now())
        entry = records.get_record(record).entries[-2]
        assert (entry.kind, entry.body["ratings"], entry.body["mean"]) == (
            "rating-summary",
            2,
            "2.5",
        )
    token = {"Authorization": "Bearer x"}
    refused = http.post(f"/api/v1/records/{record}/ratings", json={}, headers=token)
    assert refused.get_json()["code"] == "identity-not-allowed-here"
