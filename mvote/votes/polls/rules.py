"""A department and a poll as the other domains see them, and what happens to them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mvote.audit.rules import Happening
from mvote.core.fields import Faults
from mvote.core.poll import DraftRefused, PollDraft
from mvote.core.text import Words

SCHEDULE = "schedule"
"""Stands for ``by`` where no official acted."""
LINK_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Poll:
    """``revision`` grows with every change, of the draft and of the state.

    ``opens_at`` and ``closes_at`` are the frozen times (None: opens by hand), ``ph`` 64 hex digits.

    The other times are when it happened; ``issued`` is the number of permits that
    the other wing says it issued, known from closing on.
    """

    id: str
    state: str
    revision: int
    kind: str
    title: Words
    department: str
    record: str
    author: str
    approver: str | None
    ph: str | None
    drafted_at: datetime
    opens_at: datetime | None
    closes_at: datetime
    frozen_at: datetime | None
    opened_at: datetime | None
    closing_at: datetime | None
    closed_at: datetime | None
    published_at: datetime | None
    cancelled_at: datetime | None
    reason: Words | None
    issued: int | None
    issued_sha256: str | None

    @property
    def public(self) -> bool:
        """Whether everyone may see it: from freezing on."""
        return self.ph is not None

    @property
    def phase(self) -> Words:
        """Its state in words."""
        return PHASE_WORDS[self.state]


def link_of(public_url: str, poll: str, ph: str) -> str:
    """The poll's address for citizens; the beginning of the hash lets a phone check what it got."""
    return f"{public_url}/polls/{poll}?ph={ph[:LINK_DIGITS]}"


def check_size(draft: PollDraft, *, questions: int, options: int) -> None:
    """Hold a draft to what the city allows of what a poll can hold.  Raises DraftRefused."""
    faults = Faults()
    if len(draft.questions) > questions:
        faults.add("questions", f"has to be a list of 1 to {questions}")
    for place, question in enumerate(draft.questions):
        if len(question.options) > options:
            faults.add(f"questions[{place}].options", f"has to be a list of 1 to {options}")
    faults.refuse(DraftRefused)


PHASE_WORDS: Mapping[str, Words] = {
    "draft": {"ko": "작성 중입니다.", "en": "Being written."},
    "approved": {"ko": "승인되었습니다.", "en": "Approved."},
    "frozen": {"ko": "내용이 확정되었고 곧 시작합니다.", "en": "Fixed; it opens soon."},
    "open": {"ko": "투표가 진행 중입니다.", "en": "Voting is open."},
    "suspended": {"ko": "투표가 일시 중지되었습니다.", "en": "Voting is suspended."},
    "closing": {"ko": "투표가 끝났고 집계하고 있습니다.", "en": "Voting has ended; counting."},
    "closed": {"ko": "투표가 끝났고 집계하고 있습니다.", "en": "Voting has ended; counting."},
    "published": {"ko": "결과가 발표되었습니다.", "en": "The result is published."},
    "cancelled": {"ko": "투표가 취소되었습니다.", "en": "The poll was cancelled."},
}
"""What a state means to a citizen."""


@dataclass(frozen=True, slots=True)
class DepartmentAdded(Happening):
    """``by`` is the account of the administrator, or ``command``."""

    by: str


@dataclass(frozen=True, slots=True)
class PollDrafted(Happening):
    by: str
    department: str
    record: str


@dataclass(frozen=True, slots=True)
class DraftChanged(Happening):
    by: str
    revision: int


@dataclass(frozen=True, slots=True)
class PollApproved(Happening):
    by: str
    revision: int


@dataclass(frozen=True, slots=True)
class PollFrozen(Happening):
    ph: str
    department: str
    record: str


@dataclass(frozen=True, slots=True)
class PollOpened(Happening):
    """From here on the city owes an answer ``answer_days`` after ``closes``."""

    by: str
    department: str
    record: str
    closes: str
    answer_days: int


@dataclass(frozen=True, slots=True)
class PollSuspended(Happening):
    by: str
    reason: Words


@dataclass(frozen=True, slots=True)
class PollResumed(Happening):
    by: str


@dataclass(frozen=True, slots=True)
class PollClosing(Happening):
    by: str


@dataclass(frozen=True, slots=True)
class IssuedListTaken(Happening):
    issued: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PollClosed(Happening):
    department: str
    record: str


@dataclass(frozen=True, slots=True)
class PollCancelled(Happening):
    """``before`` is the state in which it was cancelled."""

    by: str
    before: str
    reason: Words
    department: str
    record: str


@dataclass(frozen=True, slots=True)
class PurgeStatementTaken(Happening):
    """The people wing says that since ``at`` nothing leads from citizens to ``permits`` permits."""

    permits: int
    at: str
