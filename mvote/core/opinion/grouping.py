"""Opinion groups: participants who stand near each other, and how many groups that makes."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from mvote.core.opinion.space import Floats, positions
from mvote.core.opinion.votes import MISSING, VoteMatrix

LEAST_VOTES = 7
MOST_GROUPS = 5
PEOPLE_PER_GROUP = 12
RESTARTS = 10
MOST_ROUNDS = 100
COMPARED_MOST = 4000
ROWS_AT_ONCE = 128
DECIMALS = 9

Labels = NDArray[np.intp]


@dataclass(frozen=True)
class Grouping:
    """``groups`` from the largest, named "0", "1" …; members in the order of their ids.

    ``places`` is where each participant stands, also those in no group; ``silhouettes`` is how
    well each number of groups that was tried parts them, from -1 to 1.
    """

    groups: Mapping[str, tuple[str, ...]]
    places: Mapping[str, tuple[float, float]]
    silhouettes: Mapping[int, float]


def find_groups(
    matrix: VoteMatrix, *, least_votes: int = LEAST_VOTES, most_groups: int = MOST_GROUPS
) -> Grouping:
    """Group those who voted on ``least_votes`` statements, or on all where there are fewer.

    There are two groups at least where two participants differ, at most ``most_groups`` and
    two and one for every twelve people, as in Polis; the best silhouette decides, the fewer
    groups where two are equal.  Polis fills a small pool up with people below the least, and
    holds a number of groups for a while; neither is done here.
    """
    points = positions(matrix.cells)
    places = dict(zip(matrix.participants, map(tuple, points.tolist()), strict=True))
    votes = np.count_nonzero(matrix.cells != MISSING, axis=1)
    grouped = np.flatnonzero(votes >= min(least_votes, len(matrix.statements)))
    if not grouped.size:
        return Grouping({}, places, {})
    spots, spot_of, weights = np.unique(
        points[grouped], axis=0, return_inverse=True, return_counts=True
    )
    most = min(most_groups, 2 + len(grouped) // PEOPLE_PER_GROUP, len(spots))
    tried = {k: _nearest(spots, weights.astype(float), k) for k in range(2, most + 1)}
    fits = _silhouettes(spots, weights.astype(float), tried)
    best = max(fits, key=lambda k: (fits[k], -k), default=None)
    labels = tried[best] if best is not None else np.zeros(len(spots), dtype=np.intp)
    people = [matrix.participants[place] for place in grouped]
    return Grouping(_named(people, labels[spot_of.reshape(-1)]), places, fits)


def _named(people: Sequence[str], labels: Labels) -> Mapping[str, tuple[str, ...]]:
    """Groups by size; of equal ones first that of whoever comes first."""
    members: dict[int, list[str]] = {}
    for who, label in zip(people, labels.tolist(), strict=True):
        members.setdefault(label, []).append(who)
    by_size = sorted(members.values(), key=len, reverse=True)
    return {str(place): tuple(group) for place, group in enumerate(by_size)}


def _nearest(spots: Floats, weights: Floats, count: int) -> Labels:
    """k-means: the best of some beginnings, chosen as k-means++ does with fixed chances.

    Source: Arthur and Vassilvitskii, k-means++: The Advantages of Careful Seeding (2007).
    """
    best, least = np.zeros(len(spots), dtype=np.intp), np.inf
    for restart in range(RESTARTS):
        centres = _beginning(spots, weights, count, random.Random(restart))
        labels, spread = _settled(spots, weights, centres)
        if round(spread, DECIMALS) < least:
            best, least = labels, round(spread, DECIMALS)
    return best


def _beginning(spots: Floats, weights: Floats, count: int, chance: random.Random) -> Floats:
    """Centres far from each other: each by chance, weighed by its distance squared."""
    nearest = np.full(len(spots), 1.0)
    chosen: list[int] = []
    for _ in range(count):
        heights = np.cumsum(nearest * weights)
        place = int(np.searchsorted(heights, chance.random() * heights[-1], side="right"))
        chosen.append(min(place, len(spots) - 1))
        far = ((spots - spots[chosen[-1]]) ** 2).sum(axis=1)
        nearest = far if len(chosen) == 1 else np.minimum(nearest, far)
    return spots[chosen]


def _settled(spots: Floats, weights: Floats, centres: Floats) -> tuple[Labels, float]:
    """Lloyd's rounds until nobody moves; a centre left alone goes to the farthest spot."""
    labels = np.full(len(spots), -1, dtype=np.intp)
    far = np.zeros(len(spots))
    for _ in range(MOST_ROUNDS):
        squares = _squares(spots, centres)
        now = squares.argmin(axis=1)
        far = squares[np.arange(len(spots)), now]
        for alone in np.flatnonzero(np.bincount(now, minlength=len(centres)) == 0).tolist():
            farthest = int(far.argmax())
            now[farthest], far[farthest] = alone, 0.0
        if np.array_equal(now, labels):
            break
        labels = now
        sums = np.bincount(labels, weights, len(centres))
        centres = np.stack(
            [np.bincount(labels, weights * axis, len(centres)) / sums for axis in spots.T], axis=1
        )
    return labels, float((far * weights).sum())


def _squares(spots: Floats, others: Floats) -> Floats:
    """Squared distances in the plane, axis by axis: several times as fast as both at once."""
    made: Floats = spots[:, :1] - others[:, 0]
    made *= made
    second = spots[:, 1:] - others[:, 1]
    second *= second
    made += second
    return made


def _silhouettes(spots: Floats, weights: Floats, tried: Mapping[int, Labels]) -> dict[int, float]:
    """How much nearer people are to their own group than to the next one, on average.

    Beyond some thousands of spots every n-th of them stands for all.  Source: Rousseeuw,
    Silhouettes, Journal of Computational and Applied Mathematics 20 (1987).
    """
    some = np.unique(np.linspace(0, len(spots) - 1, min(len(spots), COMPARED_MOST)).astype(np.intp))
    spots, weights = spots[some], weights[some]
    in_group = {k: np.eye(k)[labels[some]] * weights[:, None] for k, labels in tried.items()}
    totals = dict.fromkeys(tried, 0.0)
    for begin in range(0, len(spots), ROWS_AT_ONCE):
        here = slice(begin, begin + ROWS_AT_ONCE)
        distances = _squares(spots[here], spots)
        np.sqrt(distances, out=distances)
        for k, members in in_group.items():
            own = tried[k][some][here]
            totals[k] += float((_widths(distances @ members, members, own) * weights[here]).sum())
    return {k: round(total / float(weights.sum()), DECIMALS) for k, total in totals.items()}


def _widths(sums: Floats, members: Floats, own: Labels) -> Floats:
    """The silhouette of each spot; 0 for who is alone in a group."""
    sizes = members.sum(axis=0)
    rows = np.arange(len(own))
    others = sums / np.maximum(sizes, 1.0)
    others[:, sizes == 0] = np.inf
    others[rows, own] = np.inf
    inside = sums[rows, own] / np.maximum(sizes[own] - 1, 1.0)
    outside = others.min(axis=1)
    wider = np.maximum(np.maximum(inside, outside), np.finfo(float).tiny)
    lone = (sizes[own] <= 1) | ~np.isfinite(outside)
    widths: Floats = np.where(
        lone, 0.0, (np.where(lone, 0.0, outside) - inside) / np.where(lone, 1.0, wider)
    )
    return widths
