"""Room passes: "let into this private room, until then", and no word of who.

::

    12345678.2030-12-31T14:00:00Z.<base64url of 64 bytes>

The people wing signs ``"mvote-room-pass-v1" || 0x00 || JCS({"room", "until"})`` with its
issuer key.  Passes end on the borders of a period, so whoever enters a room within the same
period gets the same pass, byte for byte: it leads to nobody.
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import b64u_decode
from mvote.core.eligibility.room import ROOM
from mvote.core.errors import NotAllowed
from mvote.core.secrecy import keys
from mvote.core.times import iso, parse_iso

LABEL = "mvote-room-pass-v1"
HEADER = "Room-Pass"
MOST_PASSES = 4
"""In one header, parted by commas: some polls ask for two rooms."""
_PASSES = re.compile(r"[0-9A-Za-z:._-]+( *, *[0-9A-Za-z:._-]+)*")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class RoomPassNotValid(NotAllowed):
    """Forged, or over; a new one is had by entering the room again."""

    words = {
        "ko": "방 출입증이 올바르지 않거나 기한이 지났습니다. 비밀번호로 다시 들어와 주십시오.",
        "en": "This room pass is not valid or has expired. Please enter the room again.",
    }


class RoomPassNeeded(NotAllowed):
    words = {
        "ko": "비공개 투표입니다. 방 번호와 비밀번호로 들어온 사람만 볼 수 있습니다.",
        "en": "This poll is private. Please enter its room by number and password to see it.",
    }


def make_pass(key: Ed25519PrivateKey, *, room: str, now: datetime, seconds: int) -> str:
    """A pass that lives at least ``seconds`` and less than twice that.  Deterministic."""
    period = timedelta(seconds=max(1, seconds))
    until = iso(_EPOCH + ((now - _EPOCH) // period + 2) * period)
    return f"{room}.{until}.{keys.sign(key, LABEL, {'room': room, 'until': until})}"


def life_of(made: str, *, now: datetime) -> int:
    """How many whole seconds a pass just made will live."""
    return int((parse_iso(made.split(".")[1]) - now).total_seconds())


def read_passes(
    header: str, *, issuers: Iterable[Ed25519PublicKey], now: datetime
) -> frozenset[str]:
    """The rooms that the passes in a header open; an empty one opens none.

    Raises RoomPassNotValid where one of them opens nothing.
    """
    if not header.strip():
        return frozenset()
    if not _PASSES.fullmatch(header.strip()) or header.count(",") >= MOST_PASSES:
        raise RoomPassNotValid()
    known = tuple(issuers)
    return frozenset(_read(one.strip(), known, now=now) for one in header.split(","))


def _read(text: str, issuers: Iterable[Ed25519PublicKey], *, now: datetime) -> str:
    try:
        room, until, spelled = text.split(".")
        signature = b64u_decode(spelled, length=keys.SIGNATURE_LENGTH)
        over = parse_iso(until) <= now
    except ValueError:
        raise RoomPassNotValid() from None
    content = {"room": room, "until": until}
    signed = any(keys.is_signed(key, LABEL, content, signature) for key in issuers)
    if over or not signed or not ROOM.fullmatch(room):
        raise RoomPassNotValid()
    return room
