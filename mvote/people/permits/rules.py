"""May I vote, and if not why and what can I do; what a list of issued permits comes to."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.eligibility import Facts, unmet
from mvote.core.phases import (
    CANCELLED,
    CLOSED,
    CLOSING,
    SUSPENDED,
    PollCancelled,
    PollClosed,
    PollSuspended,
    check_act,
)
from mvote.core.text import Words

ENDED: Final = (CLOSING, CLOSED, CANCELLED)
"""States of this wing in which no permit is given any more."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody may not vote: ``code`` names a condition or a refusal."""

    code: str
    sentence: Words
    what_to_do: Words


@dataclass(frozen=True, slots=True)
class Eligibility:
    """``opens`` is None for a poll that opens by hand; ``permit`` is ``none`` or ``issued``."""

    may_vote: bool
    reasons: tuple[Reason, ...]
    poll_state: str
    opens: datetime | None
    closes: datetime
    permit: str


_SEE_RESULT: Final[Words] = {
    "ko": "결과와 시의 답변은 투표 페이지에서 보실 수 있습니다.",
    "en": "The result and the city's answer are on the page of the poll.",
}
_OF_STATE: Final[Mapping[str, Reason]] = {
    SUSPENDED: Reason(
        PollSuspended.code(),
        PollSuspended.words,
        {
            "ko": "다시 시작되면 투표하실 수 있습니다. 까닭은 투표 페이지에 있습니다.",
            "en": "You can vote when it goes on. The page of the poll says why it was suspended.",
        },
    ),
    CLOSED: Reason(PollClosed.code(), PollClosed.words, _SEE_RESULT),
    CANCELLED: Reason(
        PollCancelled.code(),
        PollCancelled.words,
        {
            "ko": "취소된 까닭은 투표 페이지에서 보실 수 있습니다.",
            "en": "The page of the poll says why it was cancelled.",
        },
    ),
}


def state_at(state: str, *, closes: datetime, now: datetime) -> str:
    """The state as a citizen meets it: closed from the closing time on, told or not."""
    ended = state == CLOSING or (state != CANCELLED and now >= closes)
    return CLOSED if ended else state


def check_issuing(state: str, *, closes: datetime, now: datetime) -> None:
    """Permits are given from freezing until closing.

    Raises PollNotFrozen, PollSuspended, PollClosed, PollCancelled.
    """
    check_act(state_at(state, closes=closes, now=now), "permit")


def reasons_against(
    audience: Mapping[str, JSON], facts: Facts, *, state: str
) -> tuple[Reason, ...]:
    """Everything that keeps a citizen from voting; none before the poll opens if eligible."""
    found = [Reason(one.condition, one.words, one.what_to_do) for one in unmet(audience, facts)]
    if state in _OF_STATE:
        found.insert(0, _OF_STATE[state])
    return tuple(found)


def lists_named(audience: Mapping[str, JSON]) -> tuple[str, ...]:
    """The lists that a checked audience asks about."""
    return tuple(one["list"] for one in audience["all"] if one["condition"] == "list")


def list_digest(permits: Iterable[bytes]) -> str:
    """SHA-256 over the sorted hashes of the issued permits, 64 hexadecimal digits."""
    return hashlib.sha256(b"".join(sorted(permits))).hexdigest()


@dataclass(frozen=True, slots=True)
class IssuerNamed(Happening):
    """For an approved poll: the key of its permits and how many are eligible (None: unknown)."""

    kid: str
    eligible: int | None


@dataclass(frozen=True, slots=True)
class IssuingBegan(Happening):
    ph: str


@dataclass(frozen=True, slots=True)
class IssuingEnded(Happening):
    """``state`` is closing or cancelled; ``sha256`` is ``list_digest``."""

    state: str
    issued: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PermitsErased(Happening):
    """Nothing leads from a citizen to a ballot of this poll any more."""

    issued: int
