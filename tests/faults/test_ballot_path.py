"""What breaks under a ballot: nothing is half-written, and a retry always tells the truth."""

import logging
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import event, text

from mvote.app import create_app
from mvote.core.secrecy.ballot import leaf_of
from mvote.db import engine, engines
from mvote.settings import Settings
from tests.votes.ballots.booth import Booth, Caster, engine_name

SENDER = "203.0.113.77"


@contextmanager
def opened(settings: Settings) -> Iterator[Booth]:
    app = create_app("both", settings)
    yield Booth.open(app)
    with app.app_context():
        for one in engines.engines.values():
            one.dispose()


@pytest.fixture
def impatient(settings: Settings) -> Iterator[Booth]:
    """A poll of an installation that gives up soon."""
    with opened(replace(settings, database_wait_seconds=1, intake_wait_seconds=2)) as booth:
        yield booth


@pytest.fixture
def short(settings: Settings) -> Iterator[Booth]:
    """A poll of an installation with a short queue, at whose end nobody gives up meanwhile."""
    made = replace(settings, database_wait_seconds=60, intake_wait_seconds=2, intake_queue=3)
    with opened(made) as booth:
        yield booth


def _is_asked_to_retry(answer: Any, code: str) -> None:
    assert (answer.status_code, answer.get_json()["code"]) == (503, code)
    assert int(answer.headers["Retry-After"]) > 0


def test_killed_between_commit_and_answer_the_retry_gets_the_receipt(
    booth: Booth, settings: Settings
) -> None:
    ballot = booth.ballot()
    work = {"poll": booth.poll, "ballots": [ballot], "threads": 1, "die": True}
    assert Caster(settings, work).wait() == -9
    assert booth.stored() == 1
    answers = [booth.cast(ballot) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].data == answers[1].data
    assert booth.stored() == 1


def test_a_locked_database_says_retry_and_the_retry_is_kept(impatient: Booth) -> None:
    ballot = impatient.ballot()
    with impatient.hold():
        _is_asked_to_retry(impatient.cast(ballot), "ballot-fate-unknown")
    _send_until_kept(impatient, ballot)
    assert impatient.cast(ballot).status_code == 200
    assert impatient.stored() == 1


def test_a_full_queue_says_so_at_once_and_keeps_those_that_wait(short: Booth) -> None:
    sent = [short.ballot(f"voter {n}") for n in range(30)]
    with short.hold():
        answers = short.cast_at_once(sent)
    codes = Counter(told["code"] for status, told in answers if status == 503)
    assert codes.total() == 30
    assert codes["intake-full"] >= 20
    assert codes["ballot-fate-unknown"] >= 3
    for ballot in sent:
        _send_until_kept(short, ballot)
    assert short.stored() == 30


def _send_until_kept(booth: Booth, ballot: Any) -> None:
    """As a phone does."""
    for _ in range(100):
        if booth.cast(ballot).status_code in (200, 201):
            return
        time.sleep(0.1)
    raise AssertionError("the ballot was never kept")


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_a_connection_that_is_lost_in_the_middle_says_retry(booth: Booth) -> None:
    ballot = booth.ballot()
    with ThreadPoolExecutor(1) as pool, booth.hold():
        cast = pool.submit(booth.cast, ballot)
        _end_the_waiting_connection(booth)
        _is_asked_to_retry(cast.result(), "ballot-fate-unknown")
    assert booth.cast(ballot).status_code == 201
    assert booth.stored() == 1


def _end_the_waiting_connection(booth: Booth) -> None:
    query = """
        SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock'
        """
    with booth.app.app_context():
        for _ in range(200):
            with engine("votes").begin() as connection:
                if connection.execute(text(query)).all() == [(True,)]:
                    return
            time.sleep(0.1)
    raise AssertionError("no connection waited for the lock")


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_full_disk_says_so_and_keeps_exactly_what_it_acknowledged(booth: Booth) -> None:
    """SQLite's own limit of pages stands for the end of the disk."""
    booth.cast(booth.ballot("before"))
    with booth.app.app_context():
        votes = engine("votes")
        with votes.connect() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    limit = [pages + 8]
    event.listen(
        votes, "begin", lambda c: c.exec_driver_sql(f"PRAGMA max_page_count={limit[0]}").close()
    )
    kept, refused = _cast_until_full(booth)
    assert kept >= 3
    assert booth.stored() == 1 + kept
    limit[0] = 1_000_000
    assert booth.cast(refused).status_code == 201


def _cast_until_full(booth: Booth) -> tuple[int, Any]:
    for n in range(500):
        ballot = booth.ballot(f"voter {n}")
        answer = booth.cast(ballot)
        if answer.status_code != 201:
            _is_asked_to_retry(answer, "ballot-fate-unknown")
            return n, ballot
    raise AssertionError("the disk did not get full")


def test_a_ballot_that_the_database_refuses_does_not_take_others_with_it(booth: Booth) -> None:
    _refuse_number_seven(booth.app)
    sent = [booth.ballot(f"voter {n}", seq=7 if n == 4 else 1) for n in range(10)]
    with ThreadPoolExecutor(10) as pool:
        with booth.hold():
            waiting = [pool.submit(booth.cast, ballot) for ballot in sent]
            time.sleep(0.5)
        answers = [one.result() for one in waiting]
    statuses = [answer.status_code for answer in answers]
    assert statuses[4] == 503
    assert answers[4].get_json()["code"] == "ballot-not-storable"
    assert Counter(statuses) == {201: 9, 503: 1}
    assert booth.stored() == 9


def _refuse_number_seven(app: Flask) -> None:
    if engine_name(app) == "sqlite":
        command = """
            CREATE TRIGGER refuse BEFORE INSERT ON ballot_inbox WHEN NEW.seq = 7
            BEGIN SELECT RAISE(ABORT, 'not this one'); END
            """
    else:
        command = "ALTER TABLE ballot_inbox ADD CONSTRAINT refuse CHECK (seq <> 7)"
    with app.app_context(), engine("votes").begin() as connection:
        connection.execute(text(command))


def test_no_log_of_the_ballot_path_tells_who_sent_what(
    impatient: Booth, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    ballot = impatient.ballot()
    sender = {
        "environ_base": {"REMOTE_ADDR": SENDER},
        "headers": {"X-Forwarded-For": SENDER, "User-Agent": "mvote-phone/7"},
    }
    with impatient.hold():
        assert impatient.cast(ballot, **sender).status_code == 503
    for sent in (ballot, ballot, {**ballot, "seq": 0}, b"{"):
        impatient.cast(sent, **sender)
    token = {"headers": {"Authorization": "Bearer it-is-me", "X-Forwarded-For": SENDER}}
    assert impatient.cast(ballot, **token).status_code == 400
    said = caplog.text
    assert said or engine_name(impatient.app) != "sqlite", "a locked database has to be told of"
    permit = ballot["permit"]
    for secret in (SENDER, "it-is-me", "mvote-phone", permit["mark"], ballot["nonce"]):
        assert secret not in said
    assert leaf_of(ballot).hex() not in said
