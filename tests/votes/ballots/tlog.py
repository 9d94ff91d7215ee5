"""A reader of tiled logs, written from the C2SP texts alone: it imports nothing of mvote.

signed-note, tlog-checkpoint and tlog-tiles lie in ``../shared/data/vectors/c2sp``.
"""

import base64
import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

Fetch = Callable[[str], bytes]
"""Gives the body of a resource below the log's prefix; raises where there is none."""


@dataclass(frozen=True)
class Head:
    """What a checkpoint says, its signature checked."""

    origin: str
    size: int
    root: bytes


def open_note(note: bytes, vkey: str) -> str:
    """The text of a signed note, verified with a verifier key (signed-note)."""
    assert not any(byte < 0x20 and byte != 0x0A for byte in note)
    text, _, signatures = note.decode("utf-8").rpartition("\n\n")
    text += "\n"
    name, key_id, spelled_key = vkey.split("+", 2)
    key = base64.b64decode(spelled_key, validate=True)
    assert key[0] == 0x01, "Ed25519"
    assert hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8] == key_id
    verified = 0
    for line in signatures.splitlines():
        dash, signer, spelled = line.split(" ")
        assert dash == "—"
        raw = base64.b64decode(spelled, validate=True)
        if (signer, raw[:4].hex()) == (name, key_id):
            Ed25519PublicKey.from_public_bytes(key[1:]).verify(raw[4:], text.encode())
            verified += 1
    assert verified, "no signature of a known key"
    return text


def vkey_of(name: str, public: bytes) -> str:
    """The verifier key of an Ed25519 key."""
    key = b"\x01" + public
    key_id = hashlib.sha256(name.encode() + b"\n" + key).hexdigest()[:8]
    return f"{name}+{key_id}+{base64.b64encode(key).decode()}"


def read_head(note: bytes, vkey: str) -> Head:
    """tlog-checkpoint: origin, size without leading zeros, root in base64."""
    origin, size, root, *extensions, end = open_note(note, vkey).split("\n")
    assert origin
    assert size == str(int(size))
    assert all(extensions)
    assert end == ""
    return Head(origin, int(size), base64.b64decode(root, validate=True))


def path_of(level: int | str, number: int, width: int) -> str:
    """tlog-tiles: groups of three digits, all but the last behind an x; ``.p/W`` where partial."""
    groups = [f"{number % 1000:03}"]
    while number := number // 1000:
        groups.insert(0, f"x{number % 1000:03}")
    partial = f".p/{width}" if width < 256 else ""
    return f"tile/{level}/{'/'.join(groups)}{partial}"


def read_hashes(fetch: Fetch, size: int, level: int = 0) -> list[bytes]:
    """Every hash of a level for a tree of this size."""
    return [
        data[at : at + 32]
        for number, width in _widths(size >> 8 * level)
        for data in [fetch(path_of(level, number, width))]
        for at in range(0, 32 * width, 32)
        if len(data) == 32 * width or _fail(level, number)
    ]


def read_entries(fetch: Fetch, size: int) -> list[bytes]:
    """Every entry: bundles of big-endian uint16 lengths and entries."""
    found = []
    for number, width in _widths(size):
        data, count = fetch(path_of("entries", number, width)), 0
        while data:
            length = int.from_bytes(data[:2], "big")
            assert len(data) >= 2 + length
            found.append(data[2 : 2 + length])
            data, count = data[2 + length :], count + 1
        assert count == width
    return found


def tree_hash(hashes: list[bytes]) -> bytes:
    """MTH of RFC 6962 section 2.1, by its definition."""
    if not hashes:
        return hashlib.sha256(b"").digest()
    if len(hashes) == 1:
        return hashes[0]
    k = 1
    while 2 * k < len(hashes):
        k *= 2
    return hashlib.sha256(b"\x01" + tree_hash(hashes[:k]) + tree_hash(hashes[k:])).digest()


def read_log(fetch: Fetch, vkey: str) -> tuple[Head, list[bytes]]:
    """The head and all leaf hashes; every level of tiles is checked against the level below."""
    head = read_head(fetch("checkpoint"), vkey)
    leaves = below = read_hashes(fetch, head.size)
    assert tree_hash(leaves) == head.root
    level = 1
    while head.size >> 8 * level:
        above = read_hashes(fetch, head.size, level)
        full = [below[at : at + 256] for at in range(0, len(below) - 255, 256)]
        assert above == [tree_hash(tile) for tile in full]
        below, level = above, level + 1
    return head, leaves


def leaf_hash(entry: bytes) -> bytes:
    return hashlib.sha256(b"\x00" + entry).digest()


def _widths(count: int) -> list[tuple[int, int]]:
    full, rest = divmod(count, 256)
    return [(number, 256) for number in range(full)] + ([(full, rest)] if rest else [])


def _fail(level: int, number: int) -> bool:
    raise AssertionError(f"tile {level}/{number} has another width")
