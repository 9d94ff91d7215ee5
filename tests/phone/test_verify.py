"""The phone's recount of whole bundles: the sound ones, and those that somebody changed."""

import hashlib
import io
import json
import random
import struct
import zipfile
from collections.abc import Callable, Mapping
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.core.canonical import b64u, canonical_bytes
from mvote.core.secrecy.ballot import leaf_of_bytes
from mvote.core.secrecy.checkpoint import make_checkpoint, verifier_key
from mvote.core.secrecy.merkle import root_of
from tests.makers import budget_question, yes_no_question
from tests.phone.bundles import Vote, random_answers, zipped, zipped_as_is
from tests.phone.conftest import Call, Run, in_node

Files = dict[str, bytes]
FLIPS = 150


def make_vote() -> Vote:
    parks = budget_question(50, {"park": 30, "path": 25, "pool": 20}, blank=True)
    vote = Vote(questions=[yes_no_question(), parks])
    answers = random_answers(vote.definition, random.Random(4))
    for number, given in zip(range(6), answers, strict=False):
        vote.cast(f"voter {number}", given)
    vote.cast("voter 3", {"q1": ["no"], "projects": ["pool", "path"]}, seq=2)
    return vote


@pytest.fixture(scope="module")
def vote() -> Vote:
    return make_vote()


@pytest.fixture(scope="module")
def files(vote: Vote) -> Files:
    return vote.close()


def asked(bundle: bytes, **beside: str) -> Call:
    return "verify", {"bundle": b64u(bundle), **beside}


def failed(report: Mapping[str, Any]) -> set[str]:
    return {code for code, state in report["states"].items() if state == "failed"}


def lines(files: Files) -> list[bytes]:
    return files["entries.jsonl"].splitlines()


def with_lines(files: Files, changed: list[bytes]) -> Files:
    return {**files, "entries.jsonl": b"".join(line + b"\n" for line in changed)}


def with_json(files: Files, name: str, change: Callable[[Any], None]) -> Files:
    value = json.loads(files[name])
    change(value)
    return {**files, name: canonical_bytes(value)}


def with_entry(files: Files, place: int, change: Callable[[Any], None]) -> Files:
    changed = lines(files)
    value = json.loads(changed[place])
    change(value)
    changed[place] = canonical_bytes(value)
    return with_lines(files, changed)


def test_a_sound_bundle_is_found_sound_however_it_is_zipped(
    phone: Run, vote: Vote, files: Files
) -> None:
    leaf = leaf_of_bytes(vote.entries[3])
    key = verifier_key(vote.origin, vote.board.public_key())
    beside = {"receipt": vote.receipt(leaf), "earlierCheckpoint": vote.checkpoint(4)}
    plain, stored = zipped(files), zipped(files, stored=True)
    reports = phone([asked(plain), asked(stored, boardKey=key, **beside)])
    assert [report["status"] for report in reports] == [0, 0]
    assert [failed(report) for report in reports] == [set(), set()]
    skipped = {code for code, state in reports[0]["states"].items() if state == "skipped"}
    assert skipped == {"board-key", "receipt", "earlier-checkpoint"}
    assert set(reports[1]["states"].values()) == {"passed"}
    assert reports[0]["limits"] == ["board-key-from-bundle", *reports[1]["limits"]]


def _swap(changed: list[bytes], one: int, other: int) -> list[bytes]:
    changed[one], changed[other] = changed[other], changed[one]
    return changed


def _reply(name: str, value: Any) -> Callable[[Any], None]:
    return lambda document: document.__setitem__(name, value)


TAMPERINGS: dict[str, tuple[Callable[[Files], Files], set[str]]] = {
    "a ballot dropped": (
        lambda files: with_lines(files, lines(files)[:2] + lines(files)[3:]),
        {"tree-root", "close-entry", "result"},
    ),
    "a ballot twice": (
        lambda files: with_lines(files, [*lines(files)[:2], *lines(files)[1:]]),
        {"tree-root", "close-entry", "duplicate-seq", "result"},
    ),
    "ballots in another order": (
        lambda files: with_lines(files, _swap(lines(files), 1, 2)),
        {"tree-root"},
    ),
    "an answer altered": (
        lambda files: with_entry(files, 7, lambda one: one["ans"].update(q1=["yes"])),
        {"tree-root", "signatures", "result"},
    ),
    "an answer that the rules do not allow": (
        lambda files: with_entry(files, 7, lambda one: one["ans"].update(q1=["yes", "no"])),
        {"tree-root", "signatures", "answers", "result"},
    ),
    "the permit of somebody else": (
        lambda files: with_entry(
            files, 1, lambda one: one.update(permit=json.loads(lines(files)[2])["permit"])
        ),
        {"tree-root", "permits", "signatures"},
    ),
    "a ballot for another poll": (
        lambda files: with_entry(files, 1, _reply("poll", "fedcba9876543210")),
        {"tree-root", "permits", "signatures"},
    ),
    "a key more in a ballot": (
        lambda files: with_entry(files, 1, _reply("more", 1)),
        {"tree-root", "canonical", "result", "close-entry"},
    ),
    "another title of the poll": (
        lambda files: with_json(files, "poll.json", lambda one: one["title"].update(en="Other")),
        {"poll-entry", "permits", "result"},
    ),
    "another issuer key": (
        lambda files: with_json(files, "poll.json", lambda one: one["issuer"][0].update(e=3)),
        {"poll-entry", "keys", "result"},
    ),
    "another total": (
        lambda files: with_json(
            files,
            "result.json",
            lambda one: one["questions"][0]["outcome"]["totals"].update(no="9"),
        ),
        {"result"},
    ),
    "another winner": (
        lambda files: with_json(
            files, "result.json", lambda one: one["decision"]["chosen"].update(q1=["no", "yes"])
        ),
        {"result"},
    ),
    "another sentence": (
        lambda files: with_json(
            files, "result.json", lambda one: one["decision"]["words"].update(en="Won.")
        ),
        {"result"},
    ),
    "more voters in the result": (
        lambda files: with_json(files, "result.json", _reply("voters", 9)),
        {"result"},
    ),
    "other counts in the last entry": (
        lambda files: with_entry(files, -1, lambda one: one["counts"].update(voters=7)),
        {"tree-root", "close-entry"},
    ),
    "a hash less in the issued list": (
        lambda files: with_json(files, "issued.json", lambda one: one["hashes"].pop()),
        {"issued-list"},
    ),
    "a hash changed in the issued list": (
        lambda files: with_json(
            files, "issued.json", lambda one: one["hashes"].__setitem__(0, "0" * 64)
        ),
        {"issued-list"},
    ),
    "fewer issued than voted": (
        lambda files: with_json(files, "issued.json", _reply("issued", 1)),
        {"issued-list"},
    ),
    "more eligible": (
        lambda files: with_json(files, "issued.json", _reply("eligible", 5000)),
        {"issued-list"},
    ),
    "the last entry cut off": (
        lambda files: with_lines(files, lines(files)[:-1]),
        {"tree-root", "close-entry", "issued-list"},
    ),
    "an entry behind the last": (
        lambda files: with_lines(files, [*lines(files), lines(files)[1]]),
        {"tree-root", "close-entry", "duplicate-seq", "result"},
    ),
    "an entry of an unknown kind": (
        lambda files: with_lines(files, [*lines(files)[:1], b'{"type":"x"}', *lines(files)[1:]]),
        {"tree-root", "canonical"},
    ),
    "an entry spelled in another way": (
        lambda files: with_lines(
            files, [*lines(files)[:1], b" " + lines(files)[1], *lines(files)[2:]]
        ),
        {"tree-root", "canonical", "close-entry", "result"},
    ),
    "the last line without its end": (
        lambda files: {**files, "entries.jsonl": files["entries.jsonl"][:-1]},
        {"canonical"},
    ),
    "the checkpoint of an older tree": (
        lambda files: {**files, "checkpoint": files["checkpoints/8"]},
        {"tree-root"},
    ),
    "an earlier checkpoint under another size": (
        lambda files: {**files, "checkpoints/7": files["checkpoints/8"]},
        {"checkpoint"},
    ),
    "a file more": (lambda files: {**files, "notes.txt": b"hello"}, {"manifest"}),
}


def test_no_tampering_passes_and_each_is_named(phone: Run, files: Files) -> None:
    calls = [asked(zipped(change(files))) for change, _ in TAMPERINGS.values()]
    reports = dict(zip(TAMPERINGS, phone(calls), strict=True))
    assert {name: report["status"] for name, report in reports.items()} == dict.fromkeys(reports, 1)
    found = {name: failed(report) for name, report in reports.items()}
    missed = {name: codes - found[name] for name, (_, codes) in TAMPERINGS.items()}
    assert missed == {name: set() for name in TAMPERINGS}


def test_files_that_are_not_those_of_the_manifest_are_named(phone: Run, files: Files) -> None:
    listed = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
    manifest = {"manifest.json": canonical_bytes({"v": 1, "files": listed})}
    other = {**manifest, **files, "VERIFY.md": b"Send us your vote."}
    more = {**manifest, **files, "checkpoints/3": files["checkpoint"]}
    less = {name: content for name, content in (manifest | files).items() if name != "VERIFY.md"}
    reports = phone([asked(zipped_as_is(one)) for one in (other, more, less)])
    assert [report["status"] for report in reports] == [1, 1, 1]
    assert ["VERIFY.md" in report["failed"][0] for report in reports] == [True, False, True]
    assert all(report["failed"][0].startswith("manifest: ") for report in reports)


def test_an_insider_who_signs_anew_is_found_by_a_receipt_or_an_earlier_checkpoint(
    phone: Run, vote: Vote, files: Files
) -> None:
    leaf, early = leaf_of_bytes(vote.entries[2]), vote.checkpoint(4)
    without = make_vote_without(2)
    bundle = zipped(without.close())
    key = vote.definition.board_key
    other_key = b64u(Ed25519PrivateKey.generate().public_key().public_bytes_raw())
    reports = phone(
        [
            asked(bundle),
            asked(bundle, boardKey=key),
            asked(bundle, receipt=without.receipt(leaf)),
            asked(bundle, earlierCheckpoint=early),
            asked(zipped(files), boardKey=other_key),
            asked(zipped(files), receipt=Vote().receipt(leaf).replace(vote.origin, "x.example/1")),
        ]
    )
    assert [failed(report) for report in reports[:4]] == [
        set(),
        set(),
        {"receipt"},
        {"earlier-checkpoint"},
    ]
    assert {"board-key", "checkpoint"} <= failed(reports[4])
    assert failed(reports[5]) == {"receipt"}
    assert [report["status"] for report in reports] == [0, 0, 1, 1, 1, 1]


def make_vote_without(dropped: int) -> Vote:
    """The same vote as its own board would show it without one ballot."""
    vote = make_vote()
    del vote.entries[dropped]
    vote.counting.pop(f"voter {dropped - 1}")
    vote.ballots -= 1
    return vote


def _changed_header(bundle: bytes, name: str, **fields: int) -> bytes:
    """A zip whose directory says something else about one file."""
    places = {
        "flags": (8, "<H"),
        "method": (10, "<H"),
        "size": (24, "<I"),
        "attributes": (38, "<I"),
    }
    raw = bytearray(bundle)
    at = raw.rindex(b"PK\1\2", 0, raw.rindex(name.encode()))
    for field, value in fields.items():
        offset, spelled = places[field]
        struct.pack_into(spelled, raw, at + offset, value)
    return bytes(raw)


def _with_member(files: Files, name: str, content: bytes = b"") -> bytes:
    out = io.BytesIO(zipped(files))
    with zipfile.ZipFile(out, "a") as bundle, pytest.MonkeyPatch.context() as patch:
        patch.setattr("warnings.warn", lambda *_, **__: None)  # of names that stand twice
        bundle.writestr(name, content)
    return out.getvalue()


def hostile_bundles(files: Files) -> dict[str, bytes]:
    """What is no bundle, or may not be unpacked."""
    bundle = zipped(files)
    zeros = zipped({**files, "VERIFY.md": bytes(10_000_000)})
    return {
        "empty": b"",
        "no zip": b"%PDF-1.7",
        "cut off": bundle[:-40],
        "its beginning cut off": bundle[40:],
        "something before it": b"#!/bin/sh\n" + bundle,
        "something behind it": bundle + b"more",
        "a bomb that lies about its size": _changed_header(zeros, "VERIFY.md", size=100),
        "too large": _changed_header(bundle, "VERIFY.md", size=0xFFFFFFF0),
        "encrypted": _changed_header(bundle, "VERIFY.md", flags=1),
        "packed by another method": _changed_header(bundle, "VERIFY.md", method=12),
        "a symbolic link": _changed_header(bundle, "VERIFY.md", attributes=0o120777 << 16),
        "a path upwards": _with_member(files, "../poll.json"),
        "a path inside": _with_member(files, "checkpoints/../../x"),
        "an absolute path": _with_member(files, "/etc/passwd"),
        "a path of another system": _with_member(files, "..\\poll.json"),
        "a name twice": _with_member(files, "poll.json", files["poll.json"]),
        "no result": zipped({name: one for name, one in files.items() if name != "result.json"}),
        "no manifest": zipped_as_is(files),
        "a manifest that is none": zipped_as_is({**files, "manifest.json": b'{"v":1}'}),
    }


def test_what_is_no_bundle_is_unreadable_and_nothing_is_unpacked_beyond_its_size(
    phone: Run, files: Files
) -> None:
    hostile = hostile_bundles(files)
    reports = dict(zip(hostile, phone([asked(one) for one in hostile.values()]), strict=True))
    assert {name: report["status"] for name, report in reports.items()} == dict.fromkeys(hostile, 2)
    assert all(report["why"] for report in reports.values())


@pytest.mark.parametrize("beside", ["boardKey", "receipt", "earlierCheckpoint"])
def test_what_is_laid_beside_has_to_be_readable(files: Files, beside: str) -> None:
    [report] = in_node([asked(zipped(files), **{beside: "?"})])
    assert report["status"] == 2
    assert "cannot be read" in report["why"]


def test_no_turned_bit_is_accepted(files: Files) -> None:
    """Even where somebody makes the manifest anew; the two times are the city's word alone."""
    chance = random.Random(9474)
    names = [name for name in files if name != "VERIFY.md"]
    times = [files["result.json"].index(key) for key in (b'"closed_at"', b'"published_at"')]
    said = {place for start in times for place in range(start, start + 40)}
    calls, flips = [], []
    while len(calls) < FLIPS:
        name = chance.choice(names)
        raw = bytearray(files[name])
        place = chance.randrange(len(raw))
        if name == "result.json" and place in said:
            continue
        raw[place] ^= 1 << chance.randrange(8)
        calls.append(asked(zipped({**files, name: bytes(raw)})))
        flips.append((name, place))
    reports = in_node(calls)
    assert [flip for flip, report in zip(flips, reports, strict=True) if not report["status"]] == []


def test_a_board_that_signs_another_tree_is_found_by_its_own_entries(
    phone: Run, vote: Vote, files: Files
) -> None:
    leaves = [leaf_of_bytes(line) for line in lines(files)]
    leaves[2] = bytes(32)
    forged = make_checkpoint(vote.board, origin=vote.origin, size=len(leaves), root=root_of(leaves))
    [report] = phone([asked(zipped({**files, "checkpoint": forged.encode()}))])
    assert failed(report) == {"tree-root"}
