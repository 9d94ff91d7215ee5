"""Roll keys of accounts: each belongs to whoever proved it last, and to one account only."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.db import reading, transaction
from mvote.people.identity.errors import StrongerSignInNeeded
from mvote.people.identity.rules import SignIn
from mvote.people.identity.service.accounts import Key, RollKeys, add_key, sign_in_with_key
from mvote.people.identity.service.sign_ins import is_ended
from mvote.people.identity.tables import AccountRow

NUMBER, SUBJECT = b"n" * 32, b"s" * 32


def entry(number: int) -> bytes:
    return bytes([number]) * 32


def signed_in(number: int, now: datetime) -> SignIn:
    with transaction("people") as session:
        return sign_in_with_key(session, "entry", entry(number), proof="code", now=now)


def accounts() -> list[tuple[bytes | None, bytes | None, bytes | None]]:
    with reading("people") as session:
        rows = session.scalars(select(AccountRow))
        return [(row.number_mac, row.oidc_mac, row.entry_mac) for row in rows]


def test_accounts_that_prove_one_key_at_once_do_not_share_it(app: Flask, now: datetime) -> None:
    def add(made: SignIn) -> str:
        with app.app_context(), transaction("people") as session:
            more = {"proof": "sms", "family": made.family}
            return add_key(session, made.account, "number", NUMBER, **more).proof

    def sign_in(_: int) -> str:
        with app.app_context(), transaction("people") as session:
            return sign_in_with_key(session, "number", NUMBER, proof="sms", now=now).proof

    with app.app_context():
        made = [signed_in(number, now) for number in range(6)]
    with ThreadPoolExecutor(8) as pool:
        adding = [pool.submit(add, one) for one in made]
        entering = [pool.submit(sign_in, number) for number in range(4)]
    assert {one.result() for one in adding} == {"code"}  # the strongest stays
    assert {one.result() for one in entering} == {"sms"}
    with app.app_context():
        kept = accounts()
    assert [one[0] for one in kept].count(NUMBER) == 1
    assert sorted(one[2] for one in kept if one[2]) == [entry(number) for number in range(6)]
    assert all(any(keys) for keys in kept)


def test_an_entry_keeps_the_strongest_proof_and_each_sign_in_its_own(
    app: Flask, now: datetime
) -> None:
    with app.app_context(), transaction("people") as session:
        for proof in ("desk", "code"):
            made = sign_in_with_key(session, "entry", entry(1), proof=proof, now=now)
        row = session.get(AccountRow, made.account)
        assert row is not None
        assert row.entry_proof == "desk"
    assert made.proof == "code"


def test_a_sign_in_shows_only_what_was_proved_by_no_more() -> None:
    by_code = RollKeys(NUMBER, SUBJECT, entry(1), "code")
    by_desk = RollKeys(NUMBER, SUBJECT, entry(1), "desk")
    shown = {
        (keys.entry_proof, proof): (
            keys.shown_by(proof).oidc is not None,
            keys.shown_by(proof).entry_proof,
        )
        for keys in (by_code, by_desk)
        for proof in ("sms", "code", "oidc", "desk")
    }
    assert shown == {
        ("code", "sms"): (False, None),
        ("code", "code"): (False, "code"),
        ("code", "oidc"): (True, "code"),
        ("code", "desk"): (True, "code"),
        ("desk", "sms"): (False, None),
        ("desk", "code"): (False, "code"),
        ("desk", "oidc"): (True, None),
        ("desk", "desk"): (True, "desk"),
    }
    assert by_desk.shown_by("sms") == RollKeys(NUMBER)


def test_who_got_hold_of_a_number_opens_nothing_more_by_adding_what_is_his_own(
    app: Flask, now: datetime
) -> None:
    def by_number(number: bytes) -> SignIn:
        with transaction("people") as session:
            return sign_in_with_key(session, "number", number, proof="sms", now=now)

    def add(made: SignIn, key: Key, mac: bytes, proof: str) -> SignIn:
        with transaction("people") as session:
            return add_key(session, made.account, key, mac, proof=proof, family=made.family)

    own: tuple[tuple[Key, bytes, str], ...] = (
        ("oidc", b"o" * 32, "oidc"),
        ("entry", entry(7), "desk"),
        ("entry", entry(7), "code"),
    )
    held: tuple[tuple[Key, bytes, str], ...] = (
        ("entry", entry(1), "code"),
        ("oidc", SUBJECT, "oidc"),
        ("oidc", SUBJECT, "oidc"),
    )
    with app.app_context():
        for number, (mine, his) in enumerate(zip(held, own, strict=True)):
            victim = by_number(bytes([50 + number]) * 32)
            add(victim, *mine)
            thief = by_number(bytes([50 + number]) * 32)
            assert thief.account == victim.account
            with pytest.raises(StrongerSignInNeeded):
                add(thief, *his)
            assert add(thief, *mine).proof == mine[2], "it was the citizen, who proved it again"


def test_a_number_that_goes_to_somebody_else_ends_only_what_it_had_opened(
    app: Flask, now: datetime
) -> None:
    with app.app_context():
        lasting = signed_in(1, now)
        with transaction("people") as session:
            given = {"proof": "sms", "family": lasting.family}
            add_key(session, lasting.account, "number", NUMBER, **given)
            by_number = sign_in_with_key(session, "number", NUMBER, proof="sms", now=now)
        assert by_number.account == lasting.account
        other = signed_in(2, now)
        with transaction("people") as session:
            given = {"proof": "sms", "family": other.family}
            add_key(session, other.account, "number", NUMBER, **given)
        assert is_ended(by_number.family)
        assert not is_ended(lasting.family), "its code was used and would let nobody in again"
