"""Private rooms: made by officials, entered by password, with passes that tell nobody who."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import update

from mvote.db import transaction
from mvote.people.identity.tables import LimitRow
from mvote.people.rolls.service import rooms
from tests.makers import words
from tests.people.conftest import Phones, on_sqlite
from tests.people.permits.conftest import VotesWing

PASSWORD = "a word for the room"


@pytest.fixture
def kim(phones: Phones, add_official: Callable[..., str]) -> str:
    add_official("kim", duties=("drafter",))
    return str(phones.sign_in_official("kim")["access"])


@pytest.fixture
def room(phones: Phones, kim: str) -> str:
    made = phones.post("/rooms", {"words": words("Tenants"), "password": PASSWORD}, token=kim)
    assert made.status_code == 201, made.json
    return str(made.json["number"])


def enter(phones: Phones, room: str, password: str, token: str) -> Any:
    return phones.post(f"/rooms/{room}/entries", {"password": password}, token=token)


def test_whoever_knows_the_password_gets_the_same_pass(
    phones: Phones, room: str, citizen: str
) -> None:
    neighbour = phones.sign_in("+821055556666")["access"]
    for _ in range(2):  # the hour at which passes change may strike in between, but not twice
        given = enter(phones, room, PASSWORD, citizen)
        assert given.status_code == 200, given.json
        assert 3600 <= given.json["expires_in"] <= 7200
        others = enter(phones, room, PASSWORD, neighbour).json["room_pass"]
        if others == given.json["room_pass"]:
            break
    assert others == given.json["room_pass"]


def test_a_pass_takes_a_permit_of_its_poll_until_the_room_is_closed(
    phones: Phones, votes: VotesWing, room: str, citizen: str, kim: str
) -> None:
    audience = {"all": [{"condition": "verified-number"}, {"condition": "room", "room": room}]}
    poll = votes.open(audience=audience).poll
    path, client = f"/api/v1/polls/{poll}", phones.app.test_client()
    own = {"Authorization": f"Bearer {citizen}"}
    told = client.get(f"{path}/eligibility", headers=own).json
    assert [one["code"] for one in told["reasons"]] == ["room"]
    assert client.post(f"{path}/permits", headers=own, json={}).json["code"] == "not-eligible"
    shown = own | {"Room-Pass": enter(phones, room, PASSWORD, citizen).json["room_pass"]}
    assert client.get(f"{path}/eligibility", headers=shown).json["may_vote"] is True
    assert client.get(f"{path}/eligible-count", headers=own).json["code"] == "room-pass-needed"
    assert client.get(f"{path}/eligible-count", headers=shown).json["state"] == "unknown"
    forged = own | {"Room-Pass": shown["Room-Pass"].replace(room, "00000000")}
    assert client.post(f"{path}/permits", headers=forged, json={}).status_code == 403
    assert client.post(f"{path}/permits", headers=shown, json={}).status_code == 200
    assert phones.post(f"/rooms/{room}/close", token=kim).json["closed"] is True
    refused = client.get(f"{path}/eligibility", headers=shown)
    assert (refused.status_code, refused.json["code"]) == (403, "room-pass-not-valid")


def test_no_answer_tells_whether_a_room_exists(
    phones: Phones, room: str, citizen: str, kim: str
) -> None:
    wrong = enter(phones, room, "another word", citizen)
    nowhere = enter(phones, "00000001", PASSWORD, citizen)
    phones.post(f"/rooms/{room}/close", token=kim)
    closed = enter(phones, room, PASSWORD, citizen)
    assert {one.status_code for one in (wrong, nowhere, closed)} == {403}
    assert wrong.json == nowhere.json == closed.json


@on_sqlite
def test_tries_are_counted_by_account_and_a_room_of_ones_own_buys_no_more(
    phones: Phones, room: str, citizen: str, kim: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attacker enters a room whose password is known between two guesses at another one."""
    own = phones.post("/rooms", {"words": words("Mine"), "password": PASSWORD}, token=kim).json
    monkeypatch.setattr(rooms, "is_password", lambda _, password: password == PASSWORD)
    answers = []
    for number in range(12):
        answers.append(enter(phones, room, f"guess {number}", citizen).status_code)
        enter(phones, own["number"], PASSWORD, citizen)
    assert answers.count(403) == 10
    assert set(answers[10:]) == {429}
    neighbour = phones.sign_in("+821055556666")["access"]
    assert enter(phones, room, PASSWORD, neighbour).status_code == 200
    with phones.app.app_context(), transaction("people") as session:
        session.execute(update(LimitRow).values(started_at=datetime(2020, 1, 1, tzinfo=UTC)))
    assert enter(phones, room, PASSWORD, citizen).status_code == 200


def test_a_new_password_opens_and_the_old_one_does_not(
    phones: Phones, room: str, citizen: str, kim: str
) -> None:
    path = f"/rooms/{room}/password"
    assert phones.call("PUT", path, {"password": "short"}, token=kim).status_code == 422
    assert phones.call("PUT", path, {"password": "a new word"}, token=kim).status_code == 200
    assert enter(phones, room, PASSWORD, citizen).status_code == 403
    assert enter(phones, room, "a new word", citizen).status_code == 200


@on_sqlite
def test_rooms_are_those_of_a_department_and_of_who_keeps_the_rolls(
    phones: Phones, room: str, kim: str, add_official: Callable[..., str]
) -> None:
    add_official("lee", duties=("drafter",), department="culture")
    add_official("han", duties=("roll-keeper",), department="culture")
    lee, han = (phones.sign_in_official(one)["access"] for one in ("lee", "han"))
    assert phones.call("GET", "/rooms", token=lee).json["items"] == []
    assert phones.post(f"/rooms/{room}/close", token=lee).json["code"] == "room-not-yours"
    [seen] = phones.call("GET", "/rooms", token=han).json["items"]
    assert seen == {
        "number": room,
        "words": words("Tenants"),
        "department": "parks",
        "closed": False,
    }
    assert phones.post(f"/rooms/{room}/close", token=han).status_code == 200
    assert phones.post("/rooms/12/close", token=han).json["code"] == "room-unknown"
