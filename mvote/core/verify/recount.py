"""The recount: what has to be published, made anew from the ballots that count."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from mvote.core.canonical import JSON
from mvote.core.counted_apart import Quarantined
from mvote.core.counting.outcome import Outcome
from mvote.core.poll import PollDefinition
from mvote.core.result import Figures, TieDecision, compose, decided, read_tie_decisions, tally
from mvote.core.ties import ChairNeeded
from mvote.core.times import parse_iso

Grouped = Callable[[], Iterator[tuple[str, int]]]
"""Answers as JSON and how often each counts, from the beginning at every call."""


@dataclass(frozen=True, slots=True)
class Recounted:
    """``document`` is what has to be published; ``by_chair`` where the chair decided ties."""

    document: dict[str, JSON]
    outcomes: dict[str, Outcome]
    by_chair: bool

    @property
    def totals(self) -> dict[str, dict[str, str]]:
        return {
            question: {option: str(total) for option, total in outcome.totals.items()}
            for question, outcome in self.outcomes.items()
        }


def recount(
    definition: PollDefinition,
    grouped: Grouped,
    figures: Figures,
    claimed: Mapping[str, JSON],
    apart: Quarantined | None = None,
) -> Recounted:
    """The times and the chair's decisions are taken from the claim.

    Raises Refusal, and KeyError, TypeError or ValueError where the claim lacks them or a
    decision answers no tie.
    """
    decisions = read_tie_decisions(claimed)
    _check_needed(definition, grouped, decisions)
    outcomes = tally(definition, grouped(), poll_hash=definition.hash, decisions=decided(decisions))
    document = compose(
        definition,
        outcomes,
        figures,
        poll_hash=definition.hash,
        closed_at=parse_iso(claimed["closed_at"]),
        published_at=parse_iso(claimed["published_at"]),
        tie_decisions=decisions,
        quarantined=apart,
    )
    return Recounted(document, outcomes, bool(decisions))


def _check_needed(
    definition: PollDefinition, grouped: Grouped, decisions: Sequence[TieDecision]
) -> None:
    """The count waited for each decision, in this order.  Raises ValueError."""
    for place, decision in enumerate(decisions):
        before = decided(decisions[:place])
        try:
            tally(definition, grouped(), poll_hash=definition.hash, decisions=before)
        except ChairNeeded as waiting:
            tied = waiting.question, sorted(waiting.tied)
            if (decision.question, sorted(decision.order)) == tied:
                continue
        raise ValueError("tie_decisions")
