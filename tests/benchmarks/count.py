"""Instant run-off beside pyrankvote, packing included; run by hand, no test.

    python -m tests.benchmarks.count [--ballots 100000] [--options 10] [--runs 5] [--lists]

Both get the same ballots, tuples of ids as our readers yield them (or lists), of three kinds:
rankings where some options are liked more and many voters stop early (as people do), the
same with room for three ranks, and full ones of uniform chance (hardly two alike, the worst
case for packing).  Both are timed from the rows to the outcome, and each from its own ready
ballots as well, in turn, in seconds of the processor.  Winner and order have to be the same,
and the outcome the same by rows and by rankings.  ``lowest ratio`` at the end is the goal's:
from rows, at least 10.
"""

import argparse
import gc
import math
import random
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import pyrankvote
from pyrankvote import Ballot, Candidate

from mvote.core.counting import METHODS
from mvote.core.counting.outcome import Outcome, Stage
from mvote.core.question import Counting, Option, Question
from mvote.core.shapes import RankedRows, Ranking
from mvote.core.ties import tie_rule

Rows = Sequence[Sequence[str]]


def three(ids: Sequence[str], count: int, chance: random.Random) -> Rows:
    """As ``leaning``, but a ballot has room for three ranks, as in many American cities."""
    return [row[:3] for row in leaning(ids, count, chance)]


def leaning(ids: Sequence[str], count: int, chance: random.Random) -> Rows:
    """Some options are liked more than others, and many voters stop early."""
    liked = {one: 0.6 * place for place, one in enumerate(ids)}
    rows = []
    for _ in range(count):
        drawn = {one: liked[one] - math.log(-math.log(chance.random())) for one in ids}
        ranked = sorted(ids, key=lambda one: drawn[one], reverse=True)
        rows.append(ranked[: min(len(ids), 1 + int(chance.expovariate(0.4)))])
    return rows


def uniform(ids: Sequence[str], count: int, chance: random.Random) -> Rows:
    return [chance.sample(ids, len(ids)) for _ in range(count)]


def packed(rows: Rows) -> list[tuple[Ranking, int]]:
    """Equal rows put together, each a ranking."""
    counted = Counter(map(tuple, rows))
    return list(zip(Ranking.many(counted), counted.values(), strict=True))


def ours(ids: Sequence[str], ballots: Iterable[tuple[Ranking, int]]) -> Outcome:
    question = Question(
        id="q1",
        type="ranking",
        title={"ko": "q", "en": "q"},
        options=tuple(Option(one, {"ko": one, "en": one}) for one in ids),
        config={},
        counting=Counting("irv", {"until": "two"}),
        blank=True,
    )
    return METHODS.get("irv").count(question, ballots, ties=tie_rule("listed", poll_hash=""))


def order_of(outcome: Outcome) -> list[str]:
    """Who went out, the first first, then the second of the last two, and the winner."""
    stages = [one for one in outcome.rounds if isinstance(one, Stage)]
    out = [one for stage in stages for one in stage.eliminated]
    second = [one for one in stages[-1].totals if one not in outcome.winners]
    return [*out, *second, *outcome.winners]


def boxed(by_id: Mapping[str, Candidate], rows: Rows) -> list[Ballot]:
    """The rows as pyrankvote wants them."""
    return [Ballot(ranked_candidates=[by_id[one] for one in row]) for row in rows]


def theirs(candidates: Sequence[Candidate], ballots: Sequence[Ballot]) -> list[str]:
    """The same order by pyrankvote, which lists those who go in one round best first."""
    result = pyrankvote.instant_runoff_voting(list(candidates), list(ballots))
    order: list[str] = []
    for stage in result.rounds:
        for one in reversed(stage.candidate_results):
            name = one.candidate.name
            if one.status == "Rejected" and name not in order:
                order.append(name)
    return [*order, *(one.name for one in result.get_winners())]


def timed(runs: int, *acts: Callable[[], object]) -> list[float]:
    """The best of processor seconds of each, run in turn."""
    spent: list[list[float]] = [[] for _ in acts]
    for _ in range(runs):
        for act, taken in zip(acts, spent, strict=True):
            gc.collect()
            began = time.process_time()
            act()
            taken.append(time.process_time() - began)
    return [min(taken) for taken in spent]


def compare(name: str, ids: Sequence[str], rows: Rows, runs: int) -> float:
    """Print how both did; the ratio from rows.  Exits where they do not agree."""
    by_id = {one: Candidate(one) for one in ids}
    everyone = list(by_id.values())
    ready, boxes = packed(rows), boxed(by_id, rows)
    outcome = ours(ids, RankedRows(rows))
    mine, found = order_of(outcome), theirs(everyone, boxes)
    if mine != found or outcome != ours(ids, ready):
        sys.exit(f"{name}: other orders: {mine} and {found}, or another outcome by rankings")
    print(f"{name}: {len(ready):,} distinct of {len(rows):,} ballots")  # noqa: T201
    fast, slow, alone, their_alone = timed(
        runs,
        lambda: ours(ids, RankedRows(rows)),
        lambda: theirs(everyone, boxed(by_id, rows)),
        lambda: ours(ids, ready),
        lambda: theirs(everyone, boxes),
    )
    for what, us, them in (
        ("from rows", fast, slow),
        ("from distinct rankings / ready ballots", alone, their_alone),
    ):
        print(f"  {what}: mvote {us:.4f} s, pyrankvote {them:.3f} s, ratio {them / us:.1f}")  # noqa: T201
    return slow / fast


def main() -> None:
    parser = argparse.ArgumentParser(description="IRV beside pyrankvote")
    parser.add_argument("--ballots", type=int, default=100_000)
    parser.add_argument("--options", type=int, default=10)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--lists", action="store_true", help="rows are lists, not tuples")
    given = parser.parse_args()
    ids = [f"o{place}" for place in range(given.options)]
    ratios = []
    for make in (three, leaning, uniform):
        drawn = make(ids, given.ballots, random.Random(2026))
        rows = [list(row) if given.lists else tuple(row) for row in drawn]
        ratios.append(compare(make.__name__, ids, rows, given.runs))
    print(f"lowest ratio from rows: {min(ratios):.1f} (goal: 10)")  # noqa: T201


if __name__ == "__main__":
    main()
