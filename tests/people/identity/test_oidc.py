"""Signing in at a provider of OpenID Connect: the right answer opens, every other one does not."""

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from mvote.app import create_app
from mvote.db import engines, reading
from mvote.gateways import oidc
from mvote.people.identity.service.oidc_logins import CALLBACK
from mvote.people.identity.tables import AccountRow, OidcLoginRow
from mvote.settings import Settings, SettingsFault
from tests.people.conftest import Phones, on_sqlite
from tests.people.identity.providers import (
    Hostile,
    Spoil,
    hostile_provider,
    provider_by_others,
    provider_from_npm,
    sign_in_there,
    walk_through,
)
from tests.require import require
from tests.spec.conftest import npm_tools  # noqa: F401

pytestmark = pytest.mark.usefixtures("nothing_remembered")
CLIENT = "mvote"


@pytest.fixture(scope="module")
def by_others() -> Iterator[str]:
    with provider_by_others() as issuer:
        yield issuer


@pytest.fixture(scope="module")
def hostile() -> Iterator[Hostile]:
    with hostile_provider() as provider:
        yield provider


@pytest.fixture
def nothing_remembered() -> None:
    oidc._memory().clear()


At = Callable[..., Phones]


@pytest.fixture
def at(settings: Settings, phones: Phones) -> Iterator[At]:
    """Phones in a city that offers sign-in at the provider of an issuer."""
    apps: list[Flask] = []

    def phones_at(issuer: str, **changed: Any) -> Phones:
        registered = {"oidc_issuer": issuer, "oidc_client_id": CLIENT, "oidc_client_secret": "s"}
        given = replace(settings, **registered, oidc_timeout_seconds=60, **changed)
        given.check()
        apps.append(create_app("both", given))
        return replace(phones, app=apps[-1])

    yield phones_at
    for app in apps:
        with app.app_context():
            for engine in engines.engines.values():
                engine.dispose()


def _begin(phones: Phones) -> dict[str, Any]:
    begun = phones.post("/oidc/logins")
    assert begun.status_code == 201, begun.json
    return dict(begun.json)


def _return(phones: Phones, query: str | dict[str, str]) -> dict[str, str]:
    """The browser comes back; what stands behind the # of the app's address."""
    client = phones.app.test_client()
    back = client.get("/api/v1/oidc/callback", query_string=query)
    assert back.status_code == 303, back.json
    address, _, fragment = back.headers["Location"].partition("#")
    assert address == "http://localhost:8000/"
    return {key: value[0] for key, value in parse_qs(fragment).items()}


def _finish(phones: Phones, begun: dict[str, Any], code: str, token: str = "") -> Any:
    given = {"secret": begun["secret"], "code": code}
    path = "/me/oidc-logins" if token else "/oidc/logins"
    return phones.post(f"{path}/{begun['login']}/tokens", given, token=token)


def _sign_in(phones: Phones, subject: str, token: str = "") -> dict[str, Any]:
    begun = _begin(phones)
    back = _return(phones, urlsplit(sign_in_there(begun["url"], subject=subject)).query)
    made = _finish(phones, begun, back["code"], token)
    assert made.status_code == 201, made.json
    return dict(made.json)


def _me(phones: Phones, tokens: dict[str, Any]) -> dict[str, Any]:
    return dict(phones.call("GET", "/me", token=tokens["access"]).json)


def test_a_citizen_signs_in_at_the_provider(at: At, by_others: str) -> None:
    phones = at(by_others)
    first, again, other = (_me(phones, _sign_in(phones, who)) for who in ("alice", "alice", "bob"))
    assert first["proof"] == "oidc"
    assert first["account"] == again["account"] != other["account"]
    with phones.app.app_context(), reading("people") as session:
        assert session.query(OidcLoginRow).count() == 0
        kept = [(row.number_mac, row.oidc_mac) for row in session.query(AccountRow)]
    assert {number for number, _ in kept} == {None}
    assert {len(subject or b"") for _, subject in kept} == {32}


def test_a_subject_is_added_to_an_account_and_moves_with_whoever_proves_it(
    at: At, by_others: str
) -> None:
    phones = at(by_others)
    alone = _me(phones, _sign_in(phones, "carol"))
    number = phones.sign_in()
    added = _me(phones, _sign_in(phones, "carol", token=number["access"]))
    assert added["account"] == _me(phones, number)["account"] != alone["account"]
    assert added["proof"] == "oidc"
    assert _me(phones, _sign_in(phones, "carol"))["account"] == added["account"]


@on_sqlite
def test_nobody_fills_the_table_of_sign_ins_under_way(at: At, by_others: str) -> None:
    phones = at(by_others, oidc_logins_per_hour=2)
    answers = [phones.post("/oidc/logins") for _ in range(4)]
    assert [one.status_code for one in answers] == [201, 201, 429, 429]
    assert answers[3].json["code"] == "too-many-oidc-logins"
    with phones.app.app_context(), reading("people") as session:
        assert session.query(OidcLoginRow).count() == 2


@on_sqlite
@pytest.mark.usefixtures("npm_tools")
def test_a_citizen_signs_in_at_the_provider_from_npm(at: At, settings: Settings) -> None:
    """It insists on PKCE, and names itself in its answer."""
    callback = f"{settings.public_url}{CALLBACK}"
    with provider_from_npm(require("node"), callback) as issuer:
        phones = at(issuer)
        begun = _begin(phones)
        back = walk_through(begun["url"], callback=callback, subject="erin")
        made = _finish(phones, begun, _return(phones, urlsplit(back).query)["code"])
    assert _me(phones, made.json)["proof"] == "oidc"


@on_sqlite
def test_who_lures_another_to_a_sign_in_gets_nothing(at: At, by_others: str) -> None:
    """The one has the secret and no code, the other the code and no secret."""
    phones = at(by_others)
    lured = _begin(phones)
    back = _return(phones, urlsplit(sign_in_there(lured["url"], subject="victim")).query)
    for wrong in (_finish(phones, lured, "guessed"), _finish(phones, _begin(phones), back["code"])):
        assert (wrong.status_code, wrong.json["code"]) == (409, "oidc-login-unknown")
    assert _finish(phones, lured, back["code"]).status_code == 201
    assert _finish(phones, lured, back["code"]).json["code"] == "oidc-login-unknown"


@on_sqlite
def test_a_state_serves_once_and_not_for_ever(at: At, by_others: str) -> None:
    phones = at(by_others)
    begun = _begin(phones)
    query = urlsplit(sign_in_there(begun["url"], subject="dave")).query
    assert "code" in _return(phones, query)
    assert _return(phones, query) == {"refused": "oidc-login-unknown"}
    for junk in ("", "nothing", "0" * 16, "' OR 1=1", "가"):
        assert _return(phones, {"state": junk, "code": "x"}) == {"refused": "oidc-login-unknown"}
    late = at(by_others, oidc_login_seconds=0)
    begun = _begin(late)
    time.sleep(0.01)
    query = urlsplit(sign_in_there(begun["url"], subject="dave")).query
    assert _return(late, query) == {"refused": "oidc-login-unknown"}


@on_sqlite
def test_a_person_may_say_no(at: At, by_others: str) -> None:
    phones = at(by_others)
    begun = _begin(phones)
    query = urlsplit(sign_in_there(begun["url"], deny=True)).query
    assert _return(phones, query or {"state": begun["login"], "error": "access_denied"}) in (
        {"refused": "oidc-login-refused"},
        {"refused": "oidc-login-unknown"},
    )
    assert _finish(phones, begun, "anything").status_code == 409


def _set(**changes: Any) -> Spoil:
    return lambda _header, claims: claims.update(changes)


def _at(name: str, seconds: int) -> Spoil:
    """So many seconds from when the token is made, which may be long after this file was read."""
    return lambda _header, claims: claims.update({name: int(time.time()) + seconds})


def _drop(name: str) -> Spoil:
    return lambda _header, claims: claims.__delitem__(name)


SPOILS: dict[str, Spoil] = {
    "wrong nonce": _set(nonce="another"),
    "no nonce": _drop("nonce"),
    "wrong audience": _set(aud="another"),
    "one audience of two, for another": _set(aud=["mvote", "other"], azp="other"),
    "no audience": _drop("aud"),
    "wrong issuer": _set(iss="http://localhost:1"),
    "issuer with a slash more": lambda _h, claims: claims.update(iss=claims["iss"] + "/"),
    "expired": _at("exp", -3600),
    "no end": _drop("exp"),
    "issued long ago": _at("iat", -7200),
    "issued in the future": _at("iat", 7200),
    "not valid yet": _at("nbf", 7200),
    "no subject": _drop("sub"),
    "an empty subject": _set(sub=""),
    "a subject that is a number": _set(sub=7),
    "an endless subject": _set(sub="a" * 256),
    "unknown key": lambda header, _c: header.update(kid="two"),
}


UNSIGNED = ("not", "with the public key", "by another")


@on_sqlite
def test_a_spoilt_token_opens_nothing(at: At, hostile: Hostile) -> None:
    """Nor does one that the provider did not sign; the same token unspoilt does."""
    phones = at(hostile.issuer)
    found = {name: _answered(phones, hostile, spoil=spoil) for name, spoil in SPOILS.items()}
    found |= {signed: _answered(phones, hostile, signed=signed) for signed in UNSIGNED}
    refused = {"refused": "provider-answer-not-trusted"}
    assert found == dict.fromkeys([*SPOILS, *UNSIGNED], refused)
    assert set(_answered(phones, hostile)) == {"login", "code"}


@on_sqlite
def test_the_browser_comes_back_to_the_people_side(at: At, hostile: Hostile) -> None:
    """Also where the app of citizens has another address, to which it goes on from there."""
    own = "https://id.city.example"
    phones = at(hostile.issuer, people_public_url=own)
    begun = _begin(phones)
    assert parse_qs(urlsplit(begun["url"]).query)["redirect_uri"] == [own + CALLBACK]
    assert "code" in _return(phones, hostile.come_back(begun["url"]))


@on_sqlite
def test_an_assurance_that_the_city_asks_for_has_to_be_there(at: At, hostile: Hostile) -> None:
    phones = at(hostile.issuer, oidc_acr="high substantial")
    assert "code" in _answered(phones, hostile, spoil=_set(acr="high"))
    for spoil in (_set(acr="low"), _set()):
        assert "refused" in _answered(phones, hostile, spoil=spoil)


GARBAGE = (b"", b"<html>", b"[]", b'{"a":"' + b"x" * 300_000 + b'"}')
ANOTHER = (
    {"issuer": "http://localhost:1"},
    {"authorization_endpoint": None},
    {"authorization_endpoint": "javascript:alert(1)"},
)


@on_sqlite
def test_a_provider_that_answers_garbage_or_is_another_is_unreachable(
    at: At, hostile: Hostile
) -> None:
    phones = at(hostile.issuer)
    for answer, says in [*((one, {}) for one in GARBAGE), *((None, one) for one in ANOTHER)]:
        hostile.answer, hostile.says = answer, says
        oidc._memory().clear()
        told = phones.post("/oidc/logins")
        assert (told.status_code, told.json["code"]) == (503, "provider-unreachable")
    hostile.answer, hostile.says = None, {}
    oidc._memory().clear()
    assert phones.post("/oidc/logins").status_code == 201


@on_sqlite
def test_an_answer_of_another_issuer_is_a_mix_up(at: At, hostile: Hostile) -> None:
    """RFC 9207."""
    given = at(hostile.issuer)
    for iss, opens in ((hostile.issuer, True), ("http://localhost:1", False)):
        back = {**hostile.come_back(_begin(given)["url"]), "iss": iss}
        assert ("code" in _return(given, back)) is opens


@on_sqlite
def test_a_replaced_key_is_fetched_but_not_for_every_forged_token(
    at: At, hostile: Hostile, monkeypatch: pytest.MonkeyPatch
) -> None:
    phones = at(hostile.issuer)
    hostile.asked.clear()
    monkeypatch.setattr(oidc, "FORGETTING_SECONDS", 3600)
    _answered(phones, hostile)
    for _ in range(3):
        _answered(phones, hostile, signed="by another")
    assert hostile.asked.count("/keys") == 1
    monkeypatch.setattr(oidc, "FORGETTING_SECONDS", 0)
    hostile.key, hostile.foreign = hostile.foreign, hostile.key
    assert "code" in _answered(phones, hostile)


@on_sqlite
def test_without_a_provider_the_way_is_not_offered(phones: Phones) -> None:
    told = phones.post("/oidc/logins")
    assert (told.status_code, told.json["code"]) == (404, "oidc-not-offered")


@pytest.mark.parametrize(
    "given",
    [
        {"oidc_issuer": "http://provider.example", "oidc_client_id": "mvote"},
        {"oidc_issuer": "https://provider.example"},
        {"officials_oidc_issuer": "ftp://provider.example", "officials_oidc_client_id": "m"},
    ],
)
def test_contradicting_settings_stop_the_start(given: dict[str, str]) -> None:
    with pytest.raises(SettingsFault, match="OIDC"):
        Settings.from_env({}, **given)


def _answered(
    phones: Phones, hostile: Hostile, *, spoil: Spoil = _set(), signed: str = "rightly"
) -> dict[str, str]:
    """What the browser takes along from a sign-in at the hostile provider."""
    hostile.spoil, hostile.signed = spoil, signed
    try:
        return _return(phones, hostile.come_back(_begin(phones)["url"]))
    finally:
        hostile.spoil, hostile.signed = _set(), "rightly"
