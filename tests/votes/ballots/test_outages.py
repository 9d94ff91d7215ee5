"""What an outage may not do: break a promise, tell who voted before it, or unsettle the recount."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from flask import Flask
from sqlalchemy import select

from mvote.audit.service import seal
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.outage import Outage
from mvote.core.times import iso, parse_iso
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import SOUND
from mvote.core.verify.verification import verify_bundle
from mvote.db import reading, transaction
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.service.turns import lock_row
from mvote.votes.results import service as results
from tests.makers import words
from tests.votes import carrying
from tests.votes.ballots.booth import Booth

RULE = {"extend": True, "most_seconds": 7200}
HALF_AN_HOUR = timedelta(minutes=30)
OTHER_APPROVER = Official("approver-9", "roads", frozenset({"approver"}))


def _declare(poll: str) -> datetime:
    """Two officials declare half an hour; returns when the poll closes."""
    now = carrying.now().replace(microsecond=0)
    outage = Outage(now - HALF_AN_HOUR, now)
    with transaction("votes") as session:
        lock_row(session, poll).opened_at = now - 2 * HALF_AN_HOUR
    asked = polls.declare_outage(
        poll, outage=outage, reason=words("No power."), official=carrying.APPROVER, now=now
    )
    polls.declare_outage(poll, pending=asked.id, official=OTHER_APPROVER, now=now)
    seal("votes")
    ballots.note_states(now)
    return polls.get_poll(poll).closes_at


def _takes(poll: str, at: datetime) -> bool:
    with reading("votes") as session:
        return bool(session.scalar(select(polls.takes_ballots(poll, at=at))))


def _receipt(booth: Booth, ballot: Any, status: int) -> Mapping[str, Any]:
    answer = booth.cast(ballot)
    assert answer.status_code == status, answer.json
    return dict(answer.get_json())


def test_promises_made_before_an_outage_stay_what_they_were(app: Flask, tmp_path: Path) -> None:
    booth = Booth.open(app, level="secret", eligible=40, outage=RULE, grace_seconds=600)
    early = booth.ballot("early")
    before = _receipt(booth, early, 201)
    with app.app_context():
        frozen = polls.definition_of(booth.poll)
        moved = _declare(booth.poll)
        assert moved == frozen.closes + HALF_AN_HOUR
        assert _takes(booth.poll, frozen.closes)
        assert not _takes(booth.poll, moved)
        assert polls.close_due(frozen.closes) == 0
    late = _receipt(booth, booth.ballot("late"), 201)
    assert canonical_bytes(_receipt(booth, early, 200)) == canonical_bytes(dict(before))
    # It is kept to with every outage that may still come, and tells of none.
    assert before["include_by"] == late["include_by"] == iso(frozen.include_by)
    assert parse_iso(before["include_by"]) == frozen.latest_closing + timedelta(seconds=600)
    with app.app_context():
        polls.write_note(
            booth.poll, text=words("Sorry."), corrects=1, official=OTHER_APPROVER, now=moved
        )
        carrying.close(booth.poll, issued=2)
        entries = [json.loads(body) for body in ballots.iter_entries(booth.poll)]
        results.publish_result(booth.poll, now=carrying.now())
        bundle = results.get_bundle(booth.poll)
    notes = [entry for entry in entries if entry.get("type") == "note"]
    assert [(one["number"], one["about"]) for one in notes] == [(1, "outage"), (2, "poll")]
    assert notes[0]["outage"]["closes"] == iso(moved)
    assert entries[-1]["type"] == "close"
    report = verify_bundle(bundle, Beside(frozen.board_key, json.dumps(before).encode()))
    assert (report.status, report.voters) == (SOUND, 2)


def test_a_promise_that_the_finished_board_broke_is_complained_of_at_once(app: Flask) -> None:
    """Nothing can follow behind the last entry, so nobody waits for the latest closing."""
    booth = Booth.open(app, outage=RULE)
    dropped = _receipt(booth, booth.ballot("dropped"), 201)
    path = f"/api/v1/polls/{booth.poll}/complaints"
    client = app.test_client(use_cookies=False)
    early = client.post(path, json={"receipt": dropped})
    assert early.get_json()["code"] in ("inclusion-not-due", "board-not-ready")
    with app.app_context():
        with transaction("votes") as session:
            session.connection().exec_driver_sql("DELETE FROM ballot_inbox")
        carrying.close(booth.poll, issued=1)
    assert client.post(path, json={"receipt": dropped}).status_code == 201
