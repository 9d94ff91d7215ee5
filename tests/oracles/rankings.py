"""Random rankings counted by mvote and by pref_voting; see README.md in this folder."""

import random
import sys
from collections import Counter
from collections.abc import Callable
from typing import Any

from pref_voting import voting_methods
from pref_voting.profiles import Profile

from mvote.core.shapes import Ranking
from tests.core.counting.asking import ask, count
from tests.oracles.agreement import Found, main

IDS = "abcd"
PAIRS = {
    "borda": "borda",
    "irv": "instant_runoff",
    "schulze": "beat_path",
    "ranked-pairs": "ranked_pairs",
    "copeland": "copeland",
    "bucklin": "bucklin",
    "run-off": "plurality_with_runoff_put",
}
"""Our method → the function of pref_voting that elects by the same rule."""

Rows = tuple[tuple[int, ...], ...]


def draw(lot: random.Random) -> Rows:
    """Full rankings without equal ranks, as places in ``IDS``."""
    return tuple(tuple(lot.sample(range(len(IDS)), len(IDS))) for _ in range(lot.randint(5, 120)))


def ours(method: str, rows: Rows) -> str | None:
    question = ask("ranking", method, options=IDS)
    packed = Counter(Ranking.of(IDS[place] for place in row) for row in rows)
    outcome = count(question, list(packed.items()))
    return None if outcome.ties else outcome.winners[0]


def theirs(rule: Callable[..., Any], rows: Rows) -> str | None:
    packed = Counter(rows)
    winners = rule(Profile(list(packed), rcounts=list(packed.values())))
    return IDS[winners[0]] if len(winners) == 1 else None


def both(method: str, rule: Callable[..., Any]) -> Callable[[Rows], Found]:
    return lambda rows: (ours(method, rows), theirs(rule, rows))


METHODS = {ours: both(ours, getattr(voting_methods, name)) for ours, name in PAIRS.items()}

if __name__ == "__main__":
    sys.exit(main(draw, METHODS))
