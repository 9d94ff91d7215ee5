"""What stands on a board, what is told of it, and what the audit log hears."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.secrecy.ballot import Ballot

POLL, BALLOT, CLOSE, CANCEL = "poll", "ballot", "close", "cancel"
SUSPEND, RESUME = "suspend", "resume"
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
class Incoming:
    """A ballot that was checked and has to be stored.  ``body`` is its JCS text."""

    poll: str
    leaf: bytes
    voter_key: bytes
    seq: int
    body: str

    @classmethod
    def of(cls, ballot: Ballot) -> "Incoming":
        body = ballot.canonical.decode()
        return cls(ballot.poll, ballot.leaf, ballot.holder, ballot.seq, body)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of the board as everyone may see it: no ballot is shown by its hash."""

    position: int
    kind: str
    leaf: bytes


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


def close_entry(*, ballots: int, voters: int, issued: int, issued_sha256: str) -> dict[str, JSON]:
    """The last entry of a board.  It commits to everything that the result depends on."""
    return {
        "type": CLOSE,
        "counts": {"ballots": ballots, "voters": voters},
        "issued": issued,
        "issued_sha256": issued_sha256,
    }
