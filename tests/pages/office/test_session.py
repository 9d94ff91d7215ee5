"""The office's cookie: who is sent it, who takes it, and what a form has to show besides."""

from dataclasses import replace
from typing import Any

import pytest
from flask import Flask

from mvote.app import create_app
from mvote.db import engines
from mvote.pages.office import session
from mvote.settings import Settings
from tests.pages.office.desk import HERE, Desk, filled
from tests.town import PASSWORD

NAMES = ("mvote-office", "mvote-office-refresh", "mvote-office-form")


def test_the_cookie_is_for_the_office_alone_and_nobody_else_takes_it(
    city: Flask, desk: Desk
) -> None:
    sent = Desk(city).sign_in("drafter").headers.getlist("Set-Cookie")
    assert sorted(one.partition("=")[0] for one in sent) == sorted(NAMES)
    for one in sent:
        assert {"HttpOnly", "Path=/office", "SameSite=Strict"} <= set(one.split("; ")), one
        assert "Max-Age" not in one  # it ends with the browser
    token = desk.client.get_cookie("mvote-office", path="/office")
    assert token is not None
    stranger = city.test_client()
    stranger.set_cookie("mvote-office", token.value, path="/")
    assert stranger.get("/api/v1/me").get_json()["code"] == "token-missing"
    ballot = stranger.post("/api/v1/polls/0000000000000000/ballots", json={})
    assert ballot.get_json()["code"] == "identity-not-allowed-here"
    assert ballot.status_code == 400


def test_nothing_of_the_office_is_kept_framed_or_scripted(desk: Desk) -> None:
    for path in ("/office", "/office/acts", "/office/do/draft_poll", "/office/sign-in"):
        answer = desk.get(path)
        policy = answer.headers["Content-Security-Policy"]
        assert answer.headers["Cache-Control"] == "no-store", path
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert " style=" not in answer.text
        assert ("script-src" in policy) == (path == "/office/sign-in")
        assert answer.headers["Referrer-Policy"] == "same-origin"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://localhost", "Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {},
    ],
)
def test_a_form_of_another_site_does_nothing_and_keeps_what_was_typed(
    desk: Desk, headers: dict[str, str]
) -> None:
    typed = {**filled(desk.form("add_department")), "b.code": "parks", "b.name.ko": "공원"}
    path = "/office/do/add_department"
    refused = desk.client.post(path, data=typed, headers=headers)
    assert refused.status_code == 403
    assert filled(refused.text)["b.code"] == "parks"
    login = {"login": "drafter", "proof.password": PASSWORD}
    assert desk.client.post("/office/sign-in", data=login, headers=headers).status_code == 403


def test_a_form_without_its_token_does_nothing(desk: Desk) -> None:
    for token in ("", "of another"):
        typed = {**filled(desk.form("add_department")), "form_token": token}
        assert desk.post("/office/do/add_department", typed).status_code == 403


def test_whoever_is_not_signed_in_is_sent_to_the_sign_in_and_back(city: Flask) -> None:
    desk = Desk(city)
    sent = desk.get("/office/do/get_me")
    assert sent.status_code == 303
    page = desk.client.get(sent.headers["Location"]).text
    assert filled(page)["next"] == "/office/do/get_me?lang=ko"
    for wanted, gone in (
        ("/office/do/get_me", "/office/do/get_me"),
        ("//elsewhere.example", "/office"),
        ("/officer", "/office"),
        ("https://elsewhere.example/office", "/office"),
    ):
        given = {"login": "drafter", "proof.password": PASSWORD, "next": wanted}
        assert Desk(city).post("/office/sign-in", given).headers["Location"].startswith(gone)
    wrong = desk.post("/office/sign-in", {"login": "drafter", "proof.password": "no"})
    assert wrong.status_code == 401
    assert "비밀번호가 맞지 않습니다" in wrong.text


def test_a_form_whose_sign_in_ended_keeps_what_was_typed(desk: Desk) -> None:
    page = desk.form("add_department")
    typed = {**filled(page), "b.code": "parks"}
    leaving = desk.post("/office/sign-out", {"form_token": filled(page)["form_token"]})
    assert leaving.status_code == 303
    assert desk.client.get_cookie("mvote-office", path="/office") is None
    refused = desk.post("/office/do/add_department", typed)
    assert refused.status_code == 401
    assert "로그인이 끝났습니다" in refused.text
    assert filled(refused.text)["b.code"] == "parks"


def test_tokens_are_renewed_once_though_two_tabs_ask(city: Flask, desk: Desk) -> None:
    refresh = desk.client.get_cookie("mvote-office-refresh", path="/office")
    assert refresh is not None
    tabs = [Desk(city), Desk(city)]
    for tab in tabs:
        tab.client.set_cookie("mvote-office-refresh", refresh.value, path="/office")
        tab.client.set_cookie("mvote-office-form", "x", path="/office")
    first, second = (tab.get("/office/do/get_me") for tab in tabs)
    assert first.status_code == second.status_code == 200
    held = [tab.client.get_cookie("mvote-office-refresh", path="/office") for tab in tabs]
    values = {one.value for one in held if one is not None}
    assert len(values) == 1
    assert refresh.value not in values


def test_a_tab_that_asks_another_process_at_once_ends_no_sign_in(
    city: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    refresh = desk.client.get_cookie("mvote-office-refresh", path="/office")
    assert refresh is not None
    tabs = [Desk(city), Desk(city)]
    for tab in tabs:
        monkeypatch.setattr(session, "_renewals", {})  # a process of its own
        tab.client.set_cookie("mvote-office-refresh", refresh.value, path="/office")
        tab.client.set_cookie("mvote-office-form", "x", path="/office")
        tab.get("/office/do/get_me")
    assert tabs[0].get("/office/do/get_me").status_code == 200
    monkeypatch.setattr(session, "_renewals", {})
    monkeypatch.setattr(session, "RENEWED_SECONDS", 0)  # as much later: now it is a thief's
    tabs[1].get("/office/do/get_me")
    assert tabs[0].get("/office/do/get_me").status_code == 401


@pytest.fixture
def hosts(sqlite_template: Any, tmp_path: Any, city: Flask) -> Any:
    """The same installation on two hosts, each with its own wing only."""
    base: Settings = city.extensions["mvote"].settings
    settings = replace(
        base, public_url="https://votes.city.example", officials_url="https://people.city.example"
    )
    made = create_app("people", settings), create_app("votes", settings)
    yield made
    for app in made:
        with app.app_context():
            for engine in engines.engines.values():
                engine.dispose()


def test_a_sign_in_is_handed_over_to_the_other_host_by_a_form(hosts: Any) -> None:
    people, votes = hosts
    at = {"base_url": "https://people.city.example"}
    mine = {"Origin": "https://people.city.example", "Sec-Fetch-Site": "same-origin"}
    there = people.test_client()
    login = {"login": "drafter", "proof.password": PASSWORD}
    signed = there.post("/office/sign-in", data=login, headers=mine, **at)
    assert signed.status_code == 303
    assert all("Secure" in one for one in signed.headers.getlist("Set-Cookie"))
    assert "/office/do/add_official" in there.get("/office/acts", **at).text
    assert "/office/do/draft_poll" not in there.get("/office/acts", **at).text
    page = there.get("/office/other", **at)
    assert "https://votes.city.example/office/session" in page.text
    assert "https://votes.city.example" in page.headers["Content-Security-Policy"]
    assert page.headers["Referrer-Policy"] == "strict-origin"
    token = filled(page.text)["access"]
    here, home = votes.test_client(), {"base_url": "https://votes.city.example"}
    wanted = here.get("/office", **home).headers["Location"]
    assert "https://people.city.example/office/other" in here.get(wanted, **home).text
    given = {"access": token}
    for stranger in ("https://elsewhere.example", "https://votes.city.example"):
        sent = here.post("/office/session", data=given, headers={"Origin": stranger}, **home)
        assert sent.status_code == 403
    crossing = {"Origin": mine["Origin"], "Sec-Fetch-Site": "same-site"}
    assert (
        here.post("/office/session", data={"access": "x"}, headers=crossing, **home).status_code
        == 403
    )
    assert here.post("/office/session", data=given, headers=crossing, **home).status_code == 200
    assert "/office/do/draft_poll" in here.get("/office/acts", **home).text
    assert "/office/do/add_official" not in here.get("/office/acts", **home).text
    made = here.get("/office/do/list_department_polls?p.code=roads", **home)
    assert made.status_code == 200


def test_one_process_hands_nothing_over(desk: Desk) -> None:
    assert desk.get("/office/other").status_code == 303
    assert desk.post("/office/session", {"access": "x"}).status_code == 403
    assert HERE["Origin"] == "http://localhost"


def test_a_page_gets_a_challenge_only_for_what_it_may_prove_and_with_its_own_token(
    city: Flask,
) -> None:
    """Which the browser gives to the authenticator; no script reads the token in the cookie."""
    desk = Desk(city)
    desk.sign_in("drafter")
    token = {"form_token": filled(desk.get("/office/prove").text)["form_token"]}
    given = desk.post("/office/challenges/add", token)
    assert (given.status_code, given.headers["Cache-Control"]) == (201, "no-store")
    assert given.get_json()["publicKey"]["user"]["name"] == "drafter"
    for path, sent in (("add", {"form_token": "another"}), ("sign-in", token)):
        assert desk.post(f"/office/challenges/{path}", sent).status_code == 404
    assert desk.post("/office/challenges/add", token, {"Origin": "null"}).status_code == 404
