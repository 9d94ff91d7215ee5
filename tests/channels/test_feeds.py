"""The public feeds: what they tell, what never, and that they can be downloaded whole."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mvote.app import create_app
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.dues.tables import DueRow
from mvote.votes.results import service as results
from tests.channels.feedsmith import read_by_feedsmith
from tests.makers import words
from tests.pages.carried import ANSWERER, MARKUP, City, carry
from tests.spec.conftest import npm_tools  # noqa: F401
from tests.votes import carrying
from tests.votes.proposals.calling import Hall, work

ALL = "/feeds/records"
REHEARSAL = {
    "kind": "rehearsal",
    "title": {"ko": "[연습] 다리", "en": "[Rehearsal] The bridge"},
    "audience": {"all": [{"condition": "list", "list": "rehearsal-1"}]},
}
PRIVATE = {"all": [{"condition": "verified-number"}, {"condition": "room", "room": "12345678"}]}
ON_SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
Shorten = Callable[[int], None]


@pytest.fixture
def city(app: Flask) -> City:
    """Also a private poll and a rehearsal that were published, and an answer that is overdue."""
    with app.app_context():
        made = carry()
        for changes in ({"audience": PRIVATE}, REHEARSAL):
            poll = carrying.carry_to_close({"yes": 1}, **changes)
            results.publish_result(poll, now=carrying.now())
        carrying.seal("votes")
        records.follow_polls()
        _let_pass(made.running)
        return made


def _let_pass(poll: str) -> None:
    """As if the poll had closed long ago and nobody had answered."""
    with transaction("votes") as session:
        past = carrying.now() - timedelta(days=3)
        session.execute(update(DueRow).where(DueRow.cause == poll).values(due_at=past))
    dues.tell_overdue(now=carrying.now())
    carrying.seal("votes")


@pytest.fixture
def shorten(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Shorten:
    """Let an archive hold so many entries."""

    def to(entries: int) -> None:
        made = app.extensions["mvote"]
        shorter = replace(made.settings, feed_entries=entries)
        monkeypatch.setitem(app.extensions, "mvote", replace(made, settings=shorter))

    return to


def _json(http: FlaskClient, address: str = f"{ALL}.json?lang=en") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(http.get(_path(address)).data)
    return found


def _path(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.path}?{parts.query}"


def test_a_phone_finds_what_came_of_its_polls_in_a_feed_that_is_the_same_for_all(
    app: Flask, http: FlaskClient, city: City
) -> None:
    feed = _json(http)
    told = [one["_mvote"] for one in feed["items"]]
    assert [one["kind"] for one in told] == [
        "overdue",
        "step",
        "answer",
        "interim-answer",
        "cancelled",
        "result",
    ]
    overdue, step, answer, _, cancelled, result = told
    with app.app_context():
        record = records.get_record(city.record)
        digest = results.get_result(city.budget).digest
    by_kind = {entry.kind: entry for entry in record.entries}
    assert (overdue["poll"], cancelled["poll"]) == (city.running, city.cancelled)
    assert overdue["record"] == city.owed
    assert (result["poll"], result["record"], result["result"]) == (
        city.budget,
        city.record,
        digest,
    )
    assert result["chosen"] == [{"question": "projects", "option": "park"}]
    assert "– Project park: chosen" in feed["items"][-1]["content_text"]
    assert answer["digest"] == by_kind["answer"].digest
    assert answer["result"] == digest
    assert answer["options"] == [
        {"question": "projects", "option": "park", "decision": "adopted"},
        {"question": "projects", "option": "path", "decision": "not-adopted"},
        {"question": "projects", "option": "pool", "decision": "partly"},
    ]
    assert (step["entry"], step["poll"]) == (by_kind["step"].number, None)
    assert step["text"] == {
        "ko": f"완료일: {by_kind['step'].body['done']}\nDug. (한)",
        "en": f"Done on {by_kind['step'].body['done']}\nDug.",
    }
    assert "Project path: not adopted\nIt floods." in feed["items"][2]["content_text"]
    assert feed["items"][0]["title"] == f"The answer is overdue: {MARKUP}"
    links = [one["url"].removeprefix("http://localhost:8000") for one in feed["items"]]
    assert links[0] == f"/records/{city.owed}?lang=en"
    assert links[1] == f"/records/{city.record}?lang=en#entry-{step['entry']}"
    assert links[-1] == f"/polls/{city.budget}/result?lang=en"
    assert all(http.get(_path(link)).status_code == 200 for link in links)
    own = _json(http, f"{ALL}/{city.record}.json?lang=en")
    assert [one["id"] for one in own["items"]] == [
        one["id"] for one in feed["items"] if one["_mvote"]["record"] == city.record
    ]
    assert ANSWERER.id not in json.dumps(feed)


@ON_SQLITE
@pytest.mark.usefixtures("npm_tools")
def test_both_forms_are_read_by_strangers(http: FlaskClient, city: City, tmp_path: Path) -> None:
    for language in ("ko", "en"):
        as_json = _json(http, f"{ALL}.json?lang={language}")
        answer = http.get(f"{ALL}.atom", headers={"Accept-Language": language})
        found = feedparser.parse(answer.data)
        assert not found.bozo, found.get("bozo_exception")
        assert (found.version, found.feed.language) == ("atom10", language)
        for entry, item in zip(found.entries, as_json["items"], strict=True):
            assert (entry.id, entry.updated) == (item["id"], item["date_modified"])
            assert (entry.title, entry.title_detail.type) == (item["title"], "text/plain")
            [content] = entry.content
            assert (content.value, content.type) == (item["content_text"], "text/plain")
            assert entry.author == item["authors"][0]["name"]
            facts = {tag.scheme.removeprefix("urn:mvote:"): tag.term for tag in entry.tags}
            assert facts.items() <= item["_mvote"].items()
            assert entry.get("mvote_digest") == item["_mvote"].get("digest")
            assert entry.get("mvote_result") == item["_mvote"].get("result")
        told = [[one["id"], one["title"]] for one in as_json["items"]]
        assert read_by_feedsmith(http, ALL, language, tmp_path) == [told, told, []]


@ON_SQLITE
def test_an_unchanged_feed_is_not_sent_twice_and_nobody_is_recognised(
    app: Flask, http: FlaskClient, city: City
) -> None:
    for form, media_type in (("atom", "application/atom+xml"), ("json", "application/feed+json")):
        for path in (f"{ALL}.{form}", f"{ALL}/{city.record}.{form}"):
            first = http.get(path)
            assert first.content_type == f"{media_type}; charset=utf-8"
            assert first.headers["Cache-Control"] == "no-cache"
            assert "Set-Cookie" not in first.headers
            assert first.vary.as_set() == {"accept-language", "accept-encoding"}
            again = http.get(path, headers={"If-None-Match": first.headers["ETag"]})
            assert (again.status_code, again.data) == (304, b"")
            elsewhere = create_app(settings=app.extensions["mvote"].settings).test_client()
            assert elsewhere.get(path).data == first.data
    for unknown in ("x", "%00", "a" * 90, "%EA%B0%80", "0" * 16):
        answer = http.get(f"{ALL}/{unknown}.atom")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "record-unknown")


@ON_SQLITE
def test_pages_lead_to_the_feeds(http: FlaskClient, city: City) -> None:
    for path, feeds in {
        "/": [ALL],
        f"/records/{city.record}": [ALL, f"{ALL}/{city.record}"],
        f"/polls/{city.budget}/result": [ALL, f"{ALL}/{city.record}"],
    }.items():
        text = http.get(f"{path}?lang=en").text
        for feed in feeds:
            for form in ("atom", "json"):
                assert f'href="{feed}.{form}?lang=en"' in text, (path, feed)


@ON_SQLITE
def test_a_whole_feed_is_downloaded_by_its_archives_which_never_change(
    app: Flask, http: FlaskClient, city: City, shorten: Shorten
) -> None:
    whole = [one["id"] for one in _json(http)["items"]]
    shorten(1)
    kept = _download(http, f"{ALL}.json?lang=en")
    assert [one for _, ids in kept for one in ids] == whole
    assert [one for _, ids in _download(http, f"{ALL}.atom?lang=en") for one in ids] == whole
    shorten(2)
    before = _download(http, f"{ALL}.json?lang=en")
    assert [len(ids) for _, ids in before] == [2, 2, 2]
    with app.app_context():
        for _ in range(3):
            now = carrying.now()
            said = {"text": words(f"Step {now}."), "planned": None, "done": now.date()}
            records.add_step(city.record, **said, official=ANSWERER, now=now)
        carrying.seal("votes")
    after = _download(http, f"{ALL}.json?lang=en")
    assert [len(ids) for _, ids in after] == [3, 2, 2, 2]
    assert after[2:] == before[1:]
    assert [one for _, ids in after for one in ids][3:] == whole
    archive = http.get(_path(before[1][0]))
    assert archive.headers["Cache-Control"] == "public, max-age=86400"
    for wrong in ("1-3", "2-3", "0-1", "7-8", "01-2", "1-", "-", "x", "١-٢", "9" * 99, "", "1-2 "):
        answer = http.get(f"{ALL}.atom", query_string={"archive": wrong})
        assert (answer.status_code, answer.get_json()["code"]) == (404, "feed-part-unknown")


def _download(http: FlaskClient, address: str) -> list[tuple[str, list[str]]]:
    """Follow the links from the newest document on: addresses, and the ids that stand there."""
    found = []
    following: str | None = address
    while following is not None:
        content = http.get(_path(following)).data
        if ".json" in following:
            document = json.loads(content)
            found.append((following, [one["id"] for one in document["items"]]))
            following = document.get("next_url")
        else:
            feed = feedparser.parse(content)
            assert ("fh_archive" in feed.feed) == ("archive=" in following)
            found.append((following, [one.id for one in feed.entries]))
            links = {one.rel: one.href for one in feed.feed.links}
            following = links.get("prev-archive")
    return found


@ON_SQLITE
def test_what_a_proposal_obliges_the_city_to_is_told_and_the_answer_to_it(
    app: Flask, http: FlaskClient
) -> None:
    with app.app_context():
        hall = Hall(app, http)
        proposal = hall.propose(hall.open_call(), "A path")
        hall.support(proposal, "Ben", "Cem", "Dan")
        work()
        record = hall.get(f"/proposals/{proposal}")["record"]
        assert records.get_record(record).summary.state == "awaiting-answer"
        reply = {"kind": "answer", "decision": "partly", "text": words("Half of it.")}
        assert hall.send(f"/proposals/{proposal}/replies", reply).status_code == 201
        assert records.get_record(record).summary.state == "answered"
        carrying.seal("votes")
    answered, reached = _json(http, f"{ALL}/{record}.json?lang=en")["items"]
    assert reached["title"] == "Citizens' proposal: A path"
    assert reached["_mvote"]["entry"] == 1
    assert reached["content_text"] == "A path\n3 supports: The department answers"
    assert answered["content_text"] == "partly adopted\nHalf of it."
    assert answered["_mvote"]["text"]["ko"] == "일부 채택\nHalf of it. (한)"
    assert [one["url"].rpartition("#")[2] for one in (answered, reached)] == ["entry-2", "entry-1"]


def test_an_empty_feed_is_a_feed(http: FlaskClient) -> None:
    found = feedparser.parse(http.get(f"{ALL}.atom").data)
    assert (found.bozo, found.entries, found.feed.updated) == (False, [], "2000-01-01T00:00:00Z")
    assert _json(http)["items"] == []
