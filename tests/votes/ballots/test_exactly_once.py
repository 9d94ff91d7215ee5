"""Many at once, from several processes: one ballot, one receipt, nothing lost on the way."""

import json
import secrets
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import Connection, event, text

from mvote.core.canonical import b64u
from mvote.core.secrecy.ballot import leaf_of
from mvote.db import engine, transaction
from mvote.settings import Settings
from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.errors import SeqConflict
from mvote.votes.ballots.rules import Incoming
from mvote.votes.ballots.service.board import append_entry
from mvote.votes.ballots.service.storing import Stored, store_all
from mvote.votes.polls import service as polls
from tests.forks import forks
from tests.votes import carrying
from tests.votes.ballots.booth import Answer, Booth, cast_in_processes


@pytest.fixture
def settings(settings: Settings) -> Settings:
    """Batches of any size whenever the mover comes by, as the worst case has it."""
    return replace(settings, batch_ballots=1, batch_seconds=0)


def test_sixteen_threads_of_two_processes_cast_one_ballot(booth: Booth, settings: Settings) -> None:
    work = {"poll": booth.poll, "ballots": [booth.ballot()] * 8, "threads": 8}
    processes = cast_in_processes(settings, [work, work])
    answers = [one for p in processes for given in p.answers() for one in given]
    assert Counter(status for status, _ in answers) == {201: 1, 200: 15}
    assert len({json.dumps(receipt) for _, receipt in answers}) == 1
    assert booth.stored() == 1


def test_different_ballots_of_one_voter_at_once_leave_one(booth: Booth, settings: Settings) -> None:
    """Each process has eight ballots with the same number; one of the sixteen is kept."""
    work = [
        {"poll": booth.poll, "ballots": [booth.ballot() for _ in range(8)], "threads": 8}
        for _ in range(2)
    ]
    answers = [one for p in cast_in_processes(settings, work) for g in p.answers() for one in g]
    assert Counter(status for status, _ in answers) == {201: 1, 409: 15}
    assert {told["code"] for status, told in answers if status == 409} == {"seq-conflict"}
    assert booth.stored() == 1


def test_two_writers_never_wait_for_each_other_crosswise(booth: Booth) -> None:
    """Both write other ballots of the same voters; in the order of hashes they would lock up."""
    marks = [secrets.token_bytes(32) for _ in range(400)]
    batches = [
        [Incoming(booth.poll, secrets.token_bytes(32), mark, 1, "{}") for mark in marks]
        for _ in range(2)
    ]
    with booth.app.app_context():
        votes = engine("votes")
    with ThreadPoolExecutor(2) as pool:
        fates = list(pool.map(lambda batch: store_all(votes, batch), batches))
    stored = [fate for given in fates for fate in given.values() if fate is Stored.NEW]
    refused = [f for given in fates for f in given.values() if isinstance(f, SeqConflict)]
    assert (len(stored), len(refused)) == (400, 400)
    assert booth.stored() == 400


def _race(
    booth: Booth, settings: Settings, meanwhile: Callable[[], int], waits: dict[int, int]
) -> None:
    """Two processes send the same 120 ballots three times each while something else goes on.

    They rest between ballots, so that the other thing finds room on a machine of few cores, and
    ``waits`` says at which places both wait until it was done so often, for a machine may be slow.
    The one comes from the front and the other from behind: the first 60 of each are new.
    """
    sent, steps = [booth.ballot(f"voter {n}") for n in range(120)], forks().Value("i", 0)
    facts = {"poll": booth.poll, "threads": 8, "times": 3, "pause": 0.08}
    work = [
        {**facts, "ballots": order, "waits": waits, "steps": steps} for order in (sent, sent[::-1])
    ]
    processes = cast_in_processes(settings, work)
    with booth.app.app_context():
        while any(process.is_running() for process in processes):
            steps.value = meanwhile()
    told: dict[str, list[Answer]] = {b64u(leaf_of(ballot)): [] for ballot in sent}
    for process, order in zip(processes, (sent, sent[::-1]), strict=True):
        for ballot, answers in zip(order, process.answers(), strict=True):
            told[b64u(leaf_of(ballot))] += answers
    _check(booth, told)


def _check(booth: Booth, told: dict[str, Sequence[Answer]]) -> None:
    """What was acknowledged is there once, what was refused is not there."""
    there = Counter(_leaves(booth))
    assert set(there.values()) <= {1}
    for leaf, answers in told.items():
        statuses = Counter(status for status, _ in answers)
        assert set(statuses) <= {200, 201, 409}, answers
        assert statuses[201] <= 1
        assert (leaf in there) == (statuses[201] == 1)
        assert len({json.dumps(body) for status, body in answers if status != 409}) <= 1
        refused = {body["code"] for status, body in answers if status == 409}
        assert refused <= {"poll-closed"}
        assert not (refused and statuses[201])


def _leaves(booth: Booth) -> list[str]:
    query = """
        SELECT leaf FROM ballot_inbox WHERE poll = :poll
        UNION ALL SELECT leaf FROM board_entries WHERE poll = :poll AND kind = 'ballot'
        """
    with booth.app.app_context(), engine("votes").connect() as connection:
        found = connection.execute(text(query), {"poll": booth.poll})
        return [b64u(bytes(leaf)) for (leaf,) in found]


def test_retries_while_batches_move_are_never_stored_twice(
    booth: Booth, settings: Settings
) -> None:
    sealed = 0

    def move() -> int:
        nonlocal sealed
        sealed += ballots.seal_batches(carrying.now())
        time.sleep(0.005)
        return sealed

    _race(booth, settings, move, {15: 1, 30: 2, 45: 3, 60: 4})
    assert sealed > 3, "the batches have to move while ballots come"


def test_a_ballot_during_the_close_is_counted_or_refused(app: Flask, settings: Settings) -> None:
    """Of a secret poll, as is the default; the race above is of the other kind of ballot."""
    booth = Booth.open(app, level="secret")

    def close() -> int:
        if polls.get_poll(booth.poll).state != "open":
            time.sleep(0.01)
            return 1
        if booth.stored() < 20:
            time.sleep(0.01)
            return 0
        carrying.close(booth.poll, issued=120)
        return 1

    _race(booth, settings, close, {45: 1})
    with booth.app.app_context():
        counted = sum(weight for _, weight in ballots.iter_counted(booth.poll))
    assert booth.count("ballot_inbox") == 0
    assert 20 <= counted == booth.stored() < 120, "the close has to come in the middle"


@pytest.mark.parametrize("stop", ["close", "cancel"])
def test_whoever_stops_a_poll_waits_for_ballots_that_are_being_written(
    booth: Booth, stop: str
) -> None:
    """Else a ballot could be acknowledged that the last entry does not know of."""
    written, go_on = threading.Event(), threading.Event()

    def pause(_connection: Connection) -> None:
        if threading.current_thread().name == "ballots":
            written.set()
            go_on.wait(60)

    def stop_it() -> None:
        with booth.app.app_context():
            carrying.close(booth.poll, issued=1) if stop == "close" else carrying.cancel(booth.poll)

    with booth.app.app_context():
        event.listen(engine("votes"), "commit", pause)
    with ThreadPoolExecutor(2) as pool:
        cast = pool.submit(booth.cast, booth.ballot())
        assert written.wait(60)
        stopping = pool.submit(stop_it)
        time.sleep(0.7)
        early = stopping.done()
        go_on.set()
        assert cast.result().status_code == 201
        stopping.result()
    assert not early
    assert booth.count("ballot_inbox") == 0
    with booth.app.app_context():
        kinds = [line.kind for line in ballots.list_board(booth.poll, after=-1, limit=10)]
    assert kinds == ["poll", "ballot", stop]


def test_nothing_enters_behind_the_last_entry(app: Flask) -> None:
    booth = Booth.open(app)
    booth.cast(booth.ballot())
    with app.app_context():
        carrying.close(booth.poll, issued=1)
        last = ballots.list_board(booth.poll, after=-1, limit=10)[-1]
        with transaction("votes") as session, pytest.raises(RuntimeError):
            append_entry(session, booth.poll, kind="suspend", body={"type": "suspend"})
    assert last.kind == "close"
