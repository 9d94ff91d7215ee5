"""The calendar and its closures over HTTP."""

from datetime import UTC, datetime, timedelta

from flask import Flask
from flask.testing import FlaskClient

from mvote.core.official import Official
from tests.makers import words
from tests.votes.carrying import bearer

WHY = words("The town hall moves.")


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
