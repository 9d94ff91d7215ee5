"""The list of issued permits: millions of hashes, read piece by piece and never held.

::

    {"eligible":1000,"hashes":["<64 hexadecimal digits>",…],"issued":250}

Canonical form leaves one spelling only, so a pattern reads it.
"""

import hashlib
import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from mvote.core.secrecy.exact import Fault

_NUMBER: Final = rb"(0|[1-9][0-9]{0,15})"
_HEAD: Final = re.compile(rb'\{"eligible":(null|0|[1-9][0-9]{0,15}),"hashes":\[')
_TAIL: Final = re.compile(rb'(?:"([0-9a-f]{64})")?\],"issued":' + _NUMBER + rb"\}")
_ITEMS: Final = re.compile(rb'(?:"[0-9a-f]{64}",)*')
_LONGEST_END: Final = len('"",') + 64 + len('],"issued":}') + 16


class IssuedList(NamedTuple):
    """``sha256`` is that of the canonical list of hashes, ``number`` how many stand in it."""

    eligible: int | None
    issued: int
    number: int
    sha256: str


def read_issued(pieces: Iterator[bytes]) -> IssuedList:
    """Read the list to its end; hashes have to be sorted, each once.  Raises exact.Fault.

    ``pieces`` have to be longer than what stands before the hashes, but for the last.
    """
    left = next(pieces, b"")
    head = _HEAD.match(left)
    if head is None:
        raise Fault("issued.json")
    hashes = _Hashes()
    left = left[head.end() :]
    for piece in pieces:
        left = hashes.take(left) + piece
        if len(left) > len(piece) + _LONGEST_END:
            raise Fault("hashes")
    left = hashes.take(left)
    tail = _TAIL.fullmatch(left)
    if tail is None or (tail[1] is None and hashes.number):
        raise Fault("issued.json")
    if tail[1] is not None:
        hashes.add([tail[1]], b'"' + tail[1] + b'"')
    eligible = None if head[1] == b"null" else int(head[1])
    return IssuedList(eligible, int(tail[2]), hashes.number, hashes.sha256())


class _Hashes:
    """Hashes so far: how many, the last of them, and the digest of their list."""

    def __init__(self) -> None:
        self.number = 0
        self._last = b""
        self._digest = hashlib.sha256(b"[")

    def take(self, spelled: bytes) -> bytes:
        """Take all items that have a comma behind them; returns what is left."""
        items = _ITEMS.match(spelled)
        if items and items[0]:
            self.add(items[0][1:-2].split(b'","'), items[0])
            return spelled[items.end() :]
        return spelled

    def add(self, items: list[bytes], spelled: bytes) -> None:
        if any(one >= other for one, other in pairwise([self._last, *items])):
            raise Fault("hashes")
        self.number += len(items)
        self._last = items[-1]
        self._digest.update(spelled)

    def sha256(self) -> str:
        made = self._digest.copy()
        made.update(b"]")
        return made.hexdigest()
