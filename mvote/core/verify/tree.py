"""Roots of a tree that grows leaf by leaf, in logarithmic memory (RFC 9162 section 2.1)."""

from mvote.core.secrecy.merkle import EMPTY_ROOT, node_hash


class GrowingTree:
    """Keeps the roots of its complete subtrees, the largest first."""

    def __init__(self) -> None:
        self.size = 0
        self._roots: list[bytes] = []

    def append(self, leaf: bytes) -> None:
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
