"""Identity tokens: what they say, how they are renewed, how they end."""

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask

from mvote.app import create_app
from mvote.audit.service import list_entries
from mvote.core.secrecy.keys import kid_of
from mvote.db import engines
from mvote.people.identity.jobs import forget
from mvote.people.identity.service.sign_ins import refresh_sign_in, renewing
from mvote.settings import Settings
from tests.people.conftest import Phones, on_sqlite


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def identity_key(settings: Settings) -> Ed25519PrivateKey:
    raw = (settings.keys("people") / "identity.pem").read_bytes()
    key = serialization.load_pem_private_key(raw, None)
    assert isinstance(key, Ed25519PrivateKey)
    return key


def forge(
    token: str, key: Ed25519PrivateKey, *, header: dict[str, Any] | None = None, **changes: Any
) -> str:
    """The same token with other claims under a given key."""
    claims = {**claims_of(token), **changes}
    claims = {name: value for name, value in claims.items() if value is not ...}
    headers = {"kid": kid_of(key.public_key()), **(header or {})}
    return jwt.encode(claims, key, algorithm="EdDSA", headers=headers)


def me(phones: Phones, token: str) -> tuple[int, str]:
    answer = phones.call("GET", "/me", token=token)
    return answer.status_code, answer.json.get("code", "ok")


def test_a_citizens_token_says_no_more_than_it_has_to(phones: Phones) -> None:
    tokens = phones.sign_in()
    access, refresh = claims_of(tokens["access"]), claims_of(tokens["refresh"])
    names = {"sub", "aud", "iss", "iat", "nbf", "exp", "jti", "fam", "type"}
    assert set(access) == names | {"fresh", "amr"}
    assert set(refresh) == names | {"fresh", "turn"}
    assert (access["aud"], access["amr"], access["iss"]) == ("mvote-citizen", ["sms"], "mvote")
    assert access["fam"] == refresh["fam"]
    assert access["exp"] - access["iat"] == 600
    assert refresh["exp"] - refresh["iat"] == 30 * 86400
    header = jwt.get_unverified_header(tokens["access"])
    assert header["alg"] == "EdDSA"
    assert set(header) == {"alg", "kid", "typ"}


def test_me_tells_a_citizen_what_is_held(phones: Phones) -> None:
    tokens = phones.sign_in()
    told = phones.call("GET", "/me", token=tokens["access"]).json
    account = claims_of(tokens["access"])["sub"]
    assert told == {"account": account, "kind": "citizen", "proof": "sms", "register": None}


def test_whoever_renews_learns_whether_it_was_done_a_moment_ago(app: Flask, phones: Phones) -> None:
    claims = claims_of(phones.sign_in()["refresh"])
    family, turn, now = claims["fam"], claims["turn"], datetime.now(UTC)
    moment = timedelta(seconds=20)

    def seen(at: datetime, turn: int = turn) -> bool:
        with renewing(family, turn=turn, now=at, within=moment) as done:
            return done

    with app.app_context():
        before = seen(now)
        with renewing(family, turn=turn, now=now, within=moment):
            refresh_sign_in(family, turn=turn, now=now)
        later = now + moment
        assert [before, seen(now), seen(later)] == [False, True, False]
        assert not seen(now, turn - 1), "an older one is a thief's at any time"


# -- tokens that are no good --------------------------------------------------------------


@on_sqlite
def test_a_missing_token_is_told(phones: Phones) -> None:
    answer = phones.call("GET", "/me")
    assert (answer.status_code, answer.json["code"]) == (401, "token-missing")
    assert answer.headers["WWW-Authenticate"].startswith("Bearer")


@on_sqlite
@pytest.mark.parametrize("junk", ["x", "a.b.c", "..", "가.나.다", "e30.e30.", "x" * 5000])
def test_junk_is_no_token(phones: Phones, junk: str) -> None:
    assert me(phones, junk) == (401, "token-not-valid")


@on_sqlite
def test_a_token_under_a_foreign_key_is_refused(phones: Phones, settings: Settings) -> None:
    token, foreign = phones.sign_in()["access"], Ed25519PrivateKey.generate()
    assert me(phones, forge(token, foreign)) == (401, "token-not-valid")
    ours = kid_of(identity_key(settings).public_key())
    assert me(phones, forge(token, foreign, header={"kid": ours})) == (401, "token-not-valid")


@on_sqlite
@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "mvote-kiosk"},
        {"aud": ["mvote-citizen"]},
        {"aud": ...},
        {"iss": "another"},
        {"iss": ...},
        {"fam": ...},
        {"sub": ...},
        {"type": "refresh"},
        {"nbf": 4_000_000_000},
        {"exp": ...},
    ],
)
def test_wrong_claims_are_refused(
    phones: Phones, settings: Settings, changes: dict[str, Any]
) -> None:
    token = phones.sign_in()["access"]
    assert me(phones, forge(token, identity_key(settings))) == (200, "ok")
    status, code = me(phones, forge(token, identity_key(settings), **changes))
    assert status in (401, 403)
    assert code in ("token-not-valid", "token-for-others", "token-revoked")


@on_sqlite
def test_a_token_without_its_keys_name_is_refused(phones: Phones, settings: Settings) -> None:
    token, key = phones.sign_in()["access"], identity_key(settings)
    bare = jwt.encode(claims_of(token), key, algorithm="EdDSA")
    assert me(phones, bare) == (401, "token-not-valid")


@on_sqlite
def test_an_unsigned_token_is_refused(phones: Phones, settings: Settings) -> None:
    token = phones.sign_in()["access"]
    header = {"alg": "none", "typ": "JWT", "kid": jwt.get_unverified_header(token)["kid"]}
    spelled = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    payload = token.split(".")[1]
    assert me(phones, f"{spelled}.{payload}.") == (401, "token-not-valid")
    # The public key taken as a shared secret.
    raw = identity_key(settings).public_key().public_bytes_raw()
    shared = jwt.encode(claims_of(token), raw, algorithm="HS256", headers={"kid": header["kid"]})
    assert me(phones, shared) == (401, "token-not-valid")


@on_sqlite
def test_an_expired_token_is_told(phones: Phones, settings: Settings) -> None:
    token = phones.sign_in()["access"]
    leeway = settings.clock_leeway_seconds

    def expired(seconds: int) -> tuple[int, str | None]:
        past = int((datetime.now(UTC) - timedelta(seconds=seconds)).timestamp())
        return me(phones, forge(token, identity_key(settings), exp=past))

    assert expired(leeway + 1) == (401, "token-expired")
    assert expired(1)[0] == 200


@on_sqlite
def test_an_access_token_renews_nothing_and_a_refresh_token_opens_nothing(phones: Phones) -> None:
    tokens = phones.sign_in()
    wrong = phones.post("/tokens/refresh", token=tokens["access"])
    assert (wrong.status_code, wrong.json["code"]) == (401, "token-not-valid")
    assert me(phones, tokens["refresh"]) == (401, "token-not-valid")


def test_a_replaced_key_holds_until_its_tokens_expire(phones: Phones, settings: Settings) -> None:
    tokens = phones.sign_in()
    folder: Path = settings.keys("people")
    (folder / "identity.pem").rename(folder / "identity-2025.pem")
    later = create_app("both", settings)
    try:
        renewed = Phones(later, phones.messages)
        assert me(renewed, tokens["access"]) == (200, "ok")
        made = renewed.post("/tokens/refresh", token=tokens["refresh"])
        kids = [jwt.get_unverified_header(t["access"])["kid"] for t in (tokens, made.json)]
        assert kids[0] != kids[1]
        (folder / "identity-2025.pem").unlink()
        forgetful = Phones(create_app("people", settings), phones.messages)
        assert me(forgetful, tokens["access"]) == (401, "token-not-valid")
        assert me(forgetful, made.json["access"]) == (200, "ok")
    finally:
        for made_app in (later, forgetful.app):
            with made_app.app_context():
                for engine in engines.engines.values():
                    engine.dispose()


# -- renewing -----------------------------------------------------------------------------


def test_a_refresh_token_serves_once(phones: Phones) -> None:
    first = phones.sign_in()
    second = phones.post("/tokens/refresh", token=first["refresh"])
    assert second.status_code == 201
    assert claims_of(second.json["access"])["fresh"] is False
    assert claims_of(second.json["access"])["fam"] == claims_of(first["access"])["fam"]
    third = phones.post("/tokens/refresh", token=second.json["refresh"])
    assert third.status_code == 201
    assert me(phones, third.json["access"]) == (200, "ok")


def test_an_old_refresh_token_ends_the_sign_in(phones: Phones, app: Flask) -> None:
    first = phones.sign_in()
    second = phones.post("/tokens/refresh", token=first["refresh"]).json
    reused = phones.post("/tokens/refresh", token=first["refresh"])
    assert (reused.status_code, reused.json["code"]) == (401, "refresh-reused")
    for token in (first["access"], second["access"]):
        assert me(phones, token) == (401, "token-revoked")
    again = phones.post("/tokens/refresh", token=second["refresh"])
    assert (again.status_code, again.json["code"]) == (401, "token-revoked")
    with app.app_context():
        names = [entry.name for entry in list_entries("people")]
    assert names.count("RefreshTokenReused") == 1


def test_a_refresh_token_used_by_sixteen_at_once_renews_at_most_once(phones: Phones) -> None:
    tokens = phones.sign_in()
    with ThreadPoolExecutor(16) as pool:
        answers = list(
            pool.map(lambda _: phones.post("/tokens/refresh", token=tokens["refresh"]), range(16))
        )
    codes = [answer.status_code for answer in answers]
    assert codes.count(201) == 1
    assert set(codes) == {201, 401}
    assert me(phones, tokens["access"]) == (401, "token-revoked")


def test_another_sign_in_of_the_same_citizen_goes_on(phones: Phones) -> None:
    first, second = phones.sign_in(), phones.sign_in()
    phones.call("DELETE", "/tokens", token=first["access"])
    assert me(phones, first["access"]) == (401, "token-revoked")
    assert me(phones, second["access"]) == (200, "ok")


def test_logging_out_ends_every_token_at_once(phones: Phones) -> None:
    tokens = phones.sign_in()
    out = phones.call("DELETE", "/tokens", token=tokens["access"])
    assert (out.status_code, out.data) == (204, b"")
    assert me(phones, tokens["access"]) == (401, "token-revoked")
    refused = phones.post("/tokens/refresh", token=tokens["refresh"])
    assert (refused.status_code, refused.json["code"]) == (401, "token-revoked")
    twice = phones.call("DELETE", "/tokens", token=tokens["access"])
    assert (twice.status_code, twice.json["code"]) == (401, "token-revoked")


def test_a_sign_in_is_forgotten_when_its_last_token_expires(
    phones: Phones, app: Flask, now: datetime
) -> None:
    tokens = phones.sign_in()
    with app.app_context():
        forget(now + timedelta(days=29))
        assert me(phones, tokens["access"]) == (200, "ok")
        forget(now + timedelta(days=31))
    assert me(phones, tokens["access"]) == (401, "token-revoked")


# -- who a route is open to ---------------------------------------------------------------


@on_sqlite
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/me"), ("DELETE", "/tokens"), ("POST", "/tokens/refresh"), ("POST", "/tokens/fresh")],
)
def test_routes_that_need_a_token_refuse_none(phones: Phones, method: str, path: str) -> None:
    answer = phones.call(method, path, {"password": "x"} if path == "/tokens/fresh" else None)
    assert (answer.status_code, answer.json["code"]) == (401, "token-missing")
