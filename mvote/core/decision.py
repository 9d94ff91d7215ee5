"""What an outcome decides: weight, quorum, threshold and ties, fixed before the poll opens."""

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from mvote.core.canonical import JSON
from mvote.core.counting.outcome import Outcome
from mvote.core.fields import Faults, FieldsRefused, Reader
from mvote.core.text import LANGUAGES, Words
from mvote.core.ties import TIE_RULES

QUORUMS = ("none", "voters", "percent-of-eligible")
SHOWING = ("after-close", "live")
MOST_VOTERS = 100_000_000
MOST_DENOMINATOR = 1_000


class DecisionRefused(FieldsRefused):
    words = {
        "ko": "결정 방식의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the decision rule are not right: {fields}",
    }


@dataclass(frozen=True, slots=True)
class Quorum:
    """How many have to vote: ``least`` voters, or ``least`` per cent of those eligible."""

    kind: str = "none"
    least: int = 0

    def to_json(self) -> dict[str, JSON]:
        return (
            {"kind": self.kind}
            if self.kind == "none"
            else {
                "kind": self.kind,
                "least": self.least,
            }
        )


@dataclass(frozen=True, slots=True)
class DecisionRule:
    """``weight_percent`` 100 is binding; a winner needs more than ``threshold`` of the valid votes.

    ``ties`` is the name of a tie rule, ``results`` says when counts may be seen.
    """

    weight_percent: int
    quorum: Quorum
    threshold: tuple[int, int] | None
    ties: str
    results: str

    @classmethod
    def from_json(cls, raw: JSON) -> "DecisionRule":
        """Raises DecisionRefused."""
        faults = Faults()
        read = Reader(raw, faults)
        read.only("weight_percent", "quorum", "threshold", "ties", "results")
        rule = cls(
            weight_percent=read.integer("weight_percent", most=100),
            quorum=_read_quorum(read),
            threshold=_read_threshold(read),
            ties=read.one_of("ties", TIE_RULES.names()),
            results=read.one_of("results", SHOWING),
        )
        faults.refuse(DecisionRefused)
        return rule

    def to_json(self) -> dict[str, JSON]:
        share = self.threshold
        return {
            "weight_percent": self.weight_percent,
            "quorum": self.quorum.to_json(),
            "threshold": share and {"numerator": share[0], "denominator": share[1]},
            "ties": self.ties,
            "results": self.results,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """What the rule made of the outcomes, by question id.

    ``threshold_met`` says whether some winner passed; ``chosen`` are the winners
    that stand, none where the quorum is missed.
    """

    quorum_met: bool
    threshold_met: Mapping[str, bool]
    chosen: Mapping[str, tuple[str, ...]]
    words: Words

    def to_json(self) -> dict[str, JSON]:
        return {
            "quorum_met": self.quorum_met,
            "threshold_met": dict(self.threshold_met),
            "chosen": {question: list(options) for question, options in self.chosen.items()},
            "words": dict(self.words),
        }


def apply(
    rule: DecisionRule, outcomes: Mapping[str, Outcome], *, voters: int, eligible: int | None
) -> Decision:
    """Apply the rule at close.  ``voters`` is the number of ballots that count, blank ones too.

    Raises ValueError where the quorum is a share of the eligible and nobody says how many they are.
    """
    quorum_met = _quorum_met(rule.quorum, voters, eligible)
    passed = {question: _passed(rule, outcome) for question, outcome in outcomes.items()}
    return Decision(
        quorum_met=quorum_met,
        threshold_met={
            question: bool(passed[question]) or rule.threshold is None for question in outcomes
        },
        chosen={question: passed[question] if quorum_met else () for question in outcomes},
        words=_words(rule, quorum_met, voters, eligible),
    )


def _read_quorum(read: Reader) -> Quorum:
    raw = read.object("quorum")
    if raw is not read.raw.get("quorum"):
        return Quorum()
    inner = Reader(raw, read.faults, "quorum")
    kind = inner.one_of("kind", QUORUMS)
    if kind == "none":
        inner.only("kind")
        return Quorum()
    inner.only("kind", "least")
    most = 100 if kind == "percent-of-eligible" else MOST_VOTERS
    return Quorum(kind, inner.integer("least", least=1, most=most))


def _read_threshold(read: Reader) -> tuple[int, int] | None:
    if "threshold" in read.raw and read.raw["threshold"] is None:
        return None
    raw = read.object("threshold")
    if raw is not read.raw.get("threshold"):
        return None
    inner = Reader(raw, read.faults, "threshold")
    inner.only("numerator", "denominator")
    denominator = inner.integer("denominator", least=1, most=MOST_DENOMINATOR)
    return inner.integer("numerator", most=denominator - 1), denominator


def _quorum_met(quorum: Quorum, voters: int, eligible: int | None) -> bool:
    if quorum.kind == "percent-of-eligible":
        if eligible is None:
            raise ValueError("the quorum is a share of the eligible, whose number is not known")
        return voters * 100 >= quorum.least * eligible
    return voters >= quorum.least


def _passed(rule: DecisionRule, outcome: Outcome) -> tuple[str, ...]:
    if rule.threshold is None:
        return outcome.winners
    needed = Fraction(*rule.threshold) * outcome.valid
    return tuple(one for one in outcome.winners if outcome.totals[one] > needed)


def describe(rule: DecisionRule) -> tuple[Words, ...]:
    """What the result will decide, in sentences to be read before voting."""
    quorum: dict[str, Words] = {
        "none": {"ko": "정족수는 없습니다.", "en": "There is no quorum."},
        "voters": {
            "ko": f"{rule.quorum.least:,}명 이상 투표해야 결과가 인정됩니다.",
            "en": f"The result stands if at least {rule.quorum.least:,} people vote.",
        },
        "percent-of-eligible": {
            "ko": f"대상자의 {rule.quorum.least}% 이상이 투표해야 결과가 인정됩니다.",
            "en": f"The result stands if at least {rule.quorum.least}% of those eligible vote.",
        },
    }
    shown: dict[str, Words] = {
        "after-close": {
            "ko": "중간 집계는 투표가 끝날 때까지 공개하지 않습니다.",
            "en": "No counts are shown before the poll closes.",
        },
        "live": {
            "ko": "투표가 진행되는 동안 중간 집계를 공개합니다.",
            "en": "Counts are shown while the poll runs.",
        },
    }
    parts = [quorum[rule.quorum.kind], *_rule_words(rule)]
    return (*parts, TIE_RULES.get(rule.ties).label, shown[rule.results])


def _words(rule: DecisionRule, quorum_met: bool, voters: int, eligible: int | None) -> Words:
    parts = [_quorum_words(rule.quorum, quorum_met, voters, eligible), *_rule_words(rule)]
    return {language: " ".join(part[language] for part in parts) for language in LANGUAGES}


def _rule_words(rule: DecisionRule) -> list[Words]:
    """Threshold and weight."""
    parts: list[Words] = []
    if rule.threshold:
        share = f"{rule.threshold[0]}/{rule.threshold[1]}"
        parts.append(
            {
                "ko": f"유효표의 {share}보다 많은 표를 얻어야 채택됩니다.",
                "en": f"A winner needs more than {share} of the valid votes.",
            }
        )
    weight = rule.weight_percent
    parts.append(
        {"ko": "결과는 구속력이 있습니다.", "en": "The result is binding."}
        if weight == 100
        else {
            "ko": f"결과는 결정에 {weight}% 반영됩니다.",
            "en": f"The result weighs {weight}% in the decision.",
        }
    )
    return parts


def _quorum_words(quorum: Quorum, met: bool, voters: int, eligible: int | None) -> Words:
    voted = {"ko": f"투표한 사람은 {voters:,}명입니다.", "en": f"{voters:,} people voted."}
    if quorum.kind == "none":
        return voted
    needed = {"ko": f"{quorum.least:,}명", "en": f"{quorum.least:,} voters"}
    if quorum.kind == "percent-of-eligible":
        needed = {
            "ko": f"대상자 {eligible or 0:,}명의 {quorum.least}%",
            "en": f"{quorum.least}% of {eligible or 0:,} eligible",
        }
    verdict = {"ko": "채웠습니다", "en": "is met"}
    if not met:
        verdict = {"ko": "채우지 못했습니다", "en": "is not met"}
    return {
        "ko": f"{voted['ko']} 정족수({needed['ko']})를 {verdict['ko']}.",
        "en": f"{voted['en']} The quorum ({needed['en']}) {verdict['en']}.",
    }
