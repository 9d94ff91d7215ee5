"""Files of indicators, as a city's spreadsheets write them: taken whole or not at all.

CSV in UTF-8 (with or without a mark) or CP949, with the header ``name,unit,period,value,
source,department`` in any order, and ``target``, ``name_en`` and ``unit_en`` where wanted.
``name`` and ``unit`` are Korean.  A period is a year, a quarter, a month or a day: ``2030``,
``2030-Q1``, ``2030-01``, ``2030-01-31``.  Values are decimal numbers with a point.
"""

import codecs
import csv
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from mvote.core.official import DEPARTMENT
from mvote.core.text import Words, text_fault
from mvote.votes.indicators.errors import IndicatorsRefused

NEEDED: Final = ("name", "unit", "period", "value", "source", "department")
OPTIONAL: Final = ("target", "name_en", "unit_en")
ENCODINGS: Final = ("utf-8-sig", "cp949")
MOST_NAME, MOST_UNIT, MOST_SOURCE = 200, 40, 500
NUMBER: Final = re.compile(r"-?\d{1,18}(\.\d{1,9})?", re.ASCII)
PERIOD: Final = re.compile(r"(\d{4})(-Q[1-4]|-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?", re.ASCII)
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True, slots=True)
class Row:
    """One value as a file tells it."""

    department: str
    name: Words
    unit: Words
    period: str
    value: str
    target: str
    source: str


def read_indicators(raw: bytes, *, most: int) -> list[Row]:
    """All values of a file of at most ``most`` bytes.  Raises IndicatorsRefused."""
    if len(raw) > most:
        raise IndicatorsRefused(line=1, reason=f"the file has more than {most} bytes")
    rows = _cells(_decoded(raw))
    _, header = next(rows, (1, []))
    names = [unicodedata.normalize("NFC", name.strip().lower()) for name in header]
    _check_header(names)
    found: list[Row] = []
    seen: dict[tuple[str, str, str], int] = {}
    units: dict[tuple[str, str], Row] = {}
    for line, row in rows:
        if len(row) != len(names):
            reason = f"{len(row)} columns where the header has {len(names)}"
            raise IndicatorsRefused(line=line, reason=reason)
        cells = (unicodedata.normalize("NFC", cell.strip()) for cell in row)
        one = _read(line, dict(zip(names, cells, strict=True)))
        place = (one.department, one.name["ko"], one.period)
        if place in seen:
            raise IndicatorsRefused(line=line, reason=f"says again what line {seen[place]} says")
        if units.setdefault(place[:2], one).unit != one.unit:
            raise IndicatorsRefused(line=line, reason="gives this indicator another unit")
        seen[place] = line
        found.append(one)
    if not found:
        raise IndicatorsRefused(line=1, reason="the file holds no values")
    return found


def _decoded(raw: bytes) -> str:
    if raw[:2] in _UTF_16:
        raise IndicatorsRefused(line=1, reason="this is UTF-16; save it as CSV in UTF-8")
    line = 1
    for name in ENCODINGS:
        try:
            return raw.decode(name)
        except UnicodeDecodeError as fault:
            if name == ENCODINGS[0]:
                line = 1 + raw.count(b"\n", 0, fault.start)
    raise IndicatorsRefused(line=line, reason="neither UTF-8 nor CP949")


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, each with the number of its last line."""
    reader = csv.reader(text.splitlines(keepends=True), strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as fault:
        raise IndicatorsRefused(line=reader.line_num, reason=str(fault)) from None


def _check_header(names: list[str]) -> None:
    faults = [
        *(f"{name} is missing" for name in NEEDED if name not in names),
        *(f"{name[:40]!r} is unknown" for name in names if name not in (*NEEDED, *OPTIONAL)),
        *(f"{name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1),
    ]
    if faults:
        reason = f"{'; '.join(faults[:5])}. The header has to hold {','.join(NEEDED)}"
        raise IndicatorsRefused(line=1, reason=reason)


def _read(line: int, cells: dict[str, str]) -> Row:
    name, unit = cells["name"], cells["unit"]
    texts = (("name", MOST_NAME), ("name_en", MOST_NAME), ("unit", MOST_UNIT))
    for column, most in (*texts, ("unit_en", MOST_UNIT), ("source", MOST_SOURCE)):
        text = cells.get(column, "")
        needed = column in NEEDED
        if (text or needed) and (fault := text_fault(text, most=most)):
            raise IndicatorsRefused(line=line, reason=f"{column} is {fault}")
    for column in ("value", "target"):
        number = cells.get(column, "")
        if (number or column == "value") and not NUMBER.fullmatch(number):
            reason = f"{column} is no decimal number such as 12.5: {number[:40]!r}"
            raise IndicatorsRefused(line=line, reason=reason)
    if not DEPARTMENT.fullmatch(cells["department"]):
        raise IndicatorsRefused(line=line, reason="department is no code of a department")
    _check_period(line, cells["period"])
    return Row(
        department=cells["department"],
        name={"ko": name, "en": cells.get("name_en") or name},
        unit={"ko": unit, "en": cells.get("unit_en") or unit},
        period=cells["period"],
        value=cells["value"],
        target=cells.get("target", ""),
        source=cells["source"],
    )


def _check_period(line: int, period: str) -> None:
    matched = PERIOD.fullmatch(period)
    if matched is None:
        reason = f"period is none such as 2030, 2030-Q1, 2030-01 or 2030-01-31: {period[:40]!r}"
        raise IndicatorsRefused(line=line, reason=reason)
    if matched[4]:
        try:
            date.fromisoformat(period)
        except ValueError:
            raise IndicatorsRefused(line=line, reason=f"there is no {period}") from None
