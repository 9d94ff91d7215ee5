"""A text that a citizen wrote, where it stands, and what was decided about it and why."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.votes.moderation.errors import NeverModerated, TextUnknown

PROPOSAL, POST, STATEMENT = "proposal", "post", "statement"
RATING, AGAIN, CONTEST, QUESTION = "rating", "ask-again", "contest", "question"
KINDS = (PROPOSAL, POST, STATEMENT, RATING, AGAIN, CONTEST, QUESTION)
"""What citizens write."""
OFFICIAL_KINDS = (
    *("record", "entry", "poll", "result", "answer", "interim-answer", "promise", "step"),
    *("closing-report", "due", "overdue", "office-reply", "expert-statement", "erratum"),
)
"""What the city writes or owes: asked for by name it is refused by name."""

PUBLISHED, WAITING, HIDDEN = "published", "waiting", "hidden"
REMOVED, WITHDRAWN = "removed", "withdrawn"
STATES = (PUBLISHED, WAITING, HIDDEN, REMOVED, WITHDRAWN)
OPEN_STATES = (PUBLISHED, WAITING, HIDDEN)
"""States in which there is a text to decide about."""

HIDE, PUBLISH, REMOVE = "hide", "publish", "remove"
UPHOLD, REJECT = "uphold-appeal", "reject-appeal"
DECISIONS = (HIDE, PUBLISH, REMOVE, UPHOLD, REJECT)

FILED, UPHELD, REJECTED = "filed", "upheld", "rejected"
"""Where an author's appeal stands."""

CATEGORY_WORDS: Mapping[str, Words] = {
    "insult": {"ko": "욕설·비방", "en": "Insult"},
    "hate": {"ko": "혐오·차별", "en": "Hatred or discrimination"},
    "threat": {"ko": "협박", "en": "Threat"},
    "personal-data": {"ko": "개인정보 노출", "en": "Personal data"},
    "spam": {"ko": "광고·도배", "en": "Advertising or flooding"},
    "off-topic": {"ko": "주제와 무관", "en": "Off topic"},
    "false": {"ko": "허위 사실", "en": "False statement of fact"},
    "illegal": {"ko": "그 밖의 불법 내용", "en": "Otherwise illegal"},
    "other": {"ko": "기타", "en": "Other"},
}
CATEGORIES = tuple(CATEGORY_WORDS)
ILLEGAL = ("threat", "personal-data", "hate", "illegal")
"""Why a text may be removed for good; anything else can only be hidden."""
STATE_WORDS: Mapping[str, Words] = {
    PUBLISHED: {"ko": "공개", "en": "shown"},
    WAITING: {"ko": "검토 대기", "en": "waits for a moderator"},
    HIDDEN: {"ko": "숨김", "en": "hidden by a moderator"},
    REMOVED: {"ko": "영구 삭제", "en": "removed for good"},
    WITHDRAWN: {"ko": "작성자가 거둠", "en": "withdrawn by its author"},
}
DECISION_WORDS: Mapping[str, Words] = {
    HIDE: {"ko": "숨김", "en": "Hidden"},
    PUBLISH: {"ko": "공개", "en": "Shown"},
    REMOVE: {"ko": "영구 삭제", "en": "Removed for good"},
    UPHOLD: {"ko": "이의 신청 수용: 다시 공개", "en": "Appeal upheld: shown again"},
    REJECT: {"ko": "이의 신청 기각: 숨김 유지", "en": "Appeal rejected: stays hidden"},
}


@dataclass(frozen=True, slots=True)
class TextDecided(Happening):
    """``subject`` is the text; ``number`` that of the decision in the public log.

    ``unseen`` are the days for which nobody could read the text in the state that this ends.
    """

    kind: str
    record: str
    department: str
    decision: str
    number: int
    by: str
    unseen: int = 0


class TextHidden(TextDecided):
    """A moderator hid a text, or left it hidden on appeal."""


class TextPublished(TextDecided):
    """A moderator shows a text, or showed it again on appeal."""


class TextRemoved(TextDecided):
    """A text was removed for good; whoever keeps a copy has to blank it."""


@dataclass(frozen=True, slots=True)
class TextRemovalAsked(Happening):
    """Somebody asks another official to remove a text that the city owes an answer to."""

    kind: str
    department: str
    category: str
    by: str


@dataclass(frozen=True, slots=True)
class AppealOverdue(Happening):
    """The day passed by which an appeal had to be decided; ``subject`` is the text."""

    kind: str
    department: str
    due: str


HAPPENINGS: Mapping[str, type[TextDecided]] = {
    HIDE: TextHidden,
    REJECT: TextHidden,
    PUBLISH: TextPublished,
    UPHOLD: TextPublished,
    REMOVE: TextRemoved,
}


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a text stands.  ``text`` and ``salt`` are None unless it is published.

    ``digest`` is salted, so it gives nothing away.  ``seen`` says that everyone could read it
    once; ``since`` is the day on which it came into its state, ``reason`` and ``category`` say
    why it is hidden or removed.
    """

    kind: str
    id: str
    state: str
    seen: bool
    since: date
    digest: str
    text: str | None = None
    salt: str | None = None
    reason: Words | None = None
    category: str | None = None

    @property
    def shown(self) -> bool:
        return self.state == PUBLISHED

    def to_json(self) -> dict[str, JSON]:
        return {
            "kind": self.kind,
            "item": self.id,
            "state": self.state,
            "since": self.since.isoformat(),
            "digest": self.digest,
            "reason": dict(self.reason) if self.reason else None,
            "category": self.category,
        }


@dataclass(frozen=True, slots=True)
class Reported:
    """What citizens said about a text, without who said it."""

    categories: Mapping[str, int]
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Queued:
    """A text as a moderator sees it.  ``appeal`` is what its author says, ``due`` by when."""

    kind: str
    id: str
    record: str
    department: str
    state: str
    text: str
    since: date
    bound: bool
    reported: Reported
    appeal: str | None
    due: date | None

    def to_json(self) -> dict[str, JSON]:
        return {
            "kind": self.kind,
            "item": self.id,
            "record": self.record or None,
            "department": self.department,
            "state": self.state,
            "text": self.text,
            "since": self.since.isoformat(),
            "answer_owed": self.bound,
            "reports": [
                {"category": name, "reports": n} for name, n in self.reported.categories.items()
            ],
            "said": list(self.reported.texts),
            "appeal": self.appeal,
            "due": self.due.isoformat() if self.due else None,
        }


@dataclass(frozen=True, slots=True)
class Decision:
    """One line of the public log.  ``digest`` is salted, so it gives no text away."""

    number: int
    at: datetime
    kind: str
    item: str
    record: str
    department: str
    decision: str
    category: str
    reason: Words
    digest: str

    def to_json(self) -> dict[str, JSON]:
        return {
            "number": self.number,
            "at": iso(self.at),
            "kind": self.kind,
            "item": self.item,
            "record": self.record or None,
            "department": self.department,
            "decision": self.decision,
            "category": self.category or None,
            "reason": dict(self.reason),
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Backlog:
    """What a department's moderators still have to do; ``oldest`` is since when, ``due`` by when.

    ``overdue`` counts appeals whose day has passed.
    """

    department: str
    waiting: int
    oldest: date | None
    appeals: int
    due: date | None
    overdue: int

    def to_json(self) -> dict[str, JSON]:
        return {
            "department": self.department,
            "waiting": self.waiting,
            "oldest": self.oldest.isoformat() if self.oldest else None,
            "appeals": self.appeals,
            "due": self.due.isoformat() if self.due else None,
            "overdue": self.overdue,
        }


def check_kind(kind: str) -> None:
    """Raises NeverModerated for what the city wrote, TextUnknown for what nobody writes."""
    if kind in OFFICIAL_KINDS:
        raise NeverModerated()
    if kind not in KINDS:
        raise TextUnknown()


def text_digest(salt: str, text: str) -> str:
    """SHA-256 over ``"mvote-text-v1" || 0x00 || salt || 0x00 || text``, hexadecimal.

    Whoever was shown the text was shown the salt, and can prove later which text a decision
    was about; from the digest alone no text can be guessed.
    """
    return hashlib.sha256(b"\0".join((b"mvote-text-v1", salt.encode(), text.encode()))).hexdigest()
