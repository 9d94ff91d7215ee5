"""Discussions under records: without names, without counts, and nothing an author can rewrite."""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import feedparser
import pytest
from babel.dates import format_date
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text

from mvote.core.canonical import b64u, canonical_bytes, digest
from mvote.core.official import Official
from mvote.core.secrecy.keys import raw_public
from mvote.db import engine, transaction
from mvote.votes.discussions import service as records
from mvote.votes.moderation.jobs import order as order_moderated
from mvote.votes.moderation.rules import text_digest
from mvote.votes.participation import service as participation
from mvote.votes.participation.tables import HolderRow
from mvote.votes.threads import service as threads
from mvote.votes.threads.jobs import order
from mvote.votes.threads.rules import shuffle_key
from mvote.votes.threads.rules_experts import content_of, fingerprint
from mvote.votes.threads.rules_labels import FIRST, LABELS, SECOND, label_number, spell_label
from mvote.votes.threads.rules_tags import find_tags, spell_tag
from tests.channels.feedsmith import read_by_feedsmith
from tests.makers import words
from tests.spec.conftest import npm_tools  # noqa: F401
from tests.votes import carrying
from tests.votes.threads.forum import ANSWERER, FOREIGNER, MODERATOR, Forum

ON_SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
MARKUP = '<script>alert(1)</script> & "=1+1" https://example.org/x #하천_정비'
EN = {"Accept-Language": "en"}


def test_citizens_discuss_without_a_name_and_everyone_sees_who_answers_whom(
    app: Flask, http: FlaskClient
) -> None:
    forum = Forum.open(app, http)
    ask = {"kind": "question", "text": "Who pays? #Budget", "reply_to": None}
    act = forum.actor("ada").act("post", ask)
    first, again = (http.post(f"{forum.api}/posts", json=act) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.get_json() == again.get_json()
    question = first.get_json()["id"]
    against = forum.said("bob", "against", MARKUP)
    reply = forum.said("bob", "reply", "The city. #budget", question)
    added = forum.said("bob", "addition", "And the state.", reply)
    own = forum.said("ada", "addition", "And when?", question)
    code = [
        forum.post(*given).get_json()["code"]
        for given in (
            ("eve", "reply", "No.", reply),
            ("eve", "reply", "No.", own),
            ("eve", "addition", "No.", question),
            ("eve", "reply", "No."),
            ("eve", "for", "No.", question),
            ("eve", "reply", "No.", "0" * 16),
            ("eve", "for", "e\u0301"),
            ("eve", "for", "x" * 4_001),
            ("eve", "for", " "),
        )
    ]
    assert code == [
        *("only-one-level", "only-one-level", "not-the-author"),
        *("post-kind-wrong", "post-kind-wrong", "post-unknown"),
        *("malformed-json", "fields-refused", "fields-refused"),
    ]
    assert forum.post("eve", "for", "글" * 33_000).status_code == 422
    thread = forum.read(f"/posts/{added}")
    assert thread == forum.read(f"/posts/{question}")
    assert [one["id"] for one in thread["post"]["additions"]] == [own]
    (below,) = thread["replies"]
    assert (below["id"], [one["id"] for one in below["additions"]]) == (reply, [added])
    by_id = {one["post"]["id"]: one["post"] for one in forum.read()["items"]}
    assert by_id[against]["text"] == MARKUP
    assert by_id[against]["author"] == below["author"] != thread["post"]["author"]
    assert by_id[against]["digest"] == expected_digest(by_id[against])
    assert forum.actor("bob").holder not in str(forum.read())

    withdrawal = f"{forum.api}/posts/{question}/withdrawal"
    refused = forum.send("bob", withdrawal, "withdraw-post", {"post": question})
    assert refused.get_json()["code"] == "not-the-author"
    other = forum.send("ada", withdrawal, "withdraw-post", {"post": against})
    assert other.get_json()["code"] == "other-text-meant"
    gone = forum.send("ada", withdrawal, "withdraw-post", {"post": question}).get_json()
    assert (gone["state"], gone["text"], gone["salt"]) == ("withdrawn", None, None)
    assert forum.decide(MODERATOR, against, "hide", category="spam") == "hidden"
    left = forum.read(f"/posts/{question}")
    assert [one["text"] for one in left["replies"]] == ["The city. #budget"]
    assert forum.read(f"/posts/{against}")["post"]["reason"] == words("Because.")
    assert forum.post("eve", "reply", "No.", against).get_json()["code"] == "post-not-shown"
    topic = http.get("/api/v1/topics/%23BUDGET").get_json()
    assert [one["item"] for one in topic["items"]] == [reply]
    lies_in_no_order_of_arrival(app)


def expected_digest(post: dict[str, Any]) -> str:
    """What anyone who was shown a post computes from it."""
    told = {name: post[name] for name in ("record", "id", "kind", "reply_to", "day")}
    said = text_digest(post["salt"], post["text"])
    return digest({"v": 1, **told, "author": post["author"]["id"], "text": said})


def lies_in_no_order_of_arrival(app: Flask) -> None:
    tables = {"posts": "id", "post_authors": "holder", "moderated_texts": "id"}
    with app.app_context():
        order(carrying.now())
        order_moderated(carrying.now())
        participation.order_rows(HolderRow, now=carrying.now())
        with engine("votes").connect() as connection:
            sqlite = connection.dialect.name == "sqlite"
            for table, key in tables.items():
                place = key if sqlite else "ctid"  # WITHOUT ROWID lies as its key does
                rows = connection.execute(text(f"SELECT {key} FROM {table} ORDER BY {place}"))
                lying = list(rows.scalars())
                assert lying == sorted(lying)


@ON_SQLITE
def test_nothing_tells_how_many_take_which_side_and_the_order_is_a_new_one_every_day(
    app: Flask, http: FlaskClient
) -> None:
    forum = Forum.open(app, http)
    kinds = ["for"] * 7 + ["against"] * 3 + ["question"]
    ids = [forum.said(f"c{n}", kind, f"No. {n}") for n, kind in enumerate(kinds)]
    page = forum.read(limit="4")
    found, following = page["items"], page["next"]
    while following:
        more = forum.read(limit="4", after=following)
        found, following = found + more["items"], more["next"]
    shown = [one["post"]["id"] for one in found]
    assert sorted(shown) == sorted(ids)
    with app.app_context():
        day = threads.list_newest(forum.record, limit=1)[0].day
        assert page["day"] == day.isoformat()
        assert shown == sorted(ids, key=lambda one: shuffle_key(day, one))
        orders = set()
        for later in range(40):
            at = day + timedelta(days=later)
            listed = threads.list_threads(forum.record, day=at, limit=20)
            orders.add(tuple(one.post.id for one in listed))
        assert len({order[0] for order in orders}) > 3
    questions = forum.read(kind="question")["items"]
    assert [one["post"]["id"] for one in questions] == [ids[-1]]
    keys = keys_of(forum.read()) | keys_of(http.get("/api/v1/topics").get_json())
    assert not keys & {"count", "counts", "total", "likes", "supporters", "replies_count", "size"}
    spelled = http.get(f"/records/{forum.record}/discussion", headers=EN).text
    bare = http.get(f"/feeds/records/{forum.record}/discussion.atom").text
    others = spelled.replace("No. 7", "").replace(format_date(day, "d MMMM y", "en"), "")
    for told in ("7 ", ">7<", "3 against", "thr:count", "thr:total"):
        assert told not in others + bare
    assert http.get(f"{forum.api}/posts?after=x").get_json()["code"] == "cursor-not-valid"
    (name,) = {one["post"]["author"]["id"] for one in found if one["post"]["id"] == ids[0]}
    again = forum.read(f"/posts/{forum.said('c0', 'against', 'Or not')}")["post"]["author"]
    assert again["id"] == name


def keys_of(value: Any) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


@ON_SQLITE
@pytest.mark.usefixtures("npm_tools")
def test_departments_and_experts_say_who_they_are_and_what_was_said_enters_the_closed_record(
    app: Flask, http: FlaskClient, tmp_path: Path
) -> None:
    forum = Forum.open(app, http)
    post = forum.said("ada", "question", MARKUP)
    reply = forum.said("bob", "reply", "I ask too.", post)
    with app.app_context():
        mine, foreign = carrying.bearer(ANSWERER), carrying.bearer(FOREIGNER)
    office, answer = f"{forum.api}/posts/{post}/office-replies", {"text": words("In May.")}
    assert http.post(office, json=answer, headers=foreign).status_code == 403
    made = [http.post(office, json=answer, headers=mine) for _ in range(2)]
    assert [one.status_code for one in made] == [201, 200]
    said = made[0].get_json()
    assert (said["department"], said["words"], said["author"]) == ("roads", words("In May."), None)
    below = f"{forum.api}/posts/{reply}/office-replies"
    assert http.post(below, json=answer, headers=mine).get_json()["code"] == "only-one-level"

    key = Ed25519PrivateKey.generate()
    expert = {
        "name": words("Dr Lee"),
        "role": words("Hydrologist"),
        "interest": words("Was paid by the builder until last year"),
        "text": words("The stream rises."),
    }
    content = content_of(forum.record, **expert)
    signature = key.sign(b"mvote-expert-v1\0" + canonical_bytes(content))
    signed = {"key": b64u(raw_public(key.public_key())), "signature": b64u(signature)}
    url = f"{forum.api}/expert-statements"
    for body, told in (
        (expert | signed, 201),
        (expert | signed, 200),
        (expert, 201),
        (expert | signed | {"interest": words("None")}, 422),
        (expert | {"key": signed["key"]}, 422),
        (expert | signed | {"key": b64u(bytes(32))}, 422),
    ):
        assert http.post(url, json=body, headers=mine).status_code == told, body
    one, two = sorted(forum.read("/expert-statements")["items"], key=lambda e: e["key"] or "")
    assert (one["signature"], two["fingerprint"]) == (None, fingerprint(signed["key"]))

    tags = http.put(
        f"{forum.api}/tags", json={"tags": ["#하천_정비", "하천_정비", "Río"]}, headers=mine
    )
    assert tags.get_json()["tags"] == ["río", "하천_정비"]
    assert forum.read("/tags")["tags"] == ["río", "하천_정비"]
    wrong = http.put(f"{forum.api}/tags", json={"tags": ["a b"]}, headers=mine).get_json()
    assert wrong["code"] == "tag-not-valid"
    under = http.get("/api/v1/topics/하천_정비").get_json()["items"]
    assert [(o["kind"], o["item"]) for o in under] == [("post", post), ("record", forum.record)]
    hidden = forum.said("eve", "for", "#hidden")
    assert http.get("/api/v1/topics").get_json()["items"] == ["hidden", "río", "하천_정비"]
    assert forum.decide(MODERATOR, hidden, "hide", category="spam") == "hidden"
    assert http.get("/api/v1/topics").get_json()["items"] == ["río", "하천_정비"]
    assert http.get("/api/v1/topics?after=%00").get_json()["code"] == "fields-refused"

    pages_show_text_as_text(forum, post, reply)
    feeds_tell_who_answers_whom(forum, post, reply, said["id"], tmp_path)

    before = forum.read()["items"]
    close(app, forum.record)
    late = forum.post("eve", "for", "Late.")
    assert late.get_json()["code"] == "record-closed"
    assert http.post(office, json=answer, headers=mine).get_json()["code"] == "record-closed"
    (entry,) = [e for e in forum.read("")["entries"] if e["kind"] == "discussion"]
    told = entry["body"]
    assert told["posts"] == {
        **{"for": 1, "against": 0, "question": 1, "reply": 1, "addition": 0, "office-reply": 1}
    }
    assert (told["states"], len(told["experts"])) == ({"hidden": 1, "published": 3}, 2)
    assert told["digest"] == digest(told["digests"])
    assert {d["digest"] for d in told["digests"]} == {
        o["digest"] for one in before for o in (one["post"], *one["replies"])
    }
    assert http.get(f"/records/{forum.record}", headers=EN).status_code == 200


def close(app: Flask, record: str) -> None:
    """The record closes, and the job runs twice."""
    with app.app_context():
        official = Official("answerer-1", "roads", frozenset({"answerer"}))
        with transaction("votes") as session:
            body = {"text": words("Done so far.")}
            records.add_entry(
                session, record, kind="step", subject="", body=body, by="roads", now=carrying.now()
            )
        records.close_record(record, text=words("Closed."), official=official, now=carrying.now())
        carrying.seal("votes")
        assert [threads.follow_records() for _ in range(2)] == [1, 0]


def pages_show_text_as_text(forum: Forum, post: str, reply: str) -> None:
    for path in (
        f"/records/{forum.record}/discussion",
        f"/records/{forum.record}/discussion/{reply}",
    ):
        for language, question, office in (
            ("en", "Question", "Reply of the department"),
            ("ko", "질문", "담당 부서의 답글"),
        ):
            page = forum.http.get(path, headers={"Accept-Language": language}).text
            assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
            assert "<script" not in page
            assert 'href="https://example.org' not in page
            assert question in page
            assert office in page
            assert "/topics/%ED%95%98%EC%B2%9C_%EC%A0%95%EB%B9%84" in page
    listed = forum.http.get("/topics/하천_정비", headers=EN).text
    assert f"/records/{forum.record}/discussion/{post}" in listed
    experts = forum.http.get(f"/records/{forum.record}/discussion", headers=EN).text
    assert "Entered by the office, not signed" in experts
    assert "Was paid by the builder" in experts
    assert "/topics/r%C3%ADo" in forum.http.get("/topics", headers=EN).text


def feeds_tell_who_answers_whom(
    forum: Forum, post: str, reply: str, office: str, folder: Path
) -> None:
    path = f"/feeds/records/{forum.record}/discussion"
    found = feedparser.parse(forum.http.get(f"{path}.atom?lang=en").data)
    assert not found.bozo
    by_link = {urlsplit(one.link).path.rsplit("/", 1)[-1]: one for one in found.entries}
    assert set(by_link) > {post, reply, office}
    assert [one.summary for one in found.entries if "hidden" in one.summary] == [
        "[hidden by a moderator] Because."
    ]
    for answer in (reply, office):
        answered = by_link[answer]["thr_in-reply-to"]
        assert (answered["ref"], answered["href"]) == (by_link[post].id, by_link[post].link)
    assert by_link[post].content[0].value == MARKUP
    assert by_link[post].updated[10:] in ("T15:00:00Z", "T00:00:00Z")  # the day and no more
    assert by_link[office].author == "Roads"
    document = json.loads(forum.http.get(f"{path}.json?lang=en").data)
    assert {one["_mvote"]["reply_to"] for one in document["items"]} == {None, post}
    assert "content_html" not in str(document)
    told = [[one["id"], one["title"]] for one in document["items"]]
    replies = [[by_link[one].id, by_link[post].id] for one in (reply, office)]
    as_atom, as_json, answering = read_by_feedsmith(forum.http, path, "en", folder)
    assert (as_atom, as_json, sorted(answering)) == (told, told, sorted(replies))
    assert forum.http.get(f"{path}.json?before=x").get_json()["code"] == "cursor-not-valid"
    assert forum.http.get("/feeds/records/nothing/discussion.atom").status_code == 404


@ON_SQLITE
def test_one_person_writes_so_many_posts_a_day_and_no_time_of_any_is_kept(
    app: Flask, http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    forum = Forum.open(app, http)
    made = app.extensions["mvote"]
    for limits, told in (
        ({"posts_per_day": 2}, "too-many-posts-today"),
        ({"posts_per_record": 2}, "too-many-posts"),
    ):
        few = replace(made, settings=replace(made.settings, **limits))
        monkeypatch.setitem(app.extensions, "mvote", few)
        for name in (f"{told} a", f"{told} b"):
            for _ in range(2):
                forum.said(name, "for", "Again.")
            assert forum.post(name, "for", "Again.").get_json()["code"] == told
    with app.app_context(), engine("votes").connect() as connection:
        rows = connection.execute(text("SELECT * FROM posts")).mappings().all()
    assert set(rows[0]) == {"id", "record", "holder", "seq", "kind", "parent", "day"}
    assert all(len(str(row["day"])) == 10 for row in rows)


def test_labels_are_names_of_nature_that_nobody_can_take_over() -> None:
    assert len(FIRST) * len(SECOND) * 9000 == LABELS
    assert spell_label(0) == {"ko": "푸른 소나무 1000", "en": "Blue Pine 1000"}
    assert spell_label(LABELS - 1) == {"ko": "아침 별 9999", "en": "Morning Star 9999"}
    names = {spell_label(n)["en"] for n in range(0, LABELS, 997)}
    assert len(names) == len(range(0, LABELS, 997))
    assert label_number("r", "a", 0) != label_number("r", "a", 1)
    assert label_number("r", "a", 0) != label_number("s", "a", 0)


def test_tags_are_words_in_whatever_letters() -> None:
    assert find_tags("#하천, (#Bus) a#no http://x/#no &#39; #1 #_ ##no #Bus #한글_2") == [
        *("하천", "bus", "한글_2"),
    ]
    assert spell_tag("#\u1112\u1161\u11ab") == "한"
    assert spell_tag("STRASSE") == spell_tag("Straße") == "strasse"
    assert len(find_tags(" ".join(f"#t{n}" for n in range(40)))) == 10
