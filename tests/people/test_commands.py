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
    done = run("register", "import", str(file), "--dry-run")
    assert done.output.startswith("The register would take 1 entries: 1 new,")
    done = run("register", "import", str(file), "--json")
    said = {"entries": 1, "new": 1, "changed": 0, "gone": 0, "moved": 0}
    assert json.loads(done.output) == said | {"replaced": False, "dry_run": False}
    done = run("register", "import", str(file), "--replace")
    said_now = "The register took 1 entries: 0 new, 0 changed, 0 gone, 0 numbers moved.\n"
    assert (done.exit_code, done.output) == (0, said_now)


def test_a_file_in_another_encoding_is_found_out(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    file, row = tmp_path / "residents.csv", f"{HEADER}010-2345-6789,마포,1987,f\n"
    file.write_bytes(row.encode("cp949"))
    assert "1 new" in run("register", "import", str(file)).output
    assert "0 new, 0 changed" in run("register", "import", str(file), "--encoding", "cp949").output
    assert refused(run("register", "import", str(file), "--encoding", "utf-8"), FileRefused)
    for wrong, reason in ((row.encode() + b"\xff\xff", "Line 3"), (row.encode("utf-16"), "UTF-16")):
        file.write_bytes(wrong)
        done = run("register", "import", str(file))
        assert refused(done, FileRefused)
        assert reason in str(done.exception)


@on_sqlite
def test_a_file_without_lines_fills_no_memory(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "residents.csv"
    file.write_text("x" * 1_000_000)
    done = run("register", "import", str(file))
    assert refused(done, FileRefused)
    assert "longer than" in str(done.exception)


@on_sqlite
def test_a_missing_file_is_a_usage_error(run: Callable[..., Result]) -> None:
    assert run("register", "import", "no-such-file.csv").exit_code == 2


def test_a_list_is_imported(run: Callable[..., Result], tmp_path: Path) -> None:
    file = tmp_path / "traders.txt"
    file.write_text("010-2345-6789\n010-1111-2222\n")
    done = run("list", "import", "상인회", str(file), "--json")
    said = {"list": "상인회", "entries": 2, "new": 2, "gone": 0, "dry_run": False}
    assert json.loads(done.output) == said
    done = run("list", "import", "상인회", str(file), "--dry-run")
    assert done.output.endswith("would hold 2 people: 0 new, 0 gone. Nothing was changed.\n")


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
