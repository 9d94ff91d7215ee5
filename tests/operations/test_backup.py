"""Copies: whole or not there, their keys apart, and what is put back waits for officials."""

import hashlib
import itertools
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import create_engine, pool, text
from sqlalchemy.orm import Session

from mvote.db import METADATA, newest_revision
from mvote.keys import KeyEncryption, held_keys, switch_key
from mvote.operations import backup, copies, restore
from mvote.operations import restored as restored_databases
from mvote.operations.backup import make_copy
from mvote.operations.copies import CopyUnsound
from mvote.operations.database import open_engine
from mvote.operations.restore import _read, check_copy, put_back
from mvote.people.permits.errors import PermitsLocked
from mvote.people.permits.service.copying import list_poll_keys
from mvote.settings import WINGS, Settings, SettingsFault
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import OwnRequest
from tests.commands import run_mvote
from tests.operations.carried import APPROVER, SECOND, City, city

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def copied(settings: Settings, name: str = "copy", **given: Any) -> tuple[Path, Path]:
    folder, keys = settings.home.parent / name, settings.home.parent / f"{name}-keys.json"
    make_copy(settings, folder, keys, wings=given.get("wings", WINGS))
    return folder, keys


def restored(settings: Settings, folder: Path, keys: Path | None, **given: Any) -> dict[str, Any]:
    wings = given.get("wings", WINGS)
    manifest, found = _read(folder, keys, wings)
    return put_back(settings, folder, manifest, found, wings=wings, replacing=True)


def everything(settings: Settings) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of both wings but those that copying and restoring write."""
    found = {}
    for wing in WINGS:
        made = create_engine(settings.database_url(wing), poolclass=pool.NullPool)
        with made.connect() as connection:
            for table in sorted(METADATA[wing].tables):
                if table not in ("copies", "polls", "exchange_looks", "issuer_keys"):
                    rows = connection.execute(text(f'SELECT * FROM "{table}"'))
                    found[f"{wing}.{table}"] = sorted(map(tuple, rows), key=repr)
    return found


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
    assert set(manifest["keys"]["polls"]) == {secret, open_}
    assert not [
        one for one in peppers if one in bytes_in(folder) or one.hex().encode() in bytes_in(folder)
    ]
    assert len(peppers) == 2
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


# -- refused ------------------------------------------------------------------------------


@pytest.fixture
def copy_of_a_city(settings: Settings) -> tuple[Path, Path]:
    with city(settings) as town:
        town.vote(town.open(), "somebody")
        (settings.home / "boards").mkdir(exist_ok=True)
        return copied(settings)


def _cut(folder: Path) -> None:
    path = folder / "votes" / "database.db"
    os.truncate(path, path.stat().st_size // 2)


def _alter(folder: Path) -> None:
    path = folder / "people" / "database.db"
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2] ^= 1
    path.write_bytes(raw)


def _lose(folder: Path) -> None:
    (folder / "votes" / "database.db").unlink()


def _lose_manifest(folder: Path) -> None:
    (folder / "manifest.json").unlink()


def _add(folder: Path) -> None:
    (folder / "votes" / "more").write_text("?")


def _link(folder: Path) -> None:
    """What lies behind it is measured by nobody."""
    elsewhere = folder.with_name("elsewhere")
    elsewhere.mkdir()
    (elsewhere / "0123456789abcdef").write_text("1")
    (folder / "people" / "permits").rename(folder.with_name("put-away"))
    (folder / "people" / "permits").symlink_to(elsewhere)
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    kept = {name: one for name, one in told["files"].items() if "permits/" not in name}
    path.write_text(json.dumps(told | {"files": kept}))


def _make_newer(folder: Path) -> None:
    path = folder / "manifest.json"
    told = json.loads(path.read_text())
    told["wings"]["votes"]["revision"] = "9999"
    path.write_text(json.dumps(told))


FAULTS = {
    _cut: "was cut or altered",
    _alter: "was cut or altered",
    _lose: "is missing",
    _lose_manifest: "no whole copy",
    _add: "does not belong",
    _link: "is a link",
    _make_newer: "9999",
}


def odd_keys(told: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Files of keys that somebody wrote by hand, who may have altered the manifest too."""
    yield told | {"files": []}
    yield told | {"files": {"people": []}}
    yield told | {"files": {"../people": {}}}
    yield told | {"key_encryption_key": 7}
    yield told | {"polls": [{}]}
    people = told["files"]["people"]
    for name in ("../../planted.pem", "/tmp/planted.pem", ".pem", "..", "planted", "a/b.pem"):
        yield told | {"files": {"people": {**people, name: people["issuer.pem"]}}}
    for since in ("nan", "inf", "soon", None):
        issuer = people["issuer.pem"] | {"since": since}
        yield told | {"files": {"people": {**people, "issuer.pem": issuer}}}


@on_sqlite
def test_a_half_an_altered_and_a_newer_copy_are_refused_and_nothing_changes(
    settings: Settings, copy_of_a_city: tuple[Path, Path]
) -> None:
    folder, keys = copy_of_a_city
    before = everything(settings)
    for spoil, said in FAULTS.items():
        spoiled = folder.with_name(spoil.__name__)
        shutil.copytree(folder, spoiled)
        spoil(spoiled)
        with pytest.raises(CopyUnsound, match=said):
            restored(settings, spoiled, keys)
    for arguments in (("restore", "--replace"), ("backup", "--check")):
        done = run_mvote(settings, *arguments, folder.with_name("_cut"), "--keys", keys)
        assert (done.returncode, done.stdout) == (2, ""), done.stderr
        assert "was cut or altered" in done.stderr
        assert "Traceback" not in done.stderr
    other = keys.with_name("other.json")
    other.write_text(keys.read_text() + " ")
    with pytest.raises(CopyUnsound, match="is not the file of keys"):
        restored(settings, folder, other)
    for odd in odd_keys(json.loads(keys.read_text())):
        other.write_text(json.dumps(odd))
        path = folder / "manifest.json"
        told = json.loads(path.read_text())
        told["keys"]["sha256"] = hashlib.sha256(other.read_bytes()).hexdigest()
        path.write_text(json.dumps(told))
        with pytest.raises(CopyUnsound, match="cannot be read as keys"):
            restored(settings, folder, other)
    assert not list(folder.parent.rglob("planted*"))
    assert everything(settings) == before
    assert not (settings.home / "restoring").exists()


@on_sqlite
def test_a_filled_database_is_only_replaced_when_told_and_never_while_it_is_used(
    settings: Settings, copy_of_a_city: tuple[Path, Path]
) -> None:
    folder, keys = copy_of_a_city
    manifest, found = _read(folder, keys, WINGS)
    before = everything(settings)
    with pytest.raises(SettingsFault, match="--replace"):
        put_back(settings, folder, manifest, found, wings=WINGS, replacing=False)
    with city(settings), pytest.raises(SettingsFault, match="in use; stop mvote first"):
        restored(settings, folder, keys)
    pepper = settings.keys("people") / "pepper"
    kept = pepper.read_bytes()
    pepper.write_bytes(bytes(32))
    with pytest.raises(SettingsFault, match="another installation"):
        restored(settings, folder, keys)
    pepper.write_bytes(kept)
    assert everything(settings) == before


@on_sqlite
def test_a_server_that_is_started_while_a_copy_is_put_back_keeps_its_database(
    settings: Settings, copy_of_a_city: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Ballots that it takes would else go into a file that has no name any more."""
    folder, keys = copy_of_a_city
    with ExitStack() as started, monkeypatch.context() as patch:

        @contextmanager
        def prepared(*given: Any) -> Iterator[restored_databases.Restored]:
            with restored_databases.prepare(*given) as ready:
                if given[-1].wing == WINGS[-1]:
                    town = started.enter_context(city(settings))
                    town.open()
                yield ready

        patch.setattr(restore, "prepare", prepared)
        with pytest.raises(SettingsFault, match="in use; stop mvote first"):
            restored(settings, folder, keys)
        assert len(polls.list_in_state("open")) == 2
    assert not (settings.home / "restoring").exists()
    assert restored(settings, folder, keys)["damaged"] == []


@on_sqlite
def test_a_restore_that_is_interrupted_is_run_again_before_anything_starts(
    settings: Settings, copy_of_a_city: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    folder, keys = copy_of_a_city
    calls: list[Path] = []

    def once(part: Path, place: Path) -> None:
        calls.append(place)
        if len(calls) == 2:
            raise KeyboardInterrupt
        os.replace(part, place)

    with monkeypatch.context() as patch:
        patch.setattr(restored_databases, "_replace_file", once)
        with pytest.raises(KeyboardInterrupt):
            restored(settings, folder, keys)
    done = run_mvote(settings, "worker", "--once")
    assert done.returncode == 2
    assert "run it again" in done.stderr
    manifest, found = _read(folder, keys, WINGS)
    for wing in WINGS:  # half of it would leave the other half as it is, and say nothing
        with pytest.raises(SettingsFault, match="of both wings was interrupted"):
            put_back(settings, folder, manifest, found, wings=(wing,), replacing=True)
    put_back(settings, folder, manifest, found, wings=WINGS, replacing=False)
    assert run_mvote(settings, "worker", "--once").returncode == 0
    assert not list(settings.home.parent.glob(".*"))


@on_sqlite
def test_a_full_disk_refuses_a_copy_and_leaves_nothing_half(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with city(settings) as town:
        town.open()
    here = settings.home.parent
    before = {path.name for path in here.iterdir()}
    with monkeypatch.context() as patch:
        patch.setattr(backup, "SPARE_BYTES", 10**18)
        with pytest.raises(SettingsFault, match=r"bytes, and [\d,]+ are free"):
            copied(settings)
    with monkeypatch.context() as patch:

        def no_room(folder: Path, manifest: copies.Manifest) -> None:
            with Path("/dev/full").open("wb", buffering=0) as file:
                file.write(b"x")

        patch.setattr(backup, "finish", no_room)
        with pytest.raises(SettingsFault, match="No space left on device"):
            copied(settings)
    with monkeypatch.context() as patch:

        def stopped(folder: Path) -> None:
            raise KeyboardInterrupt

        patch.setattr(backup, "sync_folder", stopped)
        with pytest.raises(KeyboardInterrupt):
            copied(settings)
    assert {path.name for path in here.iterdir()} == before
    copied(settings)
    with pytest.raises(SettingsFault, match="a name of its own"):
        copied(settings)


# -- what is kept -------------------------------------------------------------------------


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
    assert f"{folder}: 1 MB, made at" in done.stdout
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
