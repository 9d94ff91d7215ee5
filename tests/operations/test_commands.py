"""``mvote worker``, ``mvote db``: what they do, print and exit with."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from mvote.cli import cli
from mvote.db import newest_revision
from mvote.settings import Settings
from tests.commands import on_sqlite, run_mvote
from tests.databases import DatabaseUrls

NEWEST = {"people": newest_revision("people"), "votes": newest_revision("votes")}


def at(settings: Settings) -> tuple[int, dict[str, str | None]]:
    done = run_mvote(settings, "db", "status", "--json")
    return done.returncode, {w: row["revision"] for w, row in json.loads(done.stdout).items()}


def test_databases_are_upgraded_by_one_command(
    tmp_path: Path, empty_database_urls: DatabaseUrls
) -> None:
    settings = Settings(
        home=tmp_path,
        people_database_url=empty_database_urls.people,
        votes_database_url=empty_database_urls.votes,
    )
    assert at(settings) == (1, {"people": None, "votes": None})
    for _ in range(2):
        done = run_mvote(settings, "db", "upgrade", "--json")
        assert (done.returncode, json.loads(done.stdout)) == (0, NEWEST), done.stderr
    assert at(settings) == (0, NEWEST)


def test_one_side_is_upgraded_without_the_other(tmp_path: Path) -> None:
    settings = on_sqlite(tmp_path)
    assert run_mvote(settings, "db", "upgrade", "--side", "votes").returncode == 0
    assert at(settings) == (1, {"people": None, "votes": NEWEST["votes"]})
    assert not (tmp_path / "people.db").exists()


def test_looking_at_the_revision_makes_no_database(tmp_path: Path) -> None:
    run_mvote(on_sqlite(tmp_path), "db", "status")
    assert list(tmp_path.glob("*.db")) == []


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "votes.db").write_bytes(b"no database" * 1000)
    done = run_mvote(on_sqlite(tmp_path), "db", "upgrade")
    assert done.returncode == 2
    assert "MVOTE_VOTES_DATABASE_URL" in done.stderr
    assert "not a database" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_in_use_is_not_half_upgraded(tmp_path: Path) -> None:
    holding = sqlite3.connect(tmp_path / "people.db", isolation_level=None)
    holding.execute("BEGIN EXCLUSIVE")
    done = run_mvote(on_sqlite(tmp_path), "db", "upgrade")
    holding.close()
    assert done.returncode == 2
    assert "database is locked" in done.stderr
    assert at(on_sqlite(tmp_path))[1]["people"] is None


def test_the_worker_does_what_is_due_and_ends(settings: Settings) -> None:
    done = run_mvote(settings, "worker", "--once")
    assert done.returncode == 0, done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["serve", "worker", "spec", "replay", "demo"])
def test_every_command_explains_itself_with_an_example(tmp_path: Path, command: str) -> None:
    done = run_mvote(on_sqlite(tmp_path), command, "--help")
    assert done.returncode == 0, done.stderr
    assert f"mvote {command}" in done.stdout.partition("Examples:")[2]


@pytest.mark.parametrize("group", ["db", "audit"])
def test_every_command_of_a_group_explains_itself(tmp_path: Path, group: str) -> None:
    for command in {"db": ["upgrade", "status"], "audit": ["check"]}[group]:
        done = run_mvote(on_sqlite(tmp_path), group, command, "--help")
        assert f"mvote {group} {command}" in done.stdout.partition("Examples:")[2]


def _commands(command: click.Command, name: str) -> Iterator[tuple[str, click.Command]]:
    yield name, command
    if isinstance(command, click.Group):
        for below in command.list_commands(click.Context(command)):
            found = command.get_command(click.Context(command), below)
            assert found is not None
            yield from _commands(found, f"{name} {below}")


def test_every_command_and_every_option_says_what_it_is_for() -> None:
    silent = []
    for name, command in _commands(cli, "mvote"):
        options = [one for one in command.params if isinstance(one, click.Option)]
        silent += [name] if not command.help else []
        silent += [f"{name} {one.opts[0]}" for one in options if not (one.help or one.hidden)]
    assert silent == []


def test_a_wrong_setting_is_one_sentence(tmp_path: Path) -> None:
    settings = on_sqlite(tmp_path)
    object.__setattr__(settings, "time_zone", "Mars/Base")
    done = run_mvote(settings, "serve")
    assert done.returncode == 2
    assert done.stderr == "mvote: MVOTE_TIME_ZONE: 'Mars/Base' is not a known time zone\n"
