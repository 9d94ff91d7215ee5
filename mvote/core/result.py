"""The result of a poll as it is counted, frozen and recounted by anyone: the same code for all.

The server publishes what ``compose`` makes; a recount of the published ballots has to give
the same document.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mvote.core.canonical import JSON
from mvote.core.counted_apart import Quarantined, tell
from mvote.core.counting import METHODS
from mvote.core.counting.outcome import Outcome
from mvote.core.decision import apply
from mvote.core.poll import PollDefinition
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS, read_answers
from mvote.core.shapes import Answer, Choices
from mvote.core.text import LANGUAGES, Words
from mvote.core.ties import Decisions, tie_rule
from mvote.core.times import iso, parse_iso

VERSION = 1


@dataclass(frozen=True, slots=True)
class Figures:
    """Who could vote and who did: ``entries`` ballots came, of which ``voters`` count.

    ``eligible`` is None where the city cannot know it.
    """

    eligible: int | None
    issued: int
    voters: int
    entries: int

    @property
    def superseded(self) -> int:
        """Ballots that their voters replaced by a later one."""
        return self.entries - self.voters


@dataclass(frozen=True, slots=True)
class TieDecision:
    """What the chair decided about one tie: the tied options, the best first, and why."""

    question: str
    order: tuple[str, ...]
    reason: Words
    decided_at: datetime

    def to_json(self) -> dict[str, JSON]:
        return {
            "question": self.question,
            "order": list(self.order),
            "reason": dict(self.reason),
            "decided_at": iso(self.decided_at),
        }


def read_tie_decisions(document: Mapping[str, JSON]) -> tuple[TieDecision, ...]:
    """The decisions that a published result names.  Raises ValueError, KeyError or TypeError."""
    return tuple(
        TieDecision(
            str(one["question"]),
            tuple(str(option) for option in one["order"]),
            {language: str(one["reason"][language]) for language in LANGUAGES},
            parse_iso(one["decided_at"]),
        )
        for one in document.get("tie_decisions", ())
    )


def tally(
    definition: PollDefinition,
    grouped: Iterable[tuple[str, int]],
    *,
    poll_hash: str,
    decisions: Decisions | None = None,
) -> dict[str, Outcome]:
    """Count every question by its method.

    ``grouped`` holds the JSON of ``ans`` of counted ballots and how often it was
    given; ``decisions`` are the chair's about ties.  Raises AnswerRefused for an answer
    that no ballot can hold, ChairNeeded for a tie that waits for the chair.
    """
    collapsed: dict[str, Counter[Answer]] = {q.id: Counter() for q in definition.questions}
    for spelled, weight in grouped:
        answers = read_answers(definition.questions, json.loads(spelled))
        for question, answer in answers.items():
            given = collapsed[question]
            given[answer] = given.get(answer, 0) + weight
    ties = tie_rule(definition.decision.ties, poll_hash=poll_hash, decisions=decisions)
    return {
        question.id: METHODS.get(question.counting.method).count(
            question, collapsed[question.id].items(), ties=ties
        )
        for question in definition.questions
    }


def compose(
    definition: PollDefinition,
    outcomes: Mapping[str, Outcome],
    figures: Figures,
    *,
    poll_hash: str,
    closed_at: datetime,
    published_at: datetime,
    tie_decisions: Sequence[TieDecision] = (),
    quarantined: Quarantined | None = None,
) -> dict[str, JSON]:
    """The document that is frozen: everything a reader needs, fit for canonical JSON.

    ``tie_decisions`` are there only where the chair decided ties, ``quarantined`` only where
    the poll counts permits apart: they are in every other number.
    """
    decision = apply(
        definition.decision, outcomes, voters=figures.voters, eligible=figures.eligible
    )
    made: dict[str, JSON] = {
        **_poll(definition, poll_hash),
        "closed_at": iso(closed_at),
        "published_at": iso(published_at),
        "eligible": figures.eligible,
        "issued": figures.issued,
        "voters": figures.voters,
        "ballots": figures.entries,
        "superseded": figures.superseded,
        "questions": [_question(one, outcomes[one.id]) for one in definition.questions],
        "rule": definition.decision.to_json(),
        "decision": decision.to_json(),
    }
    if tie_decisions:
        made["tie_decisions"] = [one.to_json() for one in tie_decisions]
    if quarantined is not None:
        voters, eligible = figures.voters, figures.eligible
        told = tell(definition, quarantined, outcomes, decision, voters=voters, eligible=eligible)
        made["quarantine"] = told
    return made


def decided(tie_decisions: Iterable[TieDecision]) -> Decisions:
    """The chair's decisions as the tie rule asks for them."""
    made: dict[str, list[tuple[str, ...]]] = {}
    for one in tie_decisions:
        made.setdefault(one.question, []).append(one.order)
    return made


def _poll(definition: PollDefinition, poll_hash: str) -> dict[str, JSON]:
    return {
        "v": VERSION,
        "poll": definition.poll,
        "ph": poll_hash,
        "title": dict(definition.title),
        "kind": definition.kind,
        "level": definition.level,
        "department": definition.department,
        "record": definition.record,
    }


def _question(question: Question, outcome: Outcome) -> dict[str, JSON]:
    """What was asked and what came of it; where answers are no choices, also how they look."""
    made: dict[str, JSON] = {
        "id": question.id,
        "type": question.type,
        "title": dict(question.title),
        "options": [
            {"id": one.id, "title": dict(one.title), "cost": one.cost} for one in question.options
        ],
        "counting": question.counting.to_json(),
        "outcome": outcome.to_json(),
    }
    if QUESTIONS.get(question.type).shape is not Choices:
        made["config"] = dict(question.config)
    if question.only_if is not None:
        made["only_if"] = question.only_if.to_json()
    return made
