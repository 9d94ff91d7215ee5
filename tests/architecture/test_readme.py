"""The README's map of the folders is the tree that is there, and it names every command."""

import re

from mvote.cli import COMMANDS
from tests.require import ROOT


def test_the_map_names_every_folder_and_no_other() -> None:
    text = (ROOT / "README.md").read_text()
    rows = re.findall(r"^\| (`[^|]+) \|", text, re.M)
    named = {folder for row in rows for folder in re.findall(r"`([\w/]+/)`", row)}
    package = {
        f"mvote/{path.name}/"
        for path in (ROOT / "mvote").iterdir()
        if path.is_dir() and not path.name.startswith("_")
    }
    assert named == package | {"migrations/", "mobile_api_spec/", "tests/"}


def test_the_map_names_the_domains_of_both_wings() -> None:
    text = (ROOT / "README.md").read_text()
    for wing in ("people", "votes"):
        (row,) = re.findall(rf"^\| `mvote/{wing}/` \|(.*)", text, re.M)
        domains = {path.parent.name for path in (ROOT / "mvote" / wing).glob("*/rules.py")}
        assert domains == set(re.findall(r"`(\w+)`", row))


def test_every_command_is_named() -> None:
    text = (ROOT / "README.md").read_text()
    assert [name for name in COMMANDS if f"mvote {name}" not in text] == []
