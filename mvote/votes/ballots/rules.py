"""What stands on a board, what is told of it, and what the audit log hears."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.questions.private_texts import PrivateText
from mvote.core.secrecy.ballot import Ballot
from mvote.core.text import Words

POLL, BALLOT, CLOSE, CANCEL = "poll", "ballot", "close", "cancel"
SUSPEND, RESUME, NOTE = "suspend", "resume", "note"
LAST = (CLOSE, CANCEL)
"""Kinds behind which nothing stands."""


@dataclass(frozen=True, slots=True)
class BoardBatchSealed(Happening):
    """``n`` ballots moved to the board together; ``size`` counts its entries from then on."""

    n: int
    size: int


@dataclass(frozen=True, slots=True)
class BoardDoesNotAddUp(Happening):
    """More voted than permits were issued: the poll stays unclosed until somebody looks."""

    voters: int
    issued: int


@dataclass(frozen=True, slots=True)
class BoardFoundBehind(Happening):
    """The database holds ``size`` entries, and not the tree of ``published`` that was shown."""

    published: int
    size: int


@dataclass(frozen=True, slots=True)
class ComplaintFiled(Happening):
    """``complaint`` is its tracking number; ``due`` is when the city owes an answer."""

    complaint: str
    due: str


@dataclass(frozen=True, slots=True)
class ComplaintDecided(Happening):
    complaint: str
    upheld: bool
    by: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """A ballot that was checked and has to be stored.

    ``body`` is its JCS text; ``texts`` came beside it and are no part of it.
    """

    poll: str
    leaf: bytes
    voter_key: bytes
    seq: int
    body: str
    texts: tuple[PrivateText, ...] = ()

    @classmethod
    def of(cls, ballot: Ballot, texts: tuple[PrivateText, ...] = ()) -> "Incoming":
        body = ballot.canonical.decode()
        return cls(ballot.poll, ballot.leaf, ballot.holder, ballot.seq, body, texts)


@dataclass(frozen=True, slots=True)
class SharedReason:
    """Why ``n`` voters chose an option, all in the words of ``text``."""

    question: str
    option: str
    text: str
    n: int


def plain_reason(text: str) -> str:
    """Words by which reasons are held for the same: spaces and capitals make no difference."""
    return " ".join(text.split()).casefold()


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the board as everyone may see it: no ballot is shown by its hash."""

    position: int
    kind: str
    leaf: bytes


@dataclass(frozen=True, slots=True)
class Tree:
    """How far a board had grown: ``root`` 32 bytes, ``checkpoint`` the signed text about it.

    ``at`` is the time of the last batch.
    """

    size: int
    root: bytes
    voters: int
    at: datetime
    checkpoint: str


@dataclass(frozen=True, slots=True)
class Place:
    """A leaf on the board and the hashes that lead from it to the root."""

    position: int
    leaf: bytes
    proof: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Complaint:
    """``signed`` is what the board signed; the rest is what became of it."""

    number: str
    poll: str
    signed: Mapping[str, JSON]
    filed_at: datetime
    due_at: datetime
    answered_at: datetime | None
    upheld: bool | None
    answer: Words | None


@dataclass(frozen=True, slots=True)
class Turnout:
    """``voters_at_least`` is rounded down to ``step``; ``as_of`` is the time of the last batch."""

    voters_at_least: int
    step: int
    as_of: datetime | None


def in_steps(voters: int, step: int) -> int:
    """Voters rounded down, so that watching the number does not tell when one person voted."""
    return voters // step * step


def board_origin(public_url: str, poll: str) -> str:
    """The name of a poll's board in receipts: the public host and the poll."""
    return f"{urlsplit(public_url).netloc}/polls/{poll}"


def close_entry(
    *,
    ballots: int,
    voters: int,
    issued: int,
    issued_sha256: str,
    apart: Mapping[str, int] | None = None,
) -> dict[str, JSON]:
    """The last entry of a board.  It commits to everything that the result depends on.

    ``apart`` is how many permits are counted apart by rule; nothing stands there without rules.
    """
    made: dict[str, JSON] = {
        "type": CLOSE,
        "counts": {"ballots": ballots, "voters": voters},
        "issued": issued,
        "issued_sha256": issued_sha256,
    }
    return made if apart is None else made | {"quarantine": dict(apart)}


def prefix_digits(size: int, *, least: int) -> int:
    """How many hexadecimal digits of a leaf still match at least ``least`` leaves on average.

    A longer prefix would tell the board whose leaf is looked for.
    """
    digits = 0
    while size >> 4 * (digits + 1) >= max(1, least):
        digits += 1
    return digits
