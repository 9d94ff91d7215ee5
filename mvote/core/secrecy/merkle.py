"""Merkle trees (RFC 9162 section 2.1, SHA-256), and their storage in tiles (C2SP tlog-tiles).

A tile holds up to 256 hashes of 32 bytes, left to right.  Tiles of level 0 hold leaf hashes;
each hash of a level above is the root of a full tile below.  A tile only ever grows at its
end, so the tree of any earlier size can be read from the tiles of today.
"""

import hashlib
from collections.abc import Iterable, Sequence
from itertools import islice
from typing import Final, Protocol

HASH_LENGTH: Final = 32
TILE_WIDTH: Final = 256
TILE_HEIGHT: Final = 8
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()
_TILE_BYTES: Final = TILE_WIDTH * HASH_LENGTH
_CHUNK: Final = 256 * TILE_WIDTH
_KEPT_TILES: Final = 256


class TreeDamaged(Exception):
    """A tile lacks hashes that the tree of this size has."""


class Tiles(Protocol):
    """Where tiles are kept.  ``number`` counts the tiles of a level from 0."""

    def get(self, level: int, number: int) -> bytes:
        """The hashes of a tile joined, at least those that were put; nothing if none were."""
        ...

    def put(self, level: int, number: int, data: bytes) -> None:
        """Keep a tile, in place of a shorter one that it begins with."""
        ...


class MemoryTiles:
    """Tiles in memory: for tests, and for trees that are rebuilt from their entries."""

    def __init__(self) -> None:
        self.kept: dict[tuple[int, int], bytes] = {}

    def get(self, level: int, number: int) -> bytes:
        return self.kept.get((level, number), b"")

    def put(self, level: int, number: int, data: bytes) -> None:
        self.kept[level, number] = data


def leaf_hash(entry: bytes) -> bytes:
    """The hash of an entry's bytes."""
    return hashlib.sha256(b"\0" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


class GrowingTree:
    """A root that grows leaf by leaf, in logarithmic memory; keeps no leaf."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []  # of complete subtrees, the largest first

    def append(self, leaf: bytes) -> None:
        """Take one more leaf hash in."""
        self.size += 1
        made, place = leaf, self.size
        while not place & 1:
            made = node_hash(self._roots.pop(), made)
            place >>= 1
        self._roots.append(made)

    def root(self) -> bytes:
        """The root over all leaves so far."""
        if not self._roots:
            return EMPTY_ROOT
        root = self._roots[-1]
        for left in reversed(self._roots[:-1]):
            root = node_hash(left, root)
        return root


def root_of(hashes: Iterable[bytes]) -> bytes:
    """The root over leaf hashes, in one pass."""
    tree = GrowingTree()
    for one in hashes:
        tree.append(one)
    return tree.root()


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Whether the leaf stands at ``index`` in the tree of ``size`` (RFC 9162 section 2.1.3.2)."""
    if not 0 <= index < size or not _are_hashes(leaf, root, *proof):
        return False
    place, last, made = index, size - 1, leaf
    for other in proof:
        if last == 0:
            return False
        if place & 1 or place == last:
            made = node_hash(other, made)
            place, last = _climb(place, last)
        else:
            made = node_hash(made, other)
        place, last = place >> 1, last >> 1
    return last == 0 and made == root


def verify_consistency(
    old_size: int, size: int, old_root: bytes, root: bytes, proof: Sequence[bytes]
) -> bool:
    """Whether the tree of ``size`` begins with that of ``old_size`` (RFC 9162 section 2.1.4.2)."""
    if not 0 < old_size <= size or not _are_hashes(old_root, root, *proof):
        return False
    if old_size == size:
        return not proof and old_root == root
    steps = list(proof)
    if old_size & (old_size - 1) == 0:
        steps.insert(0, old_root)
    if not steps:
        return False
    place, last = old_size - 1, size - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    old_made = made = steps[0]
    for other in steps[1:]:
        if last == 0:
            return False
        if place & 1 or place == last:
            old_made, made = node_hash(other, old_made), node_hash(other, made)
            place, last = _climb(place, last)
        else:
            made = node_hash(made, other)
        place, last = place >> 1, last >> 1
    return last == 0 and old_made == old_root and made == root


def _climb(place: int, last: int) -> tuple[int, int]:
    """Past the levels at which a subtree at the right edge has no sibling."""
    while place and not place & 1:
        place, last = place >> 1, last >> 1
    return place, last


def _are_hashes(*hashes: bytes) -> bool:
    return all(len(one) == HASH_LENGTH for one in hashes)


class TileTree:
    """A tree of ``size`` leaves in tiles.  One thread at a time uses one."""

    def __init__(self, tiles: Tiles, size: int = 0) -> None:
        self._tiles = tiles
        self._size = size
        self._folded: dict[tuple[int, int], list[bytes]] = {}

    @property
    def size(self) -> int:
        return self._size

    def append(self, hashes: Iterable[bytes]) -> int:
        """Add leaf hashes at the end; returns the new size.  Each tile is put once.

        Raises TreeDamaged, and ValueError for what is no hash; then nothing may be kept of
        what was put.
        """
        edges: dict[int, bytes] = {}
        left = iter(hashes)
        while chunk := list(islice(left, _CHUNK)):
            if not _are_hashes(*chunk):
                raise ValueError(f"a leaf hash has {HASH_LENGTH} bytes")
            self._push(edges, b"".join(chunk))
            self._size += len(chunk)
        for level, data in edges.items():
            if data:
                self._put(level, self._size >> TILE_HEIGHT * (level + 1), data)
        return self._size

    def root(self, size: int | None = None) -> bytes:
        """The root, of an earlier size where one is given.  Raises ValueError, TreeDamaged."""
        asked = self._size if size is None else size
        self._check(0 <= asked <= self._size)
        return self._range(0, asked) if asked else EMPTY_ROOT

    def inclusion(self, index: int, size: int) -> list[bytes]:
        """The proof that ``index`` is a leaf of the tree of ``size`` (RFC 9162 section 2.1.3.1).

        Raises ValueError, TreeDamaged.
        """
        self._check(0 <= index < size <= self._size)
        proof: list[bytes] = []
        start, end = 0, size
        while end - start > 1:
            middle = start + _largest_power_below(end - start)
            if index < middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start = middle
        return proof[::-1]

    def consistency(self, old_size: int, size: int) -> list[bytes]:
        """The proof that the tree of ``size`` extends the older one (RFC 9162 section 2.1.4.1).

        Raises ValueError, TreeDamaged.
        """
        self._check(0 < old_size <= size <= self._size)
        proof: list[bytes] = []
        start, end = 0, size
        while old_size < end:
            middle = start + _largest_power_below(end - start)
            if old_size <= middle:
                proof.append(self._range(middle, end))
                end = middle
            else:
                proof.append(self._range(start, middle))
                start = middle
        if start > 0:  # else the old root itself, which the verifier has
            proof.append(self._range(start, end))
        return proof[::-1]

    @staticmethod
    def _check(within: bool) -> None:
        if not within:
            raise ValueError("the tree has no such leaf or size")

    def _push(self, edges: dict[int, bytes], data: bytes) -> None:
        """Add joined hashes at level 0 and what becomes full to the levels above."""
        level = 0
        while data:
            if level not in edges:
                edges[level] = self._edge(level)
            first, data, roots = self._number(level), edges[level] + data, []
            tiles = len(data) // _TILE_BYTES
            for tile in range(tiles):
                full = data[tile * _TILE_BYTES : (tile + 1) * _TILE_BYTES]
                self._put(level, first + tile, full)
                roots.append(_fold(full)[-1])
            edges[level] = data[tiles * _TILE_BYTES :]
            level, data = level + 1, b"".join(roots)

    def _number(self, level: int) -> int:
        """Which tile is the last of a level, at the size of now."""
        return self._size >> TILE_HEIGHT * (level + 1)

    def _edge(self, level: int) -> bytes:
        """The hashes of a level that are in no full tile yet."""
        width = (self._size >> TILE_HEIGHT * level) % TILE_WIDTH
        data = self._tiles.get(level, self._number(level)) if width else b""
        if len(data) < width * HASH_LENGTH:
            raise TreeDamaged(f"level {level} ends too early")
        return data[: width * HASH_LENGTH]

    def _put(self, level: int, number: int, data: bytes) -> None:
        self._tiles.put(level, number, data)
        self._folded.pop((level, number), None)

    def _range(self, start: int, end: int) -> bytes:
        """The root over the leaves from ``start`` up to ``end``, a subtree of some tree."""
        width = end - start
        if width & (width - 1) == 0:
            height = width.bit_length() - 1
            return self._node(height, start >> height)
        middle = start + _largest_power_below(width)
        return node_hash(self._range(start, middle), self._range(middle, end))

    def _node(self, height: int, index: int) -> bytes:
        """The root of a complete subtree of ``2 ** height`` leaves."""
        level, rise = divmod(height, TILE_HEIGHT)
        number, place = divmod(index, TILE_WIDTH >> rise)
        rows = self._rows(level, number)
        found = rows[rise][place * HASH_LENGTH :][:HASH_LENGTH] if rise < len(rows) else b""
        if len(found) != HASH_LENGTH:
            raise TreeDamaged(f"tile {number} of level {level} is too short")
        return found

    def _rows(self, level: int, number: int) -> list[bytes]:
        """A tile and the complete subtrees over it, row upon row."""
        found = self._folded.get((level, number))
        if found is None:
            if len(self._folded) >= _KEPT_TILES:
                self._folded.clear()
            found = self._folded[level, number] = _fold(self._tiles.get(level, number))
        return found


def _fold(row: bytes) -> list[bytes]:
    """Rows of hashes, each over two of the row below; what stands alone at an end is left out."""
    rows, sha256 = [row], hashlib.sha256
    while len(row) >= 2 * HASH_LENGTH:
        pairs = range(0, len(row) - HASH_LENGTH, 2 * HASH_LENGTH)
        row = b"".join([sha256(b"\1" + row[at : at + 64]).digest() for at in pairs])
        rows.append(row)
    return rows


def _largest_power_below(number: int) -> int:
    """The largest power of two that is smaller than ``number``, from 2."""
    return 1 << (number - 1).bit_length() - 1
