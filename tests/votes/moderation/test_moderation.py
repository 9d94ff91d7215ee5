"""Moderation: decided in public and for ever, never about what the city wrote or owes."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from mvote.audit.service import list_entries
from mvote.db import engine, transaction
from mvote.votes.discussions import service as records
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import KINDS, OFFICIAL_KINDS, text_digest
from mvote.votes.moderation.tables import DecisionRow
from mvote.votes.results.jobs import publish_closed
from mvote.votes.threads.service import follow_removals
from tests.makers import words
from tests.votes import carrying
from tests.votes.threads.forum import (
    ANSWERER,
    MODERATOR,
    OTHER_MODERATOR,
    SECOND_MODERATOR,
    Forum,
)

TABLES = ("moderated_texts", "text_reports", "moderation_decisions", "posts", "audit", "tags")
ON_SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
LOG = "/api/v1/moderation/decisions"


def dump(app: Flask) -> str:
    """Everything that lies in the votes wing's tables."""
    with app.app_context(), engine("votes").connect() as connection:
        names = (
            "moderated_texts",
            "text_reports",
            "moderation_decisions",
            "posts",
            "audit",
            "tags",
        )
        rows = [connection.execute(text(f"SELECT * FROM {name}")).all() for name in names]
    return str(rows)


def test_reports_let_a_text_wait_until_a_moderator_has_decided_once_that_it_stays(
    app: Flask, http: FlaskClient
) -> None:
    forum = Forum.open(app, http)
    post = forum.said("ada", "for", "The bridge is ugly.")
    for number in range(4):
        assert forum.report(f"r{number}", post, "insult").get_json()["state"] == "published"
    twice = forum.actor("r0").act("report", {"kind": "post", "item": post, "categories": ["spam"]})
    path = f"/api/v1/moderation/post/{post}/reports"
    assert http.post(path, json=twice).get_json()["code"] == "reported-before"
    assert forum.report("r4", post, "insult", "off-topic", text="<b>Rude</b>").status_code == 200
    again = http.post(path, json=forum.actor("r4").act("report", {}, seq=1))
    assert again.status_code == 422
    (thread,) = forum.read()["items"]
    assert (thread["post"]["state"], thread["post"]["text"]) == ("waiting", None)
    with app.app_context():
        mine, other = carrying.bearer(MODERATOR), carrying.bearer(OTHER_MODERATOR)
        nobody = carrying.bearer(ANSWERER)
    queue = "/api/v1/moderation/queue"
    assert http.get(queue, headers=nobody).get_json()["code"] == "duty-missing"
    assert http.get(queue, headers=other).get_json()["items"] == []
    (waiting,) = http.get(queue, headers=mine).get_json()["items"]
    assert waiting["text"] == "The bridge is ugly."
    assert waiting["reports"] == [
        {"category": "insult", "reports": 5},
        {"category": "off-topic", "reports": 1},
    ]
    assert waiting["said"] == ["<b>Rude</b>"]
    assert not {actor.holder for actor in forum.actors.values()} & set(str(waiting).split("'"))
    assert forum.decide(OTHER_MODERATOR, post, "publish") == "text-of-other-department"
    assert forum.decide(MODERATOR, post, "publish") == "published"
    for number in range(5, 11):
        assert forum.report(f"r{number}", post, "hate").get_json()["state"] == "published"
    (reported,) = http.get(f"{queue}?state=published", headers=mine).get_json()["items"]
    assert reported["reports"][0] == {"category": "hate", "reports": 6}


def test_an_author_appeals_once_and_another_official_decides(app: Flask, http: FlaskClient) -> None:
    forum = Forum.open(app, http)
    post, lost = (forum.said("ada", "against", said) for said in ("Too dear.", "Far too dear."))

    def appeal(name: str, item: str, act: str = "appeal") -> str:
        body = {"kind": "post", "item": item, "text": "It is true."}
        answer = forum.send(name, f"/api/v1/moderation/post/{item}/appeals", act, body)
        return str(answer.get_json().get("code") or answer.get_json()["state"])

    assert appeal("ada", post) == "not-hidden"
    for one in (post, lost):
        assert forum.decide(MODERATOR, one, "hide", category="false") == "hidden"
    assert appeal("bob", post) == "not-the-author"
    assert appeal("ada", post, act="report") == "act-for-another"
    assert (appeal("ada", post), appeal("ada", lost)) == ("hidden", "hidden")
    assert appeal("ada", post) == "appealed-before"
    assert forum.decide(MODERATOR, post, "publish") == "appeal-pending"
    assert forum.decide(SECOND_MODERATOR, post, "remove", category="hate") == "appeal-pending"
    with app.app_context():
        late = carrying.now() + timedelta(days=16)
        assert [moderation.tell_overdue(now=late) for _ in range(2)] == [2, 0]
        (backlog,) = moderation.list_backlogs(now=late)
        assert (backlog.department, backlog.appeals, backlog.overdue) == ("roads", 2, 2)
        other = carrying.bearer(OTHER_MODERATOR)
        mine = carrying.bearer(MODERATOR)
    appeals = "/api/v1/moderation/appeals"
    assert http.get(appeals, headers=mine).get_json()["items"] == []
    whole = http.get(appeals, headers=other).get_json()
    assert [one["appeal"] for one in whole["items"]] == ["It is true."] * 2
    first = http.get(f"{appeals}?limit=1", headers=other).get_json()
    rest = http.get(f"{appeals}?limit=1&after={first['next']}", headers=other).get_json()
    assert (first["items"] + rest["items"], rest["next"]) == (whole["items"], None)
    for strange in ("2026-13-01:post:x", "x"):
        refused = http.get(f"{appeals}?after={strange}", headers=other)
        assert refused.get_json()["code"] == "cursor-not-valid", strange
    judged = {"upheld": True}
    assert forum.decide(MODERATOR, post, "appeal-decision", **judged) == "own-decision"
    assert forum.decide(OTHER_MODERATOR, post, "appeal-decision", **judged) == "published"
    assert forum.decide(OTHER_MODERATOR, post, "appeal-decision", **judged) == "no-appeal-pending"
    assert forum.decide(MODERATOR, post, "hide", category="false") == "decided-on-appeal"
    assert forum.decide(SECOND_MODERATOR, lost, "appeal-decision", upheld=False) == "hidden"
    assert appeal("ada", lost) == "appealed-before"
    log = http.get(f"{LOG}?record={forum.record}&limit=3").get_json()
    older = http.get(f"{LOG}?after={log['next']}").get_json()["items"]
    told = [one["decision"] for one in (*log["items"], *older)]
    assert told == ["reject-appeal", "uphold-appeal", "hide", "hide"]
    assert http.get(f"{LOG}?department=parks").get_json()["items"] == []
    with app.app_context():
        names = [one.name for one in list_entries("votes", subject=post)]
    assert names == ["TextHidden", "AppealOverdue", "TextPublished"]


@ON_SQLITE
def test_what_is_illegal_goes_for_good_by_two_officials_and_the_log_stays_without_it(
    app: Flask, http: FlaskClient
) -> None:
    forum = Forum.open(app, http)
    said = "Kim lives at 12 Mill Lane, #Kimgate."
    post, reply = forum.said("ada", "question", said), ""
    shown = forum.read(f"/posts/{post}")["post"]
    reply = forum.said("bob", "reply", "I know.", post)
    removal: dict[str, Any] = {"category": "personal-data"}
    forum.report("eve", post, "personal-data", text="It tells of 12 Mill Lane.")
    assert forum.decide(MODERATOR, post, "remove", **removal) == "hide-first"
    assert forum.decide(MODERATOR, post, "hide", category="personal-data") == "hidden"
    assert forum.decide(MODERATOR, post, "remove", **removal) == "own-decision"
    assert forum.decide(SECOND_MODERATOR, post, "remove", category="insult") == "fields-refused"
    assert forum.decide(SECOND_MODERATOR, post, "remove", **removal) == "removed"
    with app.app_context():
        carrying.seal("votes")
        assert follow_removals() == 1
    assert "Mill Lane" not in dump(app)
    assert "kimgate" not in dump(app)
    (thread,) = forum.read()["items"]
    assert (thread["post"]["state"], thread["post"]["text"]) == ("removed", None)
    assert [one["id"] for one in thread["replies"]] == [reply]
    assert forum.report("dan", post, "spam").get_json()["code"] == "text-removed-for-good"
    assert forum.decide(MODERATOR, post, "publish") == "text-removed-for-good"
    found = http.get(f"/api/v1/moderation/post/{post}").get_json()
    assert [one["decision"] for one in found["decisions"]] == ["hide", "remove"]
    assert "Mill Lane" not in str(found)
    assert {one["digest"] for one in found["decisions"]} == {text_digest(shown["salt"], said)}
    assert http.get("/api/v1/topics/kimgate").get_json()["items"] == []
    page = http.get("/moderation", headers={"Accept-Language": "en"}).text
    assert "Removed for good" in page
    assert "Mill Lane" not in page
    with pytest.raises(RuntimeError), app.app_context(), transaction("votes") as session:
        session.get_one(DecisionRow, 1).reason = "{}"


def owed(record: str, after: datetime) -> list[Any]:
    """What everyone reads of a record, and of what is overdue by then."""
    overdue = records.list_overdue(now=after)
    by_department = {name: [one.to_json(after) for one in of] for name, of in overdue.items()}
    return [records.get_record(record).to_json(after), by_department]


@ON_SQLITE
def test_nothing_that_the_city_wrote_or_owes_is_moderated(app: Flask, http: FlaskClient) -> None:
    forum = Forum.open(app, http)
    hide = {"category": "off-topic"}
    with app.app_context():
        carrying.carry_to_close({"yes": 1})
        publish_closed(carrying.now())
        carrying.seal("votes")
        records.follow_polls()
        found = [one for one in records.list_records(after=None, limit=9) if one.dues]
        owing = found[0].head.id
        after = found[0].dues[0].due_at + timedelta(days=400)
        before = [
            records.get_record(owing).to_json(after),
            {
                k: [one.to_json(after) for one in v]
                for k, v in records.list_overdue(now=after).items()
            },
        ]
        token = carrying.bearer(ANSWERER)
    assert before[1]["roads"]
    post = forum.said("ada", "for", "Build it.")
    office = http.post(
        f"{forum.api}/posts/{post}/office-replies", json={"text": words("No.")}, headers=token
    ).get_json()["id"]
    for kind in OFFICIAL_KINDS:
        assert forum.decide(MODERATOR, owing, "hide", kind, **hide) == "never-moderated"
    body = {"kind": "post", "item": office, "categories": ["spam"]}
    for kind, told in (("office-reply", "never-moderated"), ("post", "text-unknown")):
        path = f"/api/v1/moderation/{kind}/{office}/reports"
        assert forum.send("eve", path, "report", body).get_json()["code"] == told
    for kind in KINDS:
        for item in (owing, office):
            assert forum.decide(MODERATOR, item, "hide", kind, **hide) == "text-unknown"
    for number in range(10, 15):
        waits = forum.report(f"r{number}", post, "spam").get_json()["state"]
    assert waits == "waiting", "where nobody reads the queue, that would be for ever"
    with app.app_context(), transaction("votes") as session:  # the city owes an answer to it
        moderation.bind(session, kind="post", item=post, now=carrying.now())
    (thread,) = forum.read()["items"]
    assert thread["post"]["text"] == "Build it."
    for number in range(6):
        assert forum.report(f"r{number}", post, "spam").get_json()["state"] == "published"
    assert forum.decide(MODERATOR, post, "hide", **hide) == "answer-owed-for-text"
    assert forum.decide(MODERATOR, post, "remove", category="threat") == "published"
    assert forum.decide(MODERATOR, post, "remove", category="threat") == "own-decision"
    assert forum.decide(SECOND_MODERATOR, post, "remove", category="threat") == "removed"
    with app.app_context():
        names = [one.name for one in list_entries("votes", subject=post)]
        assert names == ["TextRemovalAsked", "TextRemoved"]
        assert owed(owing, after) == before


@ON_SQLITE
def test_a_city_may_read_first(
    app: Flask, http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum = Forum.open(app, http)
    made = app.extensions["mvote"]
    careful = replace(made, settings=replace(made.settings, moderate_first="yes"))
    monkeypatch.setitem(app.extensions, "mvote", careful)
    post = forum.said("ada", "for", "Build it.")
    assert forum.read()["items"] == []
    assert http.get(f"{forum.api}/posts/{post}").get_json()["code"] == "post-unknown"
    assert forum.post("bob", "reply", "Yes.", post).get_json()["code"] == "post-not-shown"
    assert forum.decide(MODERATOR, post, "publish") == "published"
    assert [one["post"]["text"] for one in forum.read()["items"]] == ["Build it."]
