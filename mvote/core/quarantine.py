"""Which permits a poll counts apart, by rules that are fixed in it before it opens.

::

    "quarantine": [{"rule":"proof","below":"register"}, {"rule":"struck"}, {"rule":"revoked-code"}]

Nobody is refused because of it and no ballot is left out of the result: what the rules flag is
counted beside it.  Two officials may release what one rule flagged, with a reason that all read.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Final

from mvote.core.canonical import JSON
from mvote.core.fields import Reader
from mvote.core.proofs import FITTING, PROOF_LABELS, is_at_least
from mvote.core.registry import Registry
from mvote.core.secrecy import exact
from mvote.core.text import LANGUAGES, Words

PROOF, STRUCK, REVOKED_CODE = "proof", "struck", "revoked-code"


@dataclass(frozen=True, slots=True)
class Kind:
    """``keys`` are the roll keys by which it can be told whom it flags."""

    name: str
    label: Words
    keys: tuple[str, ...]


KINDS: Final[Registry[Kind]] = Registry(
    "quarantine rule",
    Kind(
        PROOF,
        {
            "ko": "다음보다 약한 본인 확인으로 받은 허가증: {below}",
            "en": "permits taken with a weaker proof than: {below}",
        },
        tuple(key for key, proofs in FITTING.items() if len(proofs) > 1),
    ),
    Kind(
        STRUCK,
        {
            "ko": "투표하는 동안 담당 공무원 두 사람이 명부에서 삭제하고 다시 올리지 않은 사람의 "
            "허가증",
            "en": "permits of those whom two officials struck from the roll during the vote and "
            "did not add again",
        },
        ("number", "entry"),
    ),
    Kind(
        REVOKED_CODE,
        {
            "ko": "쓴 뒤에 무효가 된 인쇄 코드로 확인한 사람의 허가증",
            "en": "permits of those whose printed code was revoked after it was used",
        },
        ("entry",),
    ),
)
NAMES: Final = KINDS.names()


@dataclass(frozen=True, slots=True)
class QuarantineRule:
    """``below`` stands at the rule about proofs only."""

    rule: str
    below: str | None = None

    def to_json(self) -> dict[str, JSON]:
        return {"rule": self.rule} | ({"below": self.below} if self.below else {})

    @property
    def words(self) -> Words:
        label = KINDS.get(self.rule).label
        below = PROOF_LABELS.get(self.below or "", {"ko": "", "en": ""})
        return {language: label[language].format(below=below[language]) for language in LANGUAGES}


@dataclass(frozen=True, slots=True)
class Release:
    """What two officials decided about one rule: ``released`` counts as all others do."""

    rule: str
    released: bool

    def to_json(self) -> dict[str, JSON]:
        return {"rule": self.rule, "released": self.released}


def read_quarantine(read: Reader) -> tuple[QuarantineRule, ...]:
    """The field ``quarantine`` of a draft; none where it is missing, as by default."""
    if "quarantine" not in read.raw:
        return ()
    found: list[QuarantineRule] = []
    for place, raw in enumerate(read.items("quarantine", least=0, most=len(NAMES))):
        inner = Reader(raw, read.faults, f"quarantine[{place}]")
        name = inner.one_of("rule", NAMES)
        inner.only("rule", *(["below"] if name == PROOF else []))
        below = inner.one_of("below", tuple(PROOF_LABELS)) if name == PROOF else None
        if any(one.rule == name for one in found):
            inner.fault("rule", "stands twice")
        found.append(QuarantineRule(name, below))
    return tuple(found)


def check_quarantine(read: Reader, values: Mapping[str, JSON]) -> None:
    """Hold the rules to the poll's roll key and least proof; faults are the reader's."""
    key, least = values["roll_key"], values["proof"]
    for place, one in enumerate(values["quarantine"]):
        at = f"quarantine[{place}]"
        if not one.rule or not key or not least:
            continue
        if key not in KINDS.get(one.rule).keys:
            read.fault(f"{at}.rule", f"flags nobody with the roll key “{key}”")
        elif one.below and (one.below not in FITTING[key] or is_at_least(least, one.below)):
            better = [proof for proof in FITTING[key] if not is_at_least(least, proof)]
            named = " or ".join(better) or "left out: no stronger proof goes with this poll"
            read.fault(f"{at}.below", f"has to be {named}")


def flagged_at_issuing(rules: Sequence[QuarantineRule], *, proof: str) -> str | None:
    """The rule that a new permit meets."""
    met = (one.rule for one in rules if one.below and not is_at_least(proof, one.below))
    return next(met, None)


def also(flags: str | None, rule: str) -> str:
    """The names of rules that a permit meets, with one more; spelled ``proof struck``."""
    return " ".join(sorted({*(flags or "").split(), rule}))


def without(flags: str | None, rule: str) -> str | None:
    """The names with one less; None where none is left."""
    return " ".join(one for one in (flags or "").split() if one != rule) or None


def counted_under(flags: str, rules: Sequence[QuarantineRule], released: Set[str]) -> str | None:
    """The one rule under which a permit is counted: the first of the poll that still holds it.

    Where all that it meets are released it is the first of these; None where it meets none.
    """
    met = [one.rule for one in rules if one.rule in flags.split()]
    return next((name for name in met if name not in released), met[0] if met else None)


def read_release(value: JSON) -> Release:
    """Read what a note says of it, strictly.  Raises ``exact.Fault``."""
    fields = exact.record(value, "quarantine", {"rule", "released"})
    if fields["rule"] not in NAMES:
        raise exact.Fault("rule")
    if type(fields["released"]) is not bool:
        raise exact.Fault("released")
    return Release(fields["rule"], fields["released"])


def read_counts(value: JSON) -> dict[str, int]:
    """How many permits are counted under each rule.  Raises ``exact.Fault``."""
    fields = exact.record(value, "quarantine", set(), set(NAMES))
    return {name: exact.whole(fields, name, least=0, most=2**53 - 1) for name in fields}


def fits(counts: Mapping[str, int] | None, rules: Sequence[QuarantineRule], issued: int) -> bool:
    """Whether a board says a number for each rule of its poll, and no more than were issued."""
    if not rules:
        return counts is None
    named = {one.rule for one in rules}
    return counts is not None and set(counts) == named and sum(counts.values()) <= issued
