"""The phone's verifier and this one say the same about every attack and every hostile file."""

import re

from mvote.core.canonical import b64u
from mvote.core.verify.report import LABELS, LIMITS, SOUND, UNREADABLE, UNREADABLE_WORDS
from tests.core.verify.city import Case, City, corrected, noted, roll_on, sound
from tests.core.verify.conftest import Verify, failed
from tests.core.verify.insiders import BY_THE_BOARD, ONE_BALLOT_EACH, decided_by_chair
from tests.core.verify.strangers import BY_STRANGERS
from tests.core.verify.test_hostile import HOSTILE
from tests.phone.conftest import Answers, Call, in_node

READS_ON = (
    "an issuer's key of another exponent",
    "an issuer's key that is short",
    "no issuer",
    "a default of the definition spelled out",
)
"""Definitions that no server froze: this verifier stops at them, the phone's reads on."""
HOLDS_ALL = ("a long line that never ends",)
"""The phone's verifier holds the bundle in memory anyway, and finds it not sound."""


def cases_of(city: City, without_revote: City, with_chair: City) -> dict[str, Case]:
    """All attacks, and the sound bundles that they start from."""
    made = {"sound": sound(city), "without a key": Case(city.files), "noted": noted(city)}
    made["corrected"] = corrected(city, roll_on)
    made |= {f"by a stranger: {name}": attack(city) for name, (attack, _) in BY_STRANGERS.items()}
    made |= {f"by the board: {name}": attack(city) for name, (attack, _) in BY_THE_BOARD.items()}
    made |= {name: attack(without_revote) for name, (attack, _) in ONE_BALLOT_EACH.items()}
    for claimed in (["no", "yes"], ["yes", "no"], ["no"], ["no", "yes", "park"]):
        made[f"chair {claimed}"] = decided_by_chair(with_chair, ["no", "yes"], claimed)
    return made


def asked(case: Case) -> Call:
    beside = {
        "boardKey": case.board_key,
        "receipt": case.receipt,
        "earlierCheckpoint": case.earlier_checkpoint,
    }
    given = {name: one for name, one in beside.items() if one is not None}
    return "verify", {"bundle": b64u(case.bundle), **given}


def test_both_verifiers_find_the_same_in_every_attack(
    city: City, city_without_revote: City, city_with_chair: City, verify: Verify
) -> None:
    """The same code, and the same checks failed."""
    cases = cases_of(city, city_without_revote, city_with_chair)
    phone: Answers = in_node([asked(case) for case in cases.values()])
    found, other = {}, {}
    for (name, case), report in zip(cases.items(), phone, strict=True):
        ours = verify(case)
        found[name] = (ours.status, failed(ours))
        states = report["states"].items()
        other[name] = (report["status"], {code for code, state in states if state == "failed"})
    differing = {name: (found[name], other[name]) for name in found if found[name] != other[name]}
    assert set(differing) == {f"by a stranger: {name}" for name in READS_ON}
    assert all(mine[0] == its[0] and mine[1] < its[1] for mine, its in differing.values())
    assert {name for name, (status, _) in found.items() if status == SOUND} == {
        "sound",
        "without a key",
        "noted",
        "corrected",
        "chair ['no', 'yes']",
    }


def test_both_verifiers_find_every_hostile_file_unreadable(city: City) -> None:
    cases = {name: Case({}, packed=made(city)) for name, made in HOSTILE.items()}
    for name in HOLDS_ALL:
        del cases[name]
    phone = in_node([asked(case) for case in cases.values()])
    said = {name: report["status"] for name, report in zip(cases, phone, strict=True)}
    assert said == dict.fromkeys(cases, UNREADABLE)
    assert all(report["why"] for report in phone)


def test_both_verifiers_use_the_same_words() -> None:
    phone = in_node([("words", {})])[0]
    assert phone["labels"] == LABELS
    own = {"not-recounted", "answers-not-checked"}
    assert {code: words for code, words in phone["limits"].items() if code not in own} == LIMITS
    assert own <= set(phone["limits"])
    browser, command = {"no-webcrypto", "no-ed25519"}, {"not-opened", "stopped"}
    assert set(phone["unreadable"]) - browser == set(UNREADABLE_WORDS) - command
    for code in set(UNREADABLE_WORDS) - command:
        spelled = {lang: text.format(what="?") for lang, text in UNREADABLE_WORDS[code].items()}
        assert phone["unreadable"][code] == spelled
    assert not any(re.search(r"undefined", str(words)) for words in phone["labels"].values())
