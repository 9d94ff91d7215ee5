"""Passkeys: enrolled by a link, used to sign in and to prove it again, and what is refused."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mvote.core.canonical import b64u, b64u_decode
from mvote.people.officials.jobs import forget
from mvote.people.officials.service import passkeys
from tests.people.conftest import PASSWORD, on_sqlite
from tests.people.officials.authenticator import PRESENT, Authenticator
from tests.people.officials.conftest import Office, said

REFUSED = (401, "passkey-refused")


def claims_of(token: str) -> dict[str, Any]:
    return dict(jwt.decode(token, options={"verify_signature": False}))


def test_an_official_enrols_once_and_signs_in_by_passkey(office: Office) -> None:
    account, secret = office.invite("kim", "drafter", "answerer")
    key = Authenticator()
    options = office.post("/officials/enrolment-challenges", {"secret": secret}).json["publicKey"]
    assert options["rp"]["id"] == "localhost"
    assert options["user"]["name"] == "kim"
    assert b64u_decode(options["user"]["id"]) == account.encode()
    selection = options["authenticatorSelection"]
    assert (selection["residentKey"], selection["userVerification"]) == ("required", "required")
    first = office.enrol(secret, key)
    assert first.status_code == 201
    claims = claims_of(first.json["access"])
    assert (claims["sub"], claims["amr"], claims["dept"]) == (account, ["passkey"], "parks")
    assert claims["duties"] == ["drafter", "answerer"]
    assert claims["fresh"] > claims["iat"]
    again = office.post("/officials/enrolment-challenges", {"secret": secret})
    assert said(again) == (401, "enrolment-not-valid")
    for _ in range(2):
        made = office.sign_in(key)
        assert made.status_code == 201
        assert claims_of(made.json["access"])["sub"] == account
    stored = office.call("GET", "/officials/me/passkeys", token=made.json["access"]).json["items"]
    today = datetime.now(UTC).date().isoformat()
    assert [(one["label"], one["added"], one["used"]) for one in stored] == [
        ("blue key", today, today)
    ]


def test_an_enrolment_link_holds_for_its_time_and_for_one(office: Office) -> None:
    _, secret = office.invite("kim", "drafter")
    assert said(office.post("/officials/enrolment-challenges", {"secret": secret + "x"})) == (
        401,
        "enrolment-not-valid",
    )
    keys = [Authenticator() for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda key: _enrol_late(office, secret, key), keys))
    assert sorted(answer.status_code for answer in answers) == [201, 401, 401, 401]
    _, late = office.invite("lee", "drafter")
    with office.app.app_context():
        forget(datetime.now(UTC) + timedelta(days=4))
    gone = office.post("/officials/enrolment-challenges", {"secret": late})
    assert said(gone) == (401, "enrolment-not-valid")


def _enrol_late(office: Office, secret: str, key: Authenticator) -> Any:
    options = office.post("/officials/enrolment-challenges", {"secret": secret})
    if options.status_code != 201:
        return options
    sent = {"secret": secret, "passkey": key.create(options.json), "label": "key"}
    return office.post("/officials/enrolments", sent)


def test_an_answer_serves_once_even_to_sixteen_at_once(office: Office) -> None:
    _, key, _ = office.enrolled("kim", "drafter")
    answer = key.get(office.challenge())
    with ThreadPoolExecutor(16) as pool:
        codes = list(pool.map(lambda _: office.answer(answer).status_code, range(16)))
    assert codes.count(201) == 1
    assert set(codes) == {201, 401}


def test_a_key_that_never_counts_is_held_to_its_challenge(office: Office) -> None:
    """Those that a cloud keeps in step count nothing."""
    _, secret = office.invite("kim", "drafter")
    key = Authenticator(counts=False)
    assert office.enrol(secret, key).status_code == 201
    answer = key.get(office.challenge())
    assert office.answer(answer).status_code == 201
    assert said(office.answer(answer)) == REFUSED
    assert office.sign_in(key).status_code == 201


def test_a_copied_passkey_is_refused_told_and_put_out_of_use(office: Office) -> None:
    account, key, first = office.enrolled("kim", "drafter")
    copied = key.copied()
    signed_in = office.sign_in(key).json["access"]
    assert said(office.sign_in(copied)) == (401, "passkey-copied")
    [alarm] = office.happened("PasskeyCopyFound")
    assert alarm["subject"] == account
    for token in (first, signed_in):
        assert said(office.call("GET", "/me", token=token)) == (401, "token-revoked")
    assert said(office.sign_in(key)) == REFUSED  # which of the two was the thief's is not known


@on_sqlite
def test_another_origin_host_or_ceremony_is_refused(office: Office) -> None:
    _, key, token = office.enrolled("kim", "drafter")
    for origin in ("http://localhost:8001", "https://localhost:8000", "http://evil.example"):
        assert said(office.sign_in(replace(key, origin=origin))) == REFUSED
    elsewhere = office.challenge()
    elsewhere["publicKey"]["rpId"] = "evil.example"
    assert said(office.answer(key.get(elsewhere))) == REFUSED
    assert said(office.sign_in(replace(key, flags=PRESENT))) == REFUSED  # nobody was verified
    assert said(office.sign_in(replace(key, key=Authenticator().key))) == REFUSED
    assert said(office.sign_in(Authenticator())) == REFUSED
    own = office.post("/tokens/fresh-challenges", token=token).json
    assert said(office.answer(key.get(own))) == REFUSED  # made for another purpose
    options = office.post("/officials/me/passkey-challenges", token=token).json
    created = key.create(options)
    assert said(office.answer(created)) == REFUSED
    key.count += 10  # those who were refused counted too
    assert office.sign_in(key).status_code == 201


@on_sqlite
def test_a_challenge_ends_and_cannot_be_made_up(office: Office) -> None:
    _, key, _ = office.enrolled("kim", "drafter")
    with office.app.app_context():
        early = passkeys.begin_sign_in(now=datetime.now(UTC) - timedelta(seconds=301))
        later = passkeys.begin_sign_in(now=datetime.now(UTC) + timedelta(days=365))
    assert said(office.answer(key.get({"publicKey": early}))) == REFUSED
    assert office.answer(key.get({"publicKey": later})).status_code == 201
    for junk in (b"", b"x" * 56, bytes(8) + b"x" * 48):
        asked = office.challenge()
        asked["publicKey"]["challenge"] = b64u(junk)
        assert said(office.answer(key.get(asked))) == REFUSED
    moved = office.challenge()
    raw = bytearray(b64u_decode(moved["publicKey"]["challenge"]))
    raw[0] ^= 1
    moved["publicKey"]["challenge"] = b64u(bytes(raw))
    assert said(office.answer(key.get(moved))) == REFUSED


@on_sqlite
def test_what_is_no_answer_of_a_passkey_is_refused_and_nothing_breaks(office: Office) -> None:
    account, secret = office.invite("lee", "drafter")
    _, key, _ = office.enrolled("kim", "drafter")
    right = key.get(office.challenge())
    options = office.post("/officials/enrolment-challenges", {"secret": secret}).json
    new = Authenticator().create(options)

    @given(
        which=st.sampled_from(("sign-in", "enrol")),
        where=st.sampled_from(("rawId", "id", "type", "response", "clientDataJSON", "signature")),
        junk=st.one_of(st.text(max_size=40), st.binary(max_size=80).map(b64u), st.none()),
        cut=st.integers(0, 60),
    )
    @settings(
        max_examples=150,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    def ask(which: str, where: str, junk: Any, cut: int) -> None:
        sent = json.loads(json.dumps(right if which == "sign-in" else new))
        if where in sent:
            sent[where] = junk
        else:
            for name, value in sent["response"].items():
                if name == where or (where == "signature" and which == "enrol"):
                    sent["response"][name] = value[:cut] + (junk or "")
        if which == "sign-in":
            answer = office.answer(sent)
        else:
            body = {"secret": secret, "passkey": sent, "label": "x"}
            answer = office.post("/officials/enrolments", body)
        assert answer.status_code in (400, 401, 422), (sent, answer.text)

    ask()
    assert account


# -- proving it again ---------------------------------------------------------------------


def test_a_passkey_proves_again_who_is_calling(office: Office) -> None:
    _, key, _ = office.enrolled("kim", "approver")
    first = office.sign_in(key).json
    stale = office.post("/tokens/refresh", token=first["refresh"]).json["access"]
    refused = office.post("/officials/me/passkey-challenges", token=stale)
    assert said(refused) == (401, "fresh-sign-in-needed")
    options = office.post("/tokens/fresh-challenges", token=stale).json
    assert [one["id"] for one in options["publicKey"]["allowCredentials"]] == [b64u(key.id)]
    answer = key.get(options)
    fresh = office.post("/tokens/fresh", {"passkey": answer}, token=stale)
    assert fresh.status_code == 201
    claims = claims_of(fresh.json["access"])
    assert claims["fresh"] > claims["iat"]
    assert (claims["fam"], claims["amr"]) == (claims_of(stale)["fam"], ["passkey"])
    again = office.post("/tokens/fresh", {"passkey": answer}, token=stale)
    assert said(again) == REFUSED


@on_sqlite
def test_another_officials_passkey_proves_nothing(office: Office) -> None:
    _, _, token = office.enrolled("kim", "approver")
    _, other, _ = office.enrolled("lee", "approver")
    options = office.post("/tokens/fresh-challenges", token=token).json
    answer = office.post("/tokens/fresh", {"passkey": other.get(options)}, token=token)
    assert said(answer) == REFUSED
    both = {"passkey": other.get(options), "password": PASSWORD}
    for sent in (both, {}):
        assert office.post("/tokens/fresh", sent, token=token).status_code == 422


# -- several passkeys ---------------------------------------------------------------------


def test_passkeys_are_added_and_removed(office: Office) -> None:
    _, first, token = office.enrolled("kim", "drafter")
    elsewhere = office.sign_in(first).json["access"]
    second = Authenticator()
    added = _add(office, token, second, "green key")
    assert (added.status_code, added.json["label"], added.json["used"]) == (201, "green key", None)
    assert said(_add(office, token, second, "again")) == (409, "passkey-known")
    assert office.sign_in(second).status_code == 201
    listed = office.call("GET", "/officials/me/passkeys", token=token).json["items"]
    [blue] = [one for one in listed if one["label"] == "blue key"]
    path = f"/officials/me/passkeys/{blue['id']}"
    _, _, stranger = office.enrolled("lee", "drafter")
    assert said(office.call("DELETE", path, token=stranger)) == (404, "no-such-passkey")
    assert office.call("DELETE", path, token=token).status_code == 204
    assert said(office.call("DELETE", path, token=token)) == (404, "no-such-passkey")
    assert said(office.sign_in(first)) == REFUSED
    assert office.sign_in(second).status_code == 201
    assert said(office.call("GET", "/me", token=elsewhere)) == (401, "token-revoked")
    assert office.call("GET", "/me", token=token).status_code == 200
    assert len(office.happened("PasskeyRemoved")) == 1


def _add(office: Office, token: str, key: Authenticator, label: str) -> Any:
    options = office.post("/officials/me/passkey-challenges", token=token).json
    sent = {"passkey": key.create(options), "label": label}
    return office.post("/officials/me/passkeys", sent, token=token)


@on_sqlite
def test_an_official_has_so_many_passkeys_and_no_more(office: Office) -> None:
    _, _, token = office.enrolled("kim", "drafter")
    for number in range(9):
        assert _add(office, token, Authenticator(), f"key {number}").status_code == 201
    assert said(_add(office, token, Authenticator(), "one more")) == (409, "too-many-passkeys")


# -- passwords ----------------------------------------------------------------------------


@on_sqlite
def test_passwords_serve_only_where_the_city_allows_them(
    office: Office, add_official: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    add_official("kim")
    token = office.sign_in_official("kim")["access"]
    made = office.app.extensions["mvote"]
    strict = replace(made, settings=replace(made.settings, official_passwords="no"))
    monkeypatch.setitem(office.app.extensions, "mvote", strict)
    right = {"login": "kim", "password": PASSWORD}
    refusal = (403, "passwords-not-allowed")
    assert said(office.post("/officials/tokens", right)) == refusal
    again = office.post("/tokens/fresh", {"password": PASSWORD}, token=token)
    assert said(again) == refusal


@on_sqlite
def test_who_has_no_password_is_answered_as_nobody(office: Office) -> None:
    office.invite("kim", "drafter")
    sent = {"login": "kim", "password": PASSWORD}
    known = office.post("/officials/tokens", sent)
    unknown = office.post("/officials/tokens", sent | {"login": "nobody"})
    assert known.json == unknown.json
    assert said(known) == (401, "sign-in-refused")
