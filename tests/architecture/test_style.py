"""ruff: what it checks and how it lays out is said in pyproject.toml."""

import subprocess
import sys

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
