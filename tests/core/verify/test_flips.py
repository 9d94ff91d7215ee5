"""No turned bit passes, wherever it stands and whether or not the manifest is made anew."""

import random
from collections.abc import Iterator

import pytest

from mvote.core.verify.report import SOUND
from tests.core.verify.city import Case, City
from tests.core.verify.conftest import Verify

FLIPS_A_FILE = 40
SAID = (b'"closed_at":"', b'"published_at":"')
"""Nobody but the city knows these times; every report says so."""


def flips(files: dict[str, bytes], name: str) -> Iterator[bytes]:
    """The file with one bit turned, spread over all its bytes."""
    chance, content = random.Random(name), files[name]
    said = {
        content.index(key) + len(key) + place
        for key in SAID
        if name == "result.json"
        for place in range(len("2030-02-01T12:00:00Z"))
    }
    places = [place for place in range(len(content)) if place not in said]
    each = max(len(places) / FLIPS_A_FILE, 1.0)
    for number in range(min(FLIPS_A_FILE, len(places))):
        turned = bytearray(content)
        place = places[min(int((number + chance.random()) * each), len(places) - 1)]
        turned[place] ^= 1 << chance.randrange(8)
        yield bytes(turned)


FILES = (
    "poll.json",
    "entries.jsonl",
    "checkpoint",
    "checkpoints/9",
    "issued.json",
    "result.json",
    "VERIFY.md",
)


def test_these_are_all_files(city: City) -> None:
    assert set(FILES) == set(city.files)


@pytest.mark.parametrize("name", FILES)
def test_no_turned_bit_passes_the_manifest(city: City, verify: Verify, name: str) -> None:
    listed = Case(city.files).manifest
    accepted = [
        turned
        for turned in flips(city.files, name)
        if verify(Case({**city.files, name: turned}, listed=listed)).status == SOUND
    ]
    assert accepted == []


@pytest.mark.parametrize("name", [name for name in FILES if name != "VERIFY.md"])
def test_no_turned_bit_passes_where_the_manifest_is_made_anew(
    city: City, verify: Verify, name: str
) -> None:
    """The page of instructions is no part of what is proved."""
    accepted = [
        turned
        for turned in flips(city.files, name)
        if verify(Case({**city.files, name: turned})).status == SOUND
    ]
    assert accepted == []


def test_no_turned_bit_of_the_manifest_passes(city: City, verify: Verify) -> None:
    manifest = Case(city.files).manifest
    accepted = [
        turned
        for turned in flips({"manifest.json": manifest}, "manifest.json")
        if verify(Case(city.files, listed=turned)).status == SOUND
    ]
    assert accepted == []


def test_no_turned_bit_of_the_packed_file_passes_with_other_contents(
    city: City, verify: Verify
) -> None:
    """A bit that says nothing about the files may turn: a time stamp, a version of packing."""
    bundle = Case(city.files).bundle
    honest = verify(Case(city.files)).to_json()
    others = [
        report
        for turned in flips({"bundle": bundle}, "bundle")
        if (report := verify(Case(city.files, packed=turned)).to_json())["status"] == SOUND
        and report != honest
    ]
    assert others == []
