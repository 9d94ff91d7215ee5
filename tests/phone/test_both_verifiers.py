"""The phone's verifier and the server's say the same about every bundle of these tests."""

import random
from pathlib import Path
from typing import Any

import pytest

from mvote.core.canonical import b64u
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import LABELS
from mvote.core.verify.verification import verify_bundle
from tests.phone.bundles import Vote, zipped
from tests.phone.conftest import in_node
from tests.phone.test_verify import TAMPERINGS, Files, asked, hostile_bundles, make_vote

FLIPS = 60


@pytest.fixture(scope="module")
def vote() -> Vote:
    return make_vote()


@pytest.fixture(scope="module")
def files(vote: Vote) -> Files:
    return vote.close()


def theirs(folder: Path, bundles: dict[str, bytes]) -> dict[str, Any]:
    told = {}
    for place, (name, bundle) in enumerate(bundles.items()):
        path = folder / f"{place}.zip"
        path.write_bytes(bundle)
        told[name] = verify_bundle(path, Beside()).to_json()
    return told


def ours(bundles: dict[str, bytes]) -> dict[str, Any]:
    return dict(zip(bundles, in_node([asked(one) for one in bundles.values()]), strict=True))


def failed(report: dict[str, Any]) -> set[str]:
    return {one["code"] for one in report["checks"] if one["state"] == "failed"}


def test_both_have_the_same_checks_and_find_a_sound_bundle_sound(
    tmp_path: Path, vote: Vote, files: Files
) -> None:
    bundles = {"sound": zipped(files), "stored": zipped(files, stored=True)}
    one, other = theirs(tmp_path, bundles), ours(bundles)
    assert [report["status"] for report in one.values()] == [0, 0]
    assert [report["status"] for report in other.values()] == [0, 0]
    states = {check["code"]: check["state"] for check in one["sound"]["checks"]}
    assert states == other["sound"]["states"]
    assert list(states) == list(LABELS) == list(other["sound"]["states"])
    assert [one["code"] for one in one["sound"]["not_proved"]] == other["sound"]["limits"]


def test_both_find_the_same_in_every_tampered_and_every_hostile_bundle(
    tmp_path: Path, files: Files
) -> None:
    bundles = {name: zipped(change(files)) for name, (change, _) in TAMPERINGS.items()}
    bundles |= hostile_bundles(files)
    one, other = theirs(tmp_path, bundles), ours(bundles)
    status = {name: report["status"] for name, report in one.items()}
    assert {name: report["status"] for name, report in other.items()} == status
    named = {name: failed(one[name]) & set(_failed(other[name])) for name in TAMPERINGS}
    assert {name for name, codes in named.items() if not codes} == set()


def test_both_judge_a_turned_bit_alike(tmp_path: Path, files: Files) -> None:
    chance = random.Random(9162)
    bundles = {}
    for number in range(FLIPS):
        name = chance.choice([*files])
        raw = bytearray(files[name])
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        bundles[f"{number} in {name}"] = zipped({**files, name: bytes(raw)})
    one, other = theirs(tmp_path, bundles), ours(bundles)
    status = {name: report["status"] for name, report in one.items()}
    assert {name: report["status"] for name, report in other.items()} == status


def _failed(report: dict[str, Any]) -> list[str]:
    return [code for code, state in report["states"].items() if state == "failed"]


def test_both_hold_a_board_to_receipts_checkpoints_and_keys(
    tmp_path: Path, vote: Vote, files: Files
) -> None:
    path = tmp_path / "bundle.zip"
    path.write_bytes(zipped(files))
    leaf, gone = leaf_of_bytes(vote.entries[2]), bytes(32)
    cases = {
        "all good": (vote.definition.board_key, vote.receipt(leaf), vote.checkpoint(3)),
        "missing ballot": (None, vote.receipt(gone), None),
        "forged receipt": (None, Vote().receipt(leaf).replace(vote.origin, "x.example/1"), None),
        "other key": (b64u(bytes(range(32))), None, None),
        "rewritten": (None, None, make_vote_without_first().checkpoint(3)),
        "no key": ("?", None, None),
        "no receipt": (None, "{}", None),
        "no checkpoint": (None, None, "hello"),
    }
    named = ("boardKey", "receipt", "earlierCheckpoint")
    calls = [
        asked(path.read_bytes(), **{k: v for k, v in zip(named, given, strict=True) if v})
        for given in cases.values()
    ]
    found = {name: report["status"] for name, report in zip(cases, in_node(calls), strict=True)}
    expected = {}
    for name, (key, receipt, earlier) in cases.items():
        beside = Beside(key, receipt and receipt.encode(), earlier and earlier.encode())
        expected[name] = verify_bundle(path, beside).status
    assert found == expected
    assert [*expected.values()] == [0, 1, 1, 1, 1, 2, 2, 2]


def make_vote_without_first() -> Vote:
    vote = make_vote()
    del vote.entries[1]
    return vote
