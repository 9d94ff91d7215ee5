"""Corrections, mergers and splits: both links stay alive, and nothing that is owed is lost."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.db import transaction
from mvote.installation import city_day
from mvote.votes.discussions import service as records
from mvote.votes.discussions.errors import (
    AnswerStillOwed,
    NothingToAnswer,
    NothingToSplit,
    RecordEntryUnknown,
    RecordMoved,
    RecordOfOtherDepartment,
    RecordsNotToMerge,
    RecordUnknown,
)
from mvote.votes.polls import service as polls
from mvote.votes.results.jobs import publish_closed
from tests.makers import words
from tests.votes.carrying import bearer, cancel, carry_to_close, freeze, now, open_poll
from tests.votes.discussions.carried import (
    ANSWERER,
    FOREIGNER,
    TEXT,
    answer,
    follow,
    kinds,
    published,
)


def _by() -> dict[str, Any]:
    return {"official": ANSWERER, "now": now(), "text": TEXT}


def _one_more_poll(record: str, title: str) -> str:
    poll = freeze(record=record, title=words(title))
    open_poll(poll)
    follow()
    return poll


def _due_dates(record: str) -> list[Any]:
    return [(due.cause, due.due_at) for due in records.get_record(record).summary.dues]


def test_a_merged_record_goes_on_in_the_other_with_all_that_is_owed(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        other, _ = published()
        running = _one_more_poll(record, "Again")
        promise, _ = records.make_promise(
            record, steps=[{"text": TEXT, "due": city_day(now()) + timedelta(9)}], **_by()
        )
        before = sorted(_due_dates(record) + _due_dates(other))
        with pytest.raises(RecordsNotToMerge):
            records.merge_record(record, into=record, **_by())
        with pytest.raises(RecordOfOtherDepartment):
            records.merge_record(record, into=other, **_by() | {"official": FOREIGNER})
        with pytest.raises(RecordUnknown):
            records.merge_record(record, into="0" * 16, **_by())
        entry, new = records.merge_record(record, into=other, **_by())
        assert new
        assert records.merge_record(record, into=other, **_by()) == (entry, False)
        found = records.get_record(record).summary
        assert (found.state, found.merged_into, found.dues) == ("merged", other, ())
        assert sorted(_due_dates(other)) == before
        with pytest.raises(RecordMoved):
            answer(record, poll)
        with pytest.raises(RecordMoved):
            records.merge_record(other, into=record, **_by())
        assert answer(other, poll)[1], "its result lies in the record that was merged"
        assert records.list_promises(other)[0].id == promise.poll
        cancel(running)
        follow()
        assert kinds(record)[-1] == "merged"
        assert kinds(other)[-1] == "cancelled"
        third, _ = published()
        records.merge_record(other, into=third, **_by())
        assert records.get_record(record).summary.merged_into == third
        assert len(records.get_record(third).summary.dues) == 4
        again = carry_to_close({"no": 2}, record=record)
        publish_closed(now())
        follow()
        assert kinds(third)[-2:] == ["poll", "result"]
        for one in (record, other, third):
            assert records.check_record(one) is None
        assert answer(third, again, options=_lost())[1]


def _lost() -> list[dict[str, Any]]:
    return [{"question": "q1", "option": "no", "decision": "adopted", "reason": None}]


def test_what_is_split_off_goes_on_in_a_record_of_its_own(app: Flask) -> None:
    with app.app_context():
        record, poll = published()
        second = _one_more_poll(record, "The railing")
        promise, _ = records.make_promise(
            record, steps=[{"text": TEXT, "due": city_day(now())}], **_by()
        )
        before = sorted(_due_dates(record))
        cut: dict[str, Any] = {"title": words("The railing"), "subjects": [second, promise.poll]}
        for wrong in ([poll, second, promise.poll], ["0" * 16], [second, second]):
            with pytest.raises(NothingToSplit):
                records.split_record(record, **cut | {"subjects": wrong}, **_by())
        entry, new = records.split_record(record, **cut, **_by())
        assert new
        assert records.split_record(record, **cut, **_by()) == (entry, False)
        child = str(entry.body["other"])
        assert sorted(_due_dates(record) + _due_dates(child)) == before
        assert [due[0] for due in _due_dates(child)] == [second]
        assert records.get_record(child).summary.state == "awaiting-result"
        answer(record, poll)
        assert records.get_record(record).summary.state == "answered"
        assert records.list_promises(record) == []
        assert records.tell_slipped(now=now() + timedelta(days=2)) == 1
        cancel(second)
        follow()
        assert kinds(child) == ["split", "step-slipped", "cancelled"]
        with pytest.raises(NothingToAnswer):
            answer(record, second)
        assert records.close_record(record, **_by())[1]
        told = {"promise": promise.poll, "outcome": "not-kept", "text": TEXT}
        assert records.close_record(child, promises=[told], **_by())[1]
        for one in (record, child):
            assert records.check_record(one) is None


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_an_entry_is_corrected_by_another_and_stays(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        record, poll = published()
        with pytest.raises(AnswerStillOwed):
            records.close_record(record, **_by())
        wrong, _ = answer(record, poll)
        records.close_record(record, **_by())
        for number in (0, 5, 10**6):
            with pytest.raises(RecordEntryUnknown):
                records.add_erratum(record, entry=number, **_by())
        said = _by() | {"text": words("Not steel: <i>wood</i>.")}
        made, new = records.add_erratum(record, entry=wrong.number, **said)
        assert new
        assert records.add_erratum(record, entry=wrong.number, **said) == (made, False)
        assert made.body["corrects"] == wrong.digest
        assert records.get_record(record).entries[wrong.number - 1] == wrong
    page = http.get(f"/records/{record}?lang=en").text
    assert page.count("Corrected by entry 5") == 1
    assert "Not steel: &lt;i&gt;wood&lt;/i&gt;." in page
    assert "Corrected" not in http.get(f"/records/{record}?lang=en&kind=polls").text


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_other_domains_write_each_thing_once(app: Flask) -> None:
    with app.app_context():
        with transaction("votes") as session:
            named = {"department": "roads", "title": words("An idea"), "now": now()}
            record = records.open_record(session, **named)
            assert records.open_record(session, record_id=record, **named) == record
            facts = {"kind": "pool", "subject": "p" * 16, "by": "", "now": now()}
            first = records.add_entry(session, record, body={"n": 1}, **facts)
            again = records.add_entry(session, record, body={"n": 1}, **facts)
            later = records.add_entry(session, record, body={"n": 2}, **facts)
        assert (first[1], again, later[0].version) == (True, (first[0], False), 2)
        assert records.get_record(record).summary.state == "discussed"
        assert records.check_record(record) is None
        assert polls.find_poll("p" * 16) is None


def test_records_are_merged_and_split_over_http(app: Flask, http: FlaskClient) -> None:
    """New is 201, what stands there already 200 with the same entry."""
    with app.app_context():
        record, _ = published()
        other, _ = published()
        second = _one_more_poll(other, "The railing")
        who = bearer(ANSWERER)
    for path, body in (
        (f"{record}/merge", {"into": other, "text": TEXT}),
        (f"{other}/split", {"title": words("The railing"), "subjects": [second], "text": TEXT}),
    ):
        made, again = (
            http.post(f"/api/v1/records/{path}", json=body, headers=who) for _ in range(2)
        )
        assert (made.status_code, again.status_code) == (201, 200), made.text
        assert made.get_json() == again.get_json()
        assert made.get_json()["body"]["text"] == TEXT
