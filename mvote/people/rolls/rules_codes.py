"""Printed codes: how one is spelled, what is kept of it, and what happened to a batch."""

import re
import secrets
from dataclasses import dataclass
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.ids import ALPHABET
from mvote.people.identity.rules import keyed

CODE_BYTES: Final = 16
CODE_SIGNS: Final = 26
"""Of Crockford's base32, which hold 130 bits; the first two are naught."""
MOST_TYPED: Final = 64
MOST_SERIAL: Final = 2**31 - 1
GROUP: Final = 5
FRAGMENT: Final = "#printed-code="

NEW, USED, REVOKED = "new", "used", "revoked"

_ALIKE: Final = str.maketrans({"i": "1", "l": "1", "o": "0"} | dict.fromkeys("- \u2010\u2013", ""))
_SPELLED: Final = re.compile(rf"[{ALPHABET}]{{{CODE_SIGNS}}}")


@dataclass(frozen=True, slots=True)
class PrintedCode:
    """What stands on one sheet; ``entry`` is the city's own id where the code is bound to one."""

    serial: int
    code: str
    url: str
    entry: str


@dataclass(frozen=True, slots=True)
class CodeBatch:
    """Counted in public; ``left`` can still be exchanged."""

    batch: str
    bound: bool
    printed: int
    used: int
    revoked: int

    @property
    def left(self) -> int:
        return self.printed - self.used - self.revoked


def new_printed_code() -> bytes:
    """128 random bits: nobody guesses one, so no number of tries has to be counted."""
    return secrets.token_bytes(CODE_BYTES)


def spell_code(raw: bytes) -> str:
    """In capitals and groups, as it is printed."""
    number = int.from_bytes(raw, "big")
    shifts = range(5 * (CODE_SIGNS - 1), -1, -5)
    text = "".join(ALPHABET[number >> shift & 31] for shift in shifts).upper()
    return "-".join(text[start : start + GROUP] for start in range(0, CODE_SIGNS, GROUP))


def read_code(text: str) -> bytes | None:
    """The bits of a code as a person typed it; None where it cannot be one."""
    spelled = text.strip().lower().translate(_ALIKE)
    if not _SPELLED.fullmatch(spelled):
        return None
    number = 0
    for sign in spelled:
        number = number << 5 | ALPHABET.index(sign)
    return number.to_bytes(CODE_BYTES, "big") if number < 1 << 8 * CODE_BYTES else None


def printed_code_mac(pepper: bytes, raw: bytes) -> bytes:
    """What is kept in place of a code."""
    return keyed(pepper, b"printed-code" + raw)


@dataclass(frozen=True, slots=True)
class CodesPrinted(Happening):
    """The subject is the batch; ``bound``: to entries of the roll."""

    codes: int
    bound: bool


@dataclass(frozen=True, slots=True)
class CodesRevoked(Happening):
    """The subject is the batch; ``official`` is empty where the operator did it.

    ``codes`` can be exchanged no more, ``used`` had been exchanged before.
    """

    codes: int
    official: str
    used: int


@dataclass(frozen=True, slots=True)
class UnknownCodesFlooded(Happening):
    """An alarm: somebody enters codes that were never printed, more than ``most`` in an hour."""

    most: int


DESK_DIGITS: Final = 8


def desk_secret_mac(pepper: bytes, secret: str) -> bytes:
    """What is kept in place of the secret of a phone that waits at the desk."""
    return keyed(pepper, b"desk" + secret.encode())


@dataclass(frozen=True, slots=True)
class EntryConfirmedAtDesk(Happening):
    """The subject is the official; whose card it was stands nowhere."""
