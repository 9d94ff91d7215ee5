"""A department and a poll as the other domains see them, and what happens to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.fields import Faults
from mvote.core.poll import DraftRefused, PollDraft
from mvote.core.text import Words

SCHEDULE = "schedule"
"""Stands for ``by`` where no official acted."""
LINK_DIGITS = 16
CLOSE, CANCEL, RESUME, OUTAGE = "close", "cancel", "resume", "outage"
ACTS_OF_TWO = (CLOSE, CANCEL, RESUME, OUTAGE)
"""What two officials decide together."""


@dataclass(frozen=True, slots=True)
class Department:
    code: str
    name: Words


@dataclass(frozen=True, slots=True)
class Poll:
    """``revision`` grows with every change, of the draft and of the state.

    ``opens_at`` and ``closes_at`` are the frozen times (None: opens by hand), the closing
    moved by outages that were declared.  ``ph`` has 64 hex digits.  ``restored_at`` is when a
    copy of the poll was put back, until two officials let it go on.

    The other times are when it happened; ``issued`` is the number of permits that
    the other wing says it issued, known from closing on; ``apart`` how many of them are counted
    apart by rule, where the poll has such rules.
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
    restored_at: datetime | None = None
    private: bool = False
    apart: Mapping[str, int] | None = None

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


def check_size(draft: PollDraft, *, questions: int, options: int, outage_seconds: int) -> None:
    """Hold a draft to what the city allows of what a poll can hold.  Raises DraftRefused."""
    faults = Faults()
    if len(draft.questions) > questions:
        faults.add("questions", f"has to be a list of 1 to {questions}")
    for place, question in enumerate(draft.questions):
        if len(question.options) > options:
            faults.add(f"questions[{place}].options", f"has to be a list of 1 to {options}")
    if draft.outage is not None and draft.outage.most_seconds > outage_seconds:
        faults.add("outage.most_seconds", f"may not be more than {outage_seconds}")
    faults.refuse(DraftRefused)


@dataclass(frozen=True, slots=True)
class Note:
    """What officials said about a frozen poll; ``outage`` is its JSON where it moved the closing.

    ``corrects`` is the number of an earlier note that this one puts right; ``roll`` is there
    where somebody was added to the roll or struck from it, ``quarantine`` where permits that are
    counted apart were released, or kept.
    """

    number: int
    about: str
    text: Words
    corrects: int | None
    outage: Mapping[str, JSON] | None
    at: datetime
    roll: Mapping[str, JSON] | None = None
    quarantine: Mapping[str, JSON] | None = None


@dataclass(frozen=True, slots=True)
class Apart:
    """Permits counted apart by rule, and the marks of ballots that spend one, where they have."""

    counts: Mapping[str, int]
    marks: Sequence[str]


@dataclass(frozen=True, slots=True)
class Template:
    """A draft to begin others from.  ``department`` None is the city's; ``shipped`` came along."""

    id: str
    department: str | None
    name: Words
    content: Mapping[str, JSON]
    shipped: bool = False


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
class PollNoted(Happening):
    """A note was written on a frozen poll, see core/poll_notes.py.

    ``on_board``: the board was not at its end yet, so it carries the note too.
    """

    number: int
    about: str
    by: str
    text: Words
    corrects: int | None
    outage: Mapping[str, JSON] | None
    on_board: bool
    roll: Mapping[str, JSON] | None = None
    quarantine: Mapping[str, JSON] | None = None


@dataclass(frozen=True, slots=True)
class ClosingMoved(Happening):
    """Two officials declared the outage that the note ``note`` tells of."""

    by: str
    note: int
    before: str
    closes: str


@dataclass(frozen=True, slots=True)
class TemplateSaved(Happening):
    """``subject`` is the template; ``department`` is empty where it is the city's."""

    by: str
    department: str


@dataclass(frozen=True, slots=True)
class TemplateDeleted(Happening):
    by: str
    department: str


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


@dataclass(frozen=True, slots=True)
class PendingAct:
    """One official asked for ``act`` on ``subject``; a second one may confirm it until ``expires``.

    ``content`` is what the act was asked with: a reason, an outage.  ``by`` is the random
    id of the account that asked.
    """

    id: str
    subject: str
    act: str
    content: Mapping[str, JSON]
    by: str
    asked: datetime
    expires: datetime


@dataclass(frozen=True, slots=True)
class ActAsked(Happening):
    """``pending`` names the request; it is void from ``expires`` on."""

    act: str
    pending: str
    content: Mapping[str, JSON]
    by: str
    expires: str


@dataclass(frozen=True, slots=True)
class ActConfirmed(Happening):
    """``by`` decided what ``asked_by`` had asked for."""

    act: str
    pending: str
    by: str
    asked_by: str


@dataclass(frozen=True, slots=True)
class ActWithdrawn(Happening):
    act: str
    pending: str
    by: str


@dataclass(frozen=True, slots=True)
class ActExpired(Happening):
    """Nobody confirmed it in time, or what it was about had changed."""

    act: str
    pending: str
