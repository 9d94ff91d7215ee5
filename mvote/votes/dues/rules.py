"""What a due is, and what happens to it."""

from dataclasses import dataclass
from datetime import datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.core.working_time import Within

FIRST_REPLY, INTERIM, ANSWER = "first-reply", "interim", "answer"
KINDS = (FIRST_REPLY, INTERIM, ANSWER)
KIND_WORDS: dict[str, Words] = {
    FIRST_REPLY: {"ko": "첫 답변", "en": "first reply"},
    INTERIM: {"ko": "중간 답변", "en": "interim answer"},
    ANSWER: {"ko": "답변", "en": "answer"},
}


@dataclass(frozen=True, slots=True)
class AnswerOverdue(Happening):
    """The due date passed; ``subject`` is the record, ``poll`` empty where none is owed for."""

    poll: str
    department: str
    due_at: str


@dataclass(frozen=True, slots=True)
class Due:
    """What a department owes by when.

    ``cause`` is the id of what it is owed for: a poll, a proposal, a question.  ``why`` says
    why it was lifted, ``told_at`` when it was first seen to be overdue: from then on it stays
    so, whatever the clocks say.
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
        }
