"""A rehearsal votes on the real installation, and leaves nothing but lines in the logs."""

import fcntl
import json
import subprocess
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.audit.service import list_entries
from mvote.core.poll import DraftRefused, check_draft
from mvote.core.rehearsal import audience_of
from mvote.db import METADATA, reading
from mvote.operations.rehearse_traces import (
    KEPT,
    Traces,
    folder,
    left_behind,
    noted,
    remove,
)
from mvote.operations.rehearse_vote import draft_of
from mvote.people.rolls.errors import ListNameNotValid
from mvote.people.rolls.service.registers import import_list
from mvote.settings import WINGS, Settings
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import PendingAct
from mvote.worker import Worker
from tests.makers import words
from tests.servers import MVOTE, Server, environment
from tests.town import settle_in
from tests.votes.ballots.booth import Booth

VOTERS = 24
RUN_SECONDS = 600
CHANGES_BY_ITSELF = (*KEPT, "exchange_looks")
REAL = "+821012345678"


def dump(app: Flask, home: Path) -> dict[str, list[str]]:
    """Every row of both databases but those of the logs, and every file of the home."""
    found = {"files": sorted(str(path) for path in home.rglob("*") if path.is_file())}
    for wing in WINGS:
        with app.app_context(), reading(wing) as session:
            for table in METADATA[wing].sorted_tables:
                if table.name not in CHANGES_BY_ITSELF:
                    rows = sorted(repr(row) for row in session.execute(select(table)))
                    found[f"{wing}.{table.name}"] = rows
    return found


def rehearse(settings: Settings, url: str, *options: str) -> subprocess.Popen[str]:
    command = [str(MVOTE), "rehearse", "--url", url, "--voters", str(VOTERS), "--seed", "5"]
    return subprocess.Popen(
        [*command, *options],
        env=environment(settings),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_after_a_rehearsal_that_ended_or_was_killed_all_but_the_logs_is_as_before(
    app: Flask, live_server: Server, settings: Settings
) -> None:
    settle_in(app)
    real = Booth.open(app)
    assert real.cast(real.ballot()).status_code == 201
    with app.app_context():
        import_list("seniors", [REAL], now=datetime.now(UTC))
    Worker(app).settle(datetime.now(UTC))
    before = dump(app, settings.home)

    whole = rehearse(settings, live_server.url, "--json")
    told, said = whole.communicate(timeout=RUN_SECONDS)
    assert whole.returncode == 0, told + said
    report = json.loads(told)
    assert (report["well"], report["wrong"], report["citizens"]) == (True, {}, VOTERS)
    assert report["steps"]["cast a ballot"]["times"] == report["ballots"] >= report["voted"] > 0
    assert dump(app, settings.home) == before

    _kill_one(settings, live_server)
    assert dump(app, settings.home)["votes.polls"] != before["votes.polls"]
    cleaned = rehearse(settings, live_server.url, "--clean")
    assert "had left is removed" in cleaned.communicate(timeout=RUN_SECONDS)[1]
    assert cleaned.returncode == 0
    assert dump(app, settings.home) == before
    assert _held(app) == [(VOTERS, "secret", 0), (VOTERS, "", 1)]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_rehearsal_that_is_stopped_between_two_officials_leaves_no_request(
    app: Flask, settings: Settings
) -> None:
    settle_in(app)
    now, worker = datetime.now(UTC), Worker(app)
    with app.app_context():
        traces = Traces.begin(places=2, department=polls.list_departments()[0].code)
        before = dump(app, settings.home)
        made = polls.draft_poll(
            draft_of(traces, "confidential"), official=traces.official(0), now=now
        )
        poll, first = made.poll.id, traces.official(1)
        polls.approve_poll(poll, known={1}, official=first, now=now)
        worker.settle(now)
        polls.open_poll(poll, official=first, now=now)
        asked = polls.close_poll(poll, official=first, now=now)
        assert isinstance(asked, PendingAct)
        remove(traces, app)
        assert dump(app, settings.home) == before


def test_a_rehearsal_that_begins_is_not_taken_for_one_that_was_killed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    traces, lock = Traces.begin(places=2, department="roads"), fcntl.flock

    def look_and_lock(file: Any, how: int) -> None:
        if how == fcntl.LOCK_EX:
            monkeypatch.setattr(fcntl, "flock", lock)
            assert left_behind(tmp_path) == []  # what another one that starts now does
        lock(file, how)

    monkeypatch.setattr(fcntl, "flock", look_and_lock)
    with noted(traces, tmp_path):
        assert [path.name for path in folder(tmp_path).iterdir()] == [f"{traces.name}.json"]
        assert left_behind(tmp_path) == []
    assert not list(folder(tmp_path).iterdir())


def _kill_one(settings: Settings, server: Server) -> None:
    """While its citizens come."""
    killed = rehearse(settings, server.url)
    assert killed.stderr is not None
    assert "is open to" in killed.stderr.readline()
    killed.kill()
    killed.communicate()
    assert len(list(folder(settings.home).iterdir())) == 1


def _held(app: Flask) -> list[tuple[int, str, int]]:
    with app.app_context():
        lines = [one.body for one in list_entries("votes") if one.name == "RehearsalHeld"]
    return [(line["voters"], line["level"], line["wrong"]) for line in lines]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_without_a_server_a_rehearsal_says_what_to_start(app: Flask, settings: Settings) -> None:
    settle_in(app)
    alone = rehearse(settings, "http://localhost:1")
    told, said = alone.communicate(timeout=RUN_SECONDS)
    assert (alone.returncode, told) == (2, "")
    assert "start `mvote serve`" in said
    assert not list(folder(settings.home).glob("*"))


def drafted(**changes: Any) -> dict[str, Any]:
    traces = Traces("rehearsal-x", 1, "roads", ("a", "b", "c"))
    return {**draft_of(traces, "secret"), "record": "r", **changes}


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": words("The bridge")}, "title"),
        ({"audience": audience_of("seniors")}, "audience"),
        ({"audience": {"all": [{"condition": "verified-number"}]}}, "audience"),
        (
            {"audience": {"all": [*audience_of("rehearsal-x")["all"]] * 2}},
            "audience",
        ),
    ],
)
def test_a_rehearsal_is_marked_and_for_no_real_citizen(changes: Any, field: str) -> None:
    now = datetime.now(UTC)
    assert check_draft(drafted(), now=now).kind == "rehearsal"
    with pytest.raises(DraftRefused) as refused:
        check_draft(drafted(**changes), now=now)
    assert field in refused.value.errors


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_no_real_citizen_comes_onto_the_list_of_a_rehearsal(app: Flask) -> None:
    with app.app_context(), pytest.raises(ListNameNotValid):
        import_list("rehearsal-x", [REAL], now=datetime.now(UTC))
