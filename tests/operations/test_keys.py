"""``mvote keys``: what an old key signed stays good, and no key is lost in silence."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from mvote.cli import cli
from mvote.core.canonical import b64u
from mvote.core.secrecy import keys as core_keys
from mvote.core.secrecy.receipt import read_receipt, verify_receipt
from mvote.core.verify.beside import Beside
from mvote.core.verify.verification import verify_bundle
from mvote.keys import (
    KeyEncryption,
    held_keys,
    open_keys,
    open_public_keys,
    switch_key,
)
from mvote.operations.held_keys import check_held, note_held
from mvote.operations.issuing import check_issuing
from mvote.people.permits.service import keys as issuer_keys
from mvote.people.permits.service import replace_encryption_key
from mvote.settings import WINGS, Settings, SettingsFault, Wing
from mvote.votes.polls import service as polls
from mvote.votes.results.service import get_bundle
from tests.commands import run_mvote
from tests.operations.carried import APPROVER, SECOND, city
from tests.require import ROOT
from tests.servers import environment

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def start(settings: Settings, wings: tuple[Wing, ...] = WINGS) -> None:
    """What every start looks at and notes."""
    check_held(settings, wings)
    for wing in wings:
        note_held(settings, open_keys(settings, wing))


def run(settings: Settings, *arguments: str) -> Result:
    """The command in this process, which has loaded what it needs already."""
    return CliRunner().invoke(cli, arguments, env=environment(settings))


def listed(settings: Settings) -> list[dict[str, Any]]:
    done = run(settings, "keys", "list", "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, Any]] = json.loads(done.stdout)["keys"]
    return found


def rotate(settings: Settings, *arguments: str) -> list[dict[str, str]]:
    done = run(settings, "keys", "rotate", *arguments, "--json")
    assert done.exit_code == 0, done.output
    found: list[dict[str, str]] = json.loads(done.stdout)["rotated"]
    return found


@on_sqlite
def test_every_key_is_replaced_and_what_was_begun_goes_on(settings: Settings) -> None:
    start(settings)
    with city(settings) as town:
        secret, named = town.open(), town.open(level="confidential")
        before = read_receipt(town.vote(secret, "ann"))
    old = {key["kid"] for key in listed(settings) if key["state"] == "current"}
    for name in ("identity", "issuer", "board", "exchange", "key-encryption-key"):
        rotate(settings, name)
    found = listed(settings)
    assert {key["kid"] for key in found if key["state"] == "kept for what it signed"} <= old
    replaced = [(key["wing"], key["name"]) for key in found if key["state"].startswith("kept")]
    assert sorted(replaced) == [
        ("people", "exchange"),
        ("people", "identity"),
        ("people", "issuer"),
        ("votes", "board"),
        ("votes", "exchange"),
    ]
    start(settings)
    with city(settings) as town:
        key = core_keys.load_raw(polls.definition_of(secret).board_key)
        after = read_receipt(town.vote(secret, "bob"))
        for receipt in (before, after):
            verify_receipt(receipt, board_key=key, poll=secret, leaf=receipt.leaf)
        town.vote(named, "ann")
        assert polls.definition_of(town.open()).board_key != polls.definition_of(secret).board_key
        asked = polls.close_poll(secret, official=APPROVER, now=town.now)
        polls.close_poll(secret, official=SECOND, pending=asked.id, now=town.now)
        for _ in range(3):
            town.settle(timedelta(minutes=1))
        assert polls.get_poll(secret).state == "published"
        assert verify_bundle(get_bundle(secret), Beside()).status == 0


@on_sqlite
def test_documents_said_under_the_old_key_are_taken_after_it_was_replaced(
    settings: Settings,
) -> None:
    start(settings)
    with city(settings) as town:
        poll = town.open()
        polls.suspend_poll(poll, reason={"ko": "비", "en": "Rain"}, official=APPROVER, now=town.now)
    rotate(settings, "exchange")
    with city(settings) as town:
        polls.resume_poll(poll, official=APPROVER, now=town.now)
        town.settle()
        town.vote(poll, "somebody")


@on_sqlite
def test_on_two_hosts_a_new_key_is_announced_before_it_signs(
    settings: Settings, tmp_path: Path
) -> None:
    for wing in WINGS:
        open_keys(settings, wing)
    people = replace(settings, votes_url="https://votes.example")
    before = open_keys(settings, "people")["identity"].kid
    [said] = rotate(people, "identity", "--side", "people")
    assert said["state"] == "to come"
    assert "public.json" in said["said"]
    assert rotate(people, "identity", "--side", "people") == [said]
    assert open_keys(settings, "people")["identity"].kid == before
    known = open_public_keys(settings, "people").values()
    assert said["kid"] in {core_keys.kid_of(key) for key in known}
    [done] = rotate(people, "identity", "--side", "people", "--now")
    assert done["kid"] == said["kid"] == open_keys(settings, "people")["identity"].kid
    assert before in {key["kid"] for key in listed(settings)}


@on_sqlite
def test_no_pepper_and_no_strange_key_is_replaced(settings: Settings) -> None:
    for arguments, said in (
        (("pepper",), "every citizen would be a stranger"),
        (("board", "--side", "people"), "no key named board"),
        (("nothing",), "nothing"),
    ):
        done = run(settings, "keys", "rotate", *arguments)
        assert done.exit_code == 2
        assert said in done.output


# -- the key that encrypts issuer keys ----------------------------------------------------

POINTS = {
    "before anything": (KeyEncryption, "replace"),
    "between the files": (KeyEncryption, "spread"),
    "before the first key": (KeyEncryption, "seal"),
    "behind the commit": (issuer_keys, "take_off_disk"),
    "before the old key goes": (KeyEncryption, "forget_before"),
}


class Killed(BaseException):
    """Stands for the end of the process: nothing catches it."""


def stop_at(patch: pytest.MonkeyPatch, point: str) -> None:
    def stop(*given: Any, **named: Any) -> None:
        raise Killed

    where, name = POINTS[point]
    if point == "between the files":
        link = os.link
        patch.setattr(os, "link", lambda *given: (link(*given), stop()))
    else:
        patch.setattr(where, name, stop)


def test_ended_anywhere_a_replacement_leaves_keys_that_open_everything(
    settings: Settings,
) -> None:
    encryption = KeyEncryption.of(settings)
    with city(settings) as town:
        poll = town.open()
        for point in POINTS:
            with pytest.MonkeyPatch.context() as patch:
                stop_at(patch, point)
                with pytest.raises(Killed):
                    replace_encryption_key(encryption)
            check_issuing(settings)
            town.vote(poll, f"voter {point}")
            replace_encryption_key(encryption)  # finishes what was begun, or does it anew
            assert not encryption.is_replaced()
            check_issuing(settings)
    with city(settings) as town:
        town.vote(poll, "the last one")


@on_sqlite
def test_a_key_that_several_replace_at_once_loses_none_of_them(settings: Settings) -> None:
    first = open_keys(settings, "votes")["board"].kid
    with ThreadPoolExecutor(8) as pool:
        made = list(pool.map(lambda _: switch_key(settings, "votes", "board"), range(8)))
    kids = {one["board"].kid for one in made}
    held = {key.kid for key in held_keys(settings, "votes").values()}
    assert {first, *kids} <= held
    assert len(kids) == 8


KILL = """
import os, signal
from mvote.app import create_app
from mvote.keys import KeyEncryption
from mvote.people.permits.service import replace_encryption_key
from mvote.settings import Settings

settings = Settings.from_env()
KeyEncryption.seal = lambda *given, **named: os.kill(os.getpid(), signal.SIGKILL)
with create_app("people", settings).app_context():
    replace_encryption_key(KeyEncryption.of(settings))
"""


@on_sqlite
def test_a_process_that_is_killed_in_the_middle_is_run_again(settings: Settings) -> None:
    with city(settings) as town:
        poll = town.open()
    killed = subprocess.run(
        [sys.executable, "-c", KILL],
        env=environment(settings) | {"PYTHONPATH": os.fspath(ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    check_issuing(settings)
    rotate(settings, "key-encryption-key")
    with city(settings) as town:
        town.vote(poll, "somebody")


@on_sqlite
def test_a_key_given_by_its_setting_is_replaced_by_two_settings(settings: Settings) -> None:
    first = replace(settings, key_encryption_key=b64u(bytes(32)))
    with city(first) as town:
        poll = town.open()
    done = run(first, "keys", "rotate", "key-encryption-key")
    assert isinstance(done.exception, SettingsFault)
    assert "MVOTE_KEY_ENCRYPTION_KEY_BEFORE" in str(done.exception)
    second = replace(
        settings,
        key_encryption_key=b64u(b"\1" * 32),
        key_encryption_key_before=first.key_encryption_key,
    )
    check_issuing(second)
    assert (
        "take MVOTE_KEY_ENCRYPTION_KEY_BEFORE away"
        in rotate(second, "key-encryption-key")[0]["said"]
    )
    last = replace(second, key_encryption_key_before="")
    check_issuing(last)
    with pytest.raises(SettingsFault, match="MVOTE_KEY_ENCRYPTION_KEY:"):
        check_issuing(first)
    with city(last) as town:
        town.vote(poll, "somebody")


@on_sqlite
def test_a_lost_key_is_not_replaced_by_another(settings: Settings) -> None:
    with city(settings) as town:
        town.open()
        encryption = KeyEncryption.of(settings)
        kept = encryption.path.read_bytes()
        for fault in (_remove, _exchange_for_another):
            fault(encryption.path)
            with pytest.raises(SettingsFault, match="MVOTE_KEY_ENCRYPTION_KEY_FILE: "):
                replace_encryption_key(encryption)
            encryption.path.touch(0o600)
            encryption.path.write_bytes(kept)
            assert not encryption.is_replaced()
    check_issuing(settings)


# -- lost, wrong, open to others ----------------------------------------------------------


def _remove(path: Path) -> None:
    path.unlink()


def _open_to_others(path: Path) -> None:
    path.chmod(0o604)


def _spoil(path: Path) -> None:
    path.write_bytes(b"nothing of a key")


def _exchange_for_another(path: Path) -> None:
    path.write_bytes(b64u(os.urandom(32)).encode() if "encryption" in path.name else bytes(32))
    if path.suffix == ".pem":
        from mvote.keys import _fresh_signing_key

        path.write_bytes(_fresh_signing_key())


def _lose_folder(path: Path) -> None:
    for one in path.parent.iterdir():
        one.unlink()


FAULTS: tuple[Callable[[Path], None], ...] = (
    _remove,
    _open_to_others,
    _spoil,
    _exchange_for_another,
    _lose_folder,
)


@on_sqlite
def test_a_lost_a_wrong_and_an_open_key_stop_the_start_and_lose_nothing(
    settings: Settings,
) -> None:
    with city(settings) as town:
        town.open()
    start(settings)
    for wing, name in (
        ("people", "identity.pem"),
        ("people", "exchange.pem"),
        ("people", "pepper"),
        ("votes", "board.pem"),
    ):
        folder = settings.home / f"{wing}-keys"
        kept = {path: path.read_bytes() for path in folder.iterdir()}
        for fault in FAULTS:
            fault(folder / name)
            with pytest.raises(SettingsFault, match=f"^MVOTE_{wing.upper()}_KEYS: "):
                start(settings)
            for path, content in kept.items():
                path.write_bytes(content)
                path.chmod(0o600)
            start(settings)


@on_sqlite
def test_a_board_key_that_only_an_old_poll_needs_may_not_be_lost_either(
    settings: Settings,
) -> None:
    with city(settings) as town:
        poll = town.open()
    start(settings)
    rotate(settings, "board")
    [old] = settings.keys("votes").glob("board-*.pem")
    aside = old.rename(settings.home / "aside")
    with pytest.raises(SettingsFault, match=f"the board key of poll {poll}"):
        start(settings)
    aside.rename(old)
    start(settings)
    done = run_mvote(settings, "keys", "list", "--side", "votes")
    assert done.returncode == 0, done.stderr
    assert "kept for what it signed: signs receipts" in done.stdout
