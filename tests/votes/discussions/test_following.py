"""Polls and results enter their record by themselves, each exactly once."""

import json
import signal
import threading
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError

from mvote.audit.service import list_entries, seal
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.settings import Settings
from mvote.votes.discussions import service as records
from mvote.votes.discussions.errors import RecordUnknown
from mvote.votes.discussions.rules import Record
from mvote.votes.discussions.service.chaining import append, lock_record
from mvote.votes.discussions.tables import RecordEntryRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.tables import DueRow
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from mvote.votes.results.jobs import publish_closed
from tests.forks import Fork
from tests.makers import make_poll_draft, words
from tests.votes.carrying import DRAFTER, cancel, carry_to_close, freeze, now, open_poll
from tests.votes.discussions.dying import publish_and_die

KILL_SECONDS = 120


def _record(poll: str) -> Record:
    return records.get_record(polls.get_poll(poll).record)


def _follow() -> int:
    seal("votes")
    return records.follow_polls()


def _kinds(poll: str) -> list[str]:
    return [entry.kind for entry in _record(poll).entries]


def test_a_frozen_poll_opens_its_record(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        with pytest.raises(RecordUnknown):
            _record(poll)
        assert _follow() == 1
        found = _record(poll)
        assert found.head.title == words("The bridge")
        assert (found.head.department, found.summary.state) == ("roads", "awaiting-result")
        assert found.entries[0].body["ph"] == polls.get_poll(poll).ph
        assert found.entries[0].body["questions"][0]["id"] == "q1"
        assert found.summary.dues == ()
        assert _follow() == 0


def test_the_due_date_is_set_when_the_poll_opens(app: Flask) -> None:
    with app.app_context():
        poll = freeze(answer_days=14)
        open_poll(poll)
        _follow()
        (due,) = _record(poll).summary.dues
        days = due.due_at - polls.get_poll(poll).closes_at
        assert timedelta(days=14) <= days < timedelta(days=15)
        assert iso(due.due_at).endswith("T14:59:59Z")  # the end of the day in Seoul


def test_a_published_result_enters_by_its_digest(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 2})
        _follow()
        publish_closed(now())
        assert _follow() == 1
        entry = _record(poll).entries[-1]
        assert (entry.kind, entry.poll) == ("result", poll)
        assert entry.body["digest"] == results.get_result(poll).digest
        assert _record(poll).summary.state == "awaiting-answer"
        assert records.check_record(_record(poll).head.id) is None
        assert _follow() == 0


def test_of_many_workers_one_enters_it(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 2})
        publish_closed(now())
        seal("votes")
    ready, done, failed = threading.Barrier(4), [], []

    def work() -> None:
        with app.app_context():
            ready.wait()
            try:
                done.append(records.follow_polls())
            except IntegrityError as error:  # two make the reader's cursor at once
                failed.append(error)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(done) == 3
    with app.app_context():
        assert _kinds(poll) == ["poll", "result"]


@pytest.mark.parametrize(
    "where", ["before-publishing", "after-publishing", "while-entering", "after-entering"]
)
def test_a_killed_worker_neither_loses_nor_doubles_a_result(
    app: Flask, settings: Settings, where: str
) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 1})
        _follow()
    assert Fork(publish_and_die, settings, where).wait(KILL_SECONDS) == -signal.SIGKILL
    with app.app_context():
        entered = _kinds(poll).count("result")
        assert entered == (1 if where == "after-entering" else 0)
        for _ in range(2):
            publish_closed(now())
            _follow()
        assert _kinds(poll) == ["poll", "result"]
        told = [one for one in list_entries("votes", subject=poll) if one.name == "ResultPublished"]
        assert len(told) == 1
        assert told[0].body["digest"] == _record(poll).entries[-1].body["digest"]


def test_a_result_cannot_enter_twice_whoever_writes_it(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 1})
        publish_closed(now())
        _follow()
        found = _record(poll)
        with pytest.raises(IntegrityError), transaction("votes") as session:
            append(session, lock_record(session, found.head.id), "result", {}, poll=poll, at=now())
        assert _record(poll) == found


def test_the_program_has_no_way_to_change_or_remove_an_entry(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        _follow()
        key = (_record(poll).head.id, 1)
        with pytest.raises(RuntimeError, match="never changed"), transaction("votes") as session:
            session.get_one(RecordEntryRow, key).body = "{}"
        with pytest.raises(RuntimeError, match="never changed"), transaction("votes") as session:
            session.delete(session.get_one(RecordEntryRow, key))


def test_a_changed_entry_is_found(app: Flask) -> None:
    with app.app_context():
        poll = carry_to_close({"yes": 1})
        publish_closed(now())
        _follow()
        record = _record(poll).head.id
        with transaction("votes") as session:
            forged = json.dumps({"poll": poll, "digest": "0" * 64})
            is_result = RecordEntryRow.kind == "result"
            session.execute(update(RecordEntryRow).where(is_result).values(body=forged))
        assert records.check_record(record) == "entry 2 was changed"
        with transaction("votes") as session:
            session.execute(delete(RecordEntryRow).where(is_result))
        assert records.check_record(record) == "entry 2 is missing"


def test_a_cancelled_poll_owes_no_answer_and_says_why(app: Flask) -> None:
    with app.app_context():
        poll = freeze(answer_days=1)
        open_poll(poll)
        cancel(poll)
        _follow()
        found = _record(poll)
        assert [entry.kind for entry in found.entries] == ["poll", "cancelled"]
        assert found.entries[-1].body["reason"] == words("The stream dried up.")
        (due,) = found.summary.dues
        assert due.lifted_at is not None
        assert due.why == words("The stream dried up.")
        assert found.summary.state == "withdrawn"
        assert not found.summary.overdue(now() + timedelta(days=9))


def test_a_draft_that_is_cancelled_leaves_no_record(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        content = make_poll_draft(record=polls.get_poll(poll).record)
        draft = polls.draft_poll(content, official=DRAFTER, now=now()).poll.id
        polls.cancel_poll(draft, reason=words("No bridge."), official=DRAFTER, now=now())
        _follow()
        assert _kinds(poll) == ["poll"]


def test_two_polls_of_one_issue_share_a_record(app: Flask) -> None:
    with app.app_context():
        first = freeze()
        second = freeze(record=polls.get_poll(first).record, title=words("The railing"))
        _follow()
        found = _record(second)
        assert [entry.poll for entry in found.entries] == [first, second]
        assert found.head.title == words("The bridge")


def test_an_answer_that_is_late_is_told_once(app: Flask) -> None:
    with app.app_context():
        poll = freeze(answer_days=1)
        open_poll(poll)
        _follow()
        record = polls.get_poll(poll).record
        due = _record(poll).summary.dues[0].due_at
        assert dues.tell_overdue(now=due) == 0
        assert records.list_overdue(now=due) == {}
        late = due + timedelta(days=3, seconds=1)
        assert dues.tell_overdue(now=late) == 2  # the officer, and the head of the department
        assert dues.tell_overdue(now=late) == 0
        told = [one for one in list_entries("votes", subject=record) if one.name == "AnswerOverdue"]
        assert [one.body["due_at"] for one in told] == [iso(due)]
        (owed,) = records.list_overdue(now=late)["roads"]
        assert (owed.due.cause, owed.due.days(late), owed.interim) == (poll, 3, False)
        assert _record(poll).summary.overdue(late)


def test_the_due_date_is_never_made_earlier(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        open_poll(poll)
        _follow()
        due = _record(poll).summary.dues[0]
        with pytest.raises(ValueError, match="made due earlier"), transaction("votes") as session:
            session.get_one(DueRow, due.id).due_at = due.due_at - timedelta(seconds=1)


def test_lists_go_on_behind_the_last_one_shown(app: Flask) -> None:
    with app.app_context():
        ids = {polls.get_poll(freeze()).record for _ in range(5)}
        _follow()
        seen: list[str] = []
        after: tuple[datetime, str] | None = None
        while page := records.list_records(after=after, limit=2):
            seen += [one.head.id for one in page]
            after = (page[-1].head.opened_at, page[-1].head.id)
        assert sorted(seen) == sorted(ids)
        assert records.list_records(after=None, limit=9, department="parks") == []
        with reading("votes") as session:
            assert session.scalar(select(func.count()).select_from(RecordEntryRow)) == 5
