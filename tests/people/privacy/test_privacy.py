"""A citizen's own data: agreed to, declared, taken along, deleted; and what goes by itself."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from mvote.audit.service import list_entries
from mvote.core.canonical import b64u_decode, canonical_bytes
from mvote.db import PeopleBase, reading, transaction
from mvote.installation import installation
from mvote.people.identity.service.holding import OF_ACCOUNT
from mvote.people.identity.tables import AccountRow, FamilyRow
from mvote.people.privacy.rules import LABEL, months_before
from mvote.people.privacy.service.retention import delete_unused
from mvote.people.rolls.service.registers import import_register
from mvote.settings import Settings, SettingsFault
from tests.people.conftest import NUMBER, Phones, on_sqlite

IDENTIFICATION, DECLARATION = "/me/consents/identification", "/me/consents/declaration"
REGISTER = ("number,district,birth_year,gender", "010-2345-6789,mapo,1987,f")


def _get(phones: Phones, path: str, token: str = "") -> Any:
    return phones.call("GET", path, token=token)


def test_consents_are_given_to_a_version_and_withdrawn(phones: Phones) -> None:
    token = phones.sign_in()["access"]
    [identification, declaration] = _get(phones, "/consent-texts").json["items"]
    assert (identification["purpose"], declaration["purpose"]) == ("identification", "declaration")
    given = phones.call("PUT", DECLARATION, {"version": 1}, token=token)
    assert (given.status_code, given.json["digest"]) == (200, declaration["digest"])
    late = phones.call("PUT", DECLARATION, {"version": 7}, token=token)
    assert (late.status_code, late.json["params"]) == (
        409,
        {"purpose": "declaration", "version": 1},
    )
    assert phones.call("PUT", "/me/consents/x", {"version": 1}, token=token).status_code == 404
    assert phones.call("DELETE", DECLARATION, token=token).status_code == 204
    [kept] = _get(phones, "/me/consents", token).json["items"]
    assert kept["given"] == kept["withdrawn"] == given.json["given"]
    carried = phones.call("DELETE", IDENTIFICATION, token=token)
    assert (carried.status_code, carried.json["code"]) == (409, "consent-carries-account")


def test_what_is_declared_takes_a_consent_and_stays_apart_from_the_register(
    phones: Phones, app: Flask, now: Any
) -> None:
    with app.app_context():
        import_register(REGISTER, replace=False, now=now)
    token, told = phones.sign_in()["access"], {"district": "jongno", "birth_year": 1991}
    refused = phones.call("PUT", "/me/declaration", told, token=token)
    assert (refused.status_code, refused.json["code"]) == (403, "consent-needed")
    phones.call("PUT", DECLARATION, {"version": 1}, token=token)
    kept = {"district": "jongno", "birth_band": 1990, "gender": None}
    assert phones.call("PUT", "/me/declaration", told, token=token).json == kept
    assert _get(phones, "/me/declaration", token).json == kept
    registered = {"district": "mapo", "birth_band": 1985, "gender": "f"}
    assert _get(phones, "/me", token).json["register"] == registered
    phones.call("DELETE", DECLARATION, token=token)
    assert _get(phones, "/me/declaration", token).json["code"] == "nothing-declared"
    assert _get(phones, "/me", token).json["register"] == registered


@on_sqlite
@pytest.mark.parametrize(
    "told", [{"district": "a b"}, {"birth_year": 1800}, {"gender": "q"}, {"name": "Kim"}]
)
def test_nothing_else_can_be_declared(phones: Phones, told: dict[str, Any]) -> None:
    token = phones.sign_in()["access"]
    assert phones.call("PUT", "/me/declaration", told, token=token).status_code == 422


def _in_city(phones: Phones, **changed: Any) -> Phones:
    """The same app, with other settings."""
    made = phones.app.extensions["mvote"]
    settings = replace(made.settings, **changed)
    settings.check()
    phones.app.extensions["mvote"] = replace(made, settings=settings)
    return phones


@on_sqlite
def test_a_city_may_ask_for_consent_before_it_sends_a_code(phones: Phones) -> None:
    phones = _in_city(phones, consent_needed="yes")
    asked = {"number": NUMBER}
    assert phones.post("/phone-checks", asked).json["code"] == "consent-needed"
    outdated = phones.post("/phone-checks", {**asked, "consent": 9})
    assert outdated.json["code"] == "consent-outdated"
    check = phones.post("/phone-checks", {**asked, "consent": 1}).json["check"]
    token = phones.enter(check, phones.code()).json["access"]
    [kept] = _get(phones, "/me/consents", token).json["items"]
    assert (kept["purpose"], kept["version"]) == ("identification", 1)


@on_sqlite
def test_a_citys_own_texts_take_the_place_of_ours(phones: Phones, tmp_path: Path) -> None:
    path = tmp_path / "texts.json"
    own = {"version": 2, "title": {"ko": "가", "en": "A"}, "text": {"ko": "나", "en": "B"}}
    path.write_text(json.dumps({"declaration": own}))
    phones = _in_city(phones, consent_texts=path)
    found = {one["purpose"]: one for one in _get(phones, "/consent-texts").json["items"]}
    assert (found["declaration"]["version"], found["identification"]["version"]) == (2, 1)
    token = phones.sign_in()["access"]
    assert phones.call("PUT", DECLARATION, {"version": 1}, token=token).status_code == 409
    assert phones.call("PUT", DECLARATION, {"version": 2}, token=token).status_code == 200


@on_sqlite
@pytest.mark.parametrize("text", ["", "[]", '{"other":{}}', '{"declaration":{"version":0}}'])
def test_a_file_of_texts_that_is_not_right_is_told(app: Flask, tmp_path: Path, text: str) -> None:
    from mvote.people.identity.service.consents import list_texts

    path = tmp_path / "texts.json"
    path.write_text(text)
    made = app.extensions["mvote"]
    app.extensions["mvote"] = replace(made, settings=replace(made.settings, consent_texts=path))
    with app.app_context(), pytest.raises(SettingsFault, match="MVOTE_CONSENT_TEXTS"):
        list_texts()


def test_a_citizen_takes_everything_along_and_leaves(phones: Phones, app: Flask, now: Any) -> None:
    with app.app_context():
        import_register(REGISTER, replace=False, now=now)
    other = phones.sign_in("+821055556666")
    tokens = phones.sign_in()
    token = tokens["access"]
    phones.call("PUT", DECLARATION, {"version": 1}, token=token)
    phones.call("PUT", "/me/declaration", {"gender": "f"}, token=token)
    held = _get(phones, "/me/data", token).json
    assert [key["kind"] for key in held["keys"]] == ["number"]
    assert (held["register"]["district"], held["declared"]["gender"]) == ("mapo", "f")
    assert (len(held["sign_ins"]), len(held["consents"]), held["permits"]) == (1, 1, [])
    assert NUMBER not in json.dumps(held)
    left = phones.call("DELETE", "/me", token=token)
    assert left.status_code == 200
    assert [one["what"] for one in left.json["stays"]] == ["register"]
    assert left.json["deleted"]["accounts"] == 1
    assert _get(phones, "/me", token).json["code"] == "token-revoked"
    assert phones.post("/tokens/refresh", token=tokens["refresh"]).status_code == 401
    assert _rows_of(app, held["account"]) == {}
    assert _get(phones, "/me", other["access"]).status_code == 200


def _rows_of(app: Flask, account: str) -> dict[str, int]:
    """Rows in any table of the wing that name the account, whatever the column is called."""
    found: dict[str, int] = {}
    with app.app_context(), reading("people") as session:
        for table in PeopleBase.metadata.tables.values():
            for row in session.execute(select(table)).mappings():
                if account in [value for value in row.values() if isinstance(value, str)]:
                    found[table.name] = found.get(table.name, 0) + 1
    return found


def test_every_table_of_an_account_goes_with_it(app: Flask) -> None:
    """A table with a column for accounts that nobody deletes from fails here."""
    with_account = {
        table.name for table in PeopleBase.metadata.tables.values() if "account" in table.columns
    }
    assert with_account == {table.__tablename__ for table in OF_ACCOUNT} | ALSO_DELETED


ALSO_DELETED = {"desk_requests"}


@on_sqlite
def test_deleting_takes_a_fresh_sign_in(phones: Phones, settings: Settings) -> None:
    tokens = phones.sign_in()
    stale = phones.post("/tokens/refresh", token=tokens["refresh"]).json["access"]
    for method, path in (("DELETE", "/me"), ("GET", "/me/data")):
        told = phones.call(method, path, token=stale)
        assert told.json["code"] == "fresh-sign-in-needed"


def test_what_nobody_uses_goes_and_the_wing_signs_it(phones: Phones, app: Flask, now: Any) -> None:
    phones.sign_in("+821011112222")
    phones.sign_in("+821033334444")
    with app.app_context():
        month = now.date().replace(day=1)
        with transaction("people") as session:
            session.execute(update(AccountRow).values(seen=months_before(month, 25)))
        assert delete_unused(now=now) == 0, "they are signed in"
        with transaction("people") as session:
            session.query(FamilyRow).delete()
        phones.sign_in("+821055556666")
        with transaction("people") as session:
            unknown = AccountRow(id="0" * 16, number_mac=bytes(32))
            session.add(unknown)
        assert delete_unused(now=now) == 2
        assert delete_unused(now=now) == 0
        with reading("people") as session:
            assert session.query(AccountRow).count() == 2
        key = installation().public["people"]["exchange"]
        [last, *_] = [e for e in list_entries("people") if e.name == "UnusedAccountsDeleted"]
    [said] = _get(phones, "/retention-statements").json["items"]
    assert said["deleted"]["accounts"] == 2 == last.body["accounts"]
    signature = b64u_decode(said.pop("sig"), length=64)
    key.verify(signature, LABEL.encode() + b"\0" + canonical_bytes(said))


@on_sqlite
def test_whoever_stays_signed_in_uses_the_account(phones: Phones, app: Flask, now: Any) -> None:
    month, tokens = now.date().replace(day=1), phones.sign_in()
    with app.app_context(), transaction("people") as session:
        session.execute(update(AccountRow).values(seen=months_before(month, 25)))
    assert phones.post("/tokens/refresh", token=tokens["refresh"]).status_code == 201
    with app.app_context(), reading("people") as session:
        assert session.scalars(select(AccountRow.seen)).all() == [month]


def test_months_are_counted_over_the_turn_of_years(now: Any) -> None:
    day = now.date().replace(year=2026, month=1, day=1)
    assert months_before(day, 1).isoformat() == "2025-12-01"
    assert months_before(day, 24).isoformat() == "2024-01-01"


@on_sqlite
def test_alarms_tell_of_codes_before_they_run_out(phones: Phones, app: Flask, now: Any) -> None:
    from mvote.people.identity.service.phone_checks import watch_budget

    phones = _in_city(phones, codes_per_day=4, codes_per_prefix_hour=2, codes_alarm_percent=50)

    def alarms() -> list[str]:
        with app.app_context():
            watch_budget(now=now + timedelta(seconds=1))
            return [e.name for e in list_entries("people") if e.name.startswith("Sms")]

    phones.ask("+821011110001")
    assert alarms() == []
    phones.ask("+821011110002")
    assert alarms() == ["SmsBudgetNearlyUsed"] == alarms()
    for _ in range(2):
        limited = phones.post("/phone-checks", {"number": "+821011110003"})
        assert limited.json["code"] == "too-many-codes"
    assert alarms() == ["SmsBudgetNearlyUsed", "SmsPrefixLimited"]


def test_what_is_told_twice_at_once_is_kept_once(phones: Phones) -> None:
    token = phones.sign_in()["access"]

    def tell(path: str, body: dict[str, Any]) -> int:
        return int(phones.call("PUT", path, body, token=token).status_code)

    with ThreadPoolExecutor(8) as pool:
        for path, body in ((DECLARATION, {"version": 1}), ("/me/declaration", {"gender": "f"})):
            answers = [pool.submit(tell, path, body) for _ in range(8)]
            assert {one.result() for one in answers} == {200}, path
    held = _get(phones, "/me/data", token).json
    assert (len(held["consents"]), held["declared"]["gender"]) == (1, "f")
