"""Copies: whole or not there, their keys apart, and what is put back waits for officials."""

import itertools
import json
import re
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, pool, text
from sqlalchemy.orm import Session

from mvote.db import newest_revision
from mvote.keys import KeyEncryption, held_keys, switch_key
from mvote.operations.database import open_engine
from mvote.operations.restore import check_copy
from mvote.people.permits.errors import PermitsLocked
from mvote.people.permits.service.copying import list_poll_keys
from mvote.people.permits.service.rows import SCOPE_MARK
from mvote.settings import WINGS, Settings
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import OwnRequest
from tests.commands import run_mvote
from tests.operations.carried import APPROVER, SECOND, City, city
from tests.operations.copying import copied, copied_city, everything, on_sqlite, restored


def manifest_of(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "manifest.json").read_text())
    return found


def bytes_in(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_a_city_is_put_back_on_another_host_and_goes_on_by_the_word_of_two_officials(
    settings: Settings,
) -> None:
    with city(settings) as town:
        secret, open_ = town.open(), town.open(level="confidential")
        for poll, number in itertools.product((secret, open_), range(3)):
            town.vote(poll, f"voter {number}")
        with open_engine(settings, "people") as people, Session(people) as session:
            peppers = [one.pepper for one in list_poll_keys(session)]
        folder, keys = copied(settings)
        before = everything(settings)

    # Its keys lie apart, and what they open cannot be opened without them.
    manifest = json.loads((folder / "manifest.json").read_text())
    named = set(manifest["keys"]["polls"])
    scopes = {one for one in named if one.startswith(SCOPE_MARK)}
    assert (named - scopes, len(scopes)) == ({secret, open_}, 2)  # a record each has a scope
    assert not [
        one for one in peppers if one in bytes_in(folder) or one.hex().encode() in bytes_in(folder)
    ]
    assert len(peppers) == 4
    assert keys.stat().st_mode & 0o077 == 0
    assert json.loads(keys.read_text())["destroy_by"] == manifest["keys"]["destroy_by"]
    assert check_copy(settings, folder, keys, wings=WINGS)["damaged"] == []

    # The host burns down; another one has the same databases' addresses and nothing else.
    shutil.rmtree(settings.home)
    there = replace(settings, home=settings.home.parent / "there")
    told = restored(there, folder, keys)
    assert set(told["held"]) == {secret, open_}
    assert everything(there) == before
    with city(there) as town:
        check_that_it_waits(town, secret)
        for poll in (secret, open_):
            go_on(town, poll)
            town.vote(poll, "somebody who comes later")
        town.settle(timedelta(days=3))
        assert polls.get_poll(secret).state == "published"
        assert ballots.count_voters(secret) == 4


def check_that_it_waits(town: City, poll: str) -> None:
    """No ballot before the worker has looked, no permit after."""
    with pytest.raises(PermitsLocked):
        town.vote(poll, "voter 9")
    assert polls.get_poll(poll).state == "open"
    for _ in range(2):  # in the first round each wing only hears how far the other has come
        town.settle()
    assert polls.get_poll(poll).state == "suspended"
    town.settle(timedelta(minutes=1))


def go_on(town: City, poll: str) -> None:
    asked = polls.resume_poll(poll, official=APPROVER, now=town.now)
    town.settle()
    assert polls.get_poll(poll).state == "suspended"
    with pytest.raises(OwnRequest):
        polls.resume_poll(poll, official=APPROVER, pending=asked.id, now=town.now)
    polls.resume_poll(poll, official=SECOND, pending=asked.id, now=town.now)
    town.settle()
    assert polls.get_poll(poll).state == "open"


def test_one_wing_alone_is_put_back_and_the_other_hears_of_it(settings: Settings) -> None:
    with city(settings) as town:
        poll = town.open()
        folder, keys = copied(settings, wings=("people",))
        town.open()  # documents that the copy will not know of
    restored(settings, folder, keys, wings=("people",))
    with city(settings) as town:
        assert polls.get_poll(poll).state == "open"
        with pytest.raises(PermitsLocked):
            town.vote(poll, "somebody")
        for _ in range(3):
            town.settle()  # a round in which nothing could be said yet looks like the last one
        assert polls.get_poll(poll).state == "suspended"
        town.settle(timedelta(minutes=1))
        go_on(town, poll)
        town.vote(poll, "somebody")


@on_sqlite
def test_a_copy_holds_no_order_in_which_citizens_came(settings: Settings) -> None:
    with city(settings) as town:
        poll = town.open()
        for number in range(40):
            town.vote(poll, f"voter {number}")
        folder, _ = copied(settings)
    raw = (folder / "votes" / "database.db").read_bytes()
    made = create_engine(f"sqlite:///{folder}/votes/database.db", poolclass=pool.NullPool)
    with made.connect() as connection:
        leaves = connection.execute(text("SELECT leaf FROM ballot_inbox")).scalars().all()
    assert len(leaves) == 40
    places = [[at for at in range(len(raw)) if raw.startswith(leaf, at)] for leaf in leaves]
    assert {len(found) for found in places} == {2}  # the row and the index of the voter key


# -- what is kept -------------------------------------------------------------------------


@pytest.fixture
def copy_of_a_city(settings: Settings) -> tuple[Path, Path]:
    return copied_city(settings)


@on_sqlite
def test_nothing_newer_than_the_copy_is_forgotten(
    settings: Settings, copy_of_a_city: tuple[Path, Path]
) -> None:
    """The board's checkpoint, the number of permits, a key that was replaced since."""
    folder, keys = copy_of_a_city
    with city(settings) as town:
        [poll] = [one.id for one in polls.list_in_state("open")]
        town.vote(poll, "one more")
        town.settle(timedelta(hours=2))
    noted = settings.home / "permits" / poll
    assert noted.stat().st_size == 2
    assert (folder / "people" / "permits" / poll).stat().st_size == 1
    replaced = {wing: switch_key(settings, wing, "exchange")["exchange"].kid for wing in WINGS}
    with city(settings) as town:
        town.settle()
    restored(settings, folder, keys)
    assert noted.stat().st_size == 2
    for wing in WINGS:
        assert held_keys(settings, wing)["exchange"].kid == replaced[wing]


@on_sqlite
def test_the_stored_issuer_keys_are_sealed_with_the_key_that_is_used_here(
    settings: Settings, copy_of_a_city: tuple[Path, Path]
) -> None:
    folder, keys = copy_of_a_city
    path = KeyEncryption.of(settings).path
    path.unlink()
    KeyEncryption.of(settings).make()
    assert restored(settings, folder, keys)["damaged"] == []
    with city(settings) as town:
        [poll] = [one.id for one in polls.list_in_state("open")]
        town.settle()
        town.settle(timedelta(minutes=1))
        go_on(town, poll)
        town.vote(poll, "somebody else")


@on_sqlite
def test_the_statement_of_erasure_names_the_last_copy_that_was_made_before(
    settings: Settings, copy_of_a_city: tuple[Path, Path]
) -> None:
    folder, _ = copy_of_a_city
    with city(settings) as town:
        [poll] = [one.id for one in polls.list_in_state("open")]
        town.settle(timedelta(days=3))
        town.settle(timedelta(days=12))
        town.settle()
        stated = polls.get_purge_statement(poll)["document"]["body"]
    assert stated["last_backup"] == json.loads((folder / "manifest.json").read_text())["made_at"]


def test_the_commands_say_what_to_keep_apart_and_until_when(settings: Settings) -> None:
    with city(settings) as town:
        town.open()
    folder = settings.home.parent / "by-command"
    done = run_mvote(settings, "backup", folder)
    assert done.returncode == 0, done.stderr
    assert "destroy it by" in done.stdout
    assert re.search(f"{folder}: \\d+ MB, made at", done.stdout)
    again = run_mvote(settings, "backup", folder.with_name("again"), "--json")
    said = json.loads(again.stdout)
    assert (said["wings"]["votes"]["engine"], "tables" in again.stdout) == (
        manifest_of(folder)["wings"]["votes"]["engine"],
        False,
    ), "how many ballots there are is not for a log"
    checked = run_mvote(settings, "backup", "--check", folder)
    assert checked.returncode == 0, checked.stderr
    assert "is whole" in checked.stdout
    other = run_mvote(settings, "backup", "--check", folder, "--keys", folder / "mistyped.json")
    assert other.returncode == 2
    assert "mistyped.json cannot be read" in other.stderr
    back = run_mvote(settings, "restore", folder, "--replace", "--json")
    assert back.returncode == 0, back.stderr
    told = json.loads(back.stdout)
    assert told["wings"]["votes"] == {"revision": newest_revision("votes")}
    assert len(told["held"]) == 1
    for arguments in (("backup", "."), ("backup", "/"), ("restore", ".", "--without-keys")):
        refused = run_mvote(settings, *arguments)
        assert refused.returncode == 2, refused.stderr
        assert "Traceback" not in refused.stderr
