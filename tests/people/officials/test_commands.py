"""``mvote official``, as an operator types it."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from click.testing import Result

from mvote.core.errors import Refusal
from mvote.db import reading, transaction
from mvote.people.officials.errors import (
    DepartmentNotValid,
    LastAdministrator,
    LoginNotValid,
    LoginTaken,
    NoSuchOfficial,
    PasswordNotValid,
)
from mvote.people.officials.tables import OfficialRow
from tests.people.conftest import PASSWORD, Phones, on_sqlite, refused
from tests.people.officials.authenticator import Authenticator
from tests.people.officials.conftest import Office, said

PARKS = ("--department", "parks", "--duty")
Run = Callable[..., Result]


def test_an_official_is_added_with_a_link_shown_once(run: Run, office: Office) -> None:
    done = run("official", "add", "kim", *PARKS, "approver", "--duty", "drafter", "--json")
    made: dict[str, Any] = json.loads(done.output)
    assert (made["login"], made["department"]) == ("kim", "parks")
    assert made["duties"] == ["drafter", "approver"]
    assert made["link"].startswith("http://localhost:8000/officials/enrol#")
    assert datetime.fromisoformat(made["expires_at"]) > datetime.now(UTC)
    secret = made["link"].partition("#")[2]
    listed = run("official", "list", "--json")
    assert secret not in listed.output
    assert json.loads(listed.output) == {
        "officials": [
            {
                "id": made["id"],
                "login": "kim",
                "department": "parks",
                "duties": ["drafter", "approver"],
                "disabled": False,
                "passkeys": 0,
            }
        ]
    }
    assert office.enrol(secret, Authenticator()).status_code == 201
    assert run("official", "list").output == (
        f"kim ({made['id']}): parks, drafter, approver; 1 passkey\n"
    )


def test_an_officials_password_may_come_from_standard_input(run: Run, phones: Phones) -> None:
    done = run("official", "add", "lee", *PARKS, "answerer", "--password-stdin", stdin=PASSWORD)
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert "#" not in done.output
    assert phones.sign_in_official("lee")["access"]


def test_the_last_administrator_is_recovered_on_the_host(run: Run, office: Office) -> None:
    account, key, token = office.enrolled("kim", "administrator")
    with office.app.app_context(), transaction("people") as session:
        session.get_one(OfficialRow, account).oidc_mac = bytes(32)
    done = run("official", "recover", "kim", "--json")
    assert done.exit_code == 0
    told = json.loads(done.output)
    assert told["passkeys"] == 0
    assert said(office.call("GET", "/me", token=token)) == (401, "token-revoked")
    assert said(office.sign_in(key)) == (401, "passkey-refused")  # whoever found it
    with office.app.app_context(), reading("people") as session:
        assert session.get_one(OfficialRow, account).oidc_mac is None
    assert office.enrol(told["link"].partition("#")[2], Authenticator()).status_code == 201
    assert office.happened("OfficialRecovered") == [{"subject": account, "by": "command"}]
    assert refused(run("official", "recover", "nobody"), NoSuchOfficial)


def test_an_official_is_changed_disabled_and_enabled(run: Run, office: Office) -> None:
    office.enrolled("ann", "administrator")
    _, key, token = office.enrolled("kim", "drafter")
    done = run("official", "change", "kim", "--duty", "approver", "--json")
    changed = json.loads(done.output)
    assert (changed["department"], changed["duties"]) == ("parks", ["approver"])
    assert said(office.call("GET", "/me", token=token)) == (401, "token-revoked")
    moved = json.loads(run("official", "change", "kim", "--department", "roads", "--json").output)
    assert (moved["department"], moved["duties"]) == ("roads", ["approver"])
    assert "(disabled)" in run("official", "disable", "kim").output
    assert said(office.sign_in(key)) == (403, "account-disabled")
    assert "(disabled)" not in run("official", "enable", "kim").output
    assert office.sign_in(key).status_code == 201
    for command in (("disable", "ann"), ("change", "ann", "--duty", "drafter")):
        assert refused(run("official", *command), LastAdministrator)


@on_sqlite
@pytest.mark.parametrize(
    ("login", "department", "password", "kind"),
    [
        ("Kim", "parks", PASSWORD, LoginNotValid),
        ("k", "parks", PASSWORD, LoginNotValid),
        ("kim park", "parks", PASSWORD, LoginNotValid),
        ("kim", "the parks", PASSWORD, DepartmentNotValid),
        ("kim", "parks", "short", PasswordNotValid),
        ("kim", "parks", "", PasswordNotValid),
        ("kim", "parks", "x" * 201, PasswordNotValid),
    ],
)
def test_an_official_is_not_added_with_what_is_not_right(
    run: Run, login: str, department: str, password: str, kind: type[Refusal]
) -> None:
    options = ("--department", department, "--duty", "drafter", "--password-stdin")
    assert refused(run("official", "add", login, *options, stdin=password + "\n"), kind)
    assert json.loads(run("official", "list", "--json").output) == {"officials": []}


def test_a_login_is_taken_once(run: Run) -> None:
    assert run("official", "add", "kim", *PARKS, "drafter").exit_code == 0
    assert refused(run("official", "add", "kim", *PARKS, "drafter"), LoginTaken)


@on_sqlite
def test_an_unknown_duty_is_a_usage_error(run: Run) -> None:
    done = run("official", "add", "kim", *PARKS, "mayor")
    assert done.exit_code == 2
    assert "drafter" in done.output


@on_sqlite
@pytest.mark.parametrize("command", ["", "add", "list", "change", "disable", "enable", "recover"])
def test_every_command_explains_itself(run: Run, command: str) -> None:
    done = run("official", *command.split(), "--help")
    assert done.exit_code == 0
    assert "Usage:" in done.output
