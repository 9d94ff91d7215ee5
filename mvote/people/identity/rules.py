"""Numbers and their digests, the text that carries a code, register files, happenings."""

import csv
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers
from phonenumbers import PhoneNumberType

from mvote.audit.rules import Happening
from mvote.core.eligibility.birth_year import BAND, FIRST
from mvote.core.eligibility.condition import CODE
from mvote.core.eligibility.gender import GENDERS
from mvote.people.identity.errors import FileRefused, NumberNotValid

Kind = Literal["citizen", "official"]

BY_SMS: Final = "sms"
BY_PASSWORD: Final = "password"

CODE_DIGITS: Final = 6
LAST_DIGITS: Final = 4
MOST_NUMBER: Final = 40

_DIALLED: Final = re.compile(r"[\d\s+＋().\-‐-―－]+")

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,63}")
LIST_NAME: Final = CODE
LEAST_PASSWORD, MOST_PASSWORD = 10, 200

REGISTER_COLUMNS: Final = ("number", "district", "birth_year", "gender")
# In many countries the two kinds cannot be told apart.  Numbers over the internet and
# service numbers are not taken: they are bought in bulk, or cost the city money.
_MOBILE: Final = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})


@dataclass(frozen=True, slots=True)
class SignIn:
    """One sign-in, of which tokens are made.

    ``family`` names it, ``turn`` counts the rotations of its refresh token, ``proof``
    says how the person proved who they are.  Department and duties are an official's.
    """

    account: str
    kind: Kind
    family: str
    proof: str
    turn: int
    department: str = ""
    duties: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class OfficialAccount:
    """An official as the operator sees them; ``id`` is what identity tokens carry."""

    id: str
    login: str
    department: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterEntry:
    """One line of a register: ``number`` in E.164, ``birth_band`` the first year of five."""

    number: str
    district: str | None
    birth_band: int | None
    gender: str | None


def read_number(text: str, *, region: str) -> str:
    """A mobile number in E.164.

    ``region`` is the country of numbers without a country code.  Raises NumberNotValid.
    """
    if len(text) > MOST_NUMBER or not _DIALLED.fullmatch(text):
        raise NumberNotValid()
    try:
        number = phonenumbers.parse(text, region)
    except phonenumbers.NumberParseException:
        raise NumberNotValid() from None
    if number.extension or phonenumbers.number_type(number) not in _MOBILE:
        raise NumberNotValid()
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def number_mac(pepper: bytes, number: str) -> bytes:
    """What is kept in place of a number, 32 bytes.  A bare hash could be guessed in minutes."""
    return _mac(pepper, b"number" + number.encode())


def prefix_mac(pepper: bytes, number: str) -> bytes:
    """Stands for all numbers that differ in the last four digits."""
    return _mac(pepper, b"prefix" + number[:-LAST_DIGITS].encode())


def login_mac(pepper: bytes, login: str) -> bytes:
    """Stands for a login, known or not, where tries are counted."""
    return _mac(pepper, b"login" + login.encode())


def code_mac(pepper: bytes, check: str, code: str) -> bytes:
    """What is kept in place of a code; it fits no other check."""
    return _mac(pepper, b"code" + check.encode() + b"\0" + code.encode())


def _mac(pepper: bytes, said: bytes) -> bytes:
    return hmac.new(pepper, said, hashlib.sha256).digest()


def new_code() -> str:
    """Six random digits."""
    return f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}"


_CODE_TEXT: Mapping[str, str] = {
    "ko": "[{city}] 인증번호 {code}. {minutes}분 안에 입력하고 남에게 알려 주지 마십시오.",
    "en": "[{city}] Your code is {code}. Enter it within {minutes} min. Tell it to nobody.",
}


def code_text(code: str, *, language: str, city: str, host: str, seconds: int) -> str:
    """The SMS.  Its last line lets the phone fill the code in (WICG WebOTP)."""
    minutes = max(1, seconds // 60)
    said = _CODE_TEXT[language].format(city=city, code=code, minutes=minutes)
    return f"{said}\n\n@{host} #{code}"


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
class SmsBudgetReached(Happening):
    """An alarm: the city's codes of one day are used up.  ``most`` is the budget."""

    most: int


@dataclass(frozen=True, slots=True)
class RefreshTokenReused(Happening):
    """An alarm: a stolen or doubled refresh token.  The subject is the sign-in that was ended."""

    kind: str


@dataclass(frozen=True, slots=True)
class SignInLocked(Happening):
    """An alarm: too many wrong passwords for the official who is the subject."""


@dataclass(frozen=True, slots=True)
class OfficialAdded(Happening):
    """The subject is the official's account."""

    department: str
    duties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RegisterImported(Happening):
    """``numbers`` in the file; ``replaced``: those that were not in it are gone."""

    numbers: int
    replaced: bool


@dataclass(frozen=True, slots=True)
class ListImported(Happening):
    """The subject is the name of the list."""

    numbers: int
