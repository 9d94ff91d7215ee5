"""Sets of ballots as whole numbers: bit ``i`` is set where ballot ``i`` belongs to the set.

A machine then handles thirty ballots and more at a step, which is what makes a count of a
hundred thousand different rankings quick: who goes where is one ``&`` of two numbers.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, compress
from typing import TypeVar

Key = TypeVar("Key", str, tuple[str, ...])

MOST_KEYS = 255
"""So that a key, and how many of them a ballot holds, is one byte."""
MOST_SETS = 1024
"""Above so many sets (options × places) they cost more than they save: for everyone who goes out
all of them may be looked through."""
BITS = [bytes(48 + (byte >> bit & 1) for byte in range(256)) for bit in range(8)]
"""For every bit of a byte the text of that digit, ``0`` or ``1``, by byte."""


@dataclass(frozen=True, slots=True)
class BallotSets:
    """Rankings seen from their places: ``at[place][option]`` are the ballots that have it there.

    ``everyone`` are all ballots.  ``digits`` are the weights in binary, the ones first: the
    ballots whose weight has that digit; empty where every ballot weighs one.
    """

    at: Sequence[Mapping[str, int]]
    everyone: int
    digits: Sequence[int] = ()

    def weight(self, ballots: int) -> int:
        """How much the ballots of a set weigh together."""
        if not self.digits:
            return ballots.bit_count()
        return sum(
            (ballots & digit).bit_count() << power for power, digit in enumerate(self.digits)
        )

    def up_to(self, places: int | None) -> "BallotSets":
        """The same ballots without what stands below so many places."""
        return replace(self, at=self.at[:places])

    def repeats(self) -> bool:
        """Whether an option stands twice on a ballot."""
        seen: dict[str, int] = {}
        for place in self.at:
            for one, ballots in place.items():
                before = seen.get(one, 0)
                if before & ballots:
                    return True
                seen[one] = before | ballots
        return False


def pays(keys: int, places: int) -> bool:
    """Whether sets can be made of so many keys on so many places, and are quick."""
    return max(keys, places) <= MOST_KEYS and keys * places <= MOST_SETS


def ballot_sets(
    rows: Sequence[Sequence[Key]],
    weights: Sequence[int],
    members: Mapping[Key, Iterable[str]],
) -> BallotSets:
    """The sets of rows of keys (options, or ranks of several), the best first.

    ``weights`` are empty where every row weighs one; ``members`` are the options of every key,
    at most 255 keys, and a row has no more.  Raises KeyError for a key that has none.
    """
    groups, heavy = _by_length(rows, weights)
    return BallotSets(_places(groups, members), (1 << len(rows)) - 1, _digits(heavy))


def _by_length(
    rows: Sequence[Sequence[Key]], weights: Sequence[int]
) -> tuple[dict[int, Sequence[Sequence[Key]]], Sequence[int]]:
    """The rows by how many keys they hold, the shortest first, and the weights in that order."""
    lengths = bytes(map(len, rows))
    different = sorted(set(lengths))
    if len(different) <= 1:
        return dict.fromkeys(different, rows), weights
    groups: dict[int, Sequence[Sequence[Key]]] = {}
    heavy: list[int] = []
    for length in different:
        chosen = lengths.translate(bytes(one == length for one in range(256)))
        groups[length] = list(compress(rows, chosen))
        heavy += compress(weights, chosen)
    return groups, heavy


def _places(
    groups: Mapping[int, Sequence[Sequence[Key]]], members: Mapping[Key, Iterable[str]]
) -> list[dict[str, int]]:
    """Rows long enough for a place are the last, which are the low bits."""
    code = {key: at for at, key in enumerate(members)}
    columns: list[list[bytes]] = [[] for _ in range(max(groups, default=0))]
    for length, rows in groups.items():
        flat = bytes(map(code.__getitem__, chain.from_iterable(rows)))
        for place in range(length):
            columns[place].append(flat[place::length])
    digits = _tables(code, members)
    return [
        {
            one: ballots
            for one, table in digits.items()
            if (ballots := int(column.translate(table), 2))
        }
        for column in map(b"".join, columns)
    ]


def _tables(code: Mapping[Key, int], members: Mapping[Key, Iterable[str]]) -> dict[str, bytes]:
    """For every option a table that turns the codes of its keys to ``1`` and others to ``0``."""
    tables: dict[str, bytearray] = {}
    for key, options in members.items():
        for one in options:
            tables.setdefault(one, bytearray(b"0" * 256))[code[key]] = ord("1")
    return {one: bytes(table) for one, table in tables.items()}


def _digits(weights: Sequence[int]) -> list[int]:
    """The weights, each a column of binary digits."""
    most = max(weights, default=1)
    if most == min(weights, default=1) == 1:
        return []
    width = (most.bit_length() + 7) // 8
    flat = b"".join([weight.to_bytes(width, "big") for weight in weights])
    return [
        int(flat[width - 1 - power // 8 :: width].translate(BITS[power % 8]), 2)
        for power in range(most.bit_length())
    ]
