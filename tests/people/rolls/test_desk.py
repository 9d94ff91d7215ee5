"""The ID desk: a number on a phone, an official who saw a card, an entry of the roll."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from mvote.audit.service import list_entries
from mvote.people.rolls.errors import DeskRequestUnknown
from mvote.people.rolls.service.desk import forget_requests, request_desk, sign_in_at_desk
from mvote.people.rolls.service.registers import import_register
from tests.people.conftest import Phones, on_sqlite


@pytest.fixture
def keeper(phones: Phones, add_official: Callable[..., str], app: Flask, now: datetime) -> str:
    """The token of an official, and a register with A-1 and A-2."""
    rows = ("entry,number,district,birth_year,gender\n", "A-1,,mapo,,\n", "A-2,,guro,,\n")
    with app.app_context():
        import_register(rows, replace=True, now=now)
    add_official("keeper", duties=("roll-keeper",))
    return str(phones.sign_in_official("keeper")["access"])


def confirm(phones: Phones, number: str, entry: str, token: str) -> tuple[int, str]:
    path = f"/desk-requests/{number}/confirmation"
    answer = phones.post(path, {"entry": entry}, token=token)
    return answer.status_code, answer.json["code"] if answer.data else ""


def collect(phones: Phones, asked: Any) -> Any:
    return phones.post(f"/desk-requests/{asked['number']}/tokens", {"secret": asked["secret"]})


def test_a_phone_becomes_that_of_the_person_whose_card_was_seen(
    phones: Phones, keeper: str, app: Flask
) -> None:
    asked = phones.post("/desk-requests").json
    assert len(asked["number"]) == 8
    assert collect(phones, asked).json["code"] == "desk-not-confirmed"
    assert confirm(phones, asked["number"], "A-1", keeper) == (204, "")
    assert confirm(phones, asked["number"], "A-1", keeper) == (204, "")  # asked twice
    assert confirm(phones, asked["number"], "A-2", keeper) == (409, "desk-request-taken")
    for strange in ("%00", "9" * 60):
        assert confirm(phones, strange, "A-1", keeper) == (404, "desk-request-unknown")
        refused = collect(phones, {**asked, "number": strange})
        assert refused.json["code"] == "desk-request-unknown"
    stolen = {**asked, "secret": "x" * 43}
    assert collect(phones, stolen).json["code"] == "desk-request-unknown"
    made = collect(phones, asked)
    assert made.status_code == 201
    me = phones.call("GET", "/me", token=made.json["access"]).json
    assert (me["proof"], me["register"]["district"]) == ("desk", "mapo")
    assert collect(phones, asked).json["code"] == "desk-request-unknown"
    with app.app_context():
        log = [(one.name, one.body) for one in list_entries("people")]
    told = [body for name, body in log if name == "EntryConfirmedAtDesk"]
    assert [set(one) for one in told] == [{"subject"}] * 2  # the official, and nobody else


def test_the_account_of_a_phone_gets_the_entry_and_loses_no_key(
    phones: Phones, keeper: str
) -> None:
    mine = phones.sign_in()
    asked = phones.post("/me/desk-requests", token=mine["access"]).json
    assert confirm(phones, asked["number"], "A-1", keeper) == (204, "")
    made = collect(phones, asked).json
    accounts = [
        phones.call("GET", "/me", token=one["access"]).json["account"] for one in (mine, made)
    ]
    assert accounts[0] == accounts[1]
    assert phones.post("/tokens/refresh", token=mine["refresh"]).status_code == 201
    assert phones.post("/tokens/refresh", token=made["refresh"]).status_code == 201


@on_sqlite
def test_only_an_official_who_keeps_the_rolls_confirms_and_tries_little(
    phones: Phones, keeper: str, add_official: Callable[..., str], app: Flask
) -> None:
    from dataclasses import replace

    from mvote.installation import installation

    with app.app_context():
        made = installation()
        few = replace(made.settings, desk_tries=3, desk_confirmations_per_hour=4)
        app.extensions["mvote"] = replace(made, settings=few)
    add_official("drafter", duties=("drafter",))
    other = str(phones.sign_in_official("drafter")["access"])
    asked = phones.post("/desk-requests").json
    assert confirm(phones, asked["number"], "A-1", other) == (403, "duty-missing")
    assert confirm(phones, asked["number"], "A-9", keeper) == (404, "entry-unknown")
    assert confirm(phones, "0" * 8, "A-1", keeper) == (404, "desk-request-unknown")
    for _ in range(4):  # right ones are counted apart
        assert confirm(phones, asked["number"], "A-1", keeper) == (204, "")
    for entry in ("A-1", "A-9"):  # and what is wrong tells nothing any more
        refused = confirm(phones, asked["number"], entry, keeper)
        assert refused == (429, "too-many-desk-confirmations")
    app.extensions["mvote"] = replace(made, settings=replace(made.settings, desk_tries=3))
    assert confirm(phones, "x" * 40, "A-1", keeper) == (404, "desk-request-unknown")
    assert confirm(phones, asked["number"], "A-1", keeper) == (429, "too-many-desk-tries")


def test_a_request_ends_by_itself(app: Flask, now: datetime) -> None:
    with app.app_context():
        number, secret = request_desk(now=now)
        later = now + timedelta(seconds=601)
        with pytest.raises(DeskRequestUnknown):
            sign_in_at_desk(number, secret=secret, now=later)
        assert forget_requests(now=now) == 0
        assert forget_requests(now=later) == 1


def test_who_got_hold_of_a_number_adds_no_entry_and_deletes_none(
    phones: Phones, keeper: str
) -> None:
    mine = phones.sign_in()["access"]
    asked = phones.post("/me/desk-requests", token=mine).json
    early = phones.post("/me/desk-requests", token=mine).json
    assert confirm(phones, asked["number"], "A-1", keeper) == (204, "")
    lasting = collect(phones, asked).json
    thief = phones.sign_in()["access"]
    assert confirm(phones, early["number"], "A-2", keeper) == (204, "")
    assert collect(phones, early).json["code"] == "other-key-held"
    left = phones.call("DELETE", "/me", token=thief).json
    assert [one["what"] for one in left["stays"]] == ["account"]
    assert phones.call("GET", "/me", token=thief).status_code == 401
    kept = phones.call("GET", "/me/data", token=lasting["access"]).json
    assert [one["kind"] for one in kept["keys"]] == ["entry"]
    assert phones.post("/tokens/refresh", token=lasting["refresh"]).status_code == 201
    gone = phones.call("DELETE", "/me", token=lasting["access"]).json
    assert (gone["deleted"]["accounts"], gone["stays"][0]["what"]) == (1, "register")
