"""Texts beside a ballot.

The ballot holds ``SHA-256(salt || text)``, salt of 32 bytes, the text as UTF-8 in form NFC.
The text travels in a private part beside the ballot that nothing hashes or signs::

    "texts": {"q3": {"salt": "<32 bytes>", "text": "…"}, "q1.reason": {…}}

and goes its own way from there; only the voter keeps the salt.
"""

import hashlib
import secrets
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from mvote.core.answers import (
    SHOWN,
    TextMalformed,
    TextNotInBallot,
    TextNotPlain,
    TextTooLong,
    TextTooShort,
)
from mvote.core.canonical import JSON, b64u, b64u_decode
from mvote.core.question import REASON, Question
from mvote.core.questions import QUESTIONS
from mvote.core.questions.open_text import MOST_REASON, TextLimits, read_hash
from mvote.core.shapes import Text
from mvote.core.text import text_fault

SALT_LENGTH: Final = 32
_KEYS: Final = frozenset({"salt", "text"})


@dataclass(frozen=True, slots=True)
class PrivateText:
    """``key`` is the id of an open question, or that of a question with ``.reason`` behind it."""

    key: str
    text: str


def hash_text(salt: bytes, text: str) -> bytes:
    """What a ballot holds of a text, 32 bytes."""
    return hashlib.sha256(salt + unicodedata.normalize("NFC", text).encode()).digest()


def write_text(text: str) -> tuple[list[JSON], dict[str, JSON]]:
    """What stands in the ballot of a text, and what travels beside it, with a salt of its own."""
    salt, plain = secrets.token_bytes(SALT_LENGTH), unicodedata.normalize("NFC", text)
    return [b64u(hash_text(salt, plain))], {"salt": b64u(salt), "text": plain}


def read_texts(
    questions: Sequence[Question], ans: Mapping[str, JSON], raw: JSON
) -> tuple[PrivateText, ...]:
    """Read the private part of a ballot whose answers were read.  A voter may keep a text.

    Raises TextMalformed, TextNotInBallot, TextTooShort, TextTooLong, TextNotPlain.
    """
    if not isinstance(raw, dict):
        raise TextMalformed(question="texts")
    limits = dict(_limits(questions))
    return tuple(_read_text(key, given, limits, ans) for key, given in sorted(raw.items()))


def _limits(questions: Sequence[Question]) -> Iterator[tuple[str, TextLimits]]:
    """How long each text of a poll may be, by the key under which its hash stands."""
    for question in questions:
        kind = QUESTIONS.get(question.type)
        if kind.shape is Text:
            limits = kind.limits(question)
            yield question.id, TextLimits(limits.least, limits.most)
        if question.reason:
            yield question.id + REASON, TextLimits(1, MOST_REASON)


def _read_text(
    key: str, given: JSON, limits: Mapping[str, TextLimits], ans: Mapping[str, JSON]
) -> PrivateText:
    name = key[:SHOWN]
    if not isinstance(given, dict) or given.keys() != _KEYS:
        raise TextMalformed(question=name)
    if not all(isinstance(part, str) for part in given.values()):
        raise TextMalformed(question=name)
    try:
        salt = b64u_decode(given["salt"], length=SALT_LENGTH)
    except ValueError:
        raise TextMalformed(question=name) from None
    if key not in limits or not ans.get(key):
        raise TextNotInBallot(question=name)
    _check(name, given["text"], limits[key])
    if read_hash(key, ans[key]).sha256 != hash_text(salt, given["text"]).hex():
        raise TextNotInBallot(question=name)
    return PrivateText(key, given["text"])


def _check(name: str, text: str, limits: TextLimits) -> None:
    if len(text) < limits.least:
        raise TextTooShort(question=name, least=limits.least, length=len(text))
    if len(text) > limits.most:
        raise TextTooLong(question=name, most=limits.most, length=len(text))
    if text_fault(text, most=limits.most, lines=True):
        raise TextNotPlain(question=name)
