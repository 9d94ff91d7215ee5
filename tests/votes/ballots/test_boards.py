"""What a board holds, when batches move to it, what ends it, and what everyone may read."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from mvote.app import create_app
from mvote.audit.service import list_entries, seal
from mvote.core.canonical import b64u, canonical_bytes
from mvote.core.secrecy.ballot import leaf_of
from mvote.core.times import iso
from mvote.db import engine, transaction
from mvote.settings import Settings
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.worker import Worker
from tests.makers import words
from tests.votes import carrying
from tests.votes.ballots.booth import Booth

HOUR = timedelta(hours=1)


def _cast(booth: Booth, count: int, *, first: int = 0) -> None:
    for n in range(first, first + count):
        assert booth.cast(booth.ballot(f"voter {n}")).status_code == 201


def _rows(booth: Booth) -> Sequence[Any]:
    query = "SELECT position, kind, leaf, body FROM board_entries WHERE poll = :p ORDER BY position"
    with booth.app.app_context(), engine("votes").connect() as connection:
        return connection.execute(text(query), {"p": booth.poll}).all()


def _bodies(booth: Booth, kind: str) -> list[dict[str, Any]]:
    return [json.loads(row.body) for row in _rows(booth) if row.kind == kind]


def test_the_first_entry_is_the_frozen_poll(booth: Booth) -> None:
    [first] = _rows(booth)
    with booth.app.app_context():
        definition = polls.definition_of(booth.poll).to_json()
    assert (first.position, first.kind) == (0, "poll")
    assert first.body.encode() == canonical_bytes(definition)
    assert bytes(first.leaf) == leaf_of(definition)


def test_a_batch_needs_twenty_ballots_and_an_hour(booth: Booth) -> None:
    _cast(booth, 19)
    with booth.app.app_context():
        later = carrying.now() + HOUR
        assert ballots.seal_batches(later) == 0
        _cast(booth, 1, first=19)
        assert ballots.seal_batches(carrying.now() + HOUR / 2) == 0
        assert ballots.seal_batches(later) == 1
        assert booth.count("ballot_inbox") == 0
        _cast(booth, 20, first=20)
        assert ballots.seal_batches(later + HOUR / 2) == 0
        assert ballots.seal_batches(later + HOUR) == 1
        sealed = [e.body for e in list_entries("votes") if e.name == "BoardBatchSealed"]
    assert [(one["n"], one["size"]) for one in sealed] == [(20, 21), (20, 41)]


def test_one_who_votes_again_and_again_is_no_crowd_to_hide_among(booth: Booth) -> None:
    _cast(booth, 1)
    for seq in range(2, 21):
        assert booth.cast(booth.ballot("voter 0", seq=seq)).status_code == 201
    _cast(booth, 18, first=1)
    with booth.app.app_context():
        later = carrying.now() + HOUR
        assert ballots.seal_batches(later) == 0
        _cast(booth, 1, first=19)
        assert ballots.seal_batches(later) == 1
    assert booth.count("ballot_inbox") == 0


def test_inside_a_batch_ballots_are_ordered_by_their_hashes(booth: Booth) -> None:
    _cast(booth, 25)
    with booth.app.app_context():
        ballots.seal_batches(carrying.now() + HOUR)
    rows = _rows(booth)
    assert [row.position for row in rows] == list(range(26))
    leaves = [bytes(row.leaf) for row in rows[1:]]
    assert leaves == sorted(leaves)
    assert all(bytes(row.leaf) == leaf_of(json.loads(row.body)) for row in rows)


def test_a_suspended_poll_still_gets_its_batches(booth: Booth) -> None:
    _cast(booth, 20)
    with booth.app.app_context():
        polls.suspend_poll(
            booth.poll, reason=words("Wait."), official=carrying.APPROVER, now=carrying.now()
        )
        assert ballots.seal_batches(carrying.now() + HOUR) == 1


def test_the_board_tells_of_every_pause(booth: Booth) -> None:
    reason, official = words("A fault in the question."), carrying.APPROVER
    with booth.app.app_context():
        for _ in range(2):
            polls.suspend_poll(booth.poll, reason=reason, official=official, now=carrying.now())
            polls.resume_poll(booth.poll, official=official, now=carrying.now())
        seal("votes")
        ballots.note_states(carrying.now())
        assert ballots.note_states(carrying.now()) == 0
    assert [row.kind for row in _rows(booth)] == ["poll", *["suspend", "resume"] * 2]
    assert [body["reason"] for body in _bodies(booth, "suspend")] == [reason, reason]


def test_the_last_entry_commits_to_what_the_result_depends_on(booth: Booth) -> None:
    _cast(booth, 3)
    booth.cast(booth.ballot("voter 0", seq=2))
    with booth.app.app_context():
        carrying.close(booth.poll, issued=7)
        sha256 = polls.get_poll(booth.poll).issued_sha256
    assert [row.kind for row in _rows(booth)] == ["poll", *["ballot"] * 4, "close"]
    assert _bodies(booth, "close") == [
        {
            "type": "close",
            "counts": {"ballots": 4, "voters": 3},
            "issued": 7,
            "issued_sha256": sha256,
        }
    ]


def test_a_board_waits_for_the_issued_list(booth: Booth) -> None:
    _cast(booth, 1)
    with booth.app.app_context():
        carrying.stop(booth.poll)
        assert ballots.finish_boards(carrying.now()) == 0
        assert polls.get_poll(booth.poll).state == "closing"


def test_a_board_is_not_finished_before_every_pause_is_on_it(booth: Booth) -> None:
    with booth.app.app_context():
        now, official = carrying.now(), carrying.APPROVER
        polls.suspend_poll(booth.poll, reason=words("Wait."), official=official, now=now)
        carrying.stop(booth.poll)
        _take_issued_list(booth, issued=0)
        assert ballots.finish_boards(now) == 0
        seal("votes")
        ballots.note_states(now)
        assert ballots.finish_boards(now) == 1
    assert [row.kind for row in _rows(booth)] == ["poll", "suspend", "close"]


def _take_issued_list(booth: Booth, *, issued: int) -> None:
    with transaction("votes") as session:
        polls.take_issued_list(
            session, booth.poll, issued=issued, sha256="0" * 64, now=carrying.now()
        )


def test_more_voters_than_permits_raise_an_alarm_and_keep_the_poll_unclosed(
    booth: Booth, caplog: pytest.LogCaptureFixture
) -> None:
    _cast(booth, 3)
    with booth.app.app_context():
        carrying.stop(booth.poll)
        _take_issued_list(booth, issued=2)
        for _ in range(3):
            assert ballots.finish_boards(carrying.now()) == 0
        alarms = [e for e in list_entries("votes") if e.name == "BoardDoesNotAddUp"]
        assert [(a.body["voters"], a.body["issued"]) for a in alarms] == [(3, 2)]
        assert polls.get_poll(booth.poll).state == "closing"
    assert [row.kind for row in _rows(booth)] == ["poll"]
    assert booth.count("ballot_inbox") == 3
    assert [r.levelname for r in caplog.records if booth.poll in r.message] == ["CRITICAL"]


def test_the_worker_carries_a_board_from_entry_to_entry(app: Flask) -> None:
    with app.app_context():
        poll = carrying.freeze(closes=iso(carrying.now() + 3 * HOUR))
        polls.open_poll(poll, official=carrying.APPROVER, now=carrying.now())
    booth = Booth(app, poll)
    _cast(booth, 20)
    worker = Worker(app, handlers=())
    worker.round(carrying.now())
    worker.round(carrying.now() + HOUR)
    assert booth.count("board_entries") == 21
    with app.app_context():
        carrying.stop(poll)
        _take_issued_list(booth, issued=20)
    worker.round(carrying.now())
    assert _rows(booth)[-1].kind == "close"


def test_turnout_is_told_in_steps_and_stands_still_between_batches(booth: Booth) -> None:
    def told() -> dict[str, Any]:
        client = booth.app.test_client()
        answer: dict[str, Any] = client.get(f"/api/v1/polls/{booth.poll}/turnout").get_json()
        return answer

    _cast(booth, 27)
    assert (told()["voters_at_least"], told()["step"]) == (0, 10)
    with booth.app.app_context():
        ballots.seal_batches(carrying.now() + HOUR)
        assert told()["voters_at_least"] == 20
        _cast(booth, 5, first=27)
        assert told()["voters_at_least"] == 20
        carrying.close(booth.poll, issued=32)
        assert told()["voters_at_least"] == 30
        with transaction("votes") as session:
            polls.mark_published(session, booth.poll, now=carrying.now())
    assert (told()["voters_at_least"], told()["step"]) == (32, 1)


def test_everyone_reads_the_board_page_by_page_and_never_a_ballot(booth: Booth) -> None:
    _cast(booth, 20)
    with booth.app.app_context():
        ballots.seal_batches(carrying.now() + HOUR)
    client, lines, after = booth.app.test_client(), [], ""
    while after is not None:
        path = f"/api/v1/polls/{booth.poll}/board?limit=8&after={after}"
        page = client.get(path).get_json()
        lines, after = lines + page["items"], page["next"]
    assert [line["position"] for line in lines] == list(range(21))
    assert all(line.keys() == {"position", "kind", "leaf"} for line in lines)
    assert [line["leaf"] for line in lines] == [b64u(bytes(row.leaf)) for row in _rows(booth)]


def test_a_ballot_is_not_on_the_board_before_its_batch(booth: Booth) -> None:
    _cast(booth, 5)
    page = booth.app.test_client().get(f"/api/v1/polls/{booth.poll}/board").get_json()
    assert [line["kind"] for line in page["items"]] == ["poll"]


def test_a_cursor_that_is_none_is_refused(booth: Booth) -> None:
    for after in ("x", "-1", "1.5", "9" * 16, "٣"):
        path = f"/api/v1/polls/{booth.poll}/board?after={after}"
        assert booth.app.test_client().get(path).status_code in (400, 422), after


@pytest.mark.parametrize("part", ["turnout", "board"])
def test_there_is_no_board_for_a_poll_that_is_not_there(booth: Booth, part: str) -> None:
    for unknown in ("0000000000000000", "%00"):
        answer = booth.app.test_client().get(f"/api/v1/polls/{unknown}/{part}")
        assert (answer.status_code, answer.get_json()["code"]) == (404, "poll-unknown")


def test_settings_say_how_large_a_batch_is(settings: Settings) -> None:
    app = create_app("both", replace(settings, batch_ballots=2, batch_seconds=0))
    booth = Booth.open(app)
    _cast(booth, 2)
    with app.app_context():
        assert ballots.seal_batches(carrying.now() + timedelta(seconds=1)) == 1
        engine("votes").dispose()
        engine("people").dispose()
