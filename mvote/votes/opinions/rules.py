"""An opinion, and what becomes of it."""

from dataclasses import dataclass

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.question import REASON
from mvote.core.text import Words

WAITING, PUBLISHED, HIDDEN = "waiting", "published", "hidden"
STATES = (WAITING, PUBLISHED, HIDDEN)
ANSWER, BESIDE = "answer", "reason"
KINDS = (ANSWER, BESIDE)


@dataclass(frozen=True, slots=True)
class OpinionsTaken(Happening):
    """``n`` texts of a closed poll came into the pool."""

    n: int


@dataclass(frozen=True, slots=True)
class OpinionPublished(Happening):
    """``subject`` is the poll."""

    opinion: str
    by: str


@dataclass(frozen=True, slots=True)
class OpinionHidden(Happening):
    """``subject`` is the poll."""

    opinion: str
    by: str
    reason: Words


@dataclass(frozen=True, slots=True)
class Opinion:
    """A text that stands for itself: the answer to an open question, or the reason beside one.

    ``id`` is random, and lists are ordered by it.  ``reason`` is why it is hidden.
    """

    id: str
    poll: str
    question: str
    kind: str
    text: str
    state: str
    reason: Words | None

    def to_json(self) -> dict[str, JSON]:
        """What everyone may see of a published opinion."""
        return {"id": self.id, "question": self.question, "kind": self.kind, "text": self.text}

    def to_moderator(self) -> dict[str, JSON]:
        return {**self.to_json(), "state": self.state, "reason": self.reason}


def read_key(key: str) -> tuple[str, str]:
    """The question and the kind of a text, from the key under which its hash stood."""
    if key.endswith(REASON):
        return key.removesuffix(REASON), BESIDE
    return key, ANSWER
