"""What a result says, and how it is spelled for spreadsheets."""

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.counting.outcome import Outcome
from mvote.core.poll import PollDefinition

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
