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
from mvote.core.counting import METHODS
from mvote.core.counting.outcome import Outcome
from mvote.core.poll import PollDefinition
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.questions.number import spell as spell_number
from mvote.core.shapes import Amount, Ranking, Scores, Text
from mvote.core.text import Words

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
APART: Words = {
    "ko": "따로 표시한 허가증 (표는 모두 결과에 들어 있음)",
    "en": "Permits counted apart (all ballots are in the result)",
}
RELEASED: Words = {
    "ko": "따로 표시했으나 다른 표와 같이 세기로 한 허가증",
    "en": "Permits that were flagged and released",
}
BYTE_ORDER_MARK = "\ufeff"


@dataclass(frozen=True, slots=True)
class ResultPublished(Happening):
    """``subject`` is the poll, ``digest`` the SHA-256 of its result."""

    digest: str
    record: str
    department: str


@dataclass(frozen=True, slots=True)
class TieDecided(Happening):
    """The chair put tied options of poll ``subject`` in an order, the best first."""

    question: str
    order: tuple[str, ...]
    by: str


@dataclass(frozen=True, slots=True)
class OpenTie:
    """A tie for which a count waits: the options of one question."""

    poll: str
    question: str
    options: tuple[str, ...]


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
    """One row for each question and option, in the order of the poll, under ``COLUMNS``.

    A question without options has a row for its valid answers and one for each figure.  Last,
    without a question, stands how many permits are counted apart, by rule.
    """
    rows: list[tuple[str, ...]] = []
    for question in document["questions"]:
        if question["options"]:
            rows += [_row(document, question, option) for option in question["options"]]
        else:
            rows += _figure_rows(document, question)
    return rows + _apart_rows(document)


def _apart_rows(document: Mapping[str, JSON]) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for one in document.get("quarantine", {"rules": ()})["rules"]:
        title = RELEASED if one["released"] else APART
        name, permits = f"quarantine:{one['rule']}", str(one["permits"])
        rows.append((document["poll"], "", name, title["ko"], title["en"], permits, "", "", ""))
    return rows


def _row(
    document: Mapping[str, JSON], question: Mapping[str, JSON], option: Mapping[str, JSON]
) -> tuple[str, ...]:
    """``share_percent`` is empty where a total is no share of the valid answers."""
    votes = question["outcome"]["totals"].get(option["id"], "")
    shares = METHODS.get(question["counting"]["method"]).shares
    chosen = option["id"] in document["decision"]["chosen"][question["id"]]
    return (
        document["poll"],
        question["id"],
        option["id"],
        option["title"]["ko"],
        option["title"]["en"],
        votes,
        percent(votes, question["outcome"]["valid"]) if votes and shares else "",
        "true" if chosen else "false",
        "" if option["cost"] is None else str(option["cost"]),
    )


def _figure_rows(
    document: Mapping[str, JSON], question: Mapping[str, JSON]
) -> list[tuple[str, ...]]:
    outcome, title = question["outcome"], question["title"]
    figures = {"": str(outcome["valid"]), **(outcome.get("figures") or {})}
    start = document["poll"], question["id"]
    return [
        (*start, name, title["ko"], title["en"], value, "", "false", "")
        for name, value in figures.items()
        if isinstance(value, str)
    ]


def ballot_rows(
    definition: PollDefinition, named: Iterable[tuple[str | None, str]]
) -> list[tuple[str, ...]]:
    """Names and answers of an open poll, sorted, so that nobody reads off who came when.

    Texts and reasons stay out: each is shown, if at all, apart from its ballot.
    """
    rows = []
    for name, spelled in named:
        answers = json.loads(spelled)
        cells = (spell_answer(one, answers.get(one.id, [])) for one in definition.questions)
        rows.append((name or "", *cells))
    return sorted(rows)


def spell_answer(question: Question, raw: Sequence[JSON]) -> str:
    """An answer as a ballot holds it, in one cell; empty where it is blank or was not asked.

    Chosen options ``a b``, ranks ``a > b = c``, scores ``a:5 b:-2``, a number ``1.50``, a
    text ``(text)``.
    """
    shape = QUESTIONS.get(question.type).shape
    if shape is Ranking:
        return " > ".join(one if isinstance(one, str) else " = ".join(one) for one in raw)
    if shape is Scores:
        return " ".join(f"{option}:{score}" for option, score in raw)
    if shape is Amount:
        decimals = question.config.get("decimals") or 0
        return " ".join(spell_number(value, decimals) for value in raw)
    return "(text)" if shape is Text and raw else " ".join(raw)


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
