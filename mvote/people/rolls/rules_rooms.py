"""Private rooms: their numbers and words, what a pass comes to, happenings."""

import secrets
from dataclasses import dataclass

from mvote.audit.rules import Happening
from mvote.core.eligibility.room import ROOM_DIGITS
from mvote.core.text import Words
from mvote.people.identity.rules import keyed

MOST_ROOM_WORDS = 200
MOST_ROOM_PASSWORD = 200


@dataclass(frozen=True, slots=True)
class Room:
    number: str
    words: Words
    department: str
    closed: bool


@dataclass(frozen=True, slots=True)
class RoomPass:
    """What opens the room, and for how many seconds."""

    room_pass: str
    expires_in: int


def new_number() -> str:
    """Eight random digits: short enough to read aloud, too many to try."""
    return f"{secrets.randbelow(10**ROOM_DIGITS):0{ROOM_DIGITS}d}"


def tries_mac(pepper: bytes, account: str) -> bytes:
    """Stands for an account where its tries at rooms are counted."""
    return keyed(pepper, b"room" + account.encode())


@dataclass(frozen=True, slots=True)
class RoomMade(Happening):
    """The subject is the number of the room."""

    department: str
    by: str


@dataclass(frozen=True, slots=True)
class RoomPasswordChanged(Happening):
    by: str


@dataclass(frozen=True, slots=True)
class RoomClosed(Happening):
    by: str
