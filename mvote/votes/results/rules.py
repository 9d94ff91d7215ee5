"""What a result says, and how it is spelled for spreadsheets."""

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.counting import METHODS
from mvote.core.counting.outcome import Outcome
from mvote.core.decision import apply
from mvote.core.poll import PollDefinition
from mvote.core.question import Question
from mvote.core.questions import read_answers
from mvote.core.shapes import Choices
from mvote.core.ties import tie_rule
from mvote.core.times import iso

VERSION = 1
RESULT_JSON, RESULT_CSV, BALLOTS_CSV = "result.json", "result.csv", "ballots.csv"

COLUMNS = (
    "poll",
    "question",
    "option",
    "title_ko",
    "title_en",
    "votes",
    "share_percent",
    "chosen",
    "cost",
)
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""The last four are the wide forms, which spreadsheets in East Asia read alike."""
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class ResultPublished(Happening):
    """``subject`` is the poll, ``digest`` the SHA-256 of its result."""

    digest: str
    record: str
    department: str


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
class ResultFile:
    """The bytes of one file of a result; ``digest`` is their SHA-256 in hexadecimal."""

    name: str
    digest: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Result:
    """A published result; ``document`` is its JSON."""

    poll: str
    digest: str
    published_at: datetime
    document: Mapping[str, JSON]


def tally(
    definition: PollDefinition, grouped: Iterable[tuple[str, int]], *, poll_hash: str
) -> dict[str, Outcome]:
    """Count every question by its method.

    ``grouped`` holds the JSON of ``ans`` of counted ballots and how often it was
    given.  Raises AnswerRefused for an answer that no ballot can hold.
    """
    collapsed: dict[str, Counter[Choices]] = {q.id: Counter() for q in definition.questions}
    for spelled, weight in grouped:
        answers = read_answers(definition.questions, json.loads(spelled))
        for question, choices in answers.items():
            collapsed[question][choices] += weight
    ties = tie_rule(definition.decision.ties, poll_hash=poll_hash)
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
) -> dict[str, JSON]:
    """The document that is frozen: everything a reader needs, fit for canonical JSON."""
    decision = apply(
        definition.decision, outcomes, voters=figures.voters, eligible=figures.eligible
    )
    return {
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
    return {
        "id": question.id,
        "type": question.type,
        "title": dict(question.title),
        "options": [
            {"id": one.id, "title": dict(one.title), "cost": one.cost} for one in question.options
        ],
        "counting": question.counting.to_json(),
        "outcome": outcome.to_json(),
    }


def running_count(definition: PollDefinition, outcomes: Mapping[str, Outcome]) -> dict[str, JSON]:
    """Totals before the end, without a winner: provisional, for polls that show them."""
    return {
        "poll": definition.poll,
        "provisional": True,
        "questions": [
            {
                "id": question,
                "ballots": outcome.ballots,
                "blank": outcome.blank,
                "totals": {option: str(total) for option, total in outcome.totals.items()},
            }
            for question, outcome in outcomes.items()
        ],
    }


def percent(part: int | Fraction | str, whole: int) -> str:
    """A share in per cent with one decimal, exact and rounded half to even; 0.0 of nothing.

    ``part`` may be a total as the result spells it (``12``, ``7/3``).
    """
    tenths = round(Fraction(part) * 1000 / whole) if whole else 0
    return f"{tenths // 10}.{tenths % 10}"


def result_rows(document: Mapping[str, JSON]) -> list[tuple[str, ...]]:
    """One row for each question and option, in the order of the poll, under ``COLUMNS``."""
    return [
        _row(document, question, option)
        for question in document["questions"]
        for option in question["options"]
    ]


def _row(
    document: Mapping[str, JSON], question: Mapping[str, JSON], option: Mapping[str, JSON]
) -> tuple[str, ...]:
    votes = question["outcome"]["totals"][option["id"]]
    chosen = option["id"] in document["decision"]["chosen"][question["id"]]
    return (
        document["poll"],
        question["id"],
        option["id"],
        option["title"]["ko"],
        option["title"]["en"],
        votes,
        percent(votes, question["outcome"]["valid"]),
        "true" if chosen else "false",
        "" if option["cost"] is None else str(option["cost"]),
    )


def ballot_rows(
    definition: PollDefinition, named: Iterable[tuple[str | None, str]]
) -> list[tuple[str, ...]]:
    """Names and choices of an open poll, sorted, so that nobody reads off who came when.

    A cell holds the ids of the chosen options with a space between.
    """
    ids = [question.id for question in definition.questions]
    rows = []
    for name, spelled in named:
        answers = json.loads(spelled)
        rows.append((name or "", *(" ".join(answers[one]) for one in ids)))
    return sorted(rows)


def spell_csv(header: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """RFC 4180, UTF-8 with a byte order mark: without it Excel garbles Korean.

    A cell that a spreadsheet would take for a formula gets an apostrophe in front.
    """
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(header)
    for row in rows:
        writer.writerow([f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell for cell in row])
    return (BYTE_ORDER_MARK + out.getvalue()).encode()
