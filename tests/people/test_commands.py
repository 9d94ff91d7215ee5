"""The commands of the people wing, as an operator types them."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from mvote.people.rolls.errors import FileRefused
from tests.people.conftest import on_sqlite, refused

HEADER = "number,district,birth_year,gender\n"


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


@on_sqlite
@pytest.mark.parametrize(
    "command",
    [
        ("register",),
        ("register", "import"),
        ("list",),
        ("list", "import"),
    ],
)
def test_every_command_explains_itself(run: Callable[..., Result], command: tuple[str]) -> None:
    done = run(*command, "--help")
    assert done.exit_code == 0
    assert "Usage:" in done.output
