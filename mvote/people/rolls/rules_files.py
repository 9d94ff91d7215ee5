"""Files that a city hands in: registers and lists, as spreadsheets and registries write them."""

import codecs
import csv
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TextIO

from mvote.core.eligibility.birth_year import FIRST
from mvote.core.eligibility.condition import CODE
from mvote.core.eligibility.gender import GENDERS
from mvote.people.identity.errors import NumberNotValid
from mvote.people.identity.rules import read_number
from mvote.people.rolls.errors import FileRefused
from mvote.people.rolls.rules import birth_band

REGISTER_COLUMNS: Final = ("number", "district", "birth_year", "gender")
ENTRY: Final = "entry"
"""The column with the city's own id of a person; a register may do without."""
ENCODINGS: Final = ("utf-8", "cp949")
"""UTF-8 with or without a byte-order mark, else what Korean spreadsheets write."""
MOST_LINE: Final = 10_000
"""Characters; a longer line is no line of a register."""
MOST_ENTRY: Final = 64
CHUNK: Final = 1 << 20

_ENTRY: Final = re.compile(rf"[^\s\x00-\x1f]{{1,{MOST_ENTRY}}}")
_RESIDENT_NUMBER: Final = re.compile(r"\d{6}-?[0-9]\d{6}")
_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

Row = tuple[int, list[str]]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of a register: ``entry`` is the city's own id, ``number`` in E.164.

    One of the two is there.  ``birth_band`` is the first year of five.
    """

    entry: str | None
    number: str | None
    district: str | None
    birth_band: int | None
    gender: str | None


def encoding_of(path: Path) -> str:
    """The name of the encoding in which a whole file can be read.

    Raises FileRefused with the line at which it stops being UTF-8, where it is not CP949 either.
    """
    with path.open("rb") as file:
        if file.read(2) in _UTF_16:
            raise FileRefused(line=1, reason="this is UTF-16; save it as CSV in UTF-8")
    bad = [_first_bad_line(path, name) for name in ENCODINGS]
    for name, line in zip(ENCODINGS, bad, strict=True):
        if line is None:
            return name
    raise FileRefused(line=bad[0] or 1, reason="neither UTF-8 nor CP949; say it by --encoding")


def _first_bad_line(path: Path, name: str) -> int | None:
    decoder, lines = codecs.getincrementaldecoder(name)("strict"), 1
    with path.open("rb") as file:
        while True:
            chunk = file.read(CHUNK)
            try:
                decoder.decode(chunk, final=not chunk)
            except UnicodeDecodeError as fault:
                return lines + fault.object.count(b"\n", 0, fault.start)
            if not chunk:
                return None
            lines += chunk.count(b"\n")


def lines_of(text: TextIO) -> Iterator[str]:
    """The lines of a file, none of which fills the memory.  Raises FileRefused."""
    number = 0
    while line := text.readline(MOST_LINE):
        number += 1
        if len(line) == MOST_LINE:
            raise FileRefused(line=number, reason=f"longer than {MOST_LINE} characters")
        yield line


def read_register(
    lines: Iterable[str], *, region: str, this_year: int
) -> Iterator[tuple[int, RegisterEntry]]:
    """The entries of a register file, each with the number of its line.

    CSV with the header ``number,district,birth_year,gender`` in any order, and ``entry``
    where the city has ids of its own; each line has a number or an entry, the rest may be
    empty.  Raises FileRefused.
    """
    rows = _rows(lines)
    _, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    _check_header(names)
    for line, row in rows:
        if len(row) != len(names):
            reason = f"{len(row)} columns where the header has {len(names)}"
            raise FileRefused(line=line, reason=reason)
        fields = dict(zip(names, (cell.strip() for cell in row), strict=True))
        yield line, _read_entry(line, fields, region=region, this_year=this_year)


def _check_header(names: list[str]) -> None:
    faults = [
        *(f"{name} is missing" for name in REGISTER_COLUMNS if name not in names),
        *(f"{name[:40]!r} is unknown" for name in names if name not in (*REGISTER_COLUMNS, ENTRY)),
        *(f"{name} stands twice" for name in dict.fromkeys(names) if names.count(name) > 1),
    ]
    if faults:
        columns = ",".join(REGISTER_COLUMNS)
        reason = f"{'; '.join(faults[:5])}. The header has to be [{ENTRY},]{columns}"
        raise FileRefused(line=1, reason=reason)


def _read_entry(
    line: int, fields: Mapping[str, str], *, region: str, this_year: int
) -> RegisterEntry:
    year, gender, district = fields["birth_year"], fields["gender"].lower(), fields["district"]
    entry = read_entry(line, fields[ENTRY]) if fields.get(ENTRY) else None
    number = _number_in_file(line, fields["number"], region) if fields["number"] else None
    if number is None and entry is None:
        what = "the number is missing" if ENTRY not in fields else "neither number nor entry"
        raise FileRefused(line=line, reason=what)
    if year and not (year.isascii() and year.isdigit() and FIRST <= int(year) <= this_year):
        reason = f"birth_year has to be a year from {FIRST} to {this_year}, or empty"
        raise FileRefused(line=line, reason=reason)
    if gender and gender not in GENDERS:
        raise FileRefused(line=line, reason=f"gender has to be {', '.join(GENDERS)} or empty")
    if district and not CODE.fullmatch(district):
        raise FileRefused(line=line, reason="district has to be a code, or empty")
    band = birth_band(int(year)) if year else None
    return RegisterEntry(entry, number, district or None, band, gender or None)


def read_entry(line: int, text: str) -> str:
    """The city's own id of a person.  Raises FileRefused.

    Resident numbers are guessed from a date of birth, and may not be kept without a law.
    """
    if not _ENTRY.fullmatch(text):
        raise FileRefused(line=line, reason=f"entry has to be 1 to {MOST_ENTRY} signs, no blanks")
    if _RESIDENT_NUMBER.fullmatch(text):
        raise FileRefused(line=line, reason="entry looks like a resident registration number")
    return text


def read_list(lines: Iterable[str], *, region: str) -> Iterator[tuple[int, str, bool]]:
    """Who is on a list: the line, a number in E.164 or an entry, and whether it is an entry.

    One number a line, or CSV with a column ``number`` or ``entry``.  Raises FileRefused.
    """
    column, is_entry = -1, False
    for line, row in _rows(lines):
        if column < 0:
            names = [name.strip().lower() for name in row]
            column, is_entry = _column_of(line, names)
            if names[column] in ("number", ENTRY):
                continue
        text = row[column].strip() if column < len(row) else ""
        if not text:
            raise FileRefused(line=line, reason=f"the {ENTRY if is_entry else 'number'} is missing")
        who = read_entry(line, text) if is_entry else _number_in_file(line, text, region)
        yield line, who, is_entry


def _column_of(line: int, names: list[str]) -> tuple[int, bool]:
    """Which column says who, and whether by entry."""
    found = [name for name in names if name in ("number", ENTRY)]
    if len(found) > 1:
        raise FileRefused(line=line, reason="a list has one column named number or entry, not both")
    if not found and len(names) > 1:
        reason = "a list holds one number a line, or has a column named number or entry"
        raise FileRefused(line=line, reason=reason)
    return (names.index(found[0]), found[0] == ENTRY) if found else (0, False)


def _rows(lines: Iterable[str]) -> Iterator[Row]:
    """The rows that are not empty, with their line numbers."""
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise FileRefused(line=reader.line_num, reason=f"not CSV: {error}") from None
    except UnicodeDecodeError:
        raise FileRefused(line=reader.line_num + 1, reason="not in that encoding") from None


def _number_in_file(line: int, text: str, region: str) -> str:
    try:
        return read_number(text, region=region)
    except NumberNotValid:
        raise FileRefused(line=line, reason="not a valid phone number") from None
