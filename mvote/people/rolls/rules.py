"""Register files and lists, what they say of a number, happenings."""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.eligibility.birth_year import BAND, FIRST
from mvote.core.eligibility.condition import CODE
from mvote.core.eligibility.gender import GENDERS
from mvote.people.identity.errors import NumberNotValid
from mvote.people.identity.rules import read_number
from mvote.people.rolls.errors import FileRefused

LIST_NAME: Final = CODE
REGISTER_COLUMNS: Final = ("number", "district", "birth_year", "gender")


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of a register: ``number`` in E.164, ``birth_band`` the first year of five."""

    number: str
    district: str | None
    birth_band: int | None
    gender: str | None


def birth_band(year: int) -> int:
    """The first of the five years that are told apart."""
    return year - year % BAND


def read_register(
    lines: Iterable[str], *, region: str, this_year: int
) -> Iterator[tuple[int, RegisterEntry]]:
    """The entries of a register file, each with the number of its line.

    CSV with the header ``number,district,birth_year,gender`` in any order; all but the
    number may be empty.  Raises FileRefused.
    """
    rows = _rows(lines)
    _, header = next(rows, (1, []))
    names = [name.strip().lower() for name in header]
    if sorted(names) != sorted(REGISTER_COLUMNS):
        raise FileRefused(line=1, reason=f"the header has to be {','.join(REGISTER_COLUMNS)}")
    for line, row in rows:
        if len(row) != len(names):
            reason = f"{len(row)} columns where the header has {len(names)}"
            raise FileRefused(line=line, reason=reason)
        fields = dict(zip(names, (cell.strip() for cell in row), strict=True))
        yield line, _read_entry(line, fields, region=region, this_year=this_year)


def _read_entry(
    line: int, fields: Mapping[str, str], *, region: str, this_year: int
) -> RegisterEntry:
    year, gender, district = fields["birth_year"], fields["gender"].lower(), fields["district"]
    number = _number_in_file(line, fields["number"], region)
    if year and not (year.isascii() and year.isdigit() and FIRST <= int(year) <= this_year):
        reason = f"birth_year has to be a year from {FIRST} to {this_year}, or empty"
        raise FileRefused(line=line, reason=reason)
    if gender and gender not in GENDERS:
        raise FileRefused(line=line, reason=f"gender has to be {', '.join(GENDERS)} or empty")
    if district and not CODE.fullmatch(district):
        raise FileRefused(line=line, reason="district has to be a code, or empty")
    band = birth_band(int(year)) if year else None
    return RegisterEntry(number, district or None, band, gender or None)


def read_list(lines: Iterable[str], *, region: str) -> Iterator[tuple[int, str]]:
    """The numbers of a list in E.164, each with the number of its line.

    One number a line, or CSV with a column ``number``.  Raises FileRefused.
    """
    column: int | None = None
    for line, row in _rows(lines):
        if column is None:
            names = [name.strip().lower() for name in row]
            column = names.index("number") if "number" in names else 0
            if "number" in names:
                continue
            if len(row) > 1:
                reason = "a list holds one number a line, or has a column named number"
                raise FileRefused(line=line, reason=reason)
        if len(row) <= column:
            raise FileRefused(line=line, reason="the number is missing")
        yield line, _number_in_file(line, row[column].strip(), region)


def _rows(lines: Iterable[str]) -> Iterator[tuple[int, list[str]]]:
    """The rows that are not empty, with their line numbers."""
    reader = csv.reader(lines, strict=True)
    try:
        for row in reader:
            if any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error as error:
        raise FileRefused(line=reader.line_num, reason=f"not CSV: {error}") from None
    except UnicodeDecodeError:
        raise FileRefused(line=reader.line_num + 1, reason="not UTF-8") from None


def _number_in_file(line: int, text: str, region: str) -> str:
    try:
        return read_number(text, region=region)
    except NumberNotValid:
        raise FileRefused(line=line, reason="not a valid phone number") from None


@dataclass(frozen=True, slots=True)
class RegisterImported(Happening):
    """``numbers`` in the file; ``replaced``: those that were not in it are gone."""

    numbers: int
    replaced: bool


@dataclass(frozen=True, slots=True)
class ListImported(Happening):
    """The subject is the name of the list."""

    numbers: int
