"""What a department writes into its record, and what it cannot."""

from datetime import date, timedelta
from typing import Any

import pytest
from flask import Flask

from mvote.audit.service import list_entries
from mvote.core.official import Official
from mvote.votes.discussions import service as records
from mvote.votes.discussions.errors import (
    AnswerAlreadyGiven,
    AnswerStillOwed,
    NothingToAnswer,
    OfficialAnswerRefused,
    RecordClosed,
    RecordOfOtherDepartment,
    RecordUnknown,
)
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from tests.makers import words
from tests.votes.carrying import freeze, now, open_poll
from tests.votes.discussions.carried import (
    ADOPTED,
    ANSWERER,
    FOREIGNER,
    NOT,
    TEXT,
    answer,
    follow,
    published,
)

ADMINISTRATOR = Official("administrator-1", "city", frozenset({"answerer", "administrator"}))
pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def test_an_answer_meets_its_due_date_and_names_the_result(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        entry, new = answer(record, poll)
        assert new
        assert (entry.kind, entry.version, entry.by) == ("answer", 1, "roads")
        assert entry.body["result"] == results.get_result(poll).digest
        found = records.get_record(record)
        assert found.summary.state == "answered"
        (due,) = found.summary.dues
        assert due.met_at == entry.at
        assert not found.summary.overdue(due.due_at + timedelta(days=1))
        assert records.list_overdue(now=due.due_at + timedelta(days=1)) == {}
        assert records.check_record(record) is None
        told = [one.name for one in list_entries("votes", subject=record)]
        assert told == ["ScopeOpened", "DueSet", "AnswerGiven"]


def test_a_later_answer_is_a_new_version_and_the_old_one_stays(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        answer(record, poll)
        met = records.get_record(record).summary.dues[0].met_at
        entry, new = answer(record, poll, text=words("We build it in steel."))
        assert new
        assert entry.version == 2
        texts = [e.body["text"] for e in records.get_record(record).entries if e.kind == "answer"]
        assert texts == [TEXT, words("We build it in steel.")]
        assert records.get_record(record).summary.dues[0].met_at == met


def test_a_retry_of_the_same_words_adds_nothing(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        said = {"text": TEXT, "official": ANSWERER, "now": now()}
        expected = (now() + timedelta(days=9)).date()
        for write in (
            lambda: records.give_interim_answer(record, poll=poll, expected=expected, **said),
            lambda: answer(record, poll),
            lambda: records.add_step(record, planned=None, done=date(2030, 1, 2), **said),
            lambda: records.close_record(record, **said),
        ):
            first, new = write()
            again, new_again = write()
            assert (new, new_again) == (True, False)
            assert again == first
        kinds = [entry.kind for entry in records.get_record(record).entries]
        assert kinds == ["poll", "result", "interim-answer", "answer", "step", "closing-report"]


def test_every_winning_option_has_to_be_answered(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        for options in ([], [NOT], [ADOPTED], [ADOPTED | {"decision": "not-adopted"}, NOT]):
            with pytest.raises(OfficialAnswerRefused):
                answer(record, poll, options=options)
        reasoned = ADOPTED | {"decision": "not-adopted", "reason": words("No money.")}
        assert answer(record, poll, options=[reasoned, NOT])[1]


def test_only_the_department_of_the_record_writes_into_it(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        with pytest.raises(RecordOfOtherDepartment):
            answer(record, poll, official=FOREIGNER)
        with pytest.raises(RecordOfOtherDepartment):
            records.close_record(record, text=TEXT, official=FOREIGNER, now=now())
        with pytest.raises(RecordOfOtherDepartment):
            answer(record, poll, official=ADMINISTRATOR)


def test_nothing_is_answered_before_there_is_a_result(app: Flask) -> None:
    with app.app_context():
        poll = freeze()
        open_poll(poll)
        follow()
        record = polls.get_poll(poll).record
        said: dict[str, Any] = {"text": TEXT, "official": ANSWERER, "now": now()}
        with pytest.raises(NothingToAnswer):
            answer(record, poll)
        with pytest.raises(NothingToAnswer):
            records.give_interim_answer(record, poll=poll, expected=date(2099, 1, 1), **said)
        with pytest.raises(NothingToAnswer):
            records.add_step(record, planned=None, done=None, **said)
        with pytest.raises(NothingToAnswer):
            records.close_record(record, **said)
        with pytest.raises(RecordUnknown):
            records.close_record("0" * 16, **said)


def test_a_poll_of_another_record_is_not_answered_here(app: Flask) -> None:
    with app.app_context():
        record, _ = published()
        _, other = published()
        with pytest.raises(NothingToAnswer):
            answer(record, other)


def test_an_interim_answer_moves_no_date_and_comes_before_the_answer(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        before = records.get_record(record).summary.dues
        said: dict[str, Any] = {"poll": poll, "official": ANSWERER, "now": now()}
        expected = (now() + timedelta(days=60)).date()
        with pytest.raises(OfficialAnswerRefused):
            records.give_interim_answer(record, text=TEXT, expected=date(2020, 1, 1), **said)
        records.give_interim_answer(record, text=TEXT, expected=expected, **said)
        found = records.get_record(record)
        assert found.summary.dues == before
        assert found.summary.state == "awaiting-answer"
        assert records.list_overdue(now=before[0].due_at + timedelta(days=1))["roads"][0].interim
        answer(record, poll)
        with pytest.raises(AnswerAlreadyGiven):
            records.give_interim_answer(record, text=words("Wait."), expected=expected, **said)


def test_a_closed_record_takes_no_more_until_a_new_poll_opens_it(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        said: dict[str, Any] = {"text": TEXT, "official": ANSWERER, "now": now()}
        with pytest.raises(AnswerStillOwed):
            records.close_record(record, **said)
        answer(record, poll)
        records.close_record(record, **said)
        assert records.get_record(record).summary.state == "closed"
        with pytest.raises(RecordClosed):
            answer(record, poll, text=words("Another."))
        with pytest.raises(RecordClosed):
            records.add_step(record, planned=None, done=None, **said)
        with pytest.raises(RecordClosed):
            records.close_record(record, **said | {"text": words("Another.")})
        with pytest.raises(RecordClosed):
            records.give_interim_answer(record, poll=poll, expected=date(2099, 1, 1), **said)
        freeze(record=record)
        follow()
        assert records.get_record(record).summary.state == "awaiting-result"
        with pytest.raises(AnswerStillOwed):
            records.close_record(record, **said)
        assert records.add_step(record, planned=None, done=None, **said)[1]
