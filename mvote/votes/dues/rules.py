"""What a due is, and what happens to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.core.working_time import Within
from mvote.votes.dues.errors import OwnerSettled

FIRST_REPLY, INTERIM, ANSWER = "first-reply", "interim", "answer"
SECOND_ANSWER = "second-answer"
KINDS = (FIRST_REPLY, INTERIM, ANSWER, SECOND_ANSWER)
"""Whoever gives a later one has given the earlier ones too."""
KIND_WORDS: dict[str, Words] = {
    FIRST_REPLY: {"ko": "첫 답변", "en": "First reply"},
    INTERIM: {"ko": "중간 답변", "en": "Interim answer"},
    ANSWER: {"ko": "답변", "en": "Answer"},
    SECOND_ANSWER: {"ko": "다시 한 답변", "en": "Second answer"},
}

OPEN, OVERDUE, LATE, MET, LIFTED = "open", "overdue", "late", "met", "lifted"
STATES = (OPEN, OVERDUE, LATE, MET, LIFTED)

OFFICER, HEAD, MAYOR = "officer", "head", "mayor"
LEVELS = (OFFICER, HEAD, MAYOR)
"""Who is told that something is overdue, one after the other."""
LEVEL_WORDS: dict[str, Words] = {
    OFFICER: {"ko": "담당자", "en": "the officer in charge"},
    HEAD: {"ko": "부서장", "en": "the head of the department"},
    MAYOR: {"ko": "시장", "en": "the mayor"},
}

FIRST, SECOND, SETTLING, SETTLED = "first", "second", "settling", "settled"
"""Who owes it: the department it began with; one that was named; the coordinating one, which
may name another; one that cannot hand it on."""
REFUSED, ASSIGNED = "refused", "assigned"
MAYORS_OFFICE = "mayor"
MAYORS_OFFICE_WORDS: Words = {"ko": "시장실", "en": "Mayor's office"}


@dataclass(frozen=True, slots=True)
class AnswerOverdue(Happening):
    """The due date passed; ``subject`` is the record, ``poll`` empty where none is owed for."""

    poll: str
    department: str
    due_at: str


@dataclass(frozen=True, slots=True)
class DueSet(Happening):
    """``subject`` is the record, as of the others."""

    due: str
    kind: str
    department: str
    due_at: str


@dataclass(frozen=True, slots=True)
class DueEscalated(Happening):
    """It is overdue so long that somebody higher is told."""

    due: str
    kind: str
    department: str
    level: str


@dataclass(frozen=True, slots=True)
class DuePaused(Happening):
    due: str
    department: str
    until: str
    due_at: str


@dataclass(frozen=True, slots=True)
class DueMoved(Happening):
    due: str
    how: str
    by: str
    owner: str


@dataclass(frozen=True, slots=True)
class ClosureNamed(Happening):
    """``subject`` is the closure."""

    first: str
    last: str
    official: str


@dataclass(frozen=True, slots=True)
class ClosureWithdrawn(Happening):
    official: str


@dataclass(frozen=True, slots=True)
class Pause:
    """``due_at`` is the date as it was moved."""

    began_at: datetime
    until: date
    reason: Words
    by: str
    due_at: datetime

    def to_json(self) -> dict[str, JSON]:
        return {
            "began_at": iso(self.began_at),
            "until": self.until.isoformat(),
            "reason": dict(self.reason),
            "by": self.by,
            "due_at": iso(self.due_at),
        }


@dataclass(frozen=True, slots=True)
class Move:
    """``by`` said that it is not theirs and ``named`` another; ``owner`` owes it since."""

    at: datetime
    how: str
    by: str
    named: str
    owner: str
    reason: Words

    def to_json(self) -> dict[str, JSON]:
        return {
            "at": iso(self.at),
            "how": self.how,
            "by": self.by,
            "named": self.named,
            "owner": self.owner,
            "reason": dict(self.reason),
        }


@dataclass(frozen=True, slots=True)
class Due:
    """What a department owes by when.

    ``cause`` is the id of what it is owed for: a poll, a proposal, a question.  ``why`` says
    why it was lifted, ``told_at`` when it was first seen to be overdue: from then on it stays
    so, whatever the clocks say.  ``level`` is the highest who was told of it.
    """

    id: str
    record: str
    cause: str
    kind: str
    department: str
    due_at: datetime
    set_at: datetime
    within: Within | None = None
    met_at: datetime | None = None
    lifted_at: datetime | None = None
    why: Words | None = None
    told_at: datetime | None = None
    level: str | None = None
    pauses: Sequence[Pause] = ()
    moves: Sequence[Move] = ()

    def open(self) -> bool:
        return self.met_at is None and self.lifted_at is None

    def overdue(self, now: datetime) -> bool:
        return self.open() and (self.told_at is not None or now > self.due_at)

    def late(self, now: datetime) -> bool:
        """Whether it is overdue, or was met too late."""
        if self.lifted_at is not None:
            return False
        return self.told_at is not None or (self.met_at or now) > self.due_at

    def days(self, now: datetime) -> int:
        """Whole days from the due date until it was met, or until now."""
        return max(0, ((self.met_at or now) - self.due_at).days)

    def to_json(self, now: datetime) -> dict[str, JSON]:
        return {
            "id": self.id,
            "record": self.record,
            "cause": self.cause,
            "kind": self.kind,
            "department": self.department,
            "due_at": iso(self.due_at),
            "set_at": iso(self.set_at),
            "within": str(self.within) if self.within else None,
            "met_at": iso(self.met_at) if self.met_at else None,
            "lifted_at": iso(self.lifted_at) if self.lifted_at else None,
            "why": dict(self.why) if self.why else None,
            "overdue": self.overdue(now),
            "late": self.late(now),
            "days": self.days(now),
            "told": self.level,
            "pauses": [one.to_json() for one in self.pauses],
            "moves": [one.to_json() for one in self.moves],
        }


@dataclass(frozen=True, slots=True)
class Closure:
    """``withdrawn_at`` and ``withdrawn_why`` are set where it will not be kept after all."""

    id: str
    first: date
    last: date
    reason: Words
    entered_at: datetime
    withdrawn_at: datetime | None
    withdrawn_why: Words | None

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "first": self.first.isoformat(),
            "last": self.last.isoformat(),
            "reason": dict(self.reason),
            "entered_at": iso(self.entered_at),
            "withdrawn_at": iso(self.withdrawn_at) if self.withdrawn_at else None,
            "withdrawn_why": dict(self.withdrawn_why) if self.withdrawn_why else None,
        }


def owner_after_refusal(state: str, *, named: str, coordinating: str) -> tuple[str, str]:
    """Who owes it, and how firmly, when the owner said “not mine” and named another.

    The first refusal goes to whom it names; the second goes to the coordinating department,
    whomever it names.  So it takes three departments at most to find one.  Raises OwnerSettled.
    """
    if state == FIRST:
        return named, SETTLING if named == coordinating else SECOND
    if state == SECOND:
        return coordinating, SETTLING
    raise OwnerSettled(department=coordinating)


def level_at(days: int, *, head: int, mayor: int) -> str:
    """Who is to know of something overdue for so many days."""
    if days >= mayor:
        return MAYOR
    return HEAD if days >= head else OFFICER
