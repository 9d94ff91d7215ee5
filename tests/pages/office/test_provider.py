"""Officials at the login of the city's staff, by the office's pages."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from mvote.gateways import oidc
from mvote.people.officials.service.accounts import invite_official
from tests.pages.office.desk import Desk, filled, text_of
from tests.people.identity.providers import Hostile, hostile_provider


@pytest.fixture
def provider() -> Iterator[Hostile]:
    with hostile_provider() as running:
        yield running


def test_an_official_signs_in_and_steps_up_at_the_citys_login(
    city: Flask, provider: Hostile
) -> None:
    """The browser leaves the office with nothing but a cookie, and comes back with a code."""
    oidc._memory().clear()
    made = city.extensions["mvote"]
    staff = {"officials_oidc_client_id": "mvote", "officials_oidc_client_secret": "s"}
    settings = replace(made.settings, officials_oidc_issuer=provider.issuer, **staff)
    city.extensions["mvote"] = replace(made, settings=settings)
    try:
        with city.app_context():
            now = datetime.now(UTC)
            _, link = invite_official("han", department="roads", duties=("auditor",), now=now)
        desk = Desk(city)
        secret = link.link.partition("#")[2]
        enrolled = _at_provider(desk, provider, "enrol", secret=secret)
        assert enrolled.headers["Location"].startswith("/office")
        assert desk.get("/office/do/get_me").status_code == 200
        again = Desk(city)
        back = _at_provider(again, provider, "sign-in", next="/office/do/get_me")
        assert back.headers["Location"].startswith("/office/do/get_me")
        form = filled(_stale(again).get("/office/prove").text)
        proved = _at_provider(again, provider, "fresh", next="/office/prove", **_token(form))
        assert "방금 확인했습니다" in again.client.get(proved.headers["Location"]).text
        # Without the cookie of the beginning what comes back serves nobody.
        assert _at_provider(Desk(city), provider, "sign-in", forget=True).status_code == 403
    finally:
        city.extensions["mvote"] = made


def _at_provider(
    desk: Desk, provider: Hostile, purpose: str, *, forget: bool = False, **given: str
) -> TestResponse:
    page = desk.post("/office/sign-in/provider", {"purpose": purpose, **given})
    assert page.status_code == 200, text_of(page.text)
    url = page.headers["Refresh"].partition("url=")[2]
    signed_in = int(time.time())
    provider.spoil = lambda _, claims: claims.update(sub="han@city", auth_time=signed_in)
    query = provider.come_back(url)
    back = desk.client.get("/api/v1/oidc/callback", query_string=query)
    address, _, fragment = back.headers["Location"].partition("#")
    assert address.endswith("/office/returned")
    brought = {name: said[0] for name, said in parse_qs(fragment).items()}
    if forget:
        desk.client.delete_cookie("mvote-office-login", path="/office")
    return desk.post("/office/returned", brought)


def _token(form: dict[str, Any]) -> dict[str, str]:
    return {"form_token": form["form_token"]}


def _stale(desk: Desk) -> Desk:
    """Renewed, and so not fresh."""
    refresh = desk.client.get_cookie("mvote-office-refresh", path="/office")
    assert refresh is not None
    headers = {"Authorization": f"Bearer {refresh.value}"}
    tokens = desk.app.test_client().post("/api/v1/tokens/refresh", headers=headers).get_json()
    desk.client.set_cookie("mvote-office", tokens["access"], path="/office")
    desk.client.set_cookie("mvote-office-refresh", tokens["refresh"], path="/office")
    return desk
