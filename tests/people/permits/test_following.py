"""What the people wing makes of the votes wing's documents, from approval to erasure."""

import hashlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from mvote.audit.service import list_entries
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.permits.rules import list_digest
from mvote.people.permits.service import count_issued_by_day, erase_due, tidy
from mvote.people.permits.tables import IssuedRow, PollRow
from mvote.people.rolls.service.registers import import_list
from tests.people.conftest import Phones, on_sqlite
from tests.people.permits.conftest import VotesWing


def names_of(poll: str) -> list[str]:
    return [entry.name for entry in list_entries("people", subject=poll)]


def state_of(poll: str) -> str:
    with reading("people") as session:
        return session.scalars(select(PollRow.state).where(PollRow.id == poll)).one()


def permit_hashes(poll: str) -> list[bytes]:
    with reading("people") as session:
        return list(session.scalars(select(IssuedRow.permit).where(IssuedRow.poll == poll)))


def numbers(count: int) -> list[str]:
    return [f"+82104444{number:04d}" for number in range(count)]


# -- approved -----------------------------------------------------------------------------


def test_an_approved_poll_is_answered_with_issuer_and_roll(votes: VotesWing) -> None:
    poll = votes.approve().poll
    key = installation().keys["people"]["issuer"]
    assert votes.heard("issuer", poll) == [
        {
            "issuer": [{**key.jwk(), "operator": "하늘시"}],
            "roll": {"mode": "growing", "eligible": None},
        }
    ]
    assert names_of(poll) == ["IssuerNamed"]


def test_a_poll_approved_twice_is_answered_once(votes: VotesWing) -> None:
    approved = votes.approve()
    assert votes.say("poll-approved", approved.poll, approved.to_json()) is None
    assert len(votes.heard("issuer", approved.poll)) == 1
    changed = {**approved.to_json(), "dispute_days": 8}
    assert votes.say("poll-approved", approved.poll, changed) == "poll-known-differently"


def test_a_definition_that_is_none_is_refused(votes: VotesWing) -> None:
    assert votes.say("poll-approved", "0" * 16, {"poll": "0" * 16}) == "definition-refused"
    assert votes.heard("issuer", "0" * 16) == []


EVERYONE: dict[str, Any] = {"condition": "verified-number"}
MAPO = {"condition": "district", "any_of": ["mapo"]}
TRADERS = {"condition": "list", "list": "traders"}


@pytest.mark.parametrize(
    ("conditions", "eligible"),
    [
        ([EVERYONE], None),
        ([EVERYONE, MAPO], 2),
        ([{"condition": "birth-year", "from": None, "to": 1989}], 2),
        ([{"condition": "gender", "any_of": ["m", "x"]}], 1),
        ([TRADERS], 3),
        ([TRADERS, MAPO], 1),
        ([TRADERS, {"condition": "list", "list": "others"}], 0),
    ],
)
def test_the_roll_counts_those_who_meet_the_audience(
    votes: VotesWing,
    register: Callable[..., None],
    now: datetime,
    conditions: list[dict[str, Any]],
    eligible: int | None,
) -> None:
    register(
        "010-2345-0001,mapo,1987,f",
        "010-2345-0002,mapo,1991,m",
        "010-2345-0003,guro,1985,f",
        "010-2345-0004,,,",
    )
    listed = ["010-2345-0002\n", "010-2345-0003\n", "010-7777-8888\n"]
    import_list("traders", listed, now=now)
    poll = votes.approve(audience={"all": conditions}).poll
    assert votes.heard("issuer", poll)[0]["roll"]["eligible"] == eligible


def test_a_targeted_poll_without_a_register_is_for_nobody(votes: VotesWing) -> None:
    poll = votes.approve(audience={"all": [MAPO]}).poll
    assert votes.heard("issuer", poll)[0]["roll"]["eligible"] == 0


# -- frozen -------------------------------------------------------------------------------


def test_freezing_keeps_the_hash_of_what_was_approved(votes: VotesWing) -> None:
    frozen = votes.freeze()
    with reading("people") as session:
        assert session.scalars(select(PollRow.ph)).one() == frozen.hash
    assert votes.say("poll-frozen", frozen.poll, frozen.to_json()) is None
    assert names_of(frozen.poll) == ["IssuerNamed", "IssuingBegan"]


@on_sqlite
@pytest.mark.parametrize(
    "changes",
    [
        {"dispute_days": 8},
        {"audience": {"all": [MAPO]}},
        {"level": "open"},
        {"roll": {"mode": "growing", "eligible": 5}},
        {"issuer": "another"},
    ],
)
def test_a_definition_that_was_not_approved_is_not_frozen(
    votes: VotesWing, changes: dict[str, Any]
) -> None:
    approved = votes.approve()
    if changes.get("issuer"):
        jwk = installation().keys["people"]["identity"].jwk()
        changes = {"issuer": [{**jwk, "operator": "하늘시"}]}
    definition = {**votes.completed(approved).to_json(), **changes}
    assert votes.say("poll-frozen", approved.poll, definition) == "poll-known-differently"
    assert state_of(approved.poll) == "approved"


def test_a_poll_is_frozen_once(votes: VotesWing) -> None:
    frozen = votes.freeze()
    other = {**frozen.to_json(), "board_key": "A" * 43}
    assert votes.say("poll-frozen", frozen.poll, other) == "already-frozen"


def test_an_unknown_poll_is_neither_frozen_nor_followed(votes: VotesWing) -> None:
    frozen = votes.freeze()
    stranger = {**frozen.to_json(), "poll": "0" * 16}
    assert votes.say("poll-frozen", "0" * 16, stranger) == "poll-unknown"
    assert votes.enter("0" * 16, "open") == "poll-unknown"


# -- ended --------------------------------------------------------------------------------


def test_closing_tells_the_list_of_what_was_issued(phones: Phones, votes: VotesWing) -> None:
    poll = votes.open().poll
    for number in numbers(3):
        phones.post(f"/polls/{poll}/permits", {}, token=phones.sign_in(number)["access"])
    assert votes.enter(poll, "closing") is None
    hashes = permit_hashes(poll)
    digest = hashlib.sha256(b"".join(sorted(hashes))).hexdigest()
    assert votes.heard("issued-list", poll) == [{"issued": 3, "sha256": digest}]
    assert list_digest(sorted(hashes, reverse=True)) == digest
    assert votes.enter(poll, "closing") is None  # it was put back from a copy, and asks again
    assert votes.heard("issued-list", poll) == [{"issued": 3, "sha256": digest}] * 2
    assert names_of(poll) == ["IssuerNamed", "IssuingBegan", "IssuingEnded"]


def test_an_empty_list_is_told_too(votes: VotesWing) -> None:
    poll = votes.open().poll
    votes.enter(poll, "closing")
    digest = hashlib.sha256(b"").hexdigest()
    assert votes.heard("issued-list", poll) == [{"issued": 0, "sha256": digest}]


def test_no_permit_slips_in_behind_the_list(
    phones: Phones, votes: VotesWing, inside: Flask
) -> None:
    poll = votes.open().poll
    tokens = [phones.sign_in(number)["access"] for number in numbers(24)]

    def take(token: str) -> int:
        return int(phones.post(f"/polls/{poll}/permits", {}, token=token).status_code)

    def close() -> None:
        with inside.app_context():
            votes.enter(poll, "closing")

    with ThreadPoolExecutor(8) as pool:
        taking = [pool.submit(take, token) for token in tokens[:12]]
        closing = pool.submit(close)
        taking += [pool.submit(take, token) for token in tokens[12:]]
        statuses = [one.result() for one in taking]
        closing.result()
    [told] = votes.heard("issued-list", poll)
    assert told["issued"] == statuses.count(200) == len(permit_hashes(poll))
    assert told["sha256"] == list_digest(permit_hashes(poll))
    assert set(statuses) <= {200, 409}


def test_a_poll_that_ended_does_not_come_back(votes: VotesWing) -> None:
    closing, cancelled = votes.open().poll, votes.open().poll
    votes.enter(closing, "closing")
    votes.enter(cancelled, "cancelled", reason={"ko": "오류", "en": "A mistake"})
    assert votes.enter(closing, "open") == "poll-closed"
    assert votes.enter(cancelled, "open") == "poll-cancelled"
    assert (state_of(closing), state_of(cancelled)) == ("closing", "cancelled")
    assert votes.enter(closing, "cancelled") is None
    assert state_of(closing) == "cancelled"


def test_a_cancelled_poll_tells_no_list(votes: VotesWing) -> None:
    poll = votes.approve().poll
    assert votes.enter(poll, "cancelled") is None
    assert votes.heard("issued-list", poll) == []


@on_sqlite
@pytest.mark.parametrize("state", ["draft", "frozen", "reopened", 7, None])
def test_a_state_that_cannot_be_told_is_refused(votes: VotesWing, state: Any) -> None:
    poll = votes.freeze().poll
    assert votes.enter(poll, state) == "document-malformed"
    assert state_of(poll) == "frozen"


@on_sqlite
@pytest.mark.parametrize("at", ["yesterday", "", 7, None])
def test_a_time_that_is_none_is_refused(votes: VotesWing, at: Any) -> None:
    poll = votes.open().poll
    refused = votes.say("poll-state", poll, {"state": "closing", "at": at})
    assert (refused, state_of(poll)) == ("document-malformed", "open")


# -- erased -------------------------------------------------------------------------------


def test_the_link_is_destroyed_when_the_dispute_window_is_over(
    phones: Phones, votes: VotesWing, now: datetime
) -> None:
    poll, other = votes.open(dispute_days=7).poll, votes.open().poll
    for number in numbers(3):
        token = phones.sign_in(number)["access"]
        for one in (poll, other):
            phones.post(f"/polls/{one}/permits", {}, token=token)
    counted = count_issued_by_day(poll)
    ended = now - timedelta(hours=1)
    votes.enter(poll, "closing", closes=iso(ended))
    assert erase_due(now=ended + timedelta(days=7) - timedelta(seconds=1)) == 0
    assert len(permit_hashes(poll)) == 3
    assert erase_due(now=ended + timedelta(days=7)) == 1
    assert erase_due(now=ended + timedelta(days=7)) == 0
    assert permit_hashes(poll) == []
    assert len(permit_hashes(other)) == 3
    assert count_issued_by_day(poll) == counted
    assert sum(counted.values()) == 3
    with reading("people") as session:
        kept = session.execute(
            select(PollRow.pepper, PollRow.issued).where(PollRow.id == poll)
        ).one()
    assert tuple(kept) == (None, 3)
    assert names_of(poll)[-1] == "PermitsErased"


@pytest.mark.parametrize("told", ["9999-12-31T23:59:59Z", "2000-01-01T00:00:00Z"])
def test_the_votes_wing_can_neither_cut_nor_stretch_the_dispute_window(
    votes: VotesWing, now: datetime, told: str
) -> None:
    poll = votes.open(dispute_days=7).poll
    assert votes.enter(poll, "closing", closes=told) is None
    assert erase_due(now=now + timedelta(days=6) - timedelta(seconds=1)) == 0
    assert erase_due(now=now + timedelta(days=7)) == 1


def test_a_cancelled_poll_is_erased_too(phones: Phones, votes: VotesWing, now: datetime) -> None:
    poll = votes.open(dispute_days=0).poll
    phones.post(f"/polls/{poll}/permits", {}, token=phones.sign_in()["access"])
    votes.enter(poll, "cancelled")
    assert erase_due(now=now) == 1
    assert permit_hashes(poll) == []


def test_a_running_poll_is_never_erased(votes: VotesWing, now: datetime) -> None:
    votes.open(dispute_days=0)
    votes.freeze(dispute_days=0)
    assert erase_due(now=now + timedelta(days=1000)) == 0


@on_sqlite
def test_erased_permits_are_off_the_disk(
    phones: Phones, votes: VotesWing, now: datetime, inside: Flask
) -> None:
    poll = votes.open(dispute_days=0).poll
    phones.post(f"/polls/{poll}/permits", {}, token=phones.sign_in()["access"])
    with reading("people") as session:
        row = session.execute(select(IssuedRow.voter_ref, IssuedRow.permit)).one()
        pepper = session.scalars(select(PollRow.pepper)).one()
    secrets = [row.voter_ref, row.permit, pepper]
    folder = installation().settings.home.parent
    votes.enter(poll, "closing")

    def on_disk() -> int:
        files = [path.read_bytes() for path in folder.glob("people.db*")]
        return sum(any(secret in file for file in files) for secret in secrets)

    assert on_disk() == 3
    erase_due(now=now)
    tidy(now=now)
    assert on_disk() == 0


def test_eligibility_is_answered_after_erasure(
    phones: Phones, votes: VotesWing, now: datetime
) -> None:
    poll = votes.open(dispute_days=0).poll
    token = phones.sign_in()["access"]
    phones.post(f"/polls/{poll}/permits", {}, token=token)
    votes.enter(poll, "closing")
    erase_due(now=now)
    told = phones.call("GET", f"/polls/{poll}/eligibility", token=token).json
    assert (told["poll_state"], told["permit"]) == ("closed", "none")


def test_counts_by_day_add_up(phones: Phones, votes: VotesWing, now: datetime) -> None:
    poll = votes.open(dispute_days=0).poll
    for number in numbers(3):
        phones.post(f"/polls/{poll}/permits", {}, token=phones.sign_in(number)["access"])
    with transaction("people") as session:
        first = session.scalars(select(IssuedRow.voter_ref)).first()
        earlier = now.date() - timedelta(days=2)
        session.execute(update(IssuedRow).where(IssuedRow.voter_ref == first).values(day=earlier))
    counted = count_issued_by_day(poll)
    assert list(counted.values()) == [1, 2]
    votes.enter(poll, "closing")
    erase_due(now=now)
    assert count_issued_by_day(poll) == counted
