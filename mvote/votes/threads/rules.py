"""What stands in a discussion, in which order it is shown, and what of it enters the record."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON, digest
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.votes.moderation.rules import PUBLISHED, Standing
from mvote.votes.threads.errors import PostKindWrong

FOR, AGAINST, ASK = "for", "against", "question"
REPLY, ADDITION = "reply", "addition"
OFFICE = "office-reply"
TOP = (FOR, AGAINST, ASK)
"""Posts that stand alone."""
KINDS = (*TOP, REPLY, ADDITION)
"""What citizens write."""
EXPERT = "expert-statement"
POST = "post"
"""What moderation calls every post of a citizen."""

KIND_WORDS: Mapping[str, Words] = {
    FOR: {"ko": "찬성", "en": "For"},
    AGAINST: {"ko": "반대", "en": "Against"},
    ASK: {"ko": "질문", "en": "Question"},
    REPLY: {"ko": "답글", "en": "Reply"},
    ADDITION: {"ko": "덧붙임", "en": "Addition by the author"},
    OFFICE: {"ko": "담당 부서의 답글", "en": "Reply of the department"},
    EXPERT: {"ko": "전문가 의견서", "en": "Expert statement"},
}


@dataclass(frozen=True, slots=True)
class OfficeReplied(Happening):
    """``subject`` is the record."""

    post: str
    reply: str
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class ExpertStatementEntered(Happening):
    """``subject`` is the record; ``signed``: with the expert's own key."""

    statement: str
    department: str
    signed: bool
    by: str


@dataclass(frozen=True, slots=True)
class RecordTagged(Happening):
    """``subject`` is the record."""

    tags: Sequence[str]
    department: str
    by: str


@dataclass(frozen=True, slots=True)
class Author:
    """A citizen within one record: ``id`` 16 hexadecimal digits, and a name made of words."""

    id: str
    label: Words

    def to_json(self) -> dict[str, JSON]:
        return {"id": self.id, "label": dict(self.label)}


@dataclass(frozen=True, slots=True)
class Post:
    """What a citizen wrote.  ``day`` is all that is kept of when; ``parent`` is empty at the top.

    ``additions`` are those of its author, in the order of their days.
    """

    id: str
    record: str
    kind: str
    parent: str
    author: Author
    day: date
    standing: Standing
    additions: tuple["Post", ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over all that the post is; the text enters by its salted digest."""
        return digest(
            {
                "v": 1,
                "record": self.record,
                "id": self.id,
                "kind": self.kind,
                "reply_to": self.parent or None,
                "author": self.author.id,
                "day": self.day.isoformat(),
                "text": self.standing.digest,
            }
        )

    def to_json(self) -> dict[str, JSON]:
        reason = self.standing.reason
        return {
            "id": self.id,
            "record": self.record,
            "kind": self.kind,
            "reply_to": self.parent or None,
            "author": self.author.to_json(),
            "department": None,
            "day": self.day.isoformat(),
            "state": self.standing.state,
            "text": self.standing.text,
            "words": None,
            "salt": self.standing.salt,
            "digest": self.digest,
            "reason": dict(reason) if reason else None,
            "category": self.standing.category,
            "additions": [one.to_json() for one in self.additions],
        }


@dataclass(frozen=True, slots=True)
class OfficeReply:
    """What a department replied.  Nobody moderates it."""

    id: str
    record: str
    parent: str
    department: str
    day: date
    at: datetime
    words: Words
    kind: str = OFFICE

    @property
    def digest(self) -> str:
        return office_digest(self.record, self.parent, self.department, self.words)

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "record": self.record,
            "kind": self.kind,
            "reply_to": self.parent,
            "author": None,
            "department": self.department,
            "day": self.day.isoformat(),
            "state": PUBLISHED,
            "text": None,
            "words": dict(self.words),
            "salt": None,
            "digest": self.digest,
            "reason": None,
            "category": None,
            "additions": [],
        }


Reply = Post | OfficeReply


@dataclass(frozen=True, slots=True)
class Thread:
    """A post with what was replied to it, in the order of days and within one of ids."""

    post: Post
    replies: tuple[Reply, ...] = ()

    def to_json(self) -> dict[str, JSON]:
        return {"post": self.post.to_json(), "replies": [one.to_json() for one in self.replies]}


@dataclass(frozen=True, slots=True)
class Expert:
    """An expert's statement; ``key`` and ``signature`` are empty where the office entered it."""

    id: str
    record: str
    at: datetime
    department: str
    name: Words
    role: Words
    interest: Words
    text: Words
    key: str
    signature: str
    fingerprint: str
    digest: str

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "record": self.record,
            "at": iso(self.at),
            "department": self.department,
            "name": dict(self.name),
            "role": dict(self.role),
            "interest": dict(self.interest),
            "text": dict(self.text),
            "key": self.key or None,
            "signature": self.signature or None,
            "fingerprint": self.fingerprint or None,
            "digest": self.digest,
        }


@dataclass(frozen=True, slots=True)
class Tagged:
    """Something under a topic; ``href`` leads to its page.

    ``begins`` is how a citizen's text begins, None of anything else.
    """

    kind: str
    item: str
    record: str
    title: Words
    href: str
    begins: str | None = None

    def to_json(self) -> dict[str, JSON]:
        return {
            "kind": self.kind,
            "item": self.item,
            "record": self.record or None,
            "title": dict(self.title),
            "href": self.href,
            "begins": self.begins,
        }


@dataclass(slots=True)
class Tally:
    """What a discussion came to, told only when it is over."""

    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys((*KINDS, OFFICE), 0))
    states: dict[str, int] = field(default_factory=dict)
    digests: list[dict[str, JSON]] = field(default_factory=list)

    def add(self, one: Reply) -> None:
        self.counts[one.kind] += 1
        state = one.standing.state if isinstance(one, Post) else PUBLISHED
        self.states[state] = self.states.get(state, 0) + 1
        self.digests.append({"id": one.id, "kind": one.kind, "digest": one.digest})

    def to_json(self, *, experts: Iterable[Expert], most: int) -> dict[str, JSON]:
        """For the record: ``digest`` covers the list, which stands here up to ``most`` posts."""
        ordered = sorted(self.digests, key=lambda one: str(one["id"]))
        statements = [{"id": one.id, "digest": one.digest} for one in experts]
        return {
            "posts": dict(self.counts),
            "states": dict(sorted(self.states.items())),
            "experts": statements,
            "digest": digest(ordered),
            "digests": ordered if len(ordered) <= most else None,
        }


def check_kind(kind: str, reply_to: str | None) -> None:
    """Raises PostKindWrong."""
    if (kind in TOP) == bool(reply_to):
        raise PostKindWrong()


def shuffle_key(day: date, post: str) -> str:
    """Where a post stands on a day: SHA-256 of ``"mvote-order-v1"``, the day and its id.

    0x00 parts them.  Ids are random and made here, so nobody can see to it that a post stands
    first, none stands first for long, and anyone can repeat the order of any day.
    """
    parts = (b"mvote-order-v1", day.isoformat().encode(), post.encode())
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def in_day_order(posts: Iterable[str], day: date) -> list[tuple[str, str]]:
    """Ids with their keys, as they are shown on a day."""
    return sorted((shuffle_key(day, one), one) for one in posts)


def office_digest(record: str, parent: str, department: str, words: Words) -> str:
    """Of a department's reply; its id is made of this, so that the same reply is one."""
    return digest(
        {
            "v": 1,
            "record": record,
            "kind": OFFICE,
            "reply_to": parent,
            "department": department,
            "words": dict(words),
        }
    )
