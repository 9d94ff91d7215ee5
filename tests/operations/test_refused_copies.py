"""What is no whole copy, and what must not be replaced, is refused and changes nothing."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from mvote.operations import backup, copies, restore
from mvote.operations import restored as restored_databases
from mvote.operations.copies import CopyUnsound
from mvote.operations.restore import _read, put_back
from mvote.settings import WINGS, Settings, SettingsFault
from mvote.votes.polls import service as polls
from tests.commands import run_mvote
from tests.operations.carried import city
from tests.operations.copying import copied, copied_city, everything, on_sqlite, restored


@pytest.fixture
def copy_of_a_city(settings: Settings) -> tuple[Path, Path]:
    return copied_city(settings)


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
