"""Instant run-off beside pyrankvote, packing included; run by hand, no test.

    python -m tests.benchmarks.count [--ballots 100000] [--options 10] [--runs 3]

Both get the same ballots, rows of option ids: rankings where some options are liked more
and many voters stop early (as people do), the same with room for three ranks, and full
ones of uniform chance (hardly two alike, the worst case for packing).  Both are timed
from the rows to the outcome, and each from its own ready ballots as well.  Winner and
order have to be the same.
"""

import argparse
import gc
import math
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import pyrankvote
from pyrankvote import Ballot, Candidate

from mvote.core.counting import METHODS
from mvote.core.counting.outcome import Outcome, Stage
from mvote.core.question import Counting, Option, Question
from mvote.core.shapes import Ranking
from mvote.core.ties import tie_rule

Rows = Sequence[tuple[str, ...]]


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
        rows.append(tuple(ranked[: min(len(ids), 1 + int(chance.expovariate(0.4)))]))
    return rows


def uniform(ids: Sequence[str], count: int, chance: random.Random) -> Rows:
    return [tuple(chance.sample(ids, len(ids))) for _ in range(count)]


def packed(rows: Rows) -> list[tuple[Ranking, int]]:
    """Equal rows put together, each a ranking."""
    counted = Counter(rows)
    return list(zip(Ranking.many(counted), counted.values(), strict=True))


def ours(ids: Sequence[str], ballots: Sequence[tuple[Ranking, int]]) -> Outcome:
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


def timed(runs: int, act: Callable[[], object]) -> float:
    """The median of processor seconds."""
    spent = []
    for _ in range(runs):
        gc.collect()
        began = time.process_time()
        act()
        spent.append(time.process_time() - began)
    return statistics.median(spent)


def compare(name: str, ids: Sequence[str], rows: Rows, runs: int) -> None:
    by_id = {one: Candidate(one) for one in ids}
    everyone = list(by_id.values())
    ready, boxes = packed(rows), boxed(by_id, rows)
    mine, found = order_of(ours(ids, ready)), theirs(everyone, boxes)
    if mine != found:
        sys.exit(f"{name}: other orders: {mine} and {found}")
    print(f"{name}: {len(ready):,} distinct of {len(rows):,} ballots")  # noqa: T201
    for what, us, them in (
        (
            "from rows",
            lambda: ours(ids, packed(rows)),
            lambda: theirs(everyone, boxed(by_id, rows)),
        ),
        ("counting alone", lambda: ours(ids, ready), lambda: theirs(everyone, boxes)),
    ):
        fast, slow = timed(runs, us), timed(runs, them)
        print(  # noqa: T201
            f"  {what}: mvote {fast:.3f} s, pyrankvote {slow:.3f} s, ratio {slow / fast:.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="IRV beside pyrankvote")
    parser.add_argument("--ballots", type=int, default=100_000)
    parser.add_argument("--options", type=int, default=10)
    parser.add_argument("--runs", type=int, default=3)
    given = parser.parse_args()
    ids = [f"o{place}" for place in range(given.options)]
    for make in (three, leaning, uniform):
        rows = make(ids, given.ballots, random.Random(2026))
        compare(make.__name__, ids, rows, given.runs)


if __name__ == "__main__":
    main()
