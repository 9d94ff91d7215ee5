"""How fast equal shares are counted, beside pabutools where that can be imported; no test.

    python -m tests.benchmarks.equal_shares [--voters 100000] [--projects 40] [--seed 1]
        [--completion none|add1] [--runs 1]

Both get the ballots as objects of their own, made outside the clock; ours are put together
inside it.  It prints processor seconds and the ratio, and says whether the winners are the
same.  Compare runs of one machine only.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from typing import Any

from mvote.core.shapes import Choices
from tests.core.counting.asking import ask, count

DEAREST, CHEAPEST = 150_000, 10_000
EACH = 10
"""Units of money for each voter."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--voters", type=int, default=100_000)
    parser.add_argument("--projects", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--completion", choices=("none", "add1"), default="none")
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    costs, votes = election(given.voters, given.projects, given.seed)
    spent, mine = timed(ours(costs, votes, given.completion), given.runs)
    say = sys.stdout.write
    say(f"{given.voters:,} voters, {given.projects} projects, completion {given.completion}\n")
    say(f"mvote      {spent:8.2f} s, {len(mine)} projects chosen\n")
    try:
        other = theirs(costs, votes, given.completion)
    except ImportError:
        say("pabutools is not installed\n")
        return 0
    slow, found = timed(other, given.runs)
    say(f"pabutools  {slow:8.2f} s, {len(found)} projects chosen\n")
    say(f"ratio      {slow / spent:8.1f}, winners {'the same' if mine == found else 'DIFFER'}\n")
    return 0 if mine == found else 1


def election(voters: int, projects: int, seed: int) -> tuple[dict[str, int], list[list[str]]]:
    """Costs, and votes of at least one project each; some projects are liked more than others."""
    lot = random.Random(seed)
    costs = {f"p{place:03}": lot.randint(CHEAPEST, DEAREST) for place in range(projects)}
    liked = {one: lot.random() * 0.3 for one in costs}
    votes = []
    while len(votes) < voters:
        vote = [one for one, share in liked.items() if lot.random() < share]
        if vote:
            votes.append(vote)
    return costs, votes


def ours(costs: dict[str, int], votes: list[list[str]], completion: str) -> Callable[[], set[str]]:
    question = ask(
        "budget",
        "equal-shares",
        costs=costs,
        config={"most": len(costs)},
        budget=EACH * len(votes),
        completion=completion,
    )
    ballots = [(Choices.of(vote), 1) for vote in votes]
    return lambda: set(count(question, ballots).winners)


def theirs(
    costs: dict[str, int], votes: list[list[str]], completion: str
) -> Callable[[], set[str]]:
    """Raises ImportError where pabutools is missing."""
    from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
    from pabutools.rules import method_of_equal_shares

    projects = {one: Project(one, cost) for one, cost in costs.items()}
    instance = Instance(projects.values(), budget_limit=EACH * len(votes))
    profile = ApprovalProfile(
        [ApprovalBallot([projects[one] for one in vote]) for vote in votes], instance=instance
    )
    increment = 1 if completion == "add1" else None

    def run() -> set[str]:
        chosen: Any = method_of_equal_shares(
            instance, profile, sat_class=Cost_Sat, voter_budget_increment=increment
        )
        return {one.name for one in chosen}

    return run


def timed(run: Callable[[], set[str]], runs: int) -> tuple[float, set[str]]:
    """The least processor time of some runs, in seconds, and what the last one found."""
    least, found = float("inf"), set[str]()
    for _ in range(runs):
        begin = time.process_time()
        found = run()
        least = min(least, time.process_time() - begin)
    return least, found


if __name__ == "__main__":
    sys.exit(main())
