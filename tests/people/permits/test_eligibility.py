"""May I vote, and if not why and what can I do?"""

from collections.abc import Callable
from typing import Any

import pytest

from mvote.core.text import LANGUAGES
from mvote.core.times import iso
from tests.people.conftest import Phones
from tests.people.permits.conftest import VotesWing


def ask(phones: Phones, poll: str, token: str) -> dict[str, Any]:
    answer = phones.call("GET", f"/polls/{poll}/eligibility", token=token)
    assert answer.status_code == 200, answer.json
    return dict(answer.json)


def codes(told: dict[str, Any]) -> list[str]:
    for reason in told["reasons"]:
        for part in ("sentence", "what_to_do"):
            assert all(reason[part][language] for language in LANGUAGES)
    return [reason["code"] for reason in told["reasons"]]


def test_it_is_answered_before_the_poll_opens(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    approved = votes.approve(opens="2099-01-01T00:00:00Z", closes="2099-02-01T00:00:00Z")
    assert ask(phones, approved.poll, citizen) == {
        "may_vote": True,
        "reasons": [],
        "poll_state": "approved",
        "opens": "2099-01-01T00:00:00Z",
        "closes": "2099-02-01T00:00:00Z",
        "permit": "none",
    }


def test_it_tells_whether_the_permit_was_taken(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    frozen = votes.open()
    assert ask(phones, frozen.poll, citizen)["permit"] == "none"
    phones.post(f"/polls/{frozen.poll}/permits", {}, token=citizen)
    told = ask(phones, frozen.poll, citizen)
    assert (told["may_vote"], told["permit"], told["poll_state"]) == (True, "issued", "open")
    assert (told["opens"], told["closes"]) == (None, iso(frozen.closes))


@pytest.mark.parametrize(
    ("state", "shown", "reasons"),
    [
        ("open", "open", []),
        ("suspended", "suspended", ["poll-suspended"]),
        ("closing", "closed", ["poll-closed"]),
        ("cancelled", "cancelled", ["poll-cancelled"]),
    ],
)
def test_the_state_of_the_poll_is_a_reason(
    phones: Phones, votes: VotesWing, citizen: str, state: str, shown: str, reasons: list[str]
) -> None:
    poll = votes.freeze().poll
    votes.enter(poll, state)
    told = ask(phones, poll, citizen)
    assert (told["poll_state"], codes(told), told["may_vote"]) == (shown, reasons, not reasons)


def test_every_condition_that_is_not_met_is_told(
    phones: Phones, votes: VotesWing, citizen: str, register: Callable[..., None]
) -> None:
    conditions = [
        {"condition": "verified-number"},
        {"condition": "district", "any_of": ["mapo"]},
        {"condition": "birth-year", "from": 1990, "to": 2004},
        {"condition": "gender", "any_of": ["f"]},
        {"condition": "list", "list": "traders"},
    ]
    poll = votes.open(audience={"all": conditions}).poll
    told = ask(phones, poll, citizen)
    assert codes(told) == ["district", "birth-year", "gender", "list"]
    assert told["may_vote"] is False
    register("010-2345-6789,mapo,1992,f")
    assert codes(ask(phones, poll, citizen)) == ["list"]
    votes.enter(poll, "closing")
    assert codes(ask(phones, poll, citizen)) == ["poll-closed", "list"]
