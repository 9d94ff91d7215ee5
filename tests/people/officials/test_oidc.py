"""Officials sign in at the provider of the city's staff: bound by a link, asked anew each time."""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from mvote.gateways import oidc
from tests.people.conftest import on_sqlite
from tests.people.identity.providers import Hostile, hostile_provider
from tests.people.officials.conftest import Office

Came = dict[str, str]


@pytest.fixture(scope="module")
def provider() -> Iterator[Hostile]:
    """It can be made to spoil its tokens, and says when somebody signed in."""
    with hostile_provider() as running:
        yield running


@pytest.fixture
def staffed(office: Office, provider: Hostile) -> Office:
    oidc._memory().clear()
    made = office.app.extensions["mvote"]
    settings = replace(
        made.settings,
        officials_oidc_issuer=provider.issuer,
        officials_oidc_client_id="mvote",
        officials_oidc_client_secret="s",
        oidc_timeout_seconds=60,
    )
    office.app.extensions["mvote"] = replace(made, settings=settings)
    return office


def _come_back(office: Office, provider: Hostile, subject: str = "kim@city", ago: int = 0) -> Came:
    begun = office.post("/officials/oidc-logins").json
    asked = parse_qs(urlsplit(begun["url"]).query)
    assert asked["max_age"] == ["300"]
    signed_in = int(time.time()) - ago
    provider.spoil = lambda _header, claims: claims.update(sub=subject, auth_time=signed_in)
    back = office.app.test_client().get(
        "/api/v1/oidc/callback", query_string=provider.come_back(begun["url"])
    )
    page, _, fragment = back.headers["Location"].partition("#")
    assert page == "http://localhost:8000/office/returned"
    brought = parse_qs(fragment)
    code = brought.get("code", ["refused"])[0]
    return {"login": begun["login"], "secret": begun["secret"], "code": code}


def test_a_link_binds_a_sign_in_at_the_provider(staffed: Office, provider: Hostile) -> None:
    account, secret = staffed.invite("kim", "drafter", "approver")
    unknown = staffed.post("/officials/oidc-tokens", _come_back(staffed, provider))
    assert (unknown.status_code, unknown.json["code"]) == (401, "subject-not-known")
    bound = {"secret": secret, "oidc": _come_back(staffed, provider)}
    assert staffed.post("/officials/oidc-enrolments", bound).status_code == 201
    made = staffed.post("/officials/oidc-tokens", _come_back(staffed, provider)).json
    me = staffed.call("GET", "/me", token=made["access"]).json
    assert (me["account"], me["proof"], me["duties"]) == (account, "oidc", ["approver", "drafter"])
    again = {"secret": secret, "oidc": _come_back(staffed, provider, "lee@city")}
    assert staffed.post("/officials/oidc-enrolments", again).json["code"] == "enrolment-not-valid"
    _, other = staffed.invite("lee", "drafter")
    taken = {"secret": other, "oidc": _come_back(staffed, provider)}
    assert staffed.post("/officials/oidc-enrolments", taken).json["code"] == "subject-taken"
    free = {"secret": other, "oidc": _come_back(staffed, provider, "lee@city")}
    assert staffed.post("/officials/oidc-enrolments", free).status_code == 201, "the link held"


@on_sqlite
def test_who_signed_in_there_long_ago_has_to_do_it_again(
    staffed: Office, provider: Hostile
) -> None:
    _, secret = staffed.invite("kim", "drafter")
    for ago, status in ((3600, 409), (0, 201)):
        came = {"secret": secret, "oidc": _come_back(staffed, provider, ago=ago)}
        assert staffed.post("/officials/oidc-enrolments", came).status_code == status


@on_sqlite
def test_a_step_up_takes_the_same_person(staffed: Office, provider: Hostile) -> None:
    tokens = {}
    for name in ("kim", "lee"):
        _, secret = staffed.invite(name, "approver")
        bound = {"secret": secret, "oidc": _come_back(staffed, provider, f"{name}@city")}
        tokens[name] = staffed.post("/officials/oidc-enrolments", bound).json["access"]

    def step_up(subject: str) -> Any:
        proof = {"oidc": _come_back(staffed, provider, subject)}
        return staffed.post("/tokens/fresh", proof, token=tokens["kim"])

    assert step_up("kim@city").status_code == 201
    assert step_up("lee@city").json["code"] == "subject-not-known"
    both = {"password": "x", "oidc": _come_back(staffed, provider)}
    assert staffed.post("/tokens/fresh", both, token=tokens["kim"]).status_code == 422


@on_sqlite
def test_a_citizens_sign_in_is_no_officials(staffed: Office, provider: Hostile) -> None:
    """Not even where both use one provider."""
    made = staffed.app.extensions["mvote"]
    shared = replace(made.settings, oidc_issuer=provider.issuer, oidc_client_id="mvote")
    staffed.app.extensions["mvote"] = replace(made, settings=shared)
    came = _come_back(staffed, provider)
    login = came.pop("login")
    told = staffed.post(f"/oidc/logins/{login}/tokens", came)
    assert (told.status_code, told.json["code"]) == (409, "oidc-login-unknown")


@on_sqlite
def test_a_disabled_official_stays_out(staffed: Office, provider: Hostile) -> None:
    from datetime import UTC, datetime

    from mvote.people.officials.service.accounts import disable_official

    account, secret = staffed.invite("kim", "drafter")
    bound = {"secret": secret, "oidc": _come_back(staffed, provider)}
    assert staffed.post("/officials/oidc-enrolments", bound).status_code == 201
    with staffed.app.app_context():
        disable_official(account, by="command", now=datetime.now(UTC))
    out = staffed.post("/officials/oidc-tokens", _come_back(staffed, provider))
    assert out.json["code"] == "account-disabled"
