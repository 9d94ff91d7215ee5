"""A board is a Merkle log: read back by a stranger's tools, proved leaf by leaf, never forked."""

import hashlib
import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from flask import Flask
from sqlalchemy import text

from mvote.app import create_app
from mvote.audit.service import list_entries
from mvote.core.canonical import b64u_decode, canonical_bytes, digest, parse
from mvote.core.secrecy.keys import load_raw, raw_public
from mvote.core.secrecy.merkle import verify_consistency, verify_inclusion
from mvote.db import engine, engines
from mvote.settings import Settings
from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.rules import prefix_digits
from mvote.votes.ballots.service import cast
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from mvote.votes.results.jobs import publish_closed
from tests.makers import words
from tests.require import ROOT
from tests.votes import carrying
from tests.votes.ballots import tlog
from tests.votes.ballots.booth import Booth

HOUR = timedelta(hours=1)
LEAST = 17
"""With 281 ballots, half of all digits begin fewer leaves than this, so prefixes widen."""


@pytest.fixture
def small_crowds(settings: Settings) -> Iterator[Flask]:
    made = create_app("both", replace(settings, board_leaves=LEAST, batch_ballots=1))
    yield made
    with made.app_context():
        for one in engines.engines.values():
            one.dispose()


def _get(booth: Booth, path: str, **given: Any) -> Any:
    return booth.app.test_client().get(path.format(f"/api/v1/polls/{booth.poll}"), **given)


def _refusal(booth: Booth, path: str) -> tuple[int, str]:
    answer = _get(booth, path)
    return answer.status_code, answer.get_json()["code"]


def _fetch(booth: Booth) -> tlog.Fetch:
    def fetch(resource: str) -> bytes:
        answer = _get(booth, f"/polls/{booth.poll}/{resource}")
        assert answer.status_code == 200, (resource, answer.status_code)
        body: bytes = answer.data
        return body

    return fetch


def _vkey(booth: Booth) -> str:
    with booth.app.app_context():
        key = load_raw(polls.definition_of(booth.poll).board_key)
    return tlog.vkey_of(f"localhost:8000/polls/{booth.poll}", raw_public(key))


def _cast(booth: Booth, count: int, *, first: int = 0) -> None:
    with booth.app.app_context():
        for n in range(first, first + count):
            carrying.cast(booth.poll, {"q1": ["yes"]}, voter=f"voter {n}")


def _seal(booth: Booth, hours: int = 1) -> int:
    with booth.app.app_context():
        return ballots.seal_batches(carrying.now() + hours * HOUR)


def test_a_secret_poll_from_its_board_to_its_bundle(small_crowds: Flask) -> None:
    """One poll, carried once: the log by a stranger's reader, the proofs, the bundle."""
    booth = Booth.open(small_crowds, level="secret")
    _cast(booth, 150)
    assert _seal(booth) == 1
    with small_crowds.app_context():
        polls.suspend_poll(
            booth.poll, reason=words("Wait."), official=carrying.APPROVER, now=carrying.now()
        )
        polls.resume_poll(booth.poll, official=carrying.APPROVER, now=carrying.now())
        carrying._note()
    earlier, leaves = tlog.read_log(_fetch(booth), _vkey(booth))
    assert earlier.size == 153
    _cast(booth, 131, first=150)
    assert _seal(booth, 2) == 1
    assert _refusal(booth, f"/polls/{booth.poll}/tile/entries/000") == (409, "entries-after-close")
    assert _refusal(booth, "{}/bundle") == (409, "result-not-published")
    with small_crowds.app_context():
        carrying.close(booth.poll, issued=290)
        publish_closed(carrying.now())
    head, all_leaves = tlog.read_log(_fetch(booth), _vkey(booth))
    assert head.size == 285
    assert all_leaves[:153] == leaves
    _check_entries(booth, head, all_leaves)
    _check_paths(booth)
    _check_consistency(booth, earlier, head)
    _check_leaves(booth, head, all_leaves)
    _check_bundle(booth, head, [earlier])


def _check_entries(booth: Booth, head: tlog.Head, leaves: list[bytes]) -> None:
    entries = tlog.read_entries(_fetch(booth), head.size)
    assert [tlog.leaf_hash(entry) for entry in entries] == leaves
    first, *_, last = [json.loads(entry) for entry in entries]
    with booth.app.app_context():
        assert first == polls.definition_of(booth.poll).to_json()
    assert (last["type"], last["counts"]) == ("close", {"ballots": 281, "voters": 281})


def _check_paths(booth: Booth) -> None:
    """Spellings that are not the one of the text, and tiles that the tree does not have."""
    whole = _get(booth, f"/polls/{booth.poll}/tile/0/000")
    assert len(whole.data) == 8192
    assert "immutable" in whole.headers["Cache-Control"]
    assert whole.content_type == "application/octet-stream"
    assert len(_get(booth, f"/polls/{booth.poll}/tile/0/001.p/7").data) == 7 * 32
    head = _get(booth, f"/polls/{booth.poll}/checkpoint")
    assert head.content_type == "text/plain; charset=utf-8"
    assert head.headers["Cache-Control"] == "public, max-age=2"
    assert head.data == _get(booth, "{}/board/checkpoint").data
    wrong = "0/001 0/001.p/30 0/001.p/0 0/001.p/07 0/000.p/256 0/000.p/999 1/000 1/001.p/1"
    wrong += (
        " 2/000.p/1 0/0 0/x000/000 0/x001/000 64/000 00/000 -1/000 0/000/000 0/000.p/ entries/002"
    )
    for place in wrong.split():
        answer = _get(booth, f"/polls/{booth.poll}/tile/{place}")
        assert answer.status_code == 404, place


def _check_consistency(booth: Booth, earlier: tlog.Head, head: tlog.Head) -> None:
    path = "{}/board/consistency?from=%s&to=%s"
    answer = _get(booth, path % (earlier.size, head.size)).get_json()
    proof = [b64u_decode(one) for one in answer["proof"]]
    assert verify_consistency(earlier.size, head.size, earlier.root, head.root, proof)
    for sizes in ((head.size, earlier.size), (1, head.size + 1)):
        assert _refusal(booth, path % sizes) == (422, "tree-size-unknown")
    assert _get(booth, path % (0, 1)).status_code == 422


def _check_leaves(booth: Booth, head: tlog.Head, leaves: list[bytes]) -> None:
    """Every leaf is found by its first digit, among many, and proved."""
    found: dict[int, bytes] = {}
    for digit in "0123456789abcdef":
        answer = _get(booth, f"{{}}/board/leaves/{digit}").get_json()
        assert answer["size"] == head.size
        assert tlog.read_head(answer["checkpoint"].encode(), _vkey(booth)) == head
        mine = [leaf for leaf in leaves if leaf.hex().startswith(digit)]
        given = {place["position"]: b64u_decode(place["leaf"]) for place in answer["leaves"]}
        assert set(mine) <= set(given.values())
        assert len(given) >= LEAST
        for place in answer["leaves"]:
            proof = [b64u_decode(one) for one in place["proof"]]
            leaf = b64u_decode(place["leaf"])
            assert verify_inclusion(leaf, place["position"], head.size, proof, head.root)
        found |= given
    assert [found[position] for position in range(head.size)] == leaves
    assert _refusal(booth, "{}/board/leaves/ab") == (422, "prefix-too-long")
    assert _refusal(booth, f"{{}}/board/leaves/{leaves[0].hex()}") == (422, "prefix-too-long")
    assert _refusal(booth, "{}/board/leaves") == (422, "prefix-too-short")
    for strange in ("G", "-", "%00", "A"):
        assert _refusal(booth, f"{{}}/board/leaves/{strange}") == (422, "prefix-malformed")


def _check_bundle(booth: Booth, head: tlog.Head, earlier: list[tlog.Head]) -> None:
    answer = _get(booth, "{}/bundle")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    with ZipFile(io.BytesIO(answer.data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
        assert {info.date_time for info in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    manifest = parse(files.pop("manifest.json"))
    assert manifest == {
        "v": 1,
        "files": {name: hashlib.sha256(content).hexdigest() for name, content in files.items()},
    }
    entries = files["entries.jsonl"].split(b"\n")
    assert entries.pop() == b""
    assert tlog.tree_hash([tlog.leaf_hash(entry) for entry in entries]) == head.root
    assert files["poll.json"] == entries[0]
    assert tlog.read_head(files["checkpoint"], _vkey(booth)) == head
    for one in earlier:
        assert tlog.read_head(files[f"checkpoints/{one.size}"], _vkey(booth)) == one
    issued = parse(files["issued.json"])
    assert canonical_bytes(issued) == files["issued.json"]
    assert (issued["eligible"], issued["issued"], len(issued["hashes"])) == (None, 290, 290)
    assert digest(issued["hashes"]) == json.loads(entries[-1])["issued_sha256"]
    assert files["result.json"] == _get(booth, "{}/result").data
    assert f"{booth.poll}.zip --board-key" in files["VERIFY.md"].decode()
    _check_bundle_file(booth, answer)
    _check_command(booth)


def _check_command(booth: Booth) -> None:
    """The command that the result page shows accepts the bundle that it links."""
    page = _get(booth, f"/polls/{booth.poll}/result").get_data(as_text=True)
    assert f'href="/api/v1/polls/{booth.poll}/bundle"' in page
    [command] = re.findall(r"python (-m mvote\.core\.verify [^<]+)", page)
    with booth.app.app_context():
        folder = results.get_bundle(booth.poll).parent
    spelled = [sys.executable, *command.split()]
    environment = os.environ | {"PYTHONPATH": os.fspath(ROOT)}
    done = subprocess.run(
        spelled, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr


def _check_bundle_file(booth: Booth, answer: Any) -> None:
    """Made again it has the same bytes; readers may go on where they stopped."""
    with booth.app.app_context():
        results.get_bundle(booth.poll).unlink()
    again = _get(booth, "{}/bundle")
    assert again.data == answer.data
    part = _get(booth, "{}/bundle", headers={"Range": "bytes=10-19"})
    assert (part.status_code, part.data) == (206, answer.data[10:20])
    known = _get(booth, "{}/bundle", headers={"If-None-Match": answer.headers["ETag"]})
    assert known.status_code == 304
    for one in (answer, again, part):
        one.close()


def test_a_level_that_keeps_its_ballots_has_no_bundle(booth: Booth) -> None:
    _cast(booth, 1)
    before = _get(booth, "{}/board/leaves")
    assert len(before.get_json()["leaves"]) == 1
    known = {"If-None-Match": before.headers["ETag"]}
    assert _get(booth, "{}/board/leaves", headers=known).status_code == 304
    with booth.app.app_context():
        carrying.close(booth.poll, issued=1)
        publish_closed(carrying.now())
    assert _get(booth, "{}/board/leaves", headers=known).status_code == 200
    assert _refusal(booth, "{}/bundle") == (403, "ballots-not-published")
    entries = f"/polls/{booth.poll}/tile/entries/000.p/3"
    assert _refusal(booth, entries) == (403, "ballots-not-published")
    head, leaves = tlog.read_log(_fetch(booth), _vkey(booth))
    assert (head.size, len(leaves)) == (3, 3)
    assert len(_get(booth, "{}/board/leaves").get_json()["leaves"]) == 3


def test_there_is_no_log_of_a_poll_that_is_not_there(booth: Booth) -> None:
    unknown = "0000000000000000"
    api = ("checkpoint", "leaves", "leaves/a", "consistency?from=1&to=1")
    paths = [f"/api/v1/polls/{unknown}/board/{one}" for one in api]
    paths += [f"/polls/{unknown}/{one}" for one in ("checkpoint", "tile/0/000", "tile/entries/000")]
    for path in paths:
        assert _refusal(booth, path) == (404, "poll-unknown"), path


@pytest.mark.parametrize(
    ("size", "digits"),
    [(1, 0), (255, 0), (4095, 0), (4096, 1), (65535, 1), (65536, 2), (2**20, 3), (2**24, 4)],
)
def test_a_prefix_may_be_as_long_as_leaves_256_together(size: int, digits: int) -> None:
    assert prefix_digits(size, least=256) == digits


KEPT = ("ballot_inbox", "board_entries", "board_tiles", "board_trees")


def _run(app: Flask, *commands: str) -> None:
    with app.app_context(), engine("votes").begin() as connection:
        for command in commands:
            connection.execute(text(command))


def _back_up(app: Flask) -> None:
    _run(app, *(f"CREATE TABLE old_{table} AS SELECT * FROM {table}" for table in KEPT))


def _restore(app: Flask) -> None:
    for table in KEPT:
        _run(app, f"DELETE FROM {table}", f"INSERT INTO {table} SELECT * FROM old_{table}")


def _published(booth: Booth) -> Path:
    with booth.app.app_context():
        home = cast.installation().settings.home
    return Path(home) / "boards" / f"{booth.poll}.checkpoint"


def test_a_restored_board_stands_still_until_somebody_decides(
    booth: Booth, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, behind = booth.app, "board-behind-checkpoint"
    other = Booth.open(app)
    _cast(booth, 20)
    _back_up(app)
    assert _seal(booth) == 1
    assert _published(booth).read_bytes() == _get(booth, "{}/board/checkpoint").data
    _restore(app)
    for path in ("", "/checkpoint", "/leaves", "/consistency?from=1&to=1"):
        assert _refusal(booth, f"{{}}/board{path}") == (503, behind), path
    assert _refusal(booth, f"/polls/{booth.poll}/tile/0/000.p/1") == (503, behind)
    assert _get(other, "{}/board/checkpoint").status_code == 200
    _cast(other, 20)
    assert _seal(booth) == 1, "the other board goes on"
    with app.app_context():
        approver, reason = carrying.APPROVER, words("Wait.")
        for poll in (booth.poll, other.poll):
            polls.suspend_poll(poll, reason=reason, official=approver, now=carrying.now())
            polls.resume_poll(poll, official=approver, now=carrying.now())
        carrying._note()
        alarms = [e for e in list_entries("votes") if e.name == "BoardFoundBehind"]
    assert [(one.subject, one.body["published"], one.body["size"]) for one in alarms] == [
        (booth.poll, 21, 1)
    ]
    assert [r.levelname for r in caplog.records if booth.poll in r.message] == ["CRITICAL"]
    assert (booth.count("board_entries"), other.count("board_entries")) == (1, 23)
    monkeypatch.setattr(cast, "_kept", {})  # as in a process that starts now
    answer = booth.cast(booth.ballot("late"))
    assert (answer.status_code, answer.get_json()["code"]) == (503, behind)
    _published(booth).unlink()
    assert booth.cast(booth.ballot("late")).status_code == 201
    assert _seal(booth) == 1
    assert _get(booth, "{}/board/checkpoint").status_code == 200


def test_a_start_finds_the_boards_that_are_behind(settings: Settings, booth: Booth) -> None:
    """Also one of whose published checkpoint only ruins are left."""
    _published(booth).write_text("half a checkp")
    app = create_app("both", settings)
    with app.app_context():
        assert ballots.compare_boards(carrying.now()) == 1
        assert ballots.compare_boards(carrying.now()) == 0
        assert "BoardFoundBehind" in [e.name for e in list_entries("votes", subject=booth.poll)]
        for one in engines.engines.values():
            one.dispose()


def test_another_tree_of_the_same_size_is_a_fork(booth: Booth) -> None:
    origin, size, _root, *rest = _published(booth).read_text().split("\n")
    _published(booth).write_text("\n".join([origin, size, "A" * 43 + "=", *rest]))
    assert _refusal(booth, "{}/board/checkpoint") == (503, "board-behind-checkpoint")


def test_a_board_keeps_its_name_when_the_city_moves(settings: Settings, booth: Booth) -> None:
    _cast(booth, 20)
    moved = create_app("both", replace(settings, public_url="https://vote.example"))
    with moved.app_context():
        assert ballots.seal_batches(carrying.now() + HOUR) == 1
        for one in engines.engines.values():
            one.dispose()
    head, _ = tlog.read_log(_fetch(booth), _vkey(booth))
    assert (head.origin, head.size) == (f"localhost:8000/polls/{booth.poll}", 21)
