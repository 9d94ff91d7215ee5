"""Every setting is read, held to sense, and written down where an operator looks."""

from dataclasses import fields
from pathlib import Path

import pytest

from mvote.contradictions import CEILINGS
from mvote.settings import Settings, SettingsFault
from tests.commands import on_sqlite, run_mvote
from tests.require import ROOT

README = ROOT / "README.md"


def test_a_variable_is_read_as_its_setting_wants_it() -> None:
    environ = {"MVOTE_CODE_TRIES": "3", "MVOTE_WORKER_SECONDS": "0.5", "MVOTE_HOME": "/srv/mvote"}
    made = Settings.from_env(environ)
    assert (made.code_tries, made.worker_seconds, made.home) == (3, 0.5, Path("/srv/mvote"))


@pytest.mark.parametrize(
    ("variable", "value", "said"),
    [
        ("MVOTE_CODE_TRIES", "five", "MVOTE_CODE_TRIES has to be a whole number, not 'five'"),
        ("MVOTE_CODE_TRIES", "-1", "MVOTE_CODE_TRIES may not be negative"),
        ("MVOTE_ACCESS_SECONDS", "0", "MVOTE_ACCESS_SECONDS has to be at least 1"),
        ("MVOTE_TIME_ZONE", "Mars/Base", "not a known time zone"),
        ("MVOTE_PUBLIC_URL", "city.example", "MVOTE_PUBLIC_URL"),
        ("MVOTE_SMS_GATEWAY", "pigeon", "MVOTE_SMS_GATEWAY"),
        ("MVOTE_SMS_GATEWAY", "https://sms.example", "MVOTE_SMS_SECRET"),
    ],
)
def test_a_wrong_value_is_named(variable: str, value: str, said: str) -> None:
    with pytest.raises(SettingsFault, match=said):
        Settings.from_env({variable: value})


@pytest.mark.parametrize("name", CEILINGS)
def test_a_city_may_allow_less_than_the_form_but_not_more(name: str) -> None:
    most = CEILINGS[name]
    assert getattr(Settings(), name) <= most
    assert Settings.from_env({f"MVOTE_{name.upper()}": str(most - 1)})
    with pytest.raises(SettingsFault, match=f"may not be more than {most}"):
        Settings.from_env({f"MVOTE_{name.upper()}": str(most + 1)})


def test_every_setting_is_used() -> None:
    tables = ROOT / "mvote" / "settings"
    elsewhere = "".join(
        path.read_text() for path in (ROOT / "mvote").rglob("*.py") if tables not in path.parents
    )
    # These are asked for by wing, through methods of the settings.
    by_wing = {
        f"{wing}_{what}"
        for wing in ("people", "votes")
        for what in ("database_url", "keys", "public_keys", "url")
    }
    assert "settings.trusted_networks()" in elsewhere  # which reads trusted_proxies
    unused = [
        one.name
        for one in fields(Settings)
        if f"settings.{one.name}" not in elsewhere and one.name not in by_wing | {"trusted_proxies"}
    ]
    assert unused == []


def test_the_readme_tells_every_setting_as_it_is(tmp_path: Path) -> None:
    done = run_mvote(
        on_sqlite(tmp_path),
        *("spec", "--check", "--output", ROOT / "mobile_api_spec", "--readme", README),
    )
    assert "README.md" not in done.stderr, done.stderr


def test_a_stale_table_of_settings_is_told_and_written_anew(tmp_path: Path) -> None:
    settings, copy = on_sqlite(tmp_path), tmp_path / "README.md"
    copy.write_text(README.read_text().replace("MVOTE_CODE_TRIES", "MVOTE_TRIES_AT_CODE"))
    command = ("spec", "--output", tmp_path / "spec", "--readme", copy)
    assert "README.md" in run_mvote(settings, *command, "--check").stderr
    assert run_mvote(settings, *command).returncode == 0
    assert copy.read_text() == README.read_text()
