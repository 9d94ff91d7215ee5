"""Receipts: the board's signed promise that a ballot will be on it by a given time.

::

    {"v":1, "poll":"…", "leaf":"<32 bytes>", "include_by":"2030-01-31T18:00:00Z",
     "origin":"…", "sig":"…"}

The board key signs ``"mvote-receipt-v1" || 0x00 || JCS(receipt without sig)``.  Nothing in
it depends on when the ballot came, so every retry gets the same bytes and nothing of the
time is kept.
"""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import JSON, b64u
from mvote.core.errors import Invalid
from mvote.core.ids import crockford
from mvote.core.secrecy import exact, keys
from mvote.core.times import iso, parse_iso

LABEL: Final = "mvote-receipt-v1"
LEAF_LENGTH: Final = 32
_ORIGIN: Final = re.compile(r"[!-~]{1,200}")
_TIME: Final = re.compile(r"[0-9TZ:-]{20}")
_KEYS: Final = frozenset({"v", "poll", "leaf", "include_by", "origin", "sig"})


class ReceiptMalformed(Invalid):
    words = {
        "ko": "접수증의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the receipt is not what it has to be.",
    }


class ReceiptNotValid(Invalid):
    words = {
        "ko": "이 투표의 게시판이 이 표에 대해 서명한 접수증이 아닙니다.",
        "en": "The board of this poll has not signed this receipt for this ballot.",
    }


@dataclass(frozen=True, slots=True)
class Receipt:
    """``leaf`` 32 bytes, ``include_by`` as ``core.times`` spells it, ``origin`` the board."""

    poll: str
    leaf: bytes
    include_by: str
    origin: str
    sig: bytes

    @property
    def tracker(self) -> str:
        return tracker(self.leaf)

    def to_json(self) -> dict[str, JSON]:
        content = _content(self.poll, self.leaf, self.include_by, self.origin)
        return {**content, "sig": b64u(self.sig)}


def tracker(leaf: bytes) -> str:
    """What a person compares: the first 80 bits of the leaf, 16 characters."""
    return crockford(leaf)


def include_by(*, closes: str, grace_seconds: int, outage_seconds: int = 0) -> str:
    """By when a ballot has to be on the board, all of it frozen: closing, outages, grace.

    ``outage_seconds`` is by how much outages may move the closing at most.  A time that grew
    with them would tell of every receipt on which side of an outage it was given.
    """
    return iso(parse_iso(closes) + timedelta(seconds=grace_seconds + outage_seconds))


def make_receipt(
    board_key: Ed25519PrivateKey, *, poll: str, leaf: bytes, include_by: str, origin: str
) -> Receipt:
    """Sign a receipt.  Deterministic.  Raises ReceiptMalformed when a fact cannot stand in one."""
    content = _content(poll, leaf, include_by, origin)
    return read_receipt({**content, "sig": keys.sign(board_key, LABEL, content)})


def read_receipt(value: JSON) -> Receipt:
    """Read the form of a receipt strictly.  Raises ReceiptMalformed."""
    try:
        fields = exact.record(value, "receipt", _KEYS)
        exact.version(fields)
        return Receipt(
            poll=exact.matching(fields, "poll", exact.IDENTIFIER),
            leaf=exact.raw(fields, "leaf", length=LEAF_LENGTH),
            include_by=_read_time(fields),
            origin=exact.matching(fields, "origin", _ORIGIN),
            sig=exact.raw(fields, "sig", length=keys.SIGNATURE_LENGTH),
        )
    except exact.Fault as fault:
        raise ReceiptMalformed(field=fault.field) from None


def verify_receipt(
    receipt: Receipt, *, board_key: Ed25519PublicKey, poll: str, leaf: bytes
) -> None:
    """The board of this poll promised this ballot its place.  Raises ReceiptNotValid."""
    content = _content(receipt.poll, receipt.leaf, receipt.include_by, receipt.origin)
    if (receipt.poll, receipt.leaf) != (poll, leaf) or not keys.is_signed(
        board_key, LABEL, content, receipt.sig
    ):
        raise ReceiptNotValid()


def _content(poll: str, leaf: bytes, include_by: str, origin: str) -> dict[str, JSON]:
    return {"v": 1, "poll": poll, "leaf": b64u(leaf), "include_by": include_by, "origin": origin}


def _read_time(fields: dict[str, JSON]) -> str:
    text = exact.matching(fields, "include_by", _TIME)
    try:
        parse_iso(text)
    except ValueError:
        raise exact.Fault("include_by") from None
    return text
