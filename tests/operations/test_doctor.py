"""``mvote doctor``: every fault is named with what to do, and nothing is changed."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mvote.keys import open_keys
from mvote.settings import Settings
from tests.commands import on_sqlite, run_mvote


def examine(settings: Settings, *arguments: str) -> tuple[int, dict[str, dict[str, Any]]]:
    done = run_mvote(settings, "doctor", "--json", *arguments)
    assert done.returncode in (0, 1), done.stderr
    return done.returncode, {one["about"]: one for one in json.loads(done.stdout)["findings"]}


def test_a_sound_installation_is_well(settings: Settings) -> None:
    for wing in ("people", "votes"):
        open_keys(settings, wing)
    code, found = examine(settings)
    assert code == 0
    assert {one["grade"] for one in found.values()} <= {"good", "look"}
    assert found["MVOTE_SMS_GATEWAY"]["grade"] == "look"


def test_nothing_is_made_by_looking(tmp_path: Path) -> None:
    code, found = examine(on_sqlite(tmp_path / "home"))
    assert code == 1
    assert "mvote db upgrade" in found["MVOTE_PEOPLE_DATABASE_URL"]["do"]
    assert not (tmp_path / "home").exists()


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_loose_keys_a_full_disk_and_a_wrong_port_are_named(settings: Settings) -> None:
    open_keys(settings, "people")
    loose = settings.keys("people") / "identity.pem"
    loose.chmod(0o644)
    bad = replace(
        settings,
        free_disk_bytes=10**18,
        votes_database_url="postgresql://nobody@127.0.0.1:1/none",
    )
    code, found = examine(bad)
    assert code == 1
    wrong = {about: one["do"] for about, one in found.items() if one["grade"] == "bad"}
    assert wrong.keys() == {"disk", "MVOTE_PEOPLE_KEYS", "MVOTE_VOTES_DATABASE_URL"}
    assert wrong["MVOTE_PEOPLE_KEYS"] == f"chmod 600 {loose}"


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_one_side_may_hold_nothing_of_the_other(settings: Settings) -> None:
    for wing in ("people", "votes"):
        open_keys(settings, wing)
    code, found = examine(settings, "--side", "votes")
    assert code == 1
    assert "take them away" in found["MVOTE_PEOPLE_DATABASE_URL"]["do"]
    assert "MVOTE_PEOPLE_URL" in found


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_people_read_signs_and_what_to_do(settings: Settings) -> None:
    done = run_mvote(settings, "doctor")
    assert "✓ disk: " in done.stdout
    assert "→ put a proxy with a certificate in front" in done.stdout
