"""What the permits that a poll counts apart come to, beside a result that holds every ballot.

Where it can be told which ballots they are, the result is counted without them too.  Where it
cannot, as with secret ballots, or would show how a few people voted, the number of them is held
against how narrow the outcome is.
"""

from collections.abc import Mapping, Set
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from mvote.core.canonical import JSON
from mvote.core.counting.outcome import Outcome
from mvote.core.counting.seats import standing
from mvote.core.decision import Decision, apply
from mvote.core.poll import PollDefinition
from mvote.core.question import Question
from mvote.core.secrecy.levels import publishes_names, takes_pseudonyms
from mvote.core.text import Words

YES, NO, POSSIBLE, UNKNOWN = "yes", "no", "possible", "unknown"
CHANGES: Final = (YES, NO, POSSIBLE, UNKNOWN)
SENTENCES: Final[Mapping[str, Words]] = {
    YES: {
        "ko": "따로 표시한 표를 빼고 세면 결과가 달라집니다.",
        "en": "Without the ballots that are counted apart the result would be another.",
    },
    NO: {
        "ko": "따로 표시한 표를 빼고 세어도 결과는 같습니다.",
        "en": "Without the ballots that are counted apart the result would be the same.",
    },
    POSSIBLE: {
        "ko": "따로 표시한 표를 빼고 세면 결과가 달라질 수도 있습니다. 어느 표인지는 알 수 "
        "없거나 밝히지 않습니다.",
        "en": "Without the ballots that are counted apart the result could be another; which they "
        "are is not known, or not told.",
    },
    UNKNOWN: {
        "ko": "따로 표시한 표를 빼고 세면 결과가 달라지는지는 알 수 없습니다.",
        "en": "Whether the result would be another without the ballots that are counted apart "
        "cannot be said.",
    },
}
LEAST_TOLD: Final = 20
"""Fewer ballots are not taken out of a count of pseudonyms: the difference would show them."""
BY_TOTALS: Final = ("plurality", "approval")
"""Methods in which one ballot less takes one vote at most from every option."""


@dataclass(frozen=True, slots=True)
class Without:
    """The count without them: ``ballots`` are theirs; ``outcomes`` None: it waits for the chair."""

    ballots: int
    outcomes: Mapping[str, Outcome] | None


@dataclass(frozen=True, slots=True)
class Quarantined:
    """``counts`` are permits by rule, ``released`` the rules whose permits count as all others."""

    counts: Mapping[str, int]
    released: Set[str]
    without: Without | None = None

    @property
    def held(self) -> int:
        return sum(count for rule, count in self.counts.items() if rule not in self.released)


def may_be_taken_out(level: str, ballots: int) -> bool:
    """Whether a count without so many ballots may be told beside the one with them.

    Where names are published it shows nothing more.  Of pseudonyms a few officials may know
    whom a rule flags: the difference would tell them how these voted, so it has to be of many.
    """
    if publishes_names(level):
        return True
    return takes_pseudonyms(level) and ballots >= LEAST_TOLD


def tell(
    definition: PollDefinition,
    found: Quarantined,
    outcomes: Mapping[str, Outcome],
    decision: Decision,
    *,
    voters: int,
    eligible: int | None,
) -> dict[str, JSON]:
    """What stands beside the result: the numbers, and whether it would be another."""
    without = found.without
    made: dict[str, JSON] = {
        "rules": [
            {
                "rule": one.rule,
                "permits": found.counts[one.rule],
                "released": one.rule in found.released,
            }
            for one in definition.quarantine
        ],
        "held": found.held,
    }
    if without is None:
        most = min(found.held, voters)
        changes = _may_change(definition, outcomes, most, voters=voters, eligible=eligible)
    else:
        changes, told = _changed(
            definition, without, outcomes, decision, voters=voters, eligible=eligible
        )
        made |= {"ballots": without.ballots, "without": told}
    return {**made, "changes": changes, "words": dict(SENTENCES[changes])}


def _changed(
    definition: PollDefinition,
    without: Without,
    outcomes: Mapping[str, Outcome],
    decision: Decision,
    *,
    voters: int,
    eligible: int | None,
) -> tuple[str, dict[str, JSON] | None]:
    if without.outcomes is None:
        return UNKNOWN, None
    left = voters - without.ballots
    other = apply(definition.decision, without.outcomes, voters=left, eligible=eligible)
    questions = [
        {
            "id": question,
            "totals": {option: str(total) for option, total in outcome.totals.items()},
            "winners": list(outcome.winners),
            "chosen": list(other.chosen[question]),
        }
        for question, outcome in without.outcomes.items()
    ]
    same = (decision.quorum_met, decision.threshold_met) == (other.quorum_met, other.threshold_met)
    for question, outcome in without.outcomes.items():
        same &= set(outcome.winners) == set(outcomes[question].winners)
        same &= set(other.chosen[question]) == set(decision.chosen[question])
    return NO if same else YES, {"voters": left, "questions": questions}


def _may_change(
    definition: PollDefinition,
    outcomes: Mapping[str, Outcome],
    most: int,
    *,
    voters: int,
    eligible: int | None,
) -> str:
    """Whether ``most`` ballots less, whichever they are, could make it another result."""
    if most == 0:
        return NO
    rule = definition.decision
    left = voters - most
    quorum = [apply(rule, {}, voters=n, eligible=eligible).quorum_met for n in (voters, left)]
    found = {POSSIBLE} if quorum[0] != quorum[1] else set()
    for question in definition.questions:
        share = None if rule.threshold is None else Fraction(*rule.threshold)
        found.add(_narrow(question, outcomes[question.id], most, share))
    return next((one for one in (POSSIBLE, UNKNOWN) if one in found), NO)


def _narrow(question: Question, outcome: Outcome, most: int, share: Fraction | None) -> str:
    if question.counting.method not in BY_TOTALS:
        return UNKNOWN
    totals = {option: outcome.totals[option] for option in standing(question)}
    won = [totals[option] for option in outcome.winners]
    lost = [totals[option] for option in totals if option not in outcome.winners]
    if not won:
        return POSSIBLE if any(lost) else NO
    if min(won) - max(lost, default=0) <= most:
        return POSSIBLE
    at_share = share is not None and any(_crosses(n, outcome.valid, most, share) for n in won)
    return POSSIBLE if at_share else NO


def _crosses(votes: Fraction | int, valid: int, most: int, share: Fraction) -> bool:
    """Whether some ``most`` ballots decide on which side of the threshold the votes lie."""
    if votes > share * valid:
        return votes - most <= share * (valid - most)
    return votes > share * max(valid - most, votes)
