"""mypy over the whole program, as strict as pyproject.toml says."""

import re
import subprocess
import sys
import tomllib

from tests.require import ROOT


def test_the_types_hold() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "mypy"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_core_rules_and_services_are_checked_strictly() -> None:
    mypy = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["mypy"]
    assert mypy["strict"] is True
    strict = re.compile(r"core|rules|service|\*$")
    loosened = [
        module
        for override in mypy["overrides"]
        if set(override) - {"module", "ignore_missing_imports"}
        for module in override["module"]
    ]
    assert [module for module in loosened if strict.search(module)] == []
