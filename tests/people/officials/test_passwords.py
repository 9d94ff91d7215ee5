"""Officials who sign in by password, and what their tokens carry."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from flask import Flask

from mvote.audit.service import list_entries
from mvote.people.identity.service import hashing
from mvote.people.officials.service.passwords import forget_tries
from tests.people.conftest import PASSWORD, Phones, on_sqlite


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_an_officials_token_carries_department_and_duties(
    phones: Phones, add_official: Callable[..., str]
) -> None:
    account = add_official("kim", duties=("approver", "drafter"))
    claims = claims_of(phones.sign_in_official("kim")["access"])
    assert claims["sub"] == account
    assert (claims["aud"], claims["amr"]) == ("mvote-official", ["password"])
    assert (claims["dept"], claims["duties"]) == ("parks", ["drafter", "approver"])
    assert claims["fresh"] - claims["iat"] == pytest.approx(300, abs=1)


def test_me_tells_an_official_department_and_duties(
    phones: Phones, add_official: Callable[..., str]
) -> None:
    account = add_official("kim", duties=("drafter",))
    token = phones.sign_in_official("kim")["access"]
    assert phones.call("GET", "/me", token=token).json == {
        "account": account,
        "kind": "official",
        "proof": "password",
        "department": "parks",
        "duties": ["drafter"],
    }


def test_wrong_password_and_unknown_login_are_answered_alike(
    phones: Phones, add_official: Callable[..., str]
) -> None:
    add_official("kim")
    answers = [
        phones.post("/officials/tokens", {"login": login, "password": "not the password"})
        for login in ("kim", "nobody", "가\x00", "x" * 64)
    ]
    assert {answer.status_code for answer in answers[:2]} == {401}
    assert answers[0].json == answers[1].json == answers[3].json
    assert answers[0].json["code"] == "sign-in-refused"
    assert answers[2].status_code == 400  # NUL is refused before anything reads it


TRIES = 3


@pytest.fixture
def few_tries(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each try costs as much as Argon2 does."""
    made = app.extensions["mvote"]
    fewer = replace(made, settings=replace(made.settings, sign_in_tries=TRIES))
    monkeypatch.setitem(app.extensions, "mvote", fewer)


@pytest.mark.usefixtures("few_tries")
def test_passwords_cannot_be_guessed_for_long(
    phones: Phones, add_official: Callable[..., str], app: Flask
) -> None:
    account = add_official("kim")
    wrong = {"login": "kim", "password": "not the password"}
    for _ in range(TRIES):
        assert phones.post("/officials/tokens", wrong).status_code == 401
    for password in ("not the password", PASSWORD):
        locked = phones.post("/officials/tokens", {"login": "kim", "password": password})
        assert (locked.status_code, locked.json["code"]) == (429, "too-many-sign-ins")
        assert 0 < int(locked.headers["Retry-After"]) <= 901
    with app.app_context():
        alarms = [e.subject for e in list_entries("people") if e.name == "SignInLocked"]
    assert alarms == [account]
    # A login that nobody has is locked alike.
    for _ in range(TRIES):
        phones.post("/officials/tokens", {**wrong, "login": "nobody"})
    assert phones.post("/officials/tokens", {**wrong, "login": "nobody"}).status_code == 429
    # What is counted for logins that anybody makes up goes when it does not matter any more.
    with app.app_context():
        now = datetime.now(UTC)
        assert forget_tries(now=now) == 0
        assert forget_tries(now=now + timedelta(seconds=901)) == 2
        assert forget_tries(now=now + timedelta(seconds=901)) == 0


@pytest.mark.usefixtures("few_tries")
def test_a_right_password_begins_the_count_anew(
    phones: Phones, add_official: Callable[..., str]
) -> None:
    add_official("kim")
    for _ in range(2):
        for _ in range(TRIES - 1):
            phones.post("/officials/tokens", {"login": "kim", "password": "not the password"})
        phones.sign_in_official("kim")


def test_an_official_proves_again_who_is_calling(
    phones: Phones, add_official: Callable[..., str]
) -> None:
    add_official("kim")
    first = phones.sign_in_official("kim")
    stale = phones.post("/tokens/refresh", token=first["refresh"]).json
    assert claims_of(stale["access"])["fresh"] is False
    fresh = phones.post("/tokens/fresh", {"password": PASSWORD}, token=stale["access"])
    assert fresh.status_code == 201
    assert sorted(fresh.json) == ["access", "expires_in"]
    claims = claims_of(fresh.json["access"])
    assert claims["fresh"] > claims["iat"]
    assert claims["fam"] == claims_of(first["access"])["fam"]
    assert claims["duties"] == claims_of(first["access"])["duties"]
    wrong = phones.post("/tokens/fresh", {"password": "not the password"}, token=stale["access"])
    assert (wrong.status_code, wrong.json["code"]) == (401, "sign-in-refused")


def test_a_renewed_officials_token_keeps_department_and_duties(
    phones: Phones, add_official: Callable[..., str]
) -> None:
    add_official("kim", duties=("answerer",))
    first = phones.sign_in_official("kim")
    claims = claims_of(phones.post("/tokens/refresh", token=first["refresh"]).json["access"])
    assert (claims["dept"], claims["duties"]) == ("parks", ["answerer"])


@on_sqlite
def test_a_citizen_takes_no_officials_step(phones: Phones) -> None:
    tokens = phones.sign_in()
    answer = phones.post("/tokens/fresh", {"password": PASSWORD}, token=tokens["access"])
    assert (answer.status_code, answer.json["code"]) == (403, "token-for-others")


@on_sqlite
def test_only_so_many_passwords_are_checked_at_once(app: Flask) -> None:
    most = app.extensions["mvote"].settings.passwords_at_once
    taken = hashing._slots(most)
    for _ in range(most):
        taken.acquire()
    try:
        answer = app.test_client().post(
            "/api/v1/officials/tokens", json={"login": "ann", "password": "x" * 12}
        )
    finally:
        for _ in range(most):
            taken.release()
    assert (answer.status_code, answer.json["code"]) == (503, "too-busy-to-sign-in")
    assert answer.headers["Retry-After"] == "2"
