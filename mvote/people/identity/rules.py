"""Sign-ins, numbers and their digests, the text that carries a code, happenings."""

import hashlib
import hmac
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import phonenumbers
from phonenumbers import PhoneNumberType

from mvote.audit.rules import Happening
from mvote.people.identity.errors import NumberNotValid

Kind = Literal["citizen", "official"]

BY_SMS: Final = "sms"
BY_CODE: Final = "code"
BY_OIDC: Final = "oidc"
BY_DESK: Final = "desk"

CODE_DIGITS: Final = 6
LAST_DIGITS: Final = 4
MOST_NUMBER: Final = 40
MOST_OIDC_CODE: Final = 4096
MOST_OIDC_WORD: Final = 64

_DIALLED: Final = re.compile(r"[\d\s+＋().\-‐-―－]+")

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
    return keyed(pepper, b"number" + number.encode())


def entry_mac(pepper: bytes, entry: str) -> bytes:
    """What is kept in place of the city's own id of a person, 32 bytes."""
    return keyed(pepper, b"entry" + entry.encode())


def prefix_mac(pepper: bytes, number: str) -> bytes:
    """Stands for all numbers that differ in the last four digits."""
    return keyed(pepper, b"prefix" + number[:-LAST_DIGITS].encode())


def subject_mac(pepper: bytes, issuer: str, subject: str) -> bytes:
    """What is kept in place of a subject of an OpenID Connect provider."""
    return keyed(pepper, b"oidc" + issuer.encode() + b"\0" + subject.encode())


def login_secret_mac(pepper: bytes, login: str, secret: str) -> bytes:
    """What is kept in place of a word that one side of a sign-in under way knows."""
    return keyed(pepper, b"oidc-login" + login.encode() + b"\0" + secret.encode())


def code_mac(pepper: bytes, check: str, code: str) -> bytes:
    """What is kept in place of a code; it fits no other check."""
    return keyed(pepper, b"code" + check.encode() + b"\0" + code.encode())


def keyed(pepper: bytes, said: bytes) -> bytes:
    """HMAC-SHA256, 32 bytes: what is kept in place of what is ``said``, label and all."""
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


@dataclass(frozen=True, slots=True)
class SmsBudgetReached(Happening):
    """An alarm: the city's codes of one day are used up.  ``most`` is the budget."""

    most: int


@dataclass(frozen=True, slots=True)
class SmsBudgetNearlyUsed(Happening):
    """An alarm: ``percent`` of the city's codes of one day, ``most``, are used."""

    percent: int
    most: int


@dataclass(frozen=True, slots=True)
class SmsPrefixLimited(Happening):
    """An alarm: numbers that differ in the last four digits asked for ``most`` codes in an hour.

    Which numbers is not told.
    """

    most: int


@dataclass(frozen=True, slots=True)
class RefreshTokenReused(Happening):
    """An alarm: a stolen or doubled refresh token.  The subject is the sign-in that was ended."""

    kind: str
