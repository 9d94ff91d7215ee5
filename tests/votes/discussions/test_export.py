"""A record to keep: as a file that a stranger checks, as Markdown, as pages."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from mvote.core.canonical import parse
from mvote.core.official import Official
from mvote.core.questions.private_texts import write_text
from mvote.db import reading
from mvote.votes.discussions import service as records
from mvote.votes.discussions.commands import record as command
from mvote.votes.discussions.errors import OfficialAnswerRefused
from mvote.votes.discussions.rules_export import file_fault
from mvote.votes.opinions import service as opinions
from mvote.votes.opinions.tables import SharedReasonRow
from mvote.votes.polls import service as polls
from mvote.votes.results.jobs import publish_closed
from tests.makers import words, yes_no_question
from tests.votes import carrying
from tests.votes.ballots.booth import Booth
from tests.votes.discussions.carried import ADOPTED, ANSWERER, NOT, answer, follow, published

HOSTILE = (
    "<script>alert(1)</script> =cmd|'/C calc'!A0 [x](javascript:alert(1)) **loud**\n# Big\n1. One"
)
MODERATOR = Official("moderator-1", "roads", frozenset({"moderator"}))
pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def test_a_stranger_finds_every_change_in_a_file(
    app: Flask, http: FlaskClient, tmp_path: Path
) -> None:
    with app.app_context():
        record, poll = published()
        answer(record, poll, text=words(HOSTILE))
        last = records.get_record(record).entries[-1].digest
    sent = http.get(f"/api/v1/records/{record}/export.json")
    assert sent.headers["Content-Disposition"] == f'attachment; filename="record-{record}.json"'
    whole: dict[str, Any] = parse(sent.data)
    assert (file_fault(whole), whole["chain"]) == (None, last)
    for path in _leaves(whole):
        assert file_fault(_changed(whole, path)), f"a change of {path} is not found"
    entries = whole["entries"]
    for fewer in (entries[:-1], entries[1:], entries[::-1], [*entries, entries[-1]], [{}], "x"):
        assert file_fault(whole | {"entries": fewer})
    for junk in ([], {}, {"format": "mvote-record", "v": 2}, {"format": "mvote-record", "v": 1}):
        assert file_fault(junk)
    file = tmp_path / "record.json"
    for content, given, code in (
        (sent.data, [], 0),
        (sent.data, ["--chain", entries[0]["digest"]], 0),
        (sent.data, ["--chain", "0" * 64], 1),
        (sent.data.replace(b"It lost.", b"It won. "), [], 1),
        (sent.data[:-9], [], 2),
    ):
        file.write_bytes(content)
        assert CliRunner().invoke(command, ["check", str(file), *given]).exit_code == code


def _leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        return [leaf for key in value for leaf in _leaves(value[key], (*path, key))]
    if isinstance(value, list):
        return [leaf for n, one in enumerate(value) for leaf in _leaves(one, (*path, n))]
    return [path]


def _changed(whole: dict[str, Any], path: tuple[Any, ...]) -> dict[str, Any]:
    copy = json.loads(json.dumps(whole))
    place = copy
    for key in path[:-1]:
        place = place[key]
    place[path[-1]] = "something else"
    return copy  # type: ignore[no-any-return]


def test_what_officials_write_is_shown_letter_by_letter(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = published()
        answer(record, poll, text=words(HOSTILE))
        records.add_erratum(
            record, entry=3, text=words(HOSTILE), official=ANSWERER, now=carrying.now()
        )
    for path in ("", "/print", "?kind=answers", "?kind=nonsense"):
        page = http.get(f"/records/{record}{path}")
        assert page.status_code == 200
        assert "<script" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert http.get(f"/records/{record}?kind=polls").text.count('<li id="entry-') == 2
    assert http.get(f"/records/{record}/print").text.count('class="digest"') == 6
    sent = http.get(f"/records/{record}/record.md?lang=en")
    assert sent.mimetype == "text/markdown"
    assert r"\<script\>alert(1)\</script\>" in sent.text
    assert r"\[x\](javascript:alert(1)) \*\*loud\*\*" in sent.text
    assert "\n\\# Big\n" in sent.text
    assert "\n1\\. One\n" in sent.text
    assert sent.text.count("SHA-256: `") == 5
    for unknown in ("0" * 16, "%00", "가"):
        for path in ("", "/print", "/record.md"):
            assert http.get(f"/records/{unknown}{path}").status_code == 404


def _vote_with_reasons(booth: Booth) -> None:
    """Six for it, five against it, four of those for the same reason in other letters."""
    for number, (option, reason) in enumerate(
        [("yes", "It is short.")] * 5
        + [("yes", "Only I say so.")]
        + [("no", said) for said in ("It is dear.", "It is  DEAR.", "it is dear.", "It is dear.")]
        + [("no", "Nobody else says so.")]
    ):
        hashed, beside = write_text(reason)
        ballot = booth.ballot(f"voter {number}", answers={"q1": [option], "q1.reason": hashed})
        assert booth.cast({**ballot, "texts": {"q1.reason": beside}}).status_code == 201


def test_a_reason_that_many_gave_has_to_be_answered_and_others_tell_no_option(
    app: Flask, http: FlaskClient, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    made = app.extensions["mvote"]
    settings = replace(made.settings, reason_voters=3)
    monkeypatch.setitem(app.extensions, "mvote", replace(made, settings=settings))
    booth = Booth.open(app, questions=[yes_no_question(reason=True)])
    _vote_with_reasons(booth)
    poll = booth.poll
    with app.app_context():
        carrying.close(poll, issued=11)
        opinions.follow_polls()
        publish_closed(carrying.now())
        follow()
        record = polls.get_poll(poll).record
        with reading("votes") as session:
            kept = session.scalars(select(SharedReasonRow.text)).all()
        assert sorted(kept) == ["it is dear.", "it is short."]
        url = f"/api/v1/records/{record}/to-answer"
        (asked,) = http.get(url).get_json()["items"]
        assert asked["minority"] is None, "nobody has read the reasons yet"
        assert [one["option"] for one in asked["runners_up"]] == ["no"]
        assert asked["unread"]
        unanswered = {"options": [ADOPTED, NOT], "text": words("We build it.")}
        with pytest.raises(OfficialAnswerRefused) as refusal:
            records.give_answer(
                record, poll=poll, **unanswered, official=ANSWERER, now=carrying.now()
            )
        assert refusal.value.errors.keys() == {"minority"}, "who leaves it unread still owes it"
        for one in opinions.list_pool(poll, state=None, official=MODERATOR, limit=99):
            opinions.publish_opinion(one.id, official=MODERATOR, now=carrying.now())
        (asked,) = http.get(url).get_json()["items"]
        reason = asked["minority"]
        assert (reason["option"], reason["text"], asked["runners_up"]) == ("no", "It is  DEAR.", [])
        assert not asked["unread"]
        assert reason["voters_at_least"] == 3, "told in steps"
        body: dict[str, Any] = {
            "poll": poll,
            "options": [{"question": "q1", "option": "yes", "decision": "adopted"}],
            "text": words("We build it."),
        }
        token = carrying.bearer(ANSWERER)
    url = f"/api/v1/records/{record}/answers"
    refused = http.post(url, json=body, headers=token)
    assert refused.get_json()["errors"].keys() == {"minority"}
    body["minority"] = {"reason": reason["id"], "text": words("A loan makes it cheap.")}
    assert http.post(url, json=body, headers=token).status_code == 201
    page = http.get(f"/records/{record}?lang=en").text
    assert "It is  DEAR." in page
    assert "A loan makes it cheap." in page
    with app.app_context():
        for one in opinions.list_pool(poll, state=None, official=MODERATOR, limit=99):
            opinions.hide_opinion(
                one.id, reason=words("Rude."), official=MODERATOR, now=carrying.now()
            )
    page = http.get(f"/records/{record}?lang=en").text
    assert "It is  DEAR." not in page
    assert "This text is not shown." in page
    assert "A loan makes it cheap." in page, "what the department said stays"
    file = http.get(f"/api/v1/records/{record}/export.json")
    assert "DEAR" not in file.text
    assert file_fault(parse(file.data)) is None
    for number, entry in enumerate(parse(file.data)["entries"]):
        altered = parse(file.data)
        body = {**entry["body"], "text": words("We promised nothing.")}
        if "minority" in body:
            body["minority"] = {**body["minority"], "text": "It is cheap."}
        altered["entries"][number] = {**entry, "body": body, "withheld": True}
        assert file_fault(altered), "nothing else can be passed off as withheld"
    kept = tmp_path / "record.json"
    kept.write_bytes(file.data)
    assert (
        "1 of 4 parts leave words out" in CliRunner().invoke(command, ["check", str(kept)]).output
    )
