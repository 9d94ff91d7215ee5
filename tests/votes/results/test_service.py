"""A result is counted once, frozen, and is what readers get."""

import hashlib
import threading

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.audit.service import list_entries
from mvote.core.canonical import canonical_bytes, parse
from mvote.core.phases import PollUnknown
from mvote.core.poll import AlreadyPublished
from mvote.db import engine, reading, transaction
from mvote.votes.ballots.errors import BallotsNotOpen, CountHiddenBeforeClose
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from mvote.votes.results.errors import ResultNotPublished
from mvote.votes.results.jobs import publish_closed
from mvote.votes.results.rules import BALLOTS_CSV, RESULT_CSV, RESULT_JSON
from mvote.votes.results.tables import ResultFileRow, ResultRow
from tests.makers import budget_question, make_poll_draft
from tests.votes.carrying import carry_to_close, cast, close, freeze, now, open_poll


def _published(poll: str) -> int:
    return sum(one.name == "ResultPublished" for one in list_entries("votes", subject=poll))


def test_the_published_result_is_what_was_cast(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 5, "no": 3})
        assert publish_closed(now()) == 1
        result = results.get_result(poll)
        question = result.document["questions"][0]
        assert question["outcome"]["totals"] == {"yes": "5", "no": "3"}
        assert result.document["decision"]["chosen"] == {"q1": ["yes"]}
        assert (result.document["issued"], result.document["voters"]) == (8, 8)
        assert polls.get_poll(poll).state == "published"


def test_only_the_last_ballot_of_a_voter_counts(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        open_poll(poll)
        cast(poll, {"q1": ["yes"]}, voter="kim")
        cast(poll, {"q1": ["no"]}, voter="kim", seq=2)
        cast(poll, {"q1": []}, voter="lee")
        close(poll, issued=3)
        publish_closed(now())
        document = results.get_result(poll).document
        assert document["questions"][0]["outcome"]["totals"] == {"yes": "0", "no": "1"}
        assert (document["ballots"], document["voters"], document["superseded"]) == (3, 2, 1)
        assert document["questions"][0]["outcome"]["blank"] == 1


def test_a_budget_is_allocated(app: Flask) -> None:
    with app.app_context():
        question = budget_question(100, {"a": 60, "b": 50, "c": 40})
        votes = {"a": 4, "b": 3, "c": 2}
        poll = carry_to_close(votes, question="projects", kind="budget", questions=[question])
        publish_closed(now())
        assert results.get_result(poll).document["decision"]["chosen"] == {"projects": ["a", "c"]}


def test_the_digest_is_that_of_the_bytes_and_is_told_to_the_log(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 1})
        publish_closed(now())
        file = results.get_file(poll, RESULT_JSON)
        assert hashlib.sha256(file.content).hexdigest() == file.digest
        assert canonical_bytes(parse(file.content)) == file.content
        told = [one for one in list_entries("votes", subject=poll) if one.name == "ResultPublished"]
        assert [one.body["digest"] for one in told] == [file.digest]
        assert told[0].body["record"] == polls.get_poll(poll).record


def test_a_result_is_published_once(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 2})
        assert publish_closed(now()) == 1
        first = results.get_file(poll, RESULT_JSON)
        assert publish_closed(now()) == 0
        assert results.publish_result(poll, now=now()) is False
        assert results.get_file(poll, RESULT_JSON) == first
        with pytest.raises(AlreadyPublished), transaction("votes") as session:
            polls.mark_published(session, poll, now=now())
        assert _published(poll) == 1


def test_of_many_workers_one_publishes(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 2})
    ready, done = threading.Barrier(4), []

    def work() -> None:
        with app.app_context():
            ready.wait()
            done.append(results.publish_result(poll, now=now()))

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(done) == [False, False, False, True]
    with app.app_context():
        assert _published(poll) == 1


def test_what_fails_on_the_way_leaves_nothing_half_published(app: Flask) -> None:
    """A row in the way stands for any fault behind the first write."""
    with app.app_context():
        poll = carry_to_close({"yes": 2})
        with transaction("votes") as session:
            session.add(ResultRow(poll=poll, digest="0" * 64, published_at=now()))
        with pytest.raises(Exception, match="results"):
            results.publish_result(poll, now=now())
        assert polls.get_poll(poll).state == "closed"
        assert _published(poll) == 0
        with reading("votes") as session:
            assert session.scalars(select(ResultFileRow.name)).all() == []


def test_one_poll_that_cannot_be_counted_does_not_hold_up_the_others(
    app: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    with app.app_context():
        broken, sound = carry_to_close({"yes": 1}), carry_to_close({"no": 1})
        with transaction("votes") as session:
            session.add(ResultRow(poll=broken, digest="0" * 64, published_at=now()))
        assert publish_closed(now()) == 1
        assert polls.get_poll(sound).state == "published"
        assert polls.get_poll(broken).state == "closed"
        assert publish_closed(now()) == 0
        assert f"the result of poll {broken} could not be made" in caplog.text
        assert "parameters hidden" in caplog.text


def test_before_the_close_nothing_is_counted(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        open_poll(poll)
        cast(poll, {"q1": ["yes"]})
        assert publish_closed(now()) == 0
        assert results.publish_result(poll, now=now()) is False
        with pytest.raises(ResultNotPublished):
            results.get_result(poll)
        with pytest.raises(CountHiddenBeforeClose):
            results.get_running_count(poll)


def test_a_poll_that_shows_running_results_shows_what_is_on_the_board(app: Flask) -> None:
    with app.app_context():
        rule = make_poll_draft()["decision"] | {"results": "live"}
        poll = freeze(decision=rule)
        open_poll(poll)
        cast(poll, {"q1": ["yes"]})
        assert _running(poll) == {"yes": "0", "no": "0"}  # in the inbox, not on the board
        close(poll, issued=1)
        assert _running(poll) == {"yes": "1", "no": "0"}
        assert "winners" not in str(results.get_running_count(poll))


def _running(poll: str) -> dict[str, str]:
    count = results.get_running_count(poll)
    assert count["provisional"] is True
    totals: dict[str, str] = count["questions"][0]["totals"]
    return totals


def test_an_unknown_poll_is_unknown(app: Flask) -> None:
    with app.app_context(), pytest.raises(PollUnknown):
        results.get_result("0" * 16)


def test_names_and_choices_are_published_at_level_open_only(app: Flask) -> None:
    with app.app_context():
        poll = freeze(level="open")
        open_poll(poll)
        cast(poll, {"q1": ["yes"]}, name="홍길동")
        cast(poll, {"q1": ["no"]}, name="=1+1")
        cast(poll, {"q1": ["no"]})
        close(poll, issued=3)
        publish_closed(now())
        table = results.get_ballots_file(poll).content.decode("utf-8-sig")
        assert table == "name,q1\r\n,no\r\n'=1+1,no\r\n홍길동,yes\r\n"
        closed = carry_to_close({"yes": 1})
        publish_closed(now())
        with pytest.raises(BallotsNotOpen):
            results.get_ballots_file(closed)
        with reading("votes") as session:
            assert session.get(ResultFileRow, (closed, BALLOTS_CSV)) is None


def test_files_are_read_from_memory_after_the_first_time(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 1})
        publish_closed(now())
        first = results.get_file(poll, RESULT_CSV)
        with engine("votes").begin() as connection:
            connection.exec_driver_sql("DELETE FROM result_files")
        assert results.get_file(poll, RESULT_CSV) is first
        with pytest.raises(ResultNotPublished):
            results.get_file(poll, RESULT_JSON)
