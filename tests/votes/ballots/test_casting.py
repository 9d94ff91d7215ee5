"""What happens to one ballot: kept once, the same receipt for every retry, or a clear no."""

import json
import time
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from mvote.core.canonical import canonical_bytes
from mvote.core.poll import DraftRefused
from mvote.core.secrecy.ballot import leaf_of
from mvote.core.secrecy.keys import load_raw
from mvote.core.secrecy.receipt import read_receipt, verify_receipt
from mvote.core.times import iso
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import ClosingTimePassed
from tests.makers import words
from tests.votes import carrying
from tests.votes.ballots.booth import Booth


def test_a_ballot_gets_a_receipt_that_the_board_key_of_the_poll_signed(booth: Booth) -> None:
    ballot = booth.ballot()
    answer = booth.cast(ballot)
    assert answer.status_code == 201
    receipt = read_receipt(answer.get_json())
    with booth.app.app_context():
        definition = polls.definition_of(booth.poll)
    key = load_raw(definition.board_key)
    verify_receipt(receipt, board_key=key, poll=booth.poll, leaf=leaf_of(ballot))
    assert receipt.include_by == iso(definition.include_by)
    assert receipt.origin == f"localhost:8000/polls/{booth.poll}"


def test_the_same_ballot_again_gets_the_same_bytes(booth: Booth) -> None:
    ballot = booth.ballot()
    first, second = booth.cast(ballot), booth.cast(ballot)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data
    assert booth.stored() == 1


def test_white_space_and_the_order_of_keys_make_no_other_ballot(booth: Booth) -> None:
    ballot = booth.ballot()
    first = booth.cast(canonical_bytes(ballot))
    turned = json.dumps(dict(reversed(ballot.items())), indent=3).encode()
    second = booth.cast(turned)
    assert (first.status_code, second.status_code) == (201, 200)
    assert first.data == second.data


def test_a_later_ballot_of_the_same_voter_takes_the_place_of_the_earlier(booth: Booth) -> None:
    for seq, answer in ((1, "yes"), (2, "no"), (5, "yes")):
        assert booth.cast(booth.ballot(seq=seq, answers={"q1": [answer]})).status_code == 201
    assert booth.stored() == 3


@pytest.mark.parametrize(("seq", "code"), [(2, "stale-seq"), (3, "seq-conflict")])
def test_a_ballot_that_is_not_the_latest_is_refused(booth: Booth, seq: int, code: str) -> None:
    kept = booth.ballot(seq=3)
    assert booth.cast(kept).status_code == 201
    answer = booth.cast(booth.ballot(seq=seq, answers={"q1": ["no"]}))
    assert (answer.status_code, answer.get_json()["code"]) == (409, code)
    assert booth.cast(kept).status_code == 200
    assert booth.stored() == 1


def test_the_earlier_ballot_keeps_its_receipt_after_a_later_one(booth: Booth) -> None:
    first, second = booth.ballot(seq=1), booth.ballot(seq=2)
    receipt = booth.cast(first).data
    booth.cast(second)
    again = booth.cast(first)
    assert (again.status_code, again.data) == (200, receipt)


def test_where_no_ballot_can_be_changed_a_second_one_is_refused(app: Flask) -> None:
    booth = Booth.open(app, revote=False)
    kept = booth.ballot()
    assert booth.cast(kept).status_code == 201
    for seq in (1, 2):
        answer = booth.cast(booth.ballot(seq=seq, answers={"q1": ["no"]}))
        assert (answer.status_code, answer.get_json()["code"]) == (409, "revote-not-allowed")
    assert booth.cast(kept).status_code == 200
    assert booth.stored() == 1


def test_what_tells_who_is_voting_is_refused_unread(booth: Booth) -> None:
    telling: list[dict[str, Any]] = [
        {"headers": {name: value}}
        for name in ("Authorization", "aUTHORIZATION", "proxy-authorization", "Cookie", "COOKIE")
        for value in ("Bearer abc", "Basic eDp5", "a=b", "")
    ]
    telling += [
        {"query_string": query}
        for query in ("access_token=abc", "lang=ko&jwt=abc", "lang=abc", "lang=ko&lang=abc", "x")
    ]
    for given in telling:
        answer = booth.cast(booth.ballot(), **given)
        assert (answer.status_code, answer.get_json()["code"]) == (
            400,
            "identity-not-allowed-here",
        ), given
    assert booth.stored() == 0
    assert booth.cast(booth.ballot(), query_string="lang=en").status_code == 201


def test_no_answer_of_the_ballot_path_sets_a_cookie_or_may_be_cached(booth: Booth) -> None:
    ballot = booth.ballot()
    for answer in (booth.cast(ballot), booth.cast(ballot), booth.cast({})):
        assert "Set-Cookie" not in answer.headers
    assert booth.cast({}).headers["Cache-Control"] == "no-store"


def test_there_is_no_ballot_for_a_poll_that_is_not_there(booth: Booth) -> None:
    for unknown in ("0000000000000000", "%00", "x" * 3000, "ä"):
        answer = Booth(booth.app, unknown).cast(booth.ballot())
        assert (answer.status_code, answer.get_json()["code"]) == (404, "poll-unknown")


def test_a_poll_that_is_not_frozen_is_not_there_for_voters(app: Flask) -> None:
    with app.app_context():
        draft = polls.draft_poll(
            carrying.make_poll_draft(department=_department()),
            official=carrying.DRAFTER,
            now=carrying.now(),
        )
    answer = Booth(app, draft.poll.id).cast(Booth.open(app).ballot())
    assert (answer.status_code, answer.get_json()["code"]) == (404, "poll-unknown")


def _department() -> str:
    polls.add_department("roads", name=words("roads"), by="test", now=carrying.now())
    return "roads"


def test_a_poll_that_has_not_opened_says_so(app: Flask) -> None:
    with app.app_context():
        booth = Booth(app, carrying.freeze())
    answer = booth.cast(booth.ballot())
    assert (answer.status_code, answer.get_json()["code"]) == (409, "poll-not-yet-open")
    assert booth.stored() == 0


def test_a_stopped_poll_takes_no_new_ballot_and_knows_the_old_ones(booth: Booth) -> None:
    kept, late = booth.ballot("early"), booth.ballot("late")
    receipt = booth.cast(kept).data
    with booth.app.app_context():
        approver, reason = carrying.APPROVER, words("Wait.")
        now = carrying.now
        polls.suspend_poll(booth.poll, reason=reason, official=approver, now=now())
        _expect(booth, kept, receipt, late, "poll-suspended")
        polls.resume_poll(booth.poll, official=approver, now=now())
        resumed = booth.ballot("after the pause")
        assert booth.cast(resumed).status_code == 201
        carrying.stop(booth.poll)
        _expect(booth, kept, receipt, late, "poll-closed")
    assert booth.stored() == 2


def test_after_the_close_every_ballot_still_has_its_receipt(booth: Booth) -> None:
    kept, late = booth.ballot("early"), booth.ballot("late")
    receipt = booth.cast(kept).data
    with booth.app.app_context():
        carrying.close(booth.poll, issued=1)
    _expect(booth, kept, receipt, late, "poll-closed")


def test_a_cancelled_poll_says_so_and_keeps_its_promise(booth: Booth) -> None:
    kept, late = booth.ballot("early"), booth.ballot("late")
    receipt = booth.cast(kept).data
    with booth.app.app_context():
        carrying.cancel(booth.poll)
    _expect(booth, kept, receipt, late, "poll-cancelled")
    assert booth.count("ballot_inbox") == 0


def _expect(booth: Booth, kept: object, receipt: bytes, late: object, code: str) -> None:
    again, refused = booth.cast(kept), booth.cast(late)
    assert (again.status_code, again.data) == (200, receipt)
    assert (refused.status_code, refused.get_json()["code"]) == (409, code)


def test_the_clock_of_the_database_ends_a_poll_before_any_job_does(app: Flask) -> None:
    booth, closes, in_time = _open_for_a_while(app)
    late = booth.ballot("late")
    while (left := (closes - carrying.now()).total_seconds()) > -0.01:
        time.sleep(max(0.0, left) + 0.01)
    answer = booth.cast(late)
    assert (answer.status_code, answer.get_json()["code"]) == (409, "poll-closed")
    assert booth.cast(in_time).status_code == 200


def _open_for_a_while(app: Flask) -> tuple[Booth, datetime, dict[str, Any]]:
    """A poll that ends in seconds and the ballot cast in it; in more where the machine is slow."""
    for seconds in (3, 6, 30, 120):
        closes = carrying.now().replace(microsecond=0) + timedelta(seconds=seconds)
        with suppress(DraftRefused, ClosingTimePassed):
            booth = Booth.open(app, closes=iso(closes))
            ballot = booth.ballot("in time")
            answer = booth.cast(ballot)
            if answer.status_code == 201:
                return booth, closes, ballot
        assert carrying.now() >= closes, "there was time"
    raise AssertionError("no poll was opened in time")
