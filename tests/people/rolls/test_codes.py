"""Printed codes: counted, bound, exchanged once, revoked."""

import csv
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from mvote.audit.service import list_entries
from mvote.cli import cli
from mvote.db import engine
from mvote.people.rolls.rules_codes import CODE_BYTES, read_code, spell_code
from mvote.people.rolls.service.codes import print_codes
from mvote.people.rolls.service.registers import import_register
from tests.people.conftest import Phones, on_sqlite


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    return lambda *typed: CliRunner().invoke(cli, typed, obj=lambda _side: app)


@pytest.fixture
def printed(run: Callable[..., Result], tmp_path: Path) -> list[dict[str, str]]:
    """Two sheets of the batch ``letters``, for A-1 and A-2."""
    register, entries, out = (tmp_path / name for name in ("r.csv", "e.csv", "codes.csv"))
    register.write_text("entry,number,district,birth_year,gender\nA-1,,mapo,,\nA-2,,,,\n")
    entries.write_text("entry\nA-1\nA-2\n")
    assert run("register", "import", str(register)).exit_code == 0
    done = run("codes", "make", "letters", "--entries", str(entries), "--out", str(out))
    assert done.exit_code == 0, done.exception
    assert out.stat().st_mode & 0o777 == 0o600
    return list(csv.DictReader(out.read_text(encoding="utf-8").splitlines()))


def counts(phones: Phones) -> dict[str, int]:
    [batch] = phones.call("GET", "/code-batches").json["items"]
    return {name: batch[name] for name in ("printed", "used", "revoked", "left")}


@given(st.binary(min_size=CODE_BYTES, max_size=CODE_BYTES))
def test_a_code_is_read_as_it_was_printed_or_typed(raw: bytes) -> None:
    spelled = spell_code(raw)
    typed = spelled.lower().replace("1", "l").replace("0", "O").replace("-", " ")
    assert read_code(spelled) == read_code(typed) == raw
    assert read_code(spelled[:-1]) is None
    assert read_code("z" + spelled[1:]) is None  # more than 128 bits


def test_a_printed_code_serves_once(
    phones: Phones, printed: list[dict[str, str]], app: Flask
) -> None:
    assert [one["serial"] for one in printed] == ["1", "2"]
    assert {one["entry"] for one in printed} == {"A-1", "A-2"}
    assert all(one["url"].endswith(f"/#printed-code={one['code']}") for one in printed)
    assert counts(phones) == {"printed": 2, "used": 0, "revoked": 0, "left": 2}
    code = next(one["code"] for one in printed if one["entry"] == "A-1")
    with ThreadPoolExecutor(16) as pool:
        asked = pool.map(lambda _: phones.post("/codes/tokens", {"code": code}), range(16))
        answers = list(asked)
    told = Counter((one.status_code, one.json.get("code", "")) for one in answers)
    assert told == {(201, ""): 1, (409, "printed-code-used"): 15}
    [made] = [one.json for one in answers if one.status_code == 201]
    me = phones.call("GET", "/me", token=made["access"]).json
    assert (me["proof"], me["register"]["district"]) == ("code", "mapo")
    assert counts(phones) == {"printed": 2, "used": 1, "revoked": 0, "left": 1}
    with app.app_context(), engine("people").connect() as connection:
        kept = repr(connection.exec_driver_sql("SELECT * FROM printed_codes").all())
        raw = read_code(code)
    assert raw is not None
    assert repr(raw) not in kept
    assert code not in kept


def test_codes_are_revoked_one_by_one_or_all(
    phones: Phones,
    printed: list[dict[str, str]],
    run: Callable[..., Result],
    add_official: Callable[..., str],
    app: Flask,
) -> None:
    first, second = (one["code"] for one in printed)
    add_official("keeper", duties=("roll-keeper",))
    add_official("drafter", duties=("drafter",))
    keeper, other = (phones.sign_in_official(one)["access"] for one in ("keeper", "drafter"))
    path = "/code-batches/letters/revocation"
    assert phones.post(path, {"serial": 1}, token=other).json["code"] == "duty-missing"
    assert phones.post(path, {"serial": 1}, token=keeper).json == {"revoked": 1}
    assert phones.post(path, {"serial": 3}, token=keeper).json["code"] == "code-batch-unknown"
    for strange in (f"letters/codes/{10**30}", "%00/codes/1", "letters/codes/0"):
        told = phones.call("GET", f"/code-batches/{strange}", token=keeper)
        assert (told.status_code, told.json["code"]) == (404, "code-batch-unknown")
    state = phones.call("GET", "/code-batches/letters/codes/1", token=keeper).json
    assert state == {"state": "revoked"}
    refused = phones.post("/codes/tokens", {"code": first}).json
    assert refused["code"] == "printed-code-revoked"
    assert phones.post("/codes/tokens", {"code": second}).status_code == 201
    assert run("codes", "revoke", "letters").output == "0 codes of letters were revoked.\n"
    assert run("codes", "show", "letters", "2").output == "letters 2: used\n"
    shown = run("codes", "list").output
    assert shown == "letters (bound to entries): 2 printed, 1 used, 1 revoked, 0 left\n"
    with app.app_context():
        happened = [one.body for one in list_entries("people") if one.name == "CodesRevoked"]
    assert [(one["codes"], one["used"]) for one in happened] == [(1, 0), (0, 1)]


@on_sqlite
def test_what_cannot_be_printed_is_refused_and_leaves_nothing(
    phones: Phones, run: Callable[..., Result], printed: Any, tmp_path: Path
) -> None:
    entries = tmp_path / "more.csv"
    for text, options, reason in (
        ("entry\nA-1\nA-9\n", (), "not in the register"),
        ("entry\nA-1\nA-1\n", (), "the same entry as in line 2"),
        ("number\n010-2345-6789\n", (), "a column named entry"),
        ("entry\nA-1\n", ("--list", "traders"), "not on the list traders"),
    ):
        entries.write_text(text)
        out = tmp_path / "more-codes.csv"
        make = ("codes", "make", "more", "--entries", str(entries), "--out", str(out))
        assert reason in str(run(*make, *options).exception)
        assert not out.exists()
    there = run("codes", "make", "more", "--count", "2", "--out", str(tmp_path / "codes.csv"))
    assert (there.exit_code, "File exists" in there.output) == (2, True)
    taken = run("codes", "make", "letters", "--count", "2", "--out", str(tmp_path / "x.csv"))
    assert "already" in str(taken.exception)
    assert counts(phones)["printed"] == 2


@on_sqlite
def test_unknown_codes_raise_an_alarm_and_slow_nobody_down(phones: Phones, app: Flask) -> None:
    from dataclasses import replace

    from mvote.installation import installation

    with app.app_context():
        made = installation()
        app.extensions["mvote"] = replace(
            made, settings=replace(made.settings, unknown_codes_per_hour=2)
        )
    wrong = spell_code(bytes(CODE_BYTES))
    for _ in range(5):
        told = phones.post("/codes/tokens", {"code": wrong})
        assert (told.status_code, told.json["code"]) == (404, "printed-code-unknown")
    with app.app_context():
        assert [entry.name for entry in list_entries("people")].count("UnknownCodesFlooded") == 1


def test_a_code_added_to_an_account_that_has_another_entry_is_not_spent(
    phones: Phones, printed: list[dict[str, str]]
) -> None:
    first, second = (one["code"] for one in printed)
    token = phones.post("/codes/tokens", {"code": first}).json["access"]
    refused = phones.post("/me/codes/tokens", {"code": second}, token=token)
    assert (refused.status_code, refused.json["code"]) == (409, "other-key-held")
    by_sms = phones.sign_in()
    added = phones.post("/me/codes/tokens", {"code": second}, token=by_sms["access"])
    assert added.status_code == 201
    renewed = phones.post("/tokens/refresh", token=by_sms["refresh"]).json
    for access in (added.json["access"], renewed["access"]):
        assert phones.call("GET", "/me", token=access).json["proof"] == "code"


def test_who_holds_a_code_alone_is_told_nothing_of_strangers_without_a_number(
    phones: Phones, app: Flask, now: Any
) -> None:
    rows = ["entry,number,district,birth_year,gender", "A-1,,mapo,1987,f", "A-2,,guro,1950,m"]
    printed: list[str] = []
    with app.app_context():
        import_register((row + "\n" for row in rows), replace=True, now=now)
        print_codes("fair", count=1, write=lambda one: printed.append(one.code), now=now)
    token = phones.post("/codes/tokens", {"code": printed[0]}).json["access"]
    held = phones.call("GET", "/me/data", token=token).json
    assert (held["register"], held["lists"]) == (None, ["fair"])
    assert phones.call("GET", "/me", token=token).json["register"] is None
    left = phones.call("DELETE", "/me", token=token).json
    assert left["stays"] == []
