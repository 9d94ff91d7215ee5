"""Checkpoints: how far a board has grown, signed, as C2SP tlog-checkpoint spells it.

::

    vote.example/polls/0123456789abcdef
    20852
    CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

    — vote.example/polls/0123456789abcdef Az3grlgtzPICa5OS8npVmf1Myq/5…

That is a C2SP signed note of three lines: the origin, the size of the tree, its root.  The
board's Ed25519 key signs them under the origin as its name.  Lines of other signers, such
as witnesses, may follow and are passed over; extension lines are refused.
"""

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import MAX_SAFE_INTEGER
from mvote.core.errors import Invalid
from mvote.core.secrecy.keys import KEY_LENGTH, SIGNATURE_LENGTH, raw_public
from mvote.core.secrecy.merkle import HASH_LENGTH

MAX_BYTES: Final = 64 * 1024
_ED25519: Final = b"\x01"
_KEY_ID_LENGTH: Final = 4
_DASH: Final = "\u2014"
_NAME: Final = re.compile(r"[!-*,-~]{1,200}")
"""ASCII without plus."""
_SIZE: Final = re.compile(r"0|[1-9][0-9]{0,15}")
_SIGNATURE: Final = re.compile(rf"{_DASH} ([^\s+]+) ([A-Za-z0-9+/]+={{0,2}})")
_CONTROL: Final = re.compile(r"[\x00-\x09\x0b-\x1f]")


class CheckpointMalformed(Invalid):
    words = {
        "ko": "게시판의 확인점을 읽을 수 없습니다: {reason}",
        "en": "The checkpoint of the board cannot be read: {reason}",
    }


class CheckpointNotValid(Invalid):
    words = {
        "ko": "이 게시판이 서명한 확인점이 아닙니다.",
        "en": "The board has not signed this checkpoint.",
    }


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The board ``origin`` had ``size`` entries under ``root``, 32 bytes."""

    origin: str
    size: int
    root: bytes


def verifier_key(name: str, public: Ed25519PublicKey) -> str:
    """A key as tools for C2SP notes take it: ``name+id+key``.  Raises ValueError for the name."""
    key = _ED25519 + raw_public(public)
    return f"{_checked(name)}+{_key_id(name, public).hex()}+{_base64(key)}"


def read_verifier_key(spelled: str) -> tuple[str, Ed25519PublicKey]:
    """The name and the key that ``verifier_key`` spelled.  Raises CheckpointMalformed."""
    name, key_id, key = (*spelled.split("+", 2), "", "")[:3]
    try:
        raw = _unbase64(key)
    except ValueError:
        raise CheckpointMalformed(reason="no verifier key") from None
    if raw[:1] != _ED25519 or len(raw) != 1 + KEY_LENGTH or not _NAME.fullmatch(name):
        raise CheckpointMalformed(reason="no verifier key of Ed25519")
    public = Ed25519PublicKey.from_public_bytes(raw[1:])
    if _key_id(name, public).hex() != key_id:
        raise CheckpointMalformed(reason="the key has another id")
    return name, public


def make_checkpoint(board_key: Ed25519PrivateKey, *, origin: str, size: int, root: bytes) -> str:
    """Sign a checkpoint.  Deterministic.  Raises ValueError for what cannot stand in one."""
    if not 0 <= size <= MAX_SAFE_INTEGER or len(root) != HASH_LENGTH:
        raise ValueError("a checkpoint has a size and a root of 32 bytes")
    text = f"{_checked(origin)}\n{size}\n{_base64(root)}\n"
    signature = _key_id(origin, board_key.public_key()) + board_key.sign(text.encode())
    return f"{text}\n{_DASH} {origin} {_base64(signature)}\n"


def read_checkpoint(
    note: str | bytes, *, public: Ed25519PublicKey, origin: str | None = None
) -> Checkpoint:
    """Read a checkpoint and check that ``public`` signed it, for ``origin`` where one is given.

    Raises CheckpointMalformed, CheckpointNotValid.
    """
    text, signatures = _split(note)
    checkpoint = _read_text(text)
    name = checkpoint.origin
    key_id = _key_id(name, public)
    own = [raw[_KEY_ID_LENGTH:] for by, raw in signatures if (by, raw[:4]) == (name, key_id)]
    if not own or (origin is not None and name != origin):
        raise CheckpointNotValid()
    for signature in own:
        _verify(public, signature, text)
    return checkpoint


def parse_checkpoint(note: str | bytes) -> Checkpoint:
    """Read what a checkpoint says, whoever signed it.  Raises CheckpointMalformed."""
    return _read_text(_split(note)[0])


def _split(note: str | bytes) -> tuple[str, list[tuple[str, bytes]]]:
    """The signed text and its signatures by the names of their keys."""
    try:
        spelled = note if isinstance(note, str) else note.decode()
        length = len(spelled.encode())
    except UnicodeError:
        raise CheckpointMalformed(reason="not UTF-8") from None
    if length > MAX_BYTES or _CONTROL.search(spelled):
        raise CheckpointMalformed(reason="too long, or with control characters")
    text, blank, below = spelled.rpartition("\n\n")
    if not blank or not below.endswith("\n"):
        raise CheckpointMalformed(reason="no signed note")
    return text + "\n", [_read_signature(line) for line in below[:-1].split("\n")]


def _read_signature(line: str) -> tuple[str, bytes]:
    found = _SIGNATURE.fullmatch(line)
    try:
        raw = _unbase64(found[2]) if found else b""
    except ValueError:
        raw = b""
    if not found or len(raw) <= _KEY_ID_LENGTH:
        raise CheckpointMalformed(reason="no signature line")
    return found[1], raw


def _read_text(text: str) -> Checkpoint:
    lines = text.split("\n")
    if len(lines) != 4 or not _NAME.fullmatch(lines[0]) or not _SIZE.fullmatch(lines[1]):
        raise CheckpointMalformed(reason="not an origin, a size and a root")
    try:
        root = _unbase64(lines[2])
    except ValueError:
        root = b""
    if len(root) != HASH_LENGTH or int(lines[1]) > MAX_SAFE_INTEGER:
        raise CheckpointMalformed(reason="no root or no size")
    return Checkpoint(lines[0], int(lines[1]), root)


def _verify(public: Ed25519PublicKey, signature: bytes, text: str) -> None:
    if len(signature) != SIGNATURE_LENGTH:
        raise CheckpointNotValid()
    try:
        public.verify(signature, text.encode())
    except InvalidSignature:
        raise CheckpointNotValid() from None


def _checked(name: str) -> str:
    if not _NAME.fullmatch(name) or _CONTROL.search(name):
        raise ValueError("the name of a key has neither spaces nor plus")
    return name


def _key_id(name: str, public: Ed25519PublicKey) -> bytes:
    """Four bytes that name a key in a note."""
    named = name.encode() + b"\n" + _ED25519 + raw_public(public)
    return hashlib.sha256(named).digest()[:_KEY_ID_LENGTH]


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _unbase64(spelled: str) -> bytes:
    """Canonical base64 with padding (RFC 4648 section 4).  Raises ValueError."""
    try:
        raw = base64.b64decode(spelled, validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("not base64") from None
    if _base64(raw) != spelled:
        raise ValueError("not canonical base64")
    return raw
