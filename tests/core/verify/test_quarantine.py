"""Permits counted apart at level secret: both verifiers recompute what is said of them."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from mvote.core.canonical import canonical_bytes
from mvote.core.verify.report import SOUND
from tests.core.verify.city import Case, City, note_on
from tests.core.verify.conftest import Verify, failed
from tests.core.verify.test_agreement import asked
from tests.phone.bundles import Vote
from tests.phone.conftest import in_node

RULES = [{"rule": "struck"}, {"rule": "proof", "below": "register"}]
Change = Callable[[Any], None]


@pytest.fixture(scope="module")
def ruled() -> City:
    """Seven voted, four to three, of ten who took permits."""
    return City(quarantine=RULES)


def apart(city: City, counts: Any, *notes: Any, released: set[str] | None = None) -> Case:
    """Closed with these numbers and a result that fits them."""
    vote = city.still_open()
    for number, said in enumerate(notes, 1):
        more = said if isinstance(said, dict) else {"rule": said, "released": True}
        vote.entries.append(note_on(vote, number=number, about="quarantine", quarantine=more))
    vote.apart = counts
    vote.released = set(notes) if released is None else released
    return Case(vote.close(), city.key)


def claiming(case: Case, **says: Any) -> Case:
    value = json.loads(case.files["result.json"])
    value["quarantine"] |= says
    return Case({**case.files, "result.json": canonical_bytes(value)}, case.board_key)


def closed_with(city: City, said: Any) -> Case:
    """Whatever the close entry says, signed by the board, beside a result for other numbers."""
    vote = city.still_open()
    vote.apart = {"struck": 0, "proof": 0}
    result = canonical_bytes(vote.result())
    vote.apart, vote.result = said, lambda: {}  # type: ignore[method-assign]
    return Case({**vote.close(), "result.json": result}, city.key)


GOOD = {"struck": 1, "proof": 2}
SOUND_ONES: dict[str, Callable[[City], Case]] = {
    "none flagged": lambda city: apart(city, {"struck": 0, "proof": 0}),
    "three of ten": lambda city: apart(city, GOOD),
    "all of ten": lambda city: apart(city, {"struck": 4, "proof": 6}),
    "a rule released": lambda city: apart(city, GOOD, "struck"),
    "released and taken back": lambda city: apart(
        city,
        GOOD,
        {"rule": "struck", "released": True},
        {"rule": "struck", "released": False},
        released=set(),
    ),
}
ATTACKS: dict[str, tuple[Callable[[City], Case], set[str]]] = {
    "more than were issued": (lambda city: apart(city, {"struck": 5, "proof": 6}), {"close-entry"}),
    "a rule left out": (lambda city: closed_with(city, {"struck": 0}), {"close-entry"}),
    "a rule of another poll": (
        lambda city: closed_with(city, {"struck": 0, "proof": 0, "revoked-code": 0}),
        {"close-entry"},
    ),
    "fewer than none": (
        lambda city: closed_with(city, {"struck": -1, "proof": 1}), {"close-entry"}
    ),
    "no number": (lambda city: closed_with(city, {"struck": True, "proof": 1}), {"close-entry"}),
    "fewer in the result than on the board": (
        lambda city: claiming(apart(city, GOOD), held=0), {"result"}
    ),
    "a release that nobody noted": (
        lambda city: apart(city, GOOD, released={"struck"}), {"result"}
    ),
    "a release kept quiet": (lambda city: apart(city, GOOD, "struck", released=set()), {"result"}),
    "a result that cannot change, it says": (
        lambda city: claiming(apart(city, GOOD), changes="no"), {"result"}
    ),
    "a release of no rule": (
        lambda city: apart(city, GOOD, {"rule": "name", "released": True}, released=set()),
        {"canonical"},
    ),
    "a release that is neither": (
        lambda city: apart(city, GOOD, {"rule": "struck", "released": 1}, released=set()),
        {"canonical"},
    ),
}  # fmt: skip


def test_both_verifiers_recompute_what_is_counted_apart_and_find_the_same_attacks(
    ruled: City, verify: Verify
) -> None:
    cases = {name: (made(ruled), set[str]()) for name, made in SOUND_ONES.items()}
    cases |= {name: (attack(ruled), codes) for name, (attack, codes) in ATTACKS.items()}
    phone = in_node([asked(case) for case, _ in cases.values()])
    for (name, (case, codes)), report in zip(cases.items(), phone, strict=True):
        ours = verify(case)
        states = report["states"].items()
        other = {code for code, state in states if state == "failed"}
        assert (failed(ours), other) == (codes | extra(name, ours), failed(ours)), name
        assert (ours.status == SOUND) == (not codes), name


def extra(name: str, report: Any) -> set[str]:
    """A close entry that cannot be read commits to no list, so that is not found either."""
    codes = failed(report)
    return codes & {"issued-list", "result", "counts"} if name in ATTACKS else set()


def test_what_is_said_beside_the_result(ruled: City) -> None:
    def said(case: Case) -> tuple[int, str]:
        told = json.loads(case.files["result.json"])["quarantine"]
        return told["held"], told["changes"]

    assert said(SOUND_ONES["none flagged"](ruled)) == (0, "no")
    assert said(SOUND_ONES["three of ten"](ruled)) == (3, "possible")
    assert said(SOUND_ONES["a rule released"](ruled)) == (2, "possible")


def test_a_poll_without_rules_has_a_bundle_without_a_word_of_them(
    city: City, verify: Verify
) -> None:
    """What was published before stays as it was, and numbers that no rule asked for are refused."""
    assert not any(b"quarantine" in content for content in city.files.values())
    vote: Vote = city.still_open()
    vote.apart = {}
    assert "close-entry" in failed(verify(Case(vote.close(), city.key)))
