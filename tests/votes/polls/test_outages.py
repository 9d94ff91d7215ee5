"""A declared outage moves the closing: by its length, never beyond what was frozen, by two."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mvote.core.official import Official
from mvote.core.outage import Outage
from mvote.core.poll import poll_hash
from mvote.core.times import iso, parse_iso
from mvote.votes.polls import service
from mvote.votes.polls.errors import ClosingTimePassed
from mvote.votes.polls.service.steps import _close_one
from mvote.votes.polls.service.turns import lock_row
from tests.makers import words
from tests.votes.polls.conftest import Office

HOUR = timedelta(hours=1)
RULE = {"extend": True, "most_seconds": 2 * 3600}
REASON = words("The data centre had no power.")


def _opened(office: Office, **changes: Any) -> tuple[str, datetime]:
    """A poll that was opened an hour ago, and its frozen closing."""
    poll = office.opened(**{"outage": RULE, **changes})

    def earlier(session: Any) -> None:
        row = lock_row(session, poll)
        row.opened_at -= HOUR

    office.in_transaction(earlier)
    return poll, parse_iso(office.get(f"/polls/{poll}").json["closes"])


def _outage(minutes: int, *, ago: int = 50) -> dict[str, Any]:
    begin = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=ago)
    return {"begin": iso(begin), "end": iso(begin + timedelta(minutes=minutes)), "reason": REASON}


def _closes(office: Office, poll: str) -> datetime:
    return parse_iso(office.get(f"/polls/{poll}").json["closes"])


def test_two_officials_move_the_closing_by_the_length_of_an_outage(office: Office) -> None:
    poll, closes = _opened(office)
    before = office.get(f"/polls/{poll}").json
    outage = _outage(30)
    asked = office.ask(poll, "outages", **outage)
    assert _closes(office, poll) == closes
    done = office.act(poll, "outages", pending=asked)
    assert (done.status_code, done.json["about"], done.json["text"]) == (200, "outage", REASON)
    shown = office.get(f"/polls/{poll}").json
    assert parse_iso(shown["closes"]) == closes + timedelta(minutes=30)
    assert shown["notes"] == [done.json]
    told = {"begin": outage["begin"], "end": outage["end"], "closes": shown["closes"]}
    assert done.json["outage"] == told
    assert shown["definition"] == before["definition"]
    assert shown["ph"] == poll_hash(shown["definition"])
    said = office.said(poll)[-1]
    assert (said["kind"], said["body"]["state"]) == ("poll-state", "open")
    assert said["body"]["closes"] == shown["closes"]
    names = [one.name for one in office.happened(poll)]
    assert names[-4:] == ["ActAsked", "ActConfirmed", "PollNoted", "ClosingMoved"]


def test_the_schedule_does_not_close_a_moved_poll_at_its_old_time(office: Office) -> None:
    poll, closes = _opened(office)
    office.together(poll, "outages", **_outage(30))
    assert office.at_work(service.close_due, closes) == 0
    assert office.at_work(service.close_due, closes + timedelta(minutes=29)) == 0
    assert office.state(poll) == "open"
    assert office.at_work(service.close_due, closes + timedelta(minutes=30)) == 1
    assert office.state(poll) == "closing"
    assert office.said(poll)[-1]["body"]["closes"] == iso(closes + timedelta(minutes=30))


def test_a_worker_that_looked_before_the_closing_moved_does_not_close(office: Office) -> None:
    """Between its look and its turn two officials declare an outage."""
    poll, closes = _opened(office)
    office.together(poll, "outages", **_outage(30))
    assert office.at_work(_close_one, poll, closes) == 0
    assert office.state(poll) == "open"


def test_outages_move_a_closing_as_far_as_frozen_and_each_counts_once(office: Office) -> None:
    poll, closes = _opened(office, outage={"extend": True, "most_seconds": 1800})
    first = _outage(20)
    office.together(poll, "outages", **first)
    again = office.act(poll, "outages", **first)
    assert (again.status_code, again.json["code"]) == (409, "outage-overlaps")
    office.must(poll, "suspend")
    office.together(poll, "outages", **_outage(20, ago=25))
    assert _closes(office, poll) == closes + timedelta(minutes=30)
    more = office.act(poll, "outages", **_outage(2, ago=4))
    assert (more.status_code, more.json["code"]) == (409, "closing-moved-far-enough")
    assert [one["number"] for one in office.get(f"/polls/{poll}").json["notes"]] == [1, 2]


def test_an_outage_asked_for_twice_is_confirmed_once(office: Office) -> None:
    poll, closes = _opened(office)
    outage = _outage(30)
    mine, other = office.ask(poll, "outages", **outage), office.token("cyd", "approver")
    theirs = office.ask(poll, "outages", other, **outage)
    assert office.act(poll, "outages", pending=mine).status_code == 200
    late = office.act(poll, "outages", pending=theirs)
    assert (late.status_code, late.json["code"]) == (409, "pending-act-void")
    assert _closes(office, poll) == closes + timedelta(minutes=30)


def test_what_is_no_outage_moves_nothing(office: Office) -> None:
    poll, closes = _opened(office)
    ruleless, draft = office.opened(), office.draft(outage=RULE)
    good = _outage(30)
    long_ago, to_come = _outage(30, ago=90), _outage(30, ago=-10)
    for where, body, status, code in (
        (ruleless, good, 409, "outages-move-nothing"),
        (draft, good, 409, "poll-not-frozen"),
        (poll, long_ago, 422, "outage-not-inside"),
        (poll, to_come, 422, "outage-not-inside"),
        (poll, _outage(0), 422, "outage-not-inside"),
        (poll, _outage(-5), 422, "outage-not-inside"),
        (poll, {**good, "end": iso(closes + HOUR)}, 422, "outage-not-inside"),
        (poll, {"begin": good["begin"], "reason": REASON}, 422, "fields-refused"),
        (poll, {**good, "reason": {"ko": "정전"}}, 422, "fields-refused"),
        (poll, {**good, "end": "soon"}, 422, "fields-refused"),
        (poll, {}, 422, "fields-refused"),
        (poll, {"pending": "0123456789abcdef"}, 404, "pending-act-unknown"),
        (poll, {"pending": "0123456789abcdef", "begin": good["begin"]}, 422, "fields-refused"),
    ):
        answer = office.post(f"/polls/{where}/outages", body, office.approver)
        assert (answer.status_code, answer.json["code"]) == (status, code), body
    assert _closes(office, poll) == closes


def test_no_closing_moves_after_it(office: Office) -> None:
    poll, closes = _opened(office)
    asked = office.ask(poll, "outages", **_outage(30))
    official = Official("bea", "roads", frozenset({"approver"}))
    begin = closes - HOUR
    for facts in ({"pending": asked}, {"outage": Outage(begin, closes), "reason": REASON}):
        with pytest.raises(ClosingTimePassed):
            office.at_work(service.declare_outage, poll, official=official, now=closes, **facts)
    assert office.at_work(service.close_due, closes) == 1
    late = office.act(poll, "outages", pending=asked)
    assert (late.status_code, late.json["code"]) == (409, "poll-closed")


def test_an_outage_is_declared_while_the_poll_is_suspended_and_resumed(office: Office) -> None:
    """The request stays good, for the closing is still the one that was seen."""
    poll, closes = _opened(office)
    office.must(poll, "suspend")
    asked = office.ask(poll, "outages", **_outage(30))
    office.must(poll, "resume")
    assert office.act(poll, "outages", pending=asked).status_code == 200
    assert _closes(office, poll) == closes + timedelta(minutes=30)
