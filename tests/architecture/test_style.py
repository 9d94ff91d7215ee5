"""ruff: what it checks and how it lays out is said in pyproject.toml; files stay short."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.require import ROOT


@pytest.mark.parametrize("command", [["check"], ["format", "--check", "--diff"]])
def test_the_style_is_one(command: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "ruff", *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_files_stay_short_enough_to_read() -> None:
    """Alembic writes the migrations, and they are as long as the tables are many."""
    long = {
        str(path.relative_to(ROOT)): lines
        for folder in ("mvote", "tests")
        for path in _modules(ROOT / folder)
        if (lines := len(path.read_text().splitlines())) > 400
    }
    assert long == {}


def _modules(folder: Path) -> Iterator[Path]:
    """Beside what npm brings, for another process may be installing there meanwhile."""
    for place, below, files in os.walk(folder):
        below[:] = set(below) - {"node_modules"}
        yield from (Path(place, name) for name in files if name.endswith(".py"))
