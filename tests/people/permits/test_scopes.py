"""Permits for scopes: one each, unseen by their issuer, forgotten at the end, never of a poll."""

import secrets
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.core.ids import crockford, new_id, uncrockford
from mvote.core.scope import EVERYONE, Scope
from mvote.core.secrecy.act import read_act, verify_act
from mvote.core.secrecy.keys import load_issuers
from mvote.core.secrecy.phone import PollSecrets
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.people.permits import service
from mvote.people.permits.service.keys import forget_signer
from mvote.people.permits.service.rows import row_of_scope, scope_of_row
from mvote.people.permits.tables import IssuedRow, IssuerKeyRow, PollRow
from tests.people.conftest import Phones, on_sqlite
from tests.people.permits.conftest import VotesWing

pytestmark = on_sqlite
OTHER = "+821023456780"


@pytest.fixture
def scope(votes: VotesWing) -> Scope:
    return opened(votes)


def opened(votes: VotesWing, scope_id: str = "", **changes: Any) -> Scope:
    facts = {"audience": EVERYONE, "proof": "sms", "roll_key": "number"} | changes
    closes = datetime.now(UTC).replace(microsecond=0) + timedelta(days=30)
    made = Scope(scope_id or new_id(), "record", closes=closes, **facts)
    assert votes.say("scope-opened", made.id, made.to_json()) is None
    return made


def a_phone(votes: VotesWing, scope: Scope) -> PollSecrets:
    [said] = votes.heard("scope-issuer", scope.id)
    assert said["sh"] == scope.hash
    [(kid, key)] = load_issuers(said["issuer"]).items()
    return PollSecrets(secrets.token_bytes(32), scope.id, scope.hash, kid, key)  # type: ignore[arg-type]


def ask(phones: Phones, phone: PollSecrets, token: str) -> tuple[int, Any]:
    answer = phones.post(f"/scopes/{phone.poll}/permits", phone.request_permit(), token=token)
    return answer.status_code, answer.json.get("code") or answer.json["blind_sig"]


def test_each_citizen_gets_one_permit_with_which_acts_are_good(
    phones: Phones, votes: VotesWing, scope: Scope, citizen: str, inside: Flask
) -> None:
    assert votes.say("scope-opened", scope.id, scope.to_json()) is None
    phone, second = a_phone(votes, scope), a_phone(votes, scope)
    status, blind_sig = ask(phones, phone, citizen)
    assert status == 200, blind_sig
    assert ask(phones, phone, citizen) == (200, blind_sig)
    assert ask(phones, second, citizen) == (409, "scope-permit-taken")
    act = phone.make_act(phone.finish_permit(blind_sig), "rate", {"stars": 5}, 1)
    issuers = {phone.kid: phone.issuer}
    verify_act(read_act(act), scope=scope.id, sh=scope.hash, act="rate", issuers=issuers)
    with reading("people") as session:
        [row] = session.scalars(select(IssuedRow)).all()
        assert bytes(row.permit).hex() not in str(act)
    held = phones.call("GET", "/me/data", token=citizen).json
    assert (held["permits"], [one["scope"] for one in held["scope_permits"]]) == ([], [scope.id])
    closed = opened(votes, audience={"all": [{"condition": "district", "any_of": ["mapo"]}]})
    assert ask(phones, a_phone(votes, closed), citizen) == (403, "scope-not-for-you")
    strong = opened(votes, proof="register")
    assert ask(phones, a_phone(votes, strong), citizen) == (403, "scope-proof-too-weak")
    nothing = PollSecrets(phone.seed, new_id(), scope.hash, phone.kid, phone.issuer)
    assert ask(phones, nothing, citizen) == (404, "scope-unknown")
    assert votes.say("scope-opened", scope.id, strong.to_json()) == "scope-unknown"
    other = Scope(scope.id, "call", EVERYONE, "sms", "number", scope.closes)
    assert votes.say("scope-opened", scope.id, other.to_json()) == "scope-known-differently"


def test_nothing_of_polls_finds_a_scope_though_they_share_an_id(
    phones: Phones, votes: VotesWing, citizen: str, keepers: tuple[str, str], inside: Flask
) -> None:
    poll = votes.open(level="secret")
    scope = opened(votes, poll.poll)
    assert ask(phones, a_phone(votes, scope), citizen)[0] == 200
    with reading("people") as session:
        listed = {(of, name) for of, name, _ in service.list_own_keys(session)}
    assert listed == {("poll", poll.poll), ("scope", scope.id)}, "as `mvote keys list` names them"
    for spelled in (poll.poll, row_of_scope(scope.id)):
        told = phones.call("GET", f"/polls/{spelled}/eligibility", token=citizen).json
        assert told.get("permit", told.get("code")) in ("none", "poll-unknown"), told
    body = {"change": "struck", "number": "+821023456789", "text": {"ko": "정정", "en": "x"}}
    path = f"/polls/{row_of_scope(scope.id)}/roll-corrections"
    assert phones.post(path, body, token=keepers[0]).status_code in (403, 404)
    assert votes.enter(poll.poll, "closing") is None
    [told] = votes.heard("issued-list", poll.poll)
    assert told["issued"] == 0, "the permit for the scope is none for the poll"
    raw = uncrockford(scope.id)
    assert crockford(raw) == scope.id
    assert scope_of_row(row_of_scope(scope.id)) == scope.id
    assert scope_of_row(poll.poll) is None


def test_a_scope_that_is_over_forgets_who_took_part_and_its_key(
    phones: Phones, votes: VotesWing, scope: Scope, citizen: str, inside: Flask, now: datetime
) -> None:
    timed, phone = opened(votes), a_phone(votes, scope)
    assert ask(phones, phone, citizen)[0] == 200
    noted = installation().settings.home / "permits" / row_of_scope(scope.id)
    assert noted.read_bytes() == b"."
    assert votes.say("scope-closed", scope.id, {"at": iso(now)}) is None
    assert votes.say("scope-closed", scope.id, {"at": iso(now)}) is None
    assert votes.say("scope-closed", new_id(), {"at": iso(now)}) == "scope-unknown"
    assert ask(phones, phone, citizen) == (409, "scope-is-closed")
    later = timed.closes + timedelta(days=1)
    assert service.end_scopes_due(later) == 1, "ends by itself where nobody told"
    assert service.erase_due(now=later) == 2
    assert service.tidy(now=later) == 2
    with reading("people") as session:
        assert session.scalars(select(IssuedRow)).all() == []
        assert [row.pepper for row in session.scalars(select(PollRow))] == [None, None]
        assert [row.sealed for row in session.scalars(select(IssuerKeyRow))] == [None, None]
    assert not noted.exists()
    assert votes.heard("issued-list", scope.id) == votes.heard("purge-statement", scope.id) == []


def test_after_a_copy_was_put_back_one_decision_lets_all_scopes_go_on(
    phones: Phones, votes: VotesWing, scope: Scope, citizen: str, keepers: Any, inside: Flask
) -> None:
    poll = votes.open(level="secret")
    assert ask(phones, a_phone(votes, scope), citizen)[0] == 200
    now = datetime.now(UTC)
    with transaction("people") as session:  # the copy was made before that permit
        session.delete(session.scalars(select(IssuedRow)).one())
        assert list(service.lock_restored(session, now=now)) == [poll.poll]
    forget_signer(row_of_scope(scope.id))
    assert service.tell_locked() == 1, "of the poll alone"
    assert ask(phones, a_phone(votes, scope), citizen) == (503, "scopes-locked")
    said = {"reason": {"ko": "하루치 사본", "en": "A copy of one day"}}
    assert phones.post("/scopes/releases", said, token=citizen).status_code == 403
    told = phones.post("/scopes/releases", said, token=keepers[0])
    assert (told.status_code, told.json) == (200, {"released": 1})
    assert ask(phones, a_phone(votes, scope), citizen)[0] == 200
    assert phones.post("/scopes/releases", said, token=keepers[0]).json == {"released": 0}
    with reading("people") as session:
        assert session.get_one(PollRow, poll.poll).locked_at is not None
