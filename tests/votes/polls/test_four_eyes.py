"""What takes two officials: one asks, a second one confirms, and nobody does both."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from werkzeug.test import TestResponse

from mvote.core.official import Official
from mvote.votes.polls import service
from mvote.votes.polls.errors import PendingActVoid
from mvote.votes.polls.tables import PollRow
from tests.makers import make_poll_draft, words
from tests.votes.polls.conftest import REASON, Office

BEA = Official("bea", "roads", frozenset({"approver"}))


def _now() -> datetime:
    return datetime.now(UTC)


def _refused(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def _pending(office: Office, poll: str) -> list[dict[str, Any]]:
    return list(office.get(f"/polls/{poll}/pending-acts", office.approver).json["items"])


def test_a_poll_is_closed_by_two(office: Office) -> None:
    poll = office.opened()
    asked = office.act(poll, "close", office.drafter, reason=words("Everyone has voted."))
    assert asked.status_code == 202
    request = asked.json
    assert (request["act"], request["by"]) == ("close", "ann")
    assert request["content"] == {"reason": words("Everyone has voted.")}
    assert office.state(poll) == "open"
    assert _pending(office, poll) == [request]
    listed = office.get("/departments/roads/polls", office.approver).json["items"]
    assert [one["pending"] for one in listed] == [[request]]
    done = office.act(poll, "close", pending=request["id"])
    assert (done.status_code, done.json["state"], done.json["pending"]) == (200, "closing", [])
    assert _pending(office, poll) == []
    told = {one.name: one.body for one in office.happened(poll)}
    assert told["ActAsked"]["by"] == told["ActConfirmed"]["asked_by"] == "ann"
    assert told["ActConfirmed"]["by"] == told["PollClosing"]["by"] == "bea"
    assert _refused(office.act(poll, "close", pending=request["id"])) == (409, "poll-closed")


def test_a_second_approver_confirms_what_an_approver_asked(office: Office) -> None:
    poll, cyd = office.opened(), office.token("cyd", "approver")
    asked = office.ask(poll, "cancel", office.approver)
    assert _refused(office.act(poll, "cancel", pending=asked)) == (403, "own-request")
    assert office.act(poll, "cancel", cyd, pending=asked).json["state"] == "cancelled"
    assert office.get(f"/polls/{poll}").json["reason"] == REASON["reason"]


def test_who_wrote_the_poll_or_approves_nothing_confirms_nothing(office: Office) -> None:
    both = office.token("bob", "drafter", "approver")
    poll = office.post("/polls", make_poll_draft(), both).json["id"]
    office.must(poll, "approve")
    office.freeze(poll)
    office.must(poll, "open")
    asked = office.ask(poll, "close", office.approver)
    other_drafter = office.token("dan", "drafter")
    parks = office.token("pia", "approver", department="parks")
    for token, code in (
        (both, "own-poll"),
        (other_drafter, "approver-needed"),
        (parks, "not-your-department"),
        (office.approver, "own-request"),
    ):
        assert _refused(office.act(poll, "close", token, pending=asked)) == (403, code)
    stale = office.token("eva", "approver", fresh=False)
    assert _refused(office.act(poll, "close", stale, pending=asked)) == (
        401,
        "fresh-sign-in-needed",
    )
    assert _refused(office.act(poll, "resume", other_drafter))[0] == 403
    assert office.state(poll) == "open"
    eva = office.token("eva", "approver")
    assert office.act(poll, "close", eva, pending=asked).status_code == 200


def test_asking_again_is_the_same_request_and_another_one_has_to_wait(office: Office) -> None:
    poll = office.opened()
    first = office.act(poll, "cancel", office.drafter)
    again = office.act(poll, "cancel", office.drafter)
    assert (again.status_code, again.json) == (202, first.json)
    other = office.act(poll, "cancel", office.drafter, reason=words("Too few."))
    assert _refused(other) == (409, "another-request-pending")
    assert other.json["params"] == {"pending": first.json["id"]}
    mine = office.ask(poll, "cancel", office.approver, reason=words("Too few."))
    assert [one["id"] for one in _pending(office, poll)] in (
        [first.json["id"], mine],
        [mine, first.json["id"]],
    )
    assert [one.name for one in office.happened(poll)].count("ActAsked") == 2


def test_a_reason_that_was_not_asked_for_is_not_confirmed(office: Office) -> None:
    poll = office.opened()
    asked = office.ask(poll, "cancel")
    other = office.act(poll, "cancel", pending=asked, reason=words("Another one."))
    assert _refused(other) == (409, "pending-act-differs")
    assert office.state(poll) == "open"
    same = office.act(poll, "cancel", pending=asked, reason=REASON["reason"])
    assert same.json["reason"] == REASON["reason"]


def test_a_request_is_withdrawn_by_who_asked_only(office: Office) -> None:
    poll = office.opened()
    asked = office.ask(poll, "close")
    path = f"/polls/{poll}/pending-acts/{asked}"
    assert _refused(office.delete(path, office.approver)) == (404, "pending-act-unknown")
    assert office.delete(path, office.drafter).status_code == 204
    assert _refused(office.delete(path, office.drafter)) == (404, "pending-act-unknown")
    assert _refused(office.act(poll, "close", pending=asked)) == (404, "pending-act-unknown")
    assert office.happened(poll)[-1].name == "ActWithdrawn"


def test_a_request_is_void_once_the_poll_has_changed(office: Office) -> None:
    poll = office.opened()
    asked = office.ask(poll, "close")
    office.must(poll, "suspend", "resume")
    assert _pending(office, poll) == []
    assert _refused(office.act(poll, "close", pending=asked)) == (409, "pending-act-void")
    new = office.ask(poll, "close")
    assert new != asked
    assert office.act(poll, "close", pending=new).status_code == 200


def test_a_request_that_nobody_confirms_in_time_is_void_and_goes(office: Office) -> None:
    poll = office.opened()
    asked = office.ask(poll, "close")
    life = timedelta(seconds=office.at_work(lambda: _life(office)))
    with pytest.raises(PendingActVoid):
        office.at_work(service.close_poll, poll, pending=asked, official=BEA, now=_now() + life)
    assert office.at_work(service.drop_expired, _now()) == 0
    assert office.at_work(service.drop_expired, _now() + life) == 1
    assert office.at_work(service.drop_expired, _now() + life) == 0
    assert office.happened(poll)[-1].name == "ActExpired"
    assert _pending(office, poll) == []


def _life(office: Office) -> int:
    settings = office.http.application.extensions["mvote"].settings
    return int(settings.second_official_seconds)


NO_REQUESTS: list[tuple[dict[str, Any], int]] = [
    ({"pending": "0123456789abcdef"}, 404),
    ({"pending": "a\u0001"}, 422),
    ({"pending": "short"}, 422),
    ({"pending": 5}, 422),
    ({"pending": None}, 422),
    ({"asked": "x"}, 422),
    ({"reason": "flooded"}, 422),
    ({"reason": words("x" * 1001)}, 422),
]


def test_what_is_no_request_closes_nothing(office: Office) -> None:
    poll, other = office.opened(), office.opened()
    for body, status in NO_REQUESTS:
        for act in ("close", "cancel", "resume"):
            if act == "resume" and "reason" in body:
                continue
            answer = office.post(f"/polls/{poll}/{act}", body, office.approver)
            wanted = 409 if (act, status) == ("resume", 404) else status
            assert answer.status_code == wanted, (act, body)
    asked = office.ask(poll, "close")
    for act, where in (("cancel", poll), ("close", other)):
        answer = office.act(where, act, pending=asked)
        assert _refused(answer) == (404, "pending-act-unknown")
    assert [office.state(poll), office.state(other)] == ["open", "open"]
    assert office.get(f"/polls/{poll}/pending-acts").status_code == 401
    parks = office.token("pia", "approver", department="parks")
    shown = office.get(f"/polls/{poll}/pending-acts", parks)
    assert _refused(shown) == (403, "not-your-department")


def test_confirming_from_many_threads_at_once_closes_once(office: Office) -> None:
    poll = office.opened()
    asked, answers = office.ask(poll, "close"), list[int]()
    start = threading.Barrier(4)

    def confirm(name: str) -> None:
        headers = {"Authorization": f"Bearer {office.token(name, 'approver')}"}
        client = office.http.application.test_client()
        start.wait()
        path, body = f"/api/v1/polls/{poll}/close", {"pending": asked}
        answers.append(client.post(path, headers=headers, json=body).status_code)

    threads = [threading.Thread(target=confirm, args=(f"o{n}",)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers) == [200, 409, 409, 409]
    assert [one.name for one in office.happened(poll)].count("PollClosing") == 1


def test_a_draft_that_was_never_approved_is_cancelled_by_its_author(office: Office) -> None:
    poll = office.draft()
    assert office.act(poll, "cancel", office.drafter).json["state"] == "cancelled"
    approved = office.draft()
    office.must(approved, "approve")
    assert office.act(approved, "cancel", office.drafter).status_code == 202
    assert office.state(approved) == "approved"


def test_a_poll_that_was_put_back_from_a_copy_goes_on_by_two_only(office: Office) -> None:
    poll = office.opened()

    def put_back(session: Any) -> None:
        session.get(PollRow, poll).restored_at = _now()

    office.must(poll, "suspend")
    office.in_transaction(put_back)
    asked = office.act(poll, "resume")
    assert asked.status_code == 202
    assert office.state(poll) == "suspended"
    alone = office.act(poll, "resume", pending=asked.json["id"])
    assert _refused(alone) == (403, "own-request")
    cyd = office.token("cyd", "approver")
    done = office.act(poll, "resume", cyd, pending=asked.json["id"])
    assert (done.status_code, done.json["state"]) == (200, "open")
    office.must(poll, "suspend", "resume")
    assert office.state(poll) == "open"


def test_no_schedule_closes_a_poll_that_was_put_back_and_lacks_ballots(office: Office) -> None:
    """Else its result would be out without those cast since the copy, and nobody had looked."""
    poll = office.opened()

    def put_back(session: Any) -> None:
        session.get(PollRow, poll).restored_at = _now()

    office.in_transaction(put_back)
    over = _now() + timedelta(days=3)
    assert office.at_work(service.close_due, over) == 0
    office.at_work(service.suspend_restored, over)
    assert office.at_work(service.close_due, over) == 0
    assert office.state(poll) == "suspended"
    assert office.together(poll, "close").json["state"] == "closing"
