"""Who stands on the roll of a poll: by register and lists, on a closed roll, by correction."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.eligibility import Facts, Unmet, unmet
from mvote.core.issuing import CLOSED
from mvote.core.text import Words

FIXED, ADDED, STRUCK = "fixed", "added", "struck"
ON_ROLL: Final = (FIXED, ADDED)


_ASK_FOR_REVIEW: Final = {
    "ko": "잘못되었다고 생각하시면 재심사를 요청해 주십시오.",
    "en": "If you think that this is wrong, ask for a review.",
}
_NOT_ON_ROLL: Final = Unmet(
    "closed-roll",
    {
        "ko": "이 투표의 명부는 투표가 확정될 때 닫혔고, 거기에 올라 있지 않습니다.",
        "en": "The roll of this poll was closed when the poll was frozen; you are not on it.",
    },
    _ASK_FOR_REVIEW,
    effort=5,
)
_STRUCK: Final = Unmet(
    "struck-from-roll",
    {
        "ko": "담당 공무원 두 사람이 이 투표의 명부에서 삭제했습니다. 까닭은 투표 페이지의 알림에 "
        "있습니다.",
        "en": "Two officials struck you from the roll of this poll. A note on its page says why.",
    },
    _ASK_FOR_REVIEW,
    effort=5,
)


def is_closed_roll(said: str) -> bool:
    """``said`` is the issuer document as JSON."""
    return bool(json.loads(said)["roll"]["mode"] == CLOSED)


def lacking(
    audience: Mapping[str, JSON], facts: Facts, *, closed: bool, standing: str | None
) -> tuple[Unmet, ...]:
    """What keeps a citizen who stands so on the roll from voting; none is: may vote.

    Whoever is on it still has to prove what nobody could count beforehand.
    """
    if standing == STRUCK:
        return (_STRUCK,)
    if closed and standing not in ON_ROLL:
        return (_NOT_ON_ROLL,)
    return unmet(audience, facts, on_roll=standing in ON_ROLL)


def roll_note(change: str, *, day: date, raises: bool, text: Mapping[str, str]) -> dict[str, JSON]:
    """What the votes wing is told of a correction: no person."""
    said = {"change": change, "day": day.isoformat(), "raises": int(raises)}
    return said | {"text": dict(text)}


OPEN, GRANTED, REFUSED = "open", "granted", "refused"
REVIEW_STATES: Final = (OPEN, GRANTED, REFUSED)


@dataclass(frozen=True, slots=True)
class Person:
    """Whom an official means: by the city's own id or by a mobile number, one of them."""

    entry: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class Correction:
    """One that waits for a second official; of the person nothing is shown."""

    id: str
    change: str
    text: Words
    review: str | None
    by: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Review:
    """``reason`` is there once it is decided; ``correction`` where it waits for a second one."""

    id: str
    poll: str
    text: str
    state: str
    due: datetime
    overdue: bool
    reason: Words | None
    correction: str | None = None


@dataclass(frozen=True, slots=True)
class RollCorrectionAsked(Happening):
    correction: str
    change: str
    by: str
    review: str | None


@dataclass(frozen=True, slots=True)
class RollCorrectionExpired(Happening):
    correction: str


@dataclass(frozen=True, slots=True)
class RollCorrected(Happening):
    """``raises``: the number of the eligible grew by it.  ``document`` tells the votes wing."""

    correction: str
    change: str
    raises: bool
    asked_by: str
    by: str
    document: int


@dataclass(frozen=True, slots=True)
class ReviewRequested(Happening):
    review: str
    due: str


@dataclass(frozen=True, slots=True)
class ReviewConcluded(Happening):
    review: str
    state: str
    by: str


@dataclass(frozen=True, slots=True)
class ReviewOverdue(Happening):
    """A reminder for who keeps the rolls."""

    review: str
    due: str


def vouched(proof: str | None, *, standing: str | None) -> str | None:
    """By what a voter's roll key is proved: whom two officials added counts as in the register."""
    return "register" if proof == "sms" and standing == ADDED else proof
