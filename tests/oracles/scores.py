"""Random grades counted by mvote and by pref_voting; see README.md in this folder."""

import random
import sys
from collections.abc import Callable
from typing import Any

from pref_voting.grade_methods import (
    approval,
    majority_judgement,
    score_voting,
    star,
)
from pref_voting.grade_profiles import GradeProfile

from mvote.core.shapes import Choices, Scores
from tests.core.counting.asking import ask, count
from tests.oracles.agreement import Found, main

IDS = "abcd"
Grades = list[dict[str, int]]


def draw(lot: random.Random) -> Grades:
    return [{one: lot.randint(0, 5) for one in IDS} for _ in range(lot.randint(1, 15))]


def ours(method: str, grades: Grades) -> str | None:
    question = ask("rating", method, options=IDS, config={"scale": {"least": 0, "most": 5}})
    outcome = count(question, [Scores.of(one) for one in grades])
    return None if outcome.ties else outcome.winners[0]


def theirs(rule: Callable[..., Any], grades: Grades, scale: list[int], **how: str) -> str | None:
    winners = rule(GradeProfile(grades, scale), **how)
    return winners[0] if len(winners) == 1 else None


def graded(method: str, rule: Callable[..., Any], **how: str) -> Callable[[Grades], Found]:
    return lambda grades: (ours(method, grades), theirs(rule, grades, list(range(6)), **how))


def approved(grades: Grades) -> Found:
    """Four and five points approve."""
    question = ask("multiple-choice", "approval", options=IDS)
    chosen = [[one for one, grade in row.items() if grade > 3] for row in grades]
    outcome = count(question, [Choices.of(one) for one in chosen])
    ours = None if outcome.ties or not outcome.winners else outcome.winners[0]
    maps = [{one: int(one in row) for one in IDS} for row in chosen]
    return ours, theirs(approval, maps, [0, 1])


METHODS = {
    "score-mean": graded("score-mean", score_voting, evaluation_method="mean"),
    "majority-judgment": graded("majority-judgment", majority_judgement),
    "star": graded("star", star),
    "approval": approved,
}

if __name__ == "__main__":
    sys.exit(main(draw, METHODS))
