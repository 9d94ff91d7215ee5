"""What a record holds, how its entries are chained, where it stands, what an answer has to say."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON, digest
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.votes.dues.rules import Due

POLL, RESULT, CANCELLED = "poll", "result", "cancelled"
ANSWER, INTERIM, STEP, CLOSING = "answer", "interim-answer", "step", "closing-report"
ABOUT_POLLS = (POLL, RESULT, CANCELLED, ANSWER, INTERIM, STEP, CLOSING)
"""Kinds whose digest names the subject ``poll``, null where they are about none (version 1)."""
PROPOSAL, PROPOSAL_REPLY = "proposal", "proposal-reply"
QUESTION, QUESTION_REPLY = "question", "question-reply"
DISCUSSION, POOL, POOL_RESULT = "discussion", "pool", "pool-result"
PROMISE, PROMISED_STEP, EVIDENCE = "promise", "promised-step", "evidence"
MOVED, SLIPPED = "step-moved", "step-slipped"
ERRATUM, MERGED, SPLIT = "erratum", "merged", "split"
ASKED_AGAIN, RATINGS = "asked-again", "rating-summary"
MARKED = (
    *(PROPOSAL, PROPOSAL_REPLY, QUESTION, QUESTION_REPLY, DISCUSSION, POOL, POOL_RESULT),
    *(PROMISE, PROMISED_STEP, EVIDENCE, MOVED, SLIPPED),
    *(ERRATUM, MERGED, SPLIT, ASKED_AGAIN, RATINGS),
)
"""Kinds whose digest names the subject ``subject`` (version 2)."""
KINDS = (*ABOUT_POLLS, *MARKED)
SPLITTABLE = (POLL, PROPOSAL, POOL, PROMISE)
"""Kinds whose subject can go on in another record."""

AWAITING_RESULT, AWAITING_ANSWER = "awaiting-result", "awaiting-answer"
ANSWERED, CLOSED, WITHDRAWN = "answered", "closed", "withdrawn"
TALKED_OF, GONE_ON = "discussed", "merged"
STATES = (AWAITING_RESULT, AWAITING_ANSWER, ANSWERED, CLOSED, WITHDRAWN, TALKED_OF, GONE_ON)

ADOPTED, PARTLY, NOT_ADOPTED = "adopted", "partly", "not-adopted"
DECISIONS = (ADOPTED, PARTLY, NOT_ADOPTED)

KIND_WORDS: Mapping[str, Words] = {
    POLL: {"ko": "시가 물었습니다", "en": "The city asked"},
    RESULT: {"ko": "결과가 나왔습니다", "en": "The result came in"},
    CANCELLED: {"ko": "투표가 취소되었습니다", "en": "The poll was cancelled"},
    ANSWER: {"ko": "부서의 답변", "en": "The department's answer"},
    INTERIM: {"ko": "중간 답변", "en": "Interim answer"},
    STEP: {"ko": "추진 상황", "en": "Step"},
    CLOSING: {"ko": "종결 보고", "en": "Closing report"},
    PROPOSAL: {"ko": "시민 제안", "en": "Citizens' proposal"},
    PROPOSAL_REPLY: {"ko": "제안에 대한 부서의 답변", "en": "The department on the proposal"},
    QUESTION: {"ko": "시민이 지표에 관해 물었습니다", "en": "A citizen questioned an indicator"},
    QUESTION_REPLY: {"ko": "질문에 대한 부서의 답변", "en": "The department on the question"},
    DISCUSSION: {"ko": "토론 요약", "en": "Summary of a discussion"},
    POOL: {"ko": "의견 모음을 시작했습니다", "en": "An opinion pool opened"},
    POOL_RESULT: {"ko": "의견 모음의 결과", "en": "Result of the opinion pool"},
    PROMISE: {"ko": "약속", "en": "Promise"},
    PROMISED_STEP: {"ko": "약속에 더한 단계", "en": "A step added to a promise"},
    EVIDENCE: {"ko": "이행 증빙", "en": "Evidence of a step"},
    MOVED: {"ko": "단계의 기한을 옮겼습니다", "en": "A step was moved"},
    SLIPPED: {"ko": "단계의 기한이 지났습니다", "en": "A step slipped"},
    ERRATUM: {"ko": "바로잡음", "en": "Correction"},
    MERGED: {"ko": "기록을 합쳤습니다", "en": "Records were merged"},
    SPLIT: {"ko": "기록을 나누었습니다", "en": "The record was split"},
    ASKED_AGAIN: {"ko": "다시 답변을 요구했습니다", "en": "Citizens asked again"},
    RATINGS: {"ko": "답변에 대한 평가", "en": "Ratings of the answer"},
}
GROUPS: Mapping[str, tuple[Words, tuple[str, ...]]] = {
    "polls": ({"ko": "투표와 결과", "en": "Polls and results"}, (POLL, RESULT, CANCELLED)),
    "answers": (
        {"ko": "답변", "en": "Answers"},
        (ANSWER, INTERIM, PROPOSAL_REPLY, QUESTION_REPLY, ASKED_AGAIN, RATINGS, CLOSING),
    ),
    "promises": (
        {"ko": "약속과 추진 상황", "en": "Promises and steps"},
        (PROMISE, PROMISED_STEP, EVIDENCE, MOVED, SLIPPED, STEP),
    ),
    "voices": (
        {"ko": "제안과 토론", "en": "Proposals and discussion"},
        (PROPOSAL, QUESTION, DISCUSSION, POOL, POOL_RESULT),
    ),
    "changes": (
        {"ko": "바로잡음과 합침", "en": "Corrections and mergers"},
        (ERRATUM, MERGED, SPLIT),
    ),
}
"""How a reader may narrow the time line."""
DECISION_WORDS: Mapping[str, Words] = {
    ADOPTED: {"ko": "채택", "en": "adopted"},
    PARTLY: {"ko": "일부 채택", "en": "partly adopted"},
    NOT_ADOPTED: {"ko": "미채택", "en": "not adopted"},
}
WITHHELD: Words = {"ko": "비공개된 글", "en": "A text that is not shown"}
"""Stands in a record where a citizen's words would that moderators do not show."""


@dataclass(frozen=True, slots=True)
class EntryAdded(Happening):
    """``subject`` is the record; ``poll`` is empty where the entry is about none."""

    number: int
    poll: str
    department: str
    official: str


class AnswerGiven(EntryAdded):
    """The department answered; a later one for the same poll is a new version."""


class InterimAnswerGiven(EntryAdded):
    """The department said when it will answer."""


class StepAdded(EntryAdded):
    """Something was done, or is planned."""


class ClosingReportGiven(EntryAdded):
    """The record was closed."""


class PromiseMade(EntryAdded):
    """The department promised something, with steps and dates."""


class PromisedStepAdded(EntryAdded):
    """A promise got one more step."""


class StepMoved(EntryAdded):
    """The date of a step was moved."""


class StepShown(EntryAdded):
    """The department showed that a step was done."""


class StepSlipped(EntryAdded):
    """The date of a step passed without evidence that it was done."""


class ErratumAdded(EntryAdded):
    """The department corrected an entry, which stays as it was."""


class RecordMerged(EntryAdded):
    """The record goes on in another; told of both."""


class RecordSplit(EntryAdded):
    """Part of the record goes on in another; told of both."""


class AnswerAskedAgain(EntryAdded):
    """So many citizens asked again that the department owes a second answer."""


class RatingsSummed(EntryAdded):
    """The ratings of an answer were written down when the record was closed."""


HAPPENINGS: Mapping[str, type[EntryAdded]] = {
    ANSWER: AnswerGiven,
    INTERIM: InterimAnswerGiven,
    STEP: StepAdded,
    CLOSING: ClosingReportGiven,
    PROMISE: PromiseMade,
    PROMISED_STEP: PromisedStepAdded,
    MOVED: StepMoved,
    EVIDENCE: StepShown,
    SLIPPED: StepSlipped,
    ERRATUM: ErratumAdded,
    MERGED: RecordMerged,
    SPLIT: RecordSplit,
    ASKED_AGAIN: AnswerAskedAgain,
    RATINGS: RatingsSummed,
}


@dataclass(frozen=True, slots=True)
class Head:
    """What a record is about; it never changes, and the first entry is chained to it.

    ``written`` is the digest of what it was, where its title is not shown.
    """

    id: str
    department: str
    title: Words
    opened_at: datetime
    written: str = ""

    def digest(self) -> str:
        return self.written or digest({"v": 1, **self.to_json()})

    def to_json(self) -> dict[str, JSON]:
        said: dict[str, JSON] = {
            "id": self.id,
            "department": self.department,
            "title": dict(self.title),
            "opened_at": iso(self.opened_at),
        }
        return said | {"withheld": True} if self.written else said


@dataclass(frozen=True, slots=True)
class RecordEntry:
    """One entry.  ``by`` is the department that wrote it, empty where mvote did.

    ``poll`` is the id of what it is about, which for most kinds is a poll, and for those of
    ``MARKED`` something else.  ``version`` counts the entries of this kind about it.
    ``withheld``: some of the words that the digest covers are not shown.
    """

    record: str
    number: int
    kind: str
    poll: str
    version: int
    at: datetime
    by: str
    body: Mapping[str, JSON]
    previous: str
    digest: str
    withheld: bool = False

    def to_json(self) -> dict[str, JSON]:
        said: dict[str, JSON] = {
            "number": self.number,
            "kind": self.kind,
            "poll": self.poll or None if self.kind in ABOUT_POLLS else None,
            "subject": self.poll or None,
            "version": self.version,
            "at": iso(self.at),
            "by": self.by or None,
            "body": dict(self.body),
            "previous": self.previous,
            "digest": self.digest,
        }
        return said | {"withheld": True} if self.withheld else said

    def spelled(self) -> dict[str, JSON]:
        """What the digest covers: version 1 for what is about a poll, else version 2.

        Where words are withheld it says so, and covers what stood in their place.
        """
        said = self.to_json() | {"record": self.record}
        if self.kind in ABOUT_POLLS:
            said |= {"v": 1}
            del said["digest"], said["subject"]
        else:
            said |= {"v": 2}
            del said["digest"], said["poll"]
        return said


def entry_digest(entry: RecordEntry) -> str:
    """SHA-256 over everything the entry says, the digest of the one before it included."""
    return digest(entry.spelled())


def chain_fault(head: Head, entries: Sequence[RecordEntry]) -> str | None:
    """Say where the chain of a record breaks, or None."""
    previous = head.digest()
    for number, entry in enumerate(entries, start=1):
        if entry.number != number:
            return f"entry {number} is missing"
        if entry.previous != previous or entry.digest != entry_digest(entry):
            return f"entry {number} was changed"
        previous = entry.digest
    return None


@dataclass(frozen=True, slots=True)
class Summary:
    """A record in a list."""

    head: Head
    state: str
    closed_at: datetime | None
    dues: tuple[Due, ...]
    merged_into: str | None = None

    def overdue(self, now: datetime) -> bool:
        return any(due.overdue(now) for due in self.dues)

    def next_due(self) -> datetime | None:
        """The earliest date by which something is still owed."""
        owed = [due.due_at for due in self.dues if due.open()]
        return min(owed, default=None)

    def to_json(self, now: datetime) -> dict[str, JSON]:
        due = self.next_due()
        return self.head.to_json() | {
            "state": self.state,
            "closed_at": iso(self.closed_at) if self.closed_at else None,
            "merged_into": self.merged_into,
            "due_at": iso(due) if due else None,
            "overdue": self.overdue(now),
        }


@dataclass(frozen=True, slots=True)
class Record:
    """A whole record."""

    summary: Summary
    entries: tuple[RecordEntry, ...]

    @property
    def head(self) -> Head:
        return self.summary.head

    def to_json(self, now: datetime) -> dict[str, JSON]:
        return self.summary.to_json(now) | {
            "dues": [due.to_json(now) for due in self.summary.dues],
            "entries": [entry.to_json() for entry in self.entries],
        }


@dataclass(frozen=True, slots=True)
class Overdue:
    """What is owed past its date; ``interim`` says whether an interim answer was given."""

    due: Due
    title: Words
    interim: bool

    def to_json(self, now: datetime) -> dict[str, JSON]:
        return {
            "record": self.due.record,
            "title": dict(self.title),
            "due": self.due.id,
            "cause": self.due.cause,
            "kind": self.due.kind,
            "due_at": iso(self.due.due_at),
            "days": self.due.days(now),
            "interim": self.interim,
        }


def unfinished(marks: Iterable[tuple[str, str]]) -> tuple[set[str], set[str]]:
    """From pairs of kind and poll: polls whose result is awaited, and polls whose answer is.

    In the order of the entries: once citizens asked again, an answer before that is not enough.
    """
    by_kind: dict[str, set[str]] = defaultdict(set)
    for kind, poll in marks:
        by_kind[kind].add(poll)
        if kind == ASKED_AGAIN:
            by_kind[ANSWER].discard(poll)
    running = by_kind[POLL] - by_kind[CANCELLED] - by_kind[RESULT]
    return running, by_kind[RESULT] - by_kind[ANSWER]


def state_of(marks: Sequence[tuple[str, str]], *, closed: bool, owed: Collection[str] = ()) -> str:
    """Where a record stands; an answer owed weighs more than a result awaited.

    ``owed`` are the causes of dues that stand open: of a poll that runs, that of a result too.
    """
    if closed:
        return CLOSED
    running, unanswered = unfinished(marks)
    if unanswered or set(owed) - running:
        return AWAITING_ANSWER
    if running:
        return AWAITING_RESULT
    kinds = {kind for kind, _ in marks}
    if kinds & {RESULT, PROPOSAL_REPLY, QUESTION_REPLY}:
        return ANSWERED
    return WITHDRAWN if POLL in kinds else TALKED_OF
