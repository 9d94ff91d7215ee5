"""``mvote doctor``: every fault is named with what to do, and nothing is changed."""

import json
import shlex
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask

from mvote.keys import open_keys
from mvote.operations.doctor.addresses import look_at_addresses
from mvote.operations.doctor.databases import look_at_database
from mvote.operations.doctor.limits import look_at_limits
from mvote.operations.doctor.other_side import look_at_other_side
from mvote.operations.doctor.variables import look_at_variables
from mvote.operations.hosting.command import hosting
from mvote.settings import WINGS, Settings
from tests.commands import on_sqlite, run_mvote
from tests.exchange.test_wire import votes_host


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
    held = found["MVOTE_BOTH_SIDES_HERE"]
    assert (held["grade"], held["do"].partition(":")[0]) == ("bad", "take them away")
    assert "MVOTE_PEOPLE_DATABASE_URL" in held["said"]
    assert "people-keys/identity.pem" in held["said"]
    assert found["MVOTE_PEOPLE_URL"]["said"] == "is not set"


SPOILT: dict[str, tuple[dict[str, Any], str, str]] = {
    "a public address in the clear": ({"public_url": "http://vote.city.example"}, "bad", "https"),
    "codes that reach nobody": ({"public_url": "https://city.example"}, "bad", "terminal"),
    "codes in the clear": (
        {"sms_gateway": "http://sms.example/send", "sms_secret": "x"},
        "look",
        "unencrypted",
    ),
    "nobody's word about callers": ({"public_url": "https://city.example"}, "look", "one address"),
    "everybody's word about callers": ({"trusted_proxies": "8.0.0.0/8"}, "bad", "may say who"),
    "ballots that never fit": ({"body_bytes": 5000}, "bad", "before they are read"),
    "no try at a code": ({"code_tries": 0}, "bad", "is 0"),
    "tokens that end before they begin": ({"refresh_seconds": 60}, "bad", "token"),
    "a batch of one": ({"batch_ballots": 1}, "look", "hides among fewer"),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_settings_that_make_no_sense_together_are_named_with_what_to_do(fault: str) -> None:
    changed, grade, said = SPOILT[fault]
    settings = replace(Settings(), **{"sms_gateway": "console", **changed})
    settings.check()
    found = [*look_at_addresses(settings, WINGS), *look_at_limits(settings)]
    named = [one for one in found if said in one.said]
    assert [(one.grade, bool(one.do)) for one in named] == [(grade, True)], found
    usual = [*look_at_addresses(Settings(), WINGS), *look_at_limits(Settings())]
    assert [one for one in usual if one.grade == "bad"] == []


def test_a_variable_that_no_setting_reads_is_named_with_what_may_be_meant() -> None:
    environ = {"MVOTE_TRUSTED_PROXY": "x", "MVOTE_HOME": "y", "MVOTE_SIDE": "both", "PATH": "z"}
    found = list(look_at_variables(environ))
    assert [(one.about, "MVOTE_TRUSTED_PROXIES" in one.do) for one in found] == [
        ("MVOTE_TRUSTED_PROXY", True)
    ]


def test_settings_that_were_never_filled_in_are_named() -> None:
    printed = CliRunner().invoke(hosting, ["settings", "--side", "people"]).output
    environ = dict(word.split("=", 1) for word in shlex.split(printed, comments=True))
    found = list(look_at_variables(environ))
    assert {one.grade for one in found} == {"bad"}
    names = {one.about for one in found}
    assert {"MVOTE_SMS_SECRET", "MVOTE_PEOPLE_DATABASE_URL", "MVOTE_PUBLIC_URL"} <= names
    assert "MVOTE_HOME" not in names


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_wings_that_share_a_role_and_a_server_with_too_few_connections_are_named(
    settings: Settings,
) -> None:
    shared = replace(settings, votes_database_url=settings.people_database_url, database_pool=41)
    found = list(look_at_database(shared, "people"))
    assert [one.grade for one in found if "same role" in one.said] == ["bad"]
    assert [one.grade for one in found if "connections" in one.said] == ["look"]
    apart = list(look_at_database(settings, "people"))
    assert {one.grade for one in apart} == {"good"}
    assert [one for one in apart if one.said.startswith("PostgreSQL ")]


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_whether_each_side_knows_the_other_is_tried_and_nothing_changed(
    app: Flask, settings: Settings
) -> None:
    with votes_host(settings) as url:
        here = replace(settings, votes_url=url)
        assert grades(here)["MVOTE_VOTES_URL"] == "good"
        stranger = replace(here, people_keys=settings.home / "other-keys")
        open_keys(stranger, "people")
        assert grades(stranger)["MVOTE_VOTES_URL"] == "bad"
    away = grades(replace(settings, votes_url="http://127.0.0.1:9"))
    assert away["MVOTE_VOTES_URL"] == "bad"
    assert grades(replace(settings, exchange_ca_file=settings.home / "none.pem")) == {
        "MVOTE_BOTH_SIDES_HERE": "bad",
        "MVOTE_EXCHANGE_CA_FILE": "bad",
    }


def grades(settings: Settings) -> dict[str, str]:
    return {one.about: one.grade for one in look_at_other_side(settings, "votes")}


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_people_read_signs_and_what_to_do(settings: Settings) -> None:
    done = run_mvote(settings, "doctor")
    assert "✓ disk: " in done.stdout
    assert "→ put a proxy with a certificate in front" in done.stdout
