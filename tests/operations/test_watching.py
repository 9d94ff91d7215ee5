"""What those who watch over a server see: readiness, warnings, numbers."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from mvote.app import create_app
from mvote.db import engines
from mvote.exchange.service import note_look
from mvote.settings import Settings
from mvote.web.health import look
from tests.servers import Serve, ask, free_port


def test_readiness_tells_what_to_look_at(app: Flask) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        fresh = look(now)["warnings"]
        assert fresh == [f"{wing}: no worker has run yet" for wing in ("people", "votes")]
        note_look("people", reached=True, now=now - timedelta(hours=1))
        note_look("votes", reached=False, now=now)
        seen = look(now)
    assert seen["wings"]["people"]["worker_seconds"] == 3600
    assert [warning.split(":")[0] for warning in seen["warnings"]] == ["people", "people", "votes"]
    assert "has not been heard of" in seen["warnings"][0]
    assert "cannot be read" in seen["warnings"][2]


def test_free_space_is_told_so_coarsely_that_no_ballot_shows(
    app: Flask, settings: Settings
) -> None:
    """Anyone may ask, and every ballot takes a page of the disk at the moment it comes."""
    told = app.test_client().get("/readyz").get_json()["free_disk_bytes"]
    assert told % 100_000_000 == 0
    cramped = create_app("votes", replace(settings, free_disk_bytes=10**18))
    with cramped.app_context():
        _, warning = look(datetime.now(UTC))["warnings"]
        for engine in engines.engines.values():
            engine.dispose()
    assert int(warning.split()[0]) % 100_000_000 == 0


def test_a_wrong_clock_is_a_warning(app: Flask) -> None:
    with app.app_context():
        warnings = look(datetime.now(UTC) + timedelta(minutes=2))["warnings"]
    # Less by as long as it took to ask the database.
    assert [w for w in warnings if re.search(r"clock is -1[0-2]\d seconds off", w)]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_numbers_are_offered_on_a_port_of_their_own_and_name_no_poll(
    serve: Serve, settings: Settings
) -> None:
    port = free_port()
    server = serve(replace(settings, metrics_port=port), "--no-worker", "--workers", "2")
    poll = "7k3m9q2x5r8t1v4w"
    for _ in range(3):
        ask("GET", f"{server.url}/api/v1/polls/{poll}")
    numbers = ask("GET", f"http://127.0.0.1:{port}/metrics").data.decode()
    counted = re.findall(
        r'mvote_requests_total\{.*polls/<(?:string:)?poll_id>",.*\} (\S+)', numbers
    )
    assert [float(one) for one in counted] == [3.0]
    assert 'mvote_refusals_total{code="poll-unknown"} 3.0' in numbers
    assert poll not in numbers
    assert ask("GET", f"{server.url}/metrics").status == 404
