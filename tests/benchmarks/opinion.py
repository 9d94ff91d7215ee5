"""Opinion groups beside red-dwarf, from the same list of votes; run by hand, no test.

    python -m tests.benchmarks.opinion [--people 10000] [--statements 200] [--runs 3]
        [--peer PYTHON]

People lean to one of four camps and vote on a part of the statements, as people do.  Both get
the votes as rows and give groups, their counts, representative statements and group-aware
consensus.  ``--peer`` is the Python of an environment in which red-dwarf is installed (it is
never part of ours); without it only ours is timed.  Each is timed in a process of its own,
in seconds of the processor and of the clock; the adjusted Rand index of both groupings, and
of each with the camps, is printed too.
"""

import argparse
import json
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Sequence
from math import comb
from typing import Any

CAMPS = 4
SHARE_SEEN = 0.3
RED_DWARF = """
import json, sys, time
from reddwarf.implementations.base import run_pipeline
rows = json.load(open(sys.argv[1]))
votes = [dict(participant_id=int(who), statement_id=int(what), vote=vote, modified=at)
         for at, (who, what, vote) in enumerate(rows)]
runs = []
for _ in range(int(sys.argv[2])):
    clock, begin = time.perf_counter(), time.process_time()
    found = run_pipeline(votes=votes, random_state=0)
    runs.append((time.process_time() - begin, time.perf_counter() - clock))
labels = found.participants_df["cluster_id"].dropna()
print(json.dumps({"runs": runs, "labels": {str(k): int(v) for k, v in labels.items()}}))
"""

Rows = list[tuple[str, str, int]]


def pool(people: int, statements: int, chance: random.Random) -> Rows:
    leaning = [[chance.gauss(0, 1.2) for _ in range(CAMPS)] for _ in range(statements)]
    rows: Rows = []
    for who in range(people):
        seen = min(1.0, chance.expovariate(1 / SHARE_SEEN))
        for what in range(statements):
            if chance.random() < seen:
                liked = leaning[what][who % CAMPS] + chance.gauss(0, 1)
                rows.append((str(who), str(what), 0 if abs(liked) < 0.3 else 1 - 2 * (liked < 0)))
    chance.shuffle(rows)
    return rows


def ours(rows: Rows) -> dict[str, int]:
    from mvote.core.opinion.grouping import find_groups
    from mvote.core.opinion.statements import bridging_statements, representative_statements
    from mvote.core.opinion.votes import vote_matrix

    matrix = vote_matrix(rows)
    groups = find_groups(matrix).groups
    counts = {name: matrix.counts(some) for name, some in groups.items()}
    representative_statements(counts)
    bridging_statements(counts.values())
    return {who: int(name) for name, some in groups.items() for who in some}


def timed(act: Callable[[], Any], runs: int) -> tuple[list[tuple[float, float]], Any]:
    """Seconds of the processor and of the clock for each run, and what came out."""
    taken, found = [], None
    for _ in range(runs):
        clock, begin = time.perf_counter(), time.process_time()
        found = act()
        taken.append((time.process_time() - begin, time.perf_counter() - clock))
    return taken, found


def peer(python: str, rows: Rows, runs: int) -> dict[str, Any]:
    with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
        json.dump(rows, file)
        file.flush()
        command = [python, "-W", "ignore", "-c", RED_DWARF, file.name, str(runs)]
        done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
    return found


def alike(one: dict[str, int], other: dict[str, int]) -> float:
    """The adjusted Rand index over those in both."""
    both = one.keys() & other.keys()
    pairs: Sequence[Sequence[Any]] = (
        [(one[who], other[who]) for who in both],
        [one[who] for who in both],
        [other[who] for who in both],
    )
    together, first, second = (sum(comb(n, 2) for n in Counter(p).values()) for p in pairs)
    expected = first * second / comb(len(both), 2)
    return (together - expected) / ((first + second) / 2 - expected)


def tell(name: str, runs: Sequence[Sequence[float]], labels: dict[str, int]) -> None:
    processor, clock = min(one[0] for one in runs), min(one[1] for one in runs)
    camps = {who: int(who) % CAMPS for who in labels}
    sizes = sorted(Counter(labels.values()).values(), reverse=True)
    figures = (
        f"{name}: {processor:.2f} s of the processor, {clock:.2f} s; "
        f"groups {sizes}, {alike(labels, camps):.3f} like the camps"
    )
    print(figures)  # noqa: T201


def main() -> None:
    parser = argparse.ArgumentParser(description="opinion groups beside red-dwarf")
    parser.add_argument("--people", type=int, default=10_000)
    parser.add_argument("--statements", type=int, default=200)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--peer", help="a Python in which red-dwarf is installed")
    given = parser.parse_args()
    rows = pool(given.people, given.statements, random.Random(2026))
    print(f"{len(rows):,} votes, Python {sys.version.split()[0]}")  # noqa: T201
    mine, labels = timed(lambda: ours(rows), given.runs)
    tell("mvote", mine, labels)
    if given.peer:
        found = peer(given.peer, rows, given.runs)
        tell("red-dwarf", found["runs"], found["labels"])
        ratio = min(one[0] for one in found["runs"]) / min(one[0] for one in mine)
        clock = min(one[1] for one in found["runs"]) / min(one[1] for one in mine)
        print(  # noqa: T201
            f"ratio {ratio:.1f} of the processor, {clock:.1f} of the clock; "
            f"alike {alike(labels, found['labels']):.3f}"
        )


if __name__ == "__main__":
    main()
