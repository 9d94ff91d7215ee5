"""What a department owes: pauses, “not mine”, closures, and who is told when it is late."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from mvote.audit.service import list_entries
from mvote.core.ids import new_id
from mvote.core.official import Official
from mvote.core.working_time import DAYS, WORKING_DAYS, Within
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.dues.errors import (
    ClosureNotAhead,
    DueOfOtherDepartment,
    DueOver,
    DuePast,
    DueUnknown,
    NamedDepartmentUnknown,
    NotForYouToSettle,
    OwnerSettled,
    PauseNotAhead,
    PausesUsedUp,
    PauseTooLong,
)
from mvote.votes.dues.rules import ANSWER, FIRST_REPLY, INTERIM, Due
from mvote.votes.polls import service as polls
from tests.makers import words

SEOUL = ZoneInfo("Asia/Seoul")
START = datetime(2030, 5, 3, 1, tzinfo=UTC)  # a Friday, 10:00 in Seoul
DAY = timedelta(days=1)
TOLD = ("AnswerOverdue", "DueEscalated")
WHY = words("The survey of the ground is not done.")
SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def _official(department: str) -> Official:
    return Official(f"of-{department}", department, frozenset({"answerer"}))


def _owe(cause: str, *, within: Within, kind: str = ANSWER, record: str = "") -> Due:
    title = words("The bridge")
    with transaction("votes") as session:
        record = record or records.open_record(session, department="roads", title=title, now=START)
        facts: dict[str, Any] = {"kind": kind, "start": START, "within": within, "now": START}
        return dues.set_due(session, record=record, cause=cause, department="roads", **facts)


def _city(app: Flask, monkeypatch: pytest.MonkeyPatch, **changes: Any) -> None:
    made = app.extensions["mvote"]
    changed = replace(made, settings=replace(made.settings, **changes))
    monkeypatch.setitem(app.extensions, "mvote", changed)


@SQLITE
def test_a_promise_stays_whatever_day_off_is_named_later(app: Flask) -> None:
    """And who promises after that counts the closure, until it is withdrawn."""
    official = Official("a", "city", frozenset({"administrator"}))
    with app.app_context():
        first = _owe(new_id(), within=Within(2, WORKING_DAYS))
        assert first.due_at == datetime(2030, 5, 8, 14, 59, 59, tzinfo=UTC)  # no work on the 6th
        names: dict[str, Any] = {"reason": words("The town hall moves."), "official": official}
        for begin, end in ((date(2030, 5, 2), date(2030, 5, 4)), (date(2030, 5, 8), START.date())):
            with pytest.raises(ClosureNotAhead):
                dues.name_closure(first=begin, last=end, now=START, **names)
        closed = dues.name_closure(
            first=date(2030, 5, 7), last=date(2030, 5, 8), now=START, **names
        )
        assert dues.get_due(first.id).due_at == first.due_at
        assert _owe(first.cause, within=Within(9, DAYS)) == first
        second = _owe(new_id(), within=Within(2, WORKING_DAYS))
        assert second.due_at == first.due_at + 5 * DAY  # the 9th is Buddha's birthday
        assert second.due_at.astimezone(SEOUL).date() == date(2030, 5, 13)
        dues.withdraw_closure(closed.id, reason=WHY, official=official, now=START)
        assert [one.withdrawn_why for one in dues.list_closures(year=2030)] == [WHY]
        assert dues.get_due(second.id).due_at == second.due_at
        assert _owe(new_id(), within=Within(2, WORKING_DAYS)).due_at == first.due_at
        assert (date(2030, 5, 6), "Alternative holiday for Children's Day") in [
            (day, name) for day, name in dues.list_holidays(year=2030)
        ]


@SQLITE
def test_a_clock_is_paused_ahead_in_public_and_within_bounds(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    _city(app, monkeypatch, pauses_per_due=2, pause_days=10)
    with app.app_context():
        due = _owe(new_id(), within=Within(5, DAYS))

        def pause(until: date, now: datetime = START + DAY, **more: Any) -> tuple[Any, bool]:
            said: dict[str, Any] = {"reason": WHY, "official": _official("roads")} | more
            return dues.pause_due(due.id, until=until, now=now, **said)

        with pytest.raises(PauseNotAhead):
            pause(date(2030, 5, 4))
        with pytest.raises(PauseTooLong):
            pause(date(2030, 5, 15))
        with pytest.raises(DueOfOtherDepartment):
            pause(date(2030, 5, 9), official=_official("parks"))
        with pytest.raises(DueUnknown):
            dues.pause_due("x", until=START.date(), reason=WHY, official=_official("a"), now=START)
        first, new = pause(date(2030, 5, 9))
        assert new
        assert first.due_at == due.due_at + 5 * DAY  # four days were left
        assert pause(date(2030, 5, 9)) == (first, False)
        with pytest.raises(PauseTooLong) as long:
            pause(date(2030, 5, 12))
        assert long.value.params["left"] == 5
        # the clock was set back by a day: the pause begins when the one before it began
        second, _ = pause(date(2030, 5, 8), now=START, reason=words("Still not."))
        assert second.began_at == first.began_at
        assert second.due_at >= first.due_at
        with pytest.raises(PausesUsedUp):
            pause(date(2030, 5, 8), reason=words("Never."))
        found = dues.get_due(due.id)
        assert [one["until"] for one in found.to_json(START)["pauses"]] == [
            "2030-05-09",
            "2030-05-08",
        ]
        late = _owe(new_id(), within=Within(5, DAYS))
        dues.tell_overdue(now=late.due_at + timedelta(seconds=1))
        for now in (late.due_at + DAY, START):
            with pytest.raises(DuePast):
                dues.pause_due(
                    late.id,
                    until=date(2030, 6, 1),
                    reason=WHY,
                    official=_official("roads"),
                    now=now,
                )


def test_two_departments_that_say_not_mine_end_with_one_owner(app: Flask) -> None:
    with app.app_context():
        for code in ("roads", "parks", "water"):
            polls.add_department(code, name=words(code), by="test", now=START)
        due = _owe(new_id(), within=Within(5, DAYS))

        def refuse(by: str, named: str) -> str:
            said: dict[str, Any] = {"reason": WHY, "official": _official(by), "now": START}
            return dues.refuse_due(due.id, department=named, **said)[0].owner

        def assign(by: str, to: str) -> str:
            said: dict[str, Any] = {"reason": WHY, "official": _official(by), "now": START}
            return dues.assign_due(due.id, department=to, **said)[0].owner

        for named in ("roads", "nobody"):
            with pytest.raises(NamedDepartmentUnknown):
                refuse("roads", named)
        with pytest.raises(DueOfOtherDepartment):
            refuse("parks", "water")
        with pytest.raises(OwnerSettled):
            assign("mayor", "water")
        assert refuse("roads", "parks") == "parks"
        assert refuse("roads", "parks") == "parks"  # a retry
        with pytest.raises(DueOfOtherDepartment):
            refuse("roads", "water")
        assert refuse("parks", "roads") == "mayor"
        with pytest.raises(OwnerSettled):
            refuse("mayor", "roads")
        with pytest.raises(NotForYouToSettle):
            assign("roads", "parks")
        assert assign("mayor", "roads") == "roads"
        for by in ("roads", "mayor"):
            with pytest.raises((OwnerSettled, DueOfOtherDepartment)):
                refuse(by, "parks")
        with pytest.raises(OwnerSettled):
            assign("mayor", "water")
        found = dues.get_due(due.id)
        assert (found.department, found.due_at) == ("roads", due.due_at)
        assert [(one.by, one.named, one.owner) for one in found.moves] == [
            ("roads", "parks", "parks"),
            ("parks", "roads", "mayor"),
            ("mayor", "roads", "roads"),
        ]
        with transaction("votes") as session:
            assert dues.owner_of(session, cause=due.cause) == "roads"
            dues.meet_due(session, cause=due.cause, kind=ANSWER, now=START)
        with pytest.raises(DueOver):
            refuse("roads", "water")


def test_it_goes_up_to_the_mayor_once_and_what_was_late_stays_late(app: Flask) -> None:
    with app.app_context():
        due = _owe(new_id(), within=Within(1, DAYS))
        said: list[str] = []

        def tell(days: int, told: int) -> list[str]:
            now = due.due_at + days * DAY + timedelta(seconds=1)
            assert dues.tell_overdue(now=now) == told
            entries = list_entries("votes", subject=due.record)
            found = [(one.name, one.body) for one in entries if one.name in TOLD]
            new = [body.get("level", name) for name, body in found[len(said) :]]
            said.extend(new)
            return new

        assert tell(-1, 0) == []
        assert tell(0, 1) == ["AnswerOverdue"]
        assert tell(2, 0) == []
        assert tell(3, 1) == ["head"]
        assert tell(7, 1) == ["mayor"]
        for days in (-1, 0, 7, 400):  # the clock is set back, and forth again
            assert tell(days, 0) == []
        back = due.due_at - DAY
        assert list(dues.list_overdue(now=back)) == ["roads"]
        assert [one.id for one in dues.list_all_dues(told="mayor", now=back)] == [due.id]
        with transaction("votes") as session:
            assert dues.meet_due(session, cause=due.cause, kind=ANSWER, now=back)
            assert not dues.meet_due(session, cause=due.cause, kind=ANSWER, now=back + DAY)
        assert dues.list_overdue(now=due.due_at + 9 * DAY) == {}
        assert [one.id for one in dues.list_all_dues(state="late", now=back)] == [due.id]
        assert dues.get_due(due.id).late(back)
        with pytest.raises(DueOver):
            dues.refuse_due(
                due.id, department="parks", reason=WHY, official=_official("roads"), now=back
            )


@SQLITE
def test_who_answers_has_replied_too_and_what_is_lifted_is_owed_no_more(app: Flask) -> None:
    with app.app_context():
        cause, other = new_id(), new_id()
        record = ""
        for kind, days in ((FIRST_REPLY, 1), (INTERIM, 7), (ANSWER, 30)):
            record = _owe(cause, within=Within(days, DAYS), kind=kind, record=record).record
        lifted = _owe(other, within=Within(1, DAYS), record=record)
        with transaction("votes") as session:
            assert dues.meet_due(session, cause=cause, kind=INTERIM, now=START + 3 * DAY)
            assert dues.lift_due(session, cause=other, why=WHY, now=START) == 1
            assert dues.lift_due(session, cause=other, why=WHY, now=START) == 0
        with transaction("votes") as session:
            found = dues.list_dues(session, [record])[record]
        assert sorted((one.kind, one.open(), one.late(START + 3 * DAY)) for one in found) == [
            (ANSWER, False, False),
            (ANSWER, True, False),
            (FIRST_REPLY, False, True),
            (INTERIM, False, False),
        ]
        assert dues.get_due(lifted.id).why == WHY
        assert dues.tell_overdue(now=START + 9 * DAY) == 0
