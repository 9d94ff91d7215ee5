"""What officials decide about permits that are counted apart, and what is told of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.text import Words


@dataclass(frozen=True, slots=True)
class QuarantineDecision:
    """All permits that ``rule`` flags are ``released``, or kept; ``text`` says why.

    It waits for a second official until ``expires_at``.
    """

    id: str
    rule: str
    released: bool
    text: Words
    by: str
    expires_at: datetime | None


def quarantine_note(rule: str, *, released: bool, text: Mapping[str, str]) -> dict[str, JSON]:
    """What the votes wing is told of a decision: no person and no number."""
    return {"rule": rule, "released": released, "text": dict(text)}


@dataclass(frozen=True, slots=True)
class QuarantineDecisionAsked(Happening):
    decision: str
    rule: str
    released: bool
    by: str


@dataclass(frozen=True, slots=True)
class QuarantineDecisionExpired(Happening):
    decision: str


@dataclass(frozen=True, slots=True)
class QuarantineDecided(Happening):
    """``document`` tells the votes wing, which notes it on the poll."""

    decision: str
    rule: str
    released: bool
    asked_by: str
    by: str
    document: int
