"""The calendar, its closures and what departments do about the clock, over HTTP."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.core.ids import new_id
from mvote.core.official import Official
from mvote.core.working_time import WORKING_DAYS, Within
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import ANSWER
from mvote.votes.polls import service as polls
from tests.makers import words
from tests.votes.carrying import bearer

WHY = words("The town hall moves.")
SETTLES = "city"


def test_a_closure_is_named_read_and_withdrawn(app: Flask, http: FlaskClient) -> None:
    """Its days are spelled in every answer as they were sent."""
    first = (datetime.now(UTC) + timedelta(days=30)).date()
    last = first + timedelta(days=2)
    days = {"first": first.isoformat(), "last": last.isoformat()}
    with app.app_context():
        who = bearer(Official("boss", "audit", frozenset({"administrator"})))
    named = http.post("/api/v1/closures", json={**days, "reason": WHY}, headers=who)
    assert named.status_code == 201, named.text
    assert named.json.items() >= {**days, "withdrawn_at": None}.items()

    (read,) = http.get(f"/api/v1/calendar/{first.year}").json["closures"]
    assert read == named.json
    address = f"/api/v1/closures/{read['id']}/withdraw"
    withdrawn = http.post(address, json={"reason": WHY}, headers=who)
    assert withdrawn.status_code == 200, withdrawn.text
    assert withdrawn.json["withdrawn_at"]
    assert withdrawn.json.items() >= days.items()


def test_a_due_is_paused_handed_on_and_settled(
    app: Flask, http: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """New is 201, what stands there already 200."""
    now = datetime.now(UTC).replace(microsecond=0)
    made = app.extensions["mvote"]
    city = replace(made.settings, coordinating_department=SETTLES)
    monkeypatch.setitem(app.extensions, "mvote", replace(made, settings=city))
    with app.app_context():
        for code in ("roads", "parks", SETTLES):
            polls.add_department(code, name=words(code.title()), by="command", now=now)
        with transaction("votes") as session:
            record = records.open_record(session, department="roads", title=WHY, now=now)
            facts: dict[str, Any] = {"start": now, "within": Within(9, WORKING_DAYS), "now": now}
            cause = {"record": record, "cause": new_id(), "kind": ANSWER}
            due = dues.set_due(session, **cause, department="roads", **facts)
        by = {
            code: bearer(Official(code, code, frozenset({"answerer"})))
            for code in ("roads", "parks", SETTLES)
        }
    path = f"/api/v1/dues/{due.id}"
    until = (due.due_at + timedelta(days=1)).date().isoformat()
    steps: list[tuple[str, str, dict[str, Any]]] = [
        ("pauses", "roads", {"until": until}),
        ("refusals", "roads", {"department": "parks"}),
        ("refusals", "parks", {"department": "roads"}),
        ("owner", SETTLES, {"department": "parks"}),
    ]
    for place, who, body in steps:
        sent = {"json": {**body, "reason": WHY}, "headers": by[who]}
        made = http.post(f"{path}/{place}", **sent)
        again = http.post(f"{path}/{place}", **sent)
        assert (made.status_code, again.status_code) == (201, 200), (place, made.text, again.text)
        assert made.get_json() == again.get_json()
    found = http.get(path).get_json()
    assert [pause["until"] for pause in found["pauses"]] == [until]
    assert (found["department"], len(found["moves"])) == ("parks", 3)
