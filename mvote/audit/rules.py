"""The shape of a happening and the hash that chains it."""

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.times import iso

CHAIN_START = bytes(32)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something that happened, named in the past tense, without personal payload.

    Subclasses add fields of JSON types.  ``subject`` is what it happened to: the
    id of a poll, a record, an account of an official, or the name of a list.
    """

    subject: str

    @property
    def name(self) -> str:
        return type(self).__name__

    def body(self) -> dict[str, JSON]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log as a reader sees it."""

    id: int
    at: datetime
    name: str
    subject: str
    body: JSON


def link(previous: bytes, entry: Entry) -> bytes:
    """The chain's next hash: SHA-256 over the previous hash and the canonical row."""
    row = {
        "id": entry.id,
        "at": iso(entry.at),
        "name": entry.name,
        "subject": entry.subject,
        "body": entry.body,
    }
    return hashlib.sha256(previous + canonical_bytes(row)).digest()
