"""What lies in the repository: the known top level, the known names, and nothing of a machine."""

import re
import subprocess
import tempfile
from pathlib import Path, PurePosixPath

import pytest

from tests.require import ROOT

TOP_LEVEL = {
    ".ci",
    ".gitignore",
    "CHANGELOG.md",
    "LICENSE",
    "README.md",
    "constraints.txt",
    "migrations",
    "mobile_api_spec",
    "mvote",
    "pyproject.toml",
    "tests",
    "wsgi.py",
}
DOMAIN_FILE = re.compile(
    r"(__init__|errors|rules(_\w+)?|tables|service|schemas|routes|jobs|commands)\.py|(service|routes|schemas)/\w+\.py"
)
DOMAINS = re.compile(r"mvote/(?:(?:people|votes)/[^/]+|audit|exchange)/(.+)")
SAY_NOTHING = {"utils", "helpers", "common", "shared", "base", "manager"}
# Put together here, so that this file does not hold what it forbids.
REGISTRIES = [
    ".".join(name)
    for name in (
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("yarnpkg", "com"),
        ("deb", "debian", "org"),
    )
]
HOMES = re.compile(r"(?<![\w.:])/(?:home|Users|root)/")


@pytest.fixture(scope="module")
def tracked() -> list[str]:
    listed = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [name for name in listed.stdout.split("\0") if name and (ROOT / name).is_file()]


def test_the_top_level_is_the_known_one(tracked: list[str]) -> None:
    assert {name.split("/")[0] for name in tracked} == TOP_LEVEL


def test_a_domain_holds_only_the_known_files(tracked: list[str]) -> None:
    inside = [found[1] for name in tracked if (found := DOMAINS.fullmatch(name))]
    assert inside
    assert [name for name in inside if not DOMAIN_FILE.fullmatch(name)] == []


def test_every_name_says_what_is_inside(tracked: list[str]) -> None:
    empty = [
        name
        for name in tracked
        for part in PurePosixPath(name).parts
        if SAY_NOTHING & set(re.split(r"[_.-]", part.lower()))
    ]
    assert empty == []


def _names_of_this_machine(text: str) -> list[str]:
    """Registry hosts, home folders, and where this very checkout lies."""
    places = {str(Path.home()), str(ROOT), str(ROOT.parent)} - {"/", tempfile.gettempdir()}
    found = [host for host in REGISTRIES if host in text]
    found += [place for place in places if f"{place}/" in text]
    return found + HOMES.findall(text)


def test_no_file_names_a_machine_or_a_registry(tracked: list[str]) -> None:
    found = {}
    for name in tracked:
        text = (ROOT / name).read_bytes().decode(errors="replace")
        if names := _names_of_this_machine(text):
            found[name] = names
    assert found == {}


@pytest.mark.parametrize(
    "text", [f"{ROOT}/var", f"{Path.home()}/x", f"https://{REGISTRIES[0]}/simple"]
)
def test_the_name_of_a_machine_would_be_found(text: str) -> None:
    assert _names_of_this_machine(text)
