"""A recount on every processor says what a recount on one says, and so does a quick look."""

import json
import random
from dataclasses import replace

import pytest

from mvote.core.canonical import canonical_bytes
from mvote.core.verify import processes
from mvote.core.verify.entries import Entry, Judge
from mvote.core.verify.report import SOUND
from tests.core.verify.city import NO, YES, Case, City, ballots_of, with_lines
from tests.core.verify.conftest import Verify, failed
from tests.core.verify.insiders import BY_THE_BOARD
from tests.core.verify.strangers import BY_STRANGERS


@pytest.fixture
def every_processor(monkeypatch: pytest.MonkeyPatch) -> None:
    """Help comes even for the smallest bundle."""
    monkeypatch.setattr(processes, "FEW_BYTES", 0)
    monkeypatch.setattr(processes, "_processors", lambda: 2)


def test_every_processor_says_what_one_says(
    city: City, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    cases = [Case(city.files), BY_THE_BOARD["a ballot altered"][0](city)]
    alone = [verify(case).to_json() for case in cases]
    monkeypatch.setattr(processes, "FEW_BYTES", 0)
    monkeypatch.setattr(processes, "_processors", lambda: 2)
    assert [verify(case).to_json() for case in cases] == alone
    assert [report["status"] for report in alone] == [0, 1]


@pytest.mark.usefixtures("every_processor")
def test_when_the_helpers_die_the_recount_goes_on_alone(
    city: City, verify: Verify, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_prepare", _die)
    assert verify(Case(city.files)).status == SOUND


def _die(_: bytes) -> None:
    raise SystemExit(1)


def strict(judge: Judge) -> Judge:
    return replace(judge, quick=None)


@pytest.fixture(scope="module")
def judge(city: City) -> Judge:
    return Judge.of(city.lines[0])


def both(judge: Judge, position: int, body: bytes) -> Entry:
    quick, slow = judge.judge(position, body), strict(judge).judge(position, body)
    assert quick == slow
    return quick


def test_a_quick_look_sees_every_sound_ballot(city: City, judge: Judge) -> None:
    assert judge.quick is not None
    for position, line in enumerate(ballots_of(city), 1):
        assert judge.quick.look(line) is not None
        assert both(judge, position, line).breaches == ()


def test_a_quick_look_says_what_the_strict_reader_says_of_turned_bits(
    city: City, judge: Judge
) -> None:
    chance, line = random.Random(5), ballots_of(city)[0]
    for _ in range(250):
        turned = bytearray(line)
        turned[chance.randrange(len(line))] ^= 1 << chance.randrange(8)
        assert both(judge, 1, bytes(turned)).breaches


@pytest.mark.parametrize("name", BY_STRANGERS)
def test_a_quick_look_says_what_the_strict_reader_says_of_tampered_entries(
    city: City, judge: Judge, name: str
) -> None:
    entries = BY_STRANGERS[name][0](city).files["entries.jsonl"]
    for position, line in enumerate(entries.split(b"\n")):
        both(judge, position, line)


ANSWERS = (
    {**YES, "q1": ["no", "yes"]},
    {**YES, "q1": []},
    {**NO, "projects": ["park", "path", "pool"]},
    {**NO, "projects": ["path", "path"]},
    {**NO, "q1": "no"},
    {**NO, "q1": [["no"]]},
    {**NO, "q1": [1.5]},
    {**NO, "q1": [None]},
    {**NO, "q1": ["e\u0301"]},
    {**NO, 'q1","bk': ["no"]},
    {"q1": ["yes"]},
    {},
    [],
)


@pytest.mark.parametrize("answers", ANSWERS, ids=repr)
def test_a_quick_look_says_what_the_strict_reader_says_of_answers(
    city: City, judge: Judge, answers: object
) -> None:
    ballot = {**city.ballot(1), "ans": answers}
    spelled = json.dumps(ballot, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    both(judge, 1, spelled.encode())
    both(judge, 1, json.dumps(ballot, sort_keys=True, separators=(",", ":")).encode())


def test_a_quick_look_leaves_large_ballots_and_large_numbers_to_the_strict_reader(
    city: City, judge: Judge
) -> None:
    ballot = city.ballot(1)
    for changed in ({**ballot, "seq": 1001}, {**ballot, "ans": {"q1": ["x" * 256] * 300}}):
        assert both(judge, 1, canonical_bytes(changed)).breaches == ("canonical",)


@pytest.mark.parametrize("length", [100, 101, 130, 997])
def test_files_are_read_alike_wherever_they_are_cut_into_pieces(
    city: City, verify: Verify, monkeypatch: pytest.MonkeyPatch, length: int
) -> None:
    monkeypatch.setattr("mvote.core.verify.archive._PIECE", length)
    assert verify(Case(city.files)).status == SOUND
    twice = with_lines(city, [*city.lines[:2], *city.lines[1:]])
    assert "duplicate-seq" in failed(verify(twice))
