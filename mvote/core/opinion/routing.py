"""Which statement somebody is shown next, so that the pool learns most from the answer.

The weights are those of Polis (``importance-metric`` and ``priority-metric`` in polismath's
conversation.clj): statements count that few pass on, that draw people apart (``extremities``),
that many agree to, and above all that few have seen yet.  As in Polis the next one is drawn by
chance in proportion to its weight, so that no statement is shown to everybody or to nobody;
the chance comes from a seed, so that the same phone is shown the same.

The city tells every phone all weights, and the phone draws by itself: so nobody has to be told
what somebody has voted on.
"""

import hashlib
from collections.abc import Collection, Mapping
from typing import Final

from mvote.core.opinion.space import extremities
from mvote.core.opinion.votes import Counts, VoteMatrix, in_order

SCALE: Final = 1000
"""Weights are whole numbers of thousandths."""
NEW: Final = 8
"""How many times more a statement weighs that nobody has seen."""
FADES: Final = 5
"""Votes after which that is halved."""
_NOBODY: Final = Counts(0, 0, 0)


def priorities(matrix: VoteMatrix, statements: Collection[str]) -> Mapping[str, int]:
    """By statement its weight, 1 at least; those without a vote among them."""
    counts = matrix.counts()
    drawn = dict(zip(matrix.statements, extremities(matrix.cells).tolist(), strict=True))
    return {
        one: _weight(counts.get(one, _NOBODY), drawn.get(one, 0.0))
        for one in sorted(statements, key=in_order)
    }


def _weight(counts: Counts, extremity: float) -> int:
    passed = (counts.passed + 1) / (counts.seen + 2)
    agreed = (counts.agree + 1) / (counts.seen + 2)
    importance = (1 - passed) * (extremity + 1) * agreed
    fresh = 1 + NEW * 2 ** (-counts.seen / FADES)
    return max(1, round(SCALE * (importance * fresh) ** 2))


def choose_next(weights: Mapping[str, int], voted: Collection[str], *, seed: bytes) -> str | None:
    """The statement to show next; None where all are voted on.  The same for the same seed.

    The draw is SHA-256 over the seed and the number of statements left, as a number modulo the
    sum of their weights.
    """
    left = sorted((one for one in weights if one not in voted), key=in_order)
    if not left:
        return None
    drawn = int.from_bytes(hashlib.sha256(seed + len(left).to_bytes(4, "big")).digest(), "big")
    place = drawn % sum(weights[one] for one in left)
    for one in left:
        place -= weights[one]
        if place < 0:
            return one
    raise AssertionError("the weights add up")
