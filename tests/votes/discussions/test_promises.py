"""Promises: dates that are never forgotten, steps that are shown or slip in public."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.audit.service import list_entries, seal
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.discussions.errors import PromiseRefused, RecordClosed
from mvote.votes.discussions.rules_promises import PromiseCounts, link_fault
from tests.makers import words
from tests.votes.carrying import bearer, now
from tests.votes.discussions.carried import ANSWERER, FOREIGNER, answer, kinds, published

SEOUL = ZoneInfo("Asia/Seoul")


def _day(days: int) -> date:
    return now().astimezone(SEOUL).date() + timedelta(days=days)


def _steps(*days: int) -> list[dict[str, Any]]:
    return [{"text": words(f"Step in {one} days"), "due": _day(one)} for one in days]


def test_a_promise_from_its_first_step_to_the_closing_report(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = published()
        answer(record, poll)
        by: dict[str, Any] = {"official": ANSWERER, "now": now()}
        said: dict[str, Any] = {"text": words("A bridge."), "poll": poll, **by}
        made, new = records.make_promise(record, steps=_steps(0, 10), **said)
        again, new_again = records.make_promise(record, steps=_steps(0, 10), **said)
        assert (new, new_again, again) == (True, False, made)
        name = str(made.body["promise"])
        shown: dict[str, Any] = {"text": words("Dug."), "done": _day(0), "links": [], **by}
        assert records.show_step(record, name, 1, **shown)[1]
        assert not records.show_step(record, name, 1, **shown)[1]
        moved = {"due": _day(20), "text": words("Rain."), **by}
        assert records.move_step(record, name, 2, **moved)[1]
        assert records.add_promised_step(record, name, text=words("Paint."), due=_day(30), **by)[1]
        first, second, third = records.list_promises(record)[0].steps
        assert (first.state(_day(0)), first.slipped(_day(0))) == ("done", False)
        assert (second.first_due, second.due, second.slipped(_day(0))) == (_day(10), _day(20), True)
        assert third.state(_day(31)) == "late"
        assert records.count_promised(now=now()) == {"roads": PromiseCounts(done=1, open=2)}
        assert records.tell_slipped(now=now()) == 0
        _let_two_workers_tell(app, record, days=21)
        assert records.count_promised(now=now() + timedelta(days=21))["roads"].late == 1
        late = now() + timedelta(days=40)
        assert records.tell_slipped(now=late) == 1, "the third step, and the second not again"
        _close(record, name)
        records.show_step(record, name, 3, **shown | {"now": late, "done": _day(40)})
        assert records.count_promised(now=late)["roads"] == PromiseCounts(1, 1, 1)
        assert records.check_record(record) is None
        told = [one.name for one in list_entries("votes", subject=record)][-8:]
        assert told.count("StepSlipped") == 2
        records.add_erratum(record, entry=1, text=words("A slip of the pen."), **by)
        other, _ = published()
        records.merge_record(record, into=other, text=words("One issue."), **by)
        seal("votes")
    feed = http.get(f"/feeds/records/{record}.json?lang=en").get_json()["items"]
    assert feed[0]["content_text"] == "One issue."
    told = [one["content_text"] for one in feed]
    assert "Corrects entry 1.\nA slip of the pen." in told
    assert f"There is no evidence of what was to be done by {_day(20)}.\nStep in 10 days" in told
    assert any(f"– Step in 10 days (by {_day(10)})" in one for one in told)
    assert any(f"first promised for {_day(10)}" in one for one in told)
    assert http.get(f"/records/{record}/record.md").status_code == 200
    assert f'href="/records/{other}"' in http.get(f"/records/{record}").text


def _let_two_workers_tell(app: Flask, record: str, *, days: int) -> None:
    at = now() + timedelta(days=days)

    def tell(_: int) -> int:
        with app.app_context():
            return records.tell_slipped(now=at)

    with ThreadPoolExecutor(2) as pool:
        assert sum(pool.map(tell, range(2))) == 1
    assert kinds(record).count("step-slipped") == 1


def _close(record: str, promise: str) -> None:
    """A report that says nothing of the promise, or too much, is refused."""
    said: dict[str, Any] = {"text": words("The end."), "official": ANSWERER, "now": now()}
    told = {"promise": promise, "outcome": "partly-kept", "text": words("Two are open.")}
    for wrong in ([], [told | {"outcome": "kept"}], [told, told], [told | {"promise": "0" * 16}]):
        with pytest.raises(PromiseRefused):
            records.close_record(record, promises=wrong, **said)
    assert records.close_record(record, promises=[told], **said)[1]
    assert not records.close_record(record, promises=[told], **said)[1]
    with pytest.raises(RecordClosed):
        records.make_promise(record, steps=_steps(1), **said)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_what_no_promise_takes(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        with transaction("votes") as session:
            bare = records.open_record(
                session, department="roads", title=words("A wish"), now=now()
            )
        token, foreign = bearer(ANSWERER), bearer(FOREIGNER)
    url = f"/api/v1/records/{bare}/promises"
    step = {"text": words("Dig."), "due": _day(1).isoformat()}
    whole = {"text": words("A well."), "steps": [step]}
    for changes, field in (
        ({"steps": []}, "steps"),
        ({"steps": [step | {"due": "2020-01-01"}]}, "steps[0].due"),
        ({"steps": [step | {"text": words("x" * 100_000)}]}, "steps[0].text"),
        ({"text": words("y" * 100_000)}, "text"),
        ({"extra": 1}, "extra"),
    ):
        refused = http.post(url, json=whole | changes, headers=token)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
    assert http.post(url, json=whole, headers=foreign).status_code == 403
    other = http.post(url, json=whole | {"poll": "0" * 16}, headers=token)
    assert other.get_json()["code"] == "nothing-to-answer"
    assert http.post(url, json=whole | {"steps": [step] * 51}, headers=token).status_code == 409
    made = http.post(url, json=whole, headers=token)
    assert made.status_code == 201, "no poll is needed: a wish that was chosen is promised too"
    shown = f"{url}/{made.get_json()['subject']}/steps/1/evidence"
    proof = {"text": words("<b>Dug</b>"), "done": _day(0).isoformat()}
    for changes, field in (
        ({"done": _day(2).isoformat()}, "done"),
        ({"links": ["javascript:alert(1)"]}, "links[0]"),
        ({"links": ["https://a.example/"] * 21}, "links"),
    ):
        refused = http.post(shown, json=proof | changes, headers=token)
        assert (refused.status_code, list(refused.get_json()["errors"])) == (422, [field])
    for path in (f"{url}/{'0' * 16}/steps/1/evidence", shown.replace("/1/", "/2/")):
        assert http.post(path, json=proof, headers=token).get_json()["code"] == "promise-unknown"
    assert http.post(shown, json=proof, headers=token).status_code == 201
    assert http.get(url).get_json()["items"][0]["done"]
    assert "&lt;b&gt;Dug&lt;/b&gt;" in http.get(f"/records/{bare}?lang=en").text


def test_only_addresses_of_pages_are_evidence() -> None:
    for fine in ("https://a.example/x?y=1#z", "http://a.example:8080/%EA%B0%80"):
        assert link_fault(fine) is None
    for wrong in (
        *("javascript:alert(1)", "//a.example", "https://", "https://u:p@a.example", "data:,x"),
        *('https://a.example/"x', "https://a.example/ x", "https://[", "https://가.example"),
        *("https://a.example:99999", "=cmd|' /C calc'!A0", ""),
    ):
        assert link_fault(wrong), wrong
