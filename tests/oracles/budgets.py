"""Random budgets counted by mvote and by pabutools; see README.md in this folder."""

import random
import sys
from dataclasses import dataclass

from pabutools.election import ApprovalBallot, ApprovalProfile, Cost_Sat, Instance, Project
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import lexico_tie_breaking

from mvote.core.shapes import Choices
from tests.core.counting.asking import ask, count
from tests.oracles.agreement import Found, main


@dataclass(frozen=True)
class Budget:
    money: int
    costs: dict[str, int]
    votes: tuple[tuple[str, ...], ...]


def draw(lot: random.Random) -> Budget:
    ids = [f"p{place:02}" for place in range(lot.randint(3, 12))]
    costs = {one: lot.randint(10, 400) for one in ids}
    voters = lot.randint(3, 60)
    votes = tuple(
        tuple(sorted(lot.sample(ids, lot.randint(1, min(6, len(ids)))))) for _ in range(voters)
    )
    return Budget(voters * lot.randint(1, 30), costs, votes)


def ours(budget: Budget, method: str, **options: object) -> frozenset[str] | None:
    question = ask(
        "budget",
        method,
        costs=budget.costs,
        config={"most": len(budget.costs)},
        budget=budget.money,
        **options,
    )
    outcome = count(question, [Choices.of(one) for one in budget.votes])
    return None if outcome.ties else frozenset(outcome.winners)


def theirs(budget: Budget, rule: object, **options: object) -> frozenset[str]:
    projects = {one: Project(one, cost) for one, cost in budget.costs.items()}
    instance = Instance(projects.values(), budget_limit=budget.money)
    profile = ApprovalProfile(
        [ApprovalBallot([projects[one] for one in vote]) for vote in budget.votes],
        instance=instance,
    )
    chosen = rule(instance, profile, sat_class=Cost_Sat, **options)  # type: ignore[operator]
    return frozenset(one.name for one in chosen)


def shares(budget: Budget) -> Found:
    return (
        ours(budget, "equal-shares", completion="none"),
        theirs(budget, method_of_equal_shares, tie_breaking=lexico_tie_breaking),
    )


def add1(budget: Budget) -> Found:
    found = theirs(
        budget,
        method_of_equal_shares,
        voter_budget_increment=1,
        tie_breaking=lexico_tie_breaking,
    )
    return ours(budget, "equal-shares", completion="add1"), found


def greedy(budget: Budget) -> Found:
    """By cost utility per cost pabutools takes projects by votes, which is our greedy."""
    found = theirs(budget, greedy_utilitarian_welfare, tie_breaking=lexico_tie_breaking)
    return ours(budget, "budget-greedy", min_votes=0), found


METHODS = {"budget-greedy": greedy, "equal-shares": shares, "equal-shares with add1": add1}

if __name__ == "__main__":
    sys.exit(main(draw, METHODS))
