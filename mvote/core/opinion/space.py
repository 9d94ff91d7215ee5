"""Where participants stand: the plane of the two directions in which votes differ most."""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from mvote.core.opinion.votes import MISSING

Floats = NDArray[np.float64]

DIRECTIONS = 2
DECIMALS = 9
"""Positions are rounded to these, so that how sums are ordered in a machine does not show."""

ROWS_AT_ONCE = 4096
NOTHING = 1e-12


def positions(cells: NDArray[np.int8]) -> Floats:
    """A point for each participant, shape (participants, 2).

    Principal components with missing votes as missing: a statement is centred on the mean of
    the votes it got, and a missing vote is that mean, so it pulls in no direction.  A participant
    is projected by the votes that there are, and pushed out by the square root of statements
    over votes, so that who voted little does not crowd the middle (``pca-project-ptpts`` with
    sparsity in polismath).  Directions in which nothing differs are zero.
    """
    people, statements = cells.shape
    placed = np.zeros((people, DIRECTIONS))
    if not cells.size:
        return placed
    means = _means(cells)
    directions = _directions(cells, means)
    votes = np.maximum(np.count_nonzero(cells != MISSING, axis=1), 1)
    for begin, piece in _centred(cells, means):
        placed[begin : begin + len(piece)] = piece @ directions
    spread = placed * np.sqrt(statements / votes)[:, None]
    return np.asarray(np.round(spread, DECIMALS) + 0.0)  # plus zero: no negative zeros


def extremities(cells: NDArray[np.int8]) -> Floats:
    """How far somebody would stand from the middle who agreed to this statement alone.

    One number a statement: ``comment-extremity`` of polismath.
    """
    statements = cells.shape[1]
    if not cells.size:
        return np.zeros(statements)
    means = _means(cells)
    drawn = (1.0 - means)[:, None] * _directions(cells, means) * np.sqrt(statements)
    lengths: Floats = np.sqrt((drawn**2).sum(axis=1))
    return np.asarray(np.round(lengths, DECIMALS))


def _means(cells: NDArray[np.int8]) -> Floats:
    given = cells != MISSING
    votes = np.maximum(np.count_nonzero(given, axis=0), 1)
    sums: Floats = np.where(given, cells, 0).sum(axis=0, dtype=np.int64) / votes
    return sums


def _centred(cells: NDArray[np.int8], means: Floats) -> Iterator[tuple[int, Floats]]:
    """The votes less the means, missing ones 0; by and by, for a matrix may be large."""
    for begin in range(0, len(cells), ROWS_AT_ONCE):
        piece = cells[begin : begin + ROWS_AT_ONCE]
        yield begin, np.where(piece != MISSING, piece - means, 0.0)


def _directions(cells: NDArray[np.int8], means: Floats) -> Floats:
    """Orthonormal columns, shape (statements, 2), those of most variance first."""
    people, statements = cells.shape
    if statements <= people:
        products = sum(
            (piece.T @ piece for _, piece in _centred(cells, means)),
            np.zeros((statements, statements)),
        )
        values, vectors = _largest(products)
    else:
        whole = np.concatenate([piece for _, piece in _centred(cells, means)])
        values, of_people = _largest(whole @ whole.T)
        vectors = whole.T @ of_people / np.sqrt(np.maximum(values, NOTHING))
    found = np.zeros((statements, DIRECTIONS))
    for place, value in enumerate(values):
        if value > NOTHING * max(values[0], 1.0):
            found[:, place] = _turned(vectors[:, place])
    return found


def _largest(products: Floats) -> tuple[Floats, Floats]:
    values, vectors = np.linalg.eigh(products)
    return values[::-1][:DIRECTIONS], vectors[:, ::-1][:, :DIRECTIONS]


def _turned(direction: Floats) -> Floats:
    """A direction or its opposite: the one in which the statement that counts most is positive."""
    most = int(np.argmax(np.round(np.abs(direction), DECIMALS)))
    return direction if direction[most] > 0 else -direction
