"""The phone's verifier and the server's say the same about every bundle of these tests."""

import random
from pathlib import Path
from typing import Any

import pytest

from mvote.core.canonical import b64u, canonical_bytes
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


def test_both_read_what_officials_noted_alike(tmp_path: Path) -> None:
    """Whoever holds the board's key can write such notes; no verifier alone may take one."""
    vote = Vote(outage={"extend": True, "most_seconds": 600})
    vote.cast("voter", {"q1": ["yes"]})
    before, bundles = [*vote.entries], {}
    for name, note in noted(len(before)).items():
        vote.entries = [*before, canonical_bytes(note)]
        bundles[name] = zipped(vote.close())
    one, other = theirs(tmp_path, bundles), ours(bundles)
    status = {name: report["status"] for name, report in one.items()}
    assert {name: report["status"] for name, report in other.items()} == status
    assert {name for name, found in status.items() if found == 0} == SOUND_NOTES


SOUND_NOTES = {"note", "lines", "outage", "outage cut", "added", "struck", "corrects", "suspend"}
SOUND_NOTES |= {"early", "early day", "no reason", "reason of none", "other language"}


def noted(position: int) -> dict[str, dict[str, Any]]:
    """Good notes and odd ones, as an entry of the board at this place."""
    at, day = "2030-01-31T23:00:00Z", "2030-01-31"
    words = {"ko": "하나", "en": "one"}
    note: dict[str, Any] = {
        "type": "note",
        "position": position,
        "at": at,
        "number": 1,
        "about": "poll",
    }
    note |= {"text": words}
    moved = {"begin": "2030-01-31T22:00:00Z", "end": "2030-01-31T22:05:00Z"}
    outage = note | {"about": "outage", "outage": moved | {"closes": "2030-02-01T00:05:00Z"}}
    change: dict[str, Any] = {"change": "added", "day": day, "raises": 1}
    roll = note | {"about": "roll", "roll": change}
    pause: dict[str, Any] = {"type": "suspend", "position": position, "at": at}
    odd = "٢٠٣٠-01-31T23:00:00Z"

    def moving(**changes: str) -> dict[str, Any]:
        return outage | {"outage": outage["outage"] | changes}

    return {
        "note": note,
        "lines": note | {"text": {"ko": "하나\n둘", "en": "one\ntwo"}},
        "outage": outage,
        "outage cut": moving(begin="2030-01-31T20:00:00Z", closes="2030-02-01T00:10:00Z"),
        "added": roll,
        "struck": roll | {"roll": change | {"change": "struck", "raises": 0}},
        "corrects": note | {"number": 2, "corrects": 1},
        "suspend": pause | {"reason": words},
        "early": note | {"at": "0999-01-31T23:00:00Z"},
        "early day": roll | {"roll": change | {"day": "0999-01-31"}},
        "no reason": pause | {"type": "resume"},
        "reason of none": pause | {"reason": {}},
        "other language": pause | {"reason": {"fr": "un"}},
        "odd digits": note | {"at": odd},
        "odd digits of a pause": pause | {"at": odd},
        "odd digits of an outage": moving(begin=odd),
        "odd day": roll | {"roll": change | {"day": "٢٠٣٠-01-31"}},
        "no day": roll | {"roll": change | {"day": "2030-02-30"}},
        "year 0": note | {"at": "0000-01-31T23:00:00Z"},
        "day of year 0": roll | {"roll": change | {"day": "0000-01-31"}},
        "second 60": note | {"at": "2030-01-31T23:59:60Z"},
        "hour 24": note | {"at": "2030-01-31T24:00:00Z"},
        "time with a line": note | {"at": f"{at}\n"},
        "day with a line": roll | {"roll": change | {"day": f"{day}\n"}},
        "about with a line": note | {"about": "poll\n"},
        "corrects itself": note | {"number": 1, "corrects": 1},
        "number as text": note | {"number": "1"},
        "number true": note | {"number": True},
        "about a list": note | {"about": ["poll"]},
        "text in one language": note | {"text": {"ko": "하나"}},
        "text in three": note | {"text": words | {"fr": "un"}},
        "text of blanks": note | {"text": words | {"en": "\u3164 "}},
        "text turned": note | {"text": words | {"en": "a\u202eb"}},
        "text not in form": note | {"text": words | {"en": "e\u0301"}},
        "roll beside a note": note | {"roll": change},
        "raises two": roll | {"roll": change | {"raises": 2}},
        "struck raises": roll | {"roll": change | {"change": "struck"}},
        "closes elsewhere": moving(closes="2030-02-01T00:06:00Z"),
        "closes too late": moving(begin="2030-01-31T20:00:00Z", closes="2030-02-01T02:05:00Z"),
        "ends after the closing": moving(end="2030-02-01T00:00:01Z"),
        "no length": moving(begin=moved["end"]),
        "noted before it began": outage | {"at": "2030-01-31T21:59:59Z"},
        "noted after the closing": outage | {"at": "2030-02-01T00:00:00Z"},
        "reason a list": pause | {"reason": []},
        "reason null": pause | {"reason": None},
        "reason turned": pause | {"reason": {"en": "a\u202eb"}},
        "another type": pause | {"type": "paper"},
        "type a list": pause | {"type": ["suspend"]},
    }


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
