"""The commands of the people wing, as an operator types them."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from mvote.cli import cli
from mvote.core.errors import Refusal
from mvote.people.officials.errors import (
    DepartmentNotValid,
    LoginNotValid,
    LoginTaken,
    PasswordNotValid,
)
from mvote.people.rolls.errors import FileRefused
from tests.people.conftest import PASSWORD, Phones, on_sqlite

HEADER = "number,district,birth_year,gender\n"


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run ``mvote …`` in this process, in the app of the test."""

    def run_in_app(*arguments: str, stdin: str | None = None) -> Result:
        runner = CliRunner()
        return runner.invoke(cli, arguments, obj=lambda _side: app, input=stdin)

    return run_in_app


def refused(result: Result, kind: type[Refusal]) -> bool:
    return isinstance(result.exception, kind)


def test_a_register_file_is_imported(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "residents.csv"
    file.write_bytes(b"\xef\xbb\xbf" + f"{HEADER}010-2345-6789,마포,1987,f\r\n".encode())
    done = run("register", "import", str(file), "--json")
    assert json.loads(done.output) == {"numbers": 1, "replaced": False}
    done = run("register", "import", str(file), "--replace")
    assert (done.exit_code, done.output) == (0, "The register took 1 numbers.\n")


def test_a_file_in_another_encoding_is_refused(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "residents.csv"
    file.write_bytes((HEADER + "010-2345-6789,마포,1987,f\n").encode("cp949"))
    done = run("register", "import", str(file))
    assert refused(done, FileRefused)
    assert "not UTF-8" in str(done.exception)


@on_sqlite
def test_a_missing_file_is_a_usage_error(run: Callable[..., Result]) -> None:
    assert run("register", "import", "no-such-file.csv").exit_code == 2


def test_a_list_is_imported(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "traders.txt"
    file.write_text("010-2345-6789\n010-1111-2222\n")
    done = run("list", "import", "상인회", str(file), "--json")
    assert json.loads(done.output) == {"list": "상인회", "numbers": 2}
    assert run("list", "import", "상인회", str(file)).output == "The list 상인회 holds 2 numbers.\n"


def test_an_official_is_added_with_a_password_shown_once(
    run: Callable[..., Result], phones: Phones
) -> None:
    options = ("--department", "parks", "--duty", "approver", "--duty", "drafter")
    done = run("official", "add", "kim", *options, "--json")
    made: dict[str, Any] = json.loads(done.output)
    assert (made["login"], made["department"]) == ("kim", "parks")
    assert made["duties"] == ["drafter", "approver"]
    assert phones.sign_in_official("kim", made["password"])["access"]
    listed = run("official", "list", "--json")
    assert made["password"] not in listed.output
    expected = {name: made[name] for name in ("id", "login", "department", "duties")}
    assert json.loads(listed.output) == {"officials": [expected]}
    assert run("official", "list").output == f"kim ({made['id']}): parks, drafter, approver\n"


def test_an_officials_password_may_come_from_standard_input(
    run: Callable[..., Result], phones: Phones
) -> None:
    options = ("--department", "parks", "--duty", "answerer", "--password-stdin")
    done = run("official", "add", "lee", *options, stdin=PASSWORD + "\n")
    assert done.exit_code == 0
    assert PASSWORD not in done.output
    assert phones.sign_in_official("lee")["access"]


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
    run: Callable[..., Result], login: str, department: str, password: str, kind: type[Refusal]
) -> None:
    options = ("--department", department, "--duty", "drafter", "--password-stdin")
    assert refused(run("official", "add", login, *options, stdin=password + "\n"), kind)
    assert json.loads(run("official", "list", "--json").output) == {"officials": []}


def test_a_login_is_taken_once(run: Callable[..., Result]) -> None:
    options = ("kim", "--department", "parks", "--duty", "drafter")
    assert run("official", "add", *options).exit_code == 0
    assert refused(run("official", "add", *options), LoginTaken)


@on_sqlite
def test_an_unknown_duty_is_a_usage_error(run: Callable[..., Result]) -> None:
    done = run("official", "add", "kim", "--department", "parks", "--duty", "mayor")
    assert done.exit_code == 2
    assert "drafter" in done.output


@on_sqlite
@pytest.mark.parametrize(
    "command",
    [
        ("register",),
        ("register", "import"),
        ("list",),
        ("list", "import"),
        ("official",),
        ("official", "add"),
        ("official", "list"),
    ],
)
def test_every_command_explains_itself(run: Callable[..., Result], command: tuple[str]) -> None:
    done = run(*command, "--help")
    assert done.exit_code == 0
    assert "Usage:" in done.output
