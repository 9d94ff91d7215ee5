"""The votes of a pool as a matrix, and how often each statement was agreed to."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

AGREE, PASS, DISAGREE = 1, 0, -1
MISSING = -128
"""No vote: neither counted nor taken for a pass."""

Cast = tuple[str, str, int]
"""Who, on which statement, and the vote: 1 agree, 0 pass, -1 disagree."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How a statement was voted on, by all or by a group."""

    agree: int
    disagree: int
    passed: int

    @property
    def seen(self) -> int:
        """All votes, passes too."""
        return self.agree + self.disagree + self.passed


@dataclass(frozen=True)
class VoteMatrix:
    """``cells[i, j]`` is the vote of participant i on statement j, or MISSING.

    Both are in the order of their ids, whatever order the votes came in.
    """

    participants: tuple[str, ...]
    statements: tuple[str, ...]
    cells: NDArray[np.int8]

    def counts(self, members: Collection[str] | None = None) -> Mapping[str, Counts]:
        """By statement the votes of ``members``, or of all; members without a vote add none."""
        cells = self.cells
        if members is not None:
            wanted = set(members)
            cells = cells[[one in wanted for one in self.participants]]
        columns = (np.count_nonzero(cells == vote, axis=0) for vote in (AGREE, DISAGREE, PASS))
        numbers = zip(*(column.tolist() for column in columns), strict=True)
        return {one: Counts(*three) for one, three in zip(self.statements, numbers, strict=True)}


def in_order(name: str) -> tuple[int, str]:
    """Sorts ids that are numbers by size, and others by length and then letters."""
    return len(name), name


def vote_matrix(votes: Iterable[Cast]) -> VoteMatrix:
    """The matrix of votes in the order they were cast: the last of each person counts.

    Raises ValueError for a vote that is none of 1, 0 and -1.
    """
    rows: dict[str, int] = {}
    columns: dict[str, int] = {}
    at: dict[tuple[int, int], int] = {}
    for who, what, vote in votes:
        at[rows.setdefault(who, len(rows)), columns.setdefault(what, len(columns))] = vote
    cells = np.full((len(rows), len(columns)), MISSING, dtype=np.int8)
    if at:
        given = np.fromiter(at.values(), dtype=np.int64, count=len(at))
        if np.abs(given).max() > 1:
            raise ValueError("a vote is 1, 0 or -1")
        places = np.array(list(at), dtype=np.intp)
        cells[places[:, 0], places[:, 1]] = given
    people, statements = sorted(rows, key=in_order), sorted(columns, key=in_order)
    order = np.ix_([rows[one] for one in people], [columns[one] for one in statements])
    return VoteMatrix(tuple(people), tuple(statements), cells[order] if at else cells)
