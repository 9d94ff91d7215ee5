"""CSV files of a survey: one respondent a row, with answers, weights and categories in columns.

Margins are a CSV of their own with the columns ``variable``, ``category`` and ``share`` (or
``count``): what share of all people belongs to a category.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from mvote.formats.source import Source, shown, wrong

DELIMITERS = (",", ";", "\t")
NUMBER = re.compile(r"\d{1,15}(\.\d{1,40})?([eE][+-]?\d{1,2})?", re.ASCII)
SHARES = ("share", "count")


@dataclass(frozen=True, slots=True)
class Row:
    """``strata`` are the categories in the columns that were asked for, in their order."""

    answer: str
    weight: Fraction
    strata: tuple[str, ...]


def read_survey(path: Path, *, answer: str, weight: str | None, strata: Sequence[str]) -> list[Row]:
    """Read the named columns; without a column of weights each weighs 1.  Raises Unreadable."""
    source = Source(path)
    with source.faults():
        return _read_rows(source, answer, weight, strata)


def read_margins(path: Path) -> dict[str, dict[str, Fraction]]:
    """The shares by variable and category.  Raises Unreadable."""
    source = Source(path)
    made: dict[str, dict[str, Fraction]] = {}
    with source.faults():
        rows = source.rows(delimiter=_delimiter(source))
        header = [cell.strip() for cell in next(rows, [])]
        kind = next((one for one in SHARES if one in header), SHARES[0])
        places = [_place(header, name) for name in ("variable", "category", kind)]
        for row in rows:
            if any(row):
                variable, category, share = _cells(row, header, places)
                if category in made.setdefault(variable, {}):
                    wrong(
                        f"‘{category}’이(가) 두 번 있습니다.", f"“{shown(category)}” stands twice."
                    )
                made[variable][category] = _number(share)
    return made


def _read_rows(source: Source, answer: str, weight: str | None, strata: Sequence[str]) -> list[Row]:
    rows = source.rows(delimiter=_delimiter(source))
    header = [cell.strip() for cell in next(rows, [])]
    places = [_place(header, name) for name in (answer, *([weight] if weight else []), *strata)]
    made = []
    for row in rows:
        if not any(row):
            continue
        given, *rest = _cells(row, header, places)
        weighs = _number(rest.pop(0)) if weight else Fraction(1)
        made.append(Row(given, weighs, tuple(rest)))
    if not made:
        wrong("응답이 없습니다.", "nobody answered; at least one row is expected.")
    return made


def _delimiter(source: Source) -> str:
    """The delimiter that parts the header into most columns."""
    first = next(Source(source.path).lines(), "")
    return max(DELIMITERS, key=first.count)


def _place(header: Sequence[str], name: str) -> int:
    if header.count(name) != 1:
        known = ", ".join(header[:20])
        wrong(
            f"‘{shown(name)}’ 열이 하나 있어야 합니다. 있는 열: {known}.",
            f"one column “{shown(name)}” is expected; there are: {known}.",
        )
    return header.index(name)


def _cells(row: Sequence[str], header: Sequence[str], places: Sequence[int]) -> list[str]:
    if len(row) != len(header):
        wrong(
            f"열이 {len(header)}개여야 하는데 {len(row)}개입니다.",
            f"{len(header)} columns are expected, but there are {len(row)}.",
        )
    return [row[place].strip() for place in places]


def _number(text: str) -> Fraction:
    if not NUMBER.fullmatch(text):
        wrong(
            f"0 이상의 수가 있어야 할 곳에 ‘{shown(text)}’이(가) 있습니다.",
            f"a number of 0 or more is expected, but there is “{shown(text)}”.",
        )
    return Fraction(text)
