"""The statement to show next: drawn by what is learnt from it, the same from the same seed."""

from collections import Counter

import numpy as np

from mvote.core.opinion.routing import choose_next, priorities
from mvote.core.opinion.space import extremities
from mvote.core.opinion.votes import vote_matrix

SEEDS = [number.to_bytes(4, "big") for number in range(2_000)]


def test_what_is_new_and_what_parts_people_comes_first() -> None:
    votes = [(str(who), "same", 1) for who in range(20)]
    votes += [(str(who), "parting", 1 if who % 2 else -1) for who in range(20)]
    votes += [(str(who), "parted", 1 if who % 2 else -1) for who in range(20)]
    votes += [(str(who), "passed", 0) for who in range(20)]
    matrix = vote_matrix(votes)
    found = priorities(matrix, ["same", "parting", "parted", "passed", "new"])
    assert found["passed"] < found["same"] < found["parting"]
    assert found["passed"] < found["new"]
    assert priorities(vote_matrix(reversed(votes)), found) == found
    drawn = dict(zip(matrix.statements, extremities(matrix.cells).tolist(), strict=True))
    assert drawn["same"] == drawn["passed"] == 0 < drawn["parting"]
    assert extremities(np.zeros((0, 3), dtype=np.int8)).tolist() == [0, 0, 0]


def test_a_statement_is_drawn_in_proportion_and_never_twice() -> None:
    weights = {"0": 1, "1": 3, "2": 6}
    drawn = Counter(choose_next(weights, (), seed=seed) for seed in SEEDS)
    for name, weight in weights.items():
        assert abs(drawn[name] / len(SEEDS) - weight / 10) < 0.04
    assert choose_next(weights, (), seed=b"a") == choose_next(weights, [], seed=b"a")
    assert {choose_next(weights, ["2", "0"], seed=seed) for seed in SEEDS[:50]} == {"1"}
    assert choose_next(weights, weights, seed=b"a") is None
