"""Budget by points: voters give points to projects, the sums decide."""

from typing import ClassVar

from mvote.core.counting.budget.greedy import GreedyMethod
from mvote.core.counting.budget.method import BudgetMethod
from mvote.core.counting.method import Given
from mvote.core.shapes import Scores
from mvote.core.text import Words

POINTS: Words = {"ko": "점수", "en": "Points"}


class ByPoints(GreedyMethod[Given]):
    """By sums of points, descending; what no longer fits is skipped."""

    floor_key = "min_points"
    too_few = "too-few-points"
    descending = {"ko": "점수를 많이 얻은 사업부터", "en": "points"}
    totals = POINTS
    shares = False
    form: ClassVar[dict[str, Words]] = {
        "budget": BudgetMethod.form["budget"],
        "min_points": {"ko": "최소 점수", "en": "Points that a project needs"},
        "withdrawn": BudgetMethod.form["withdrawn"],
    }


class BudgetPoints(ByPoints[Scores]):
    """The points of all voters are added up.

    Options: ``budget``, ``min_points`` (1 where it is missing: what nobody gave a point is
    not funded) and ``withdrawn``.

    Source: the rules ``greedy`` and ``greedy-threshold`` for votes of the type ``cumulative``
    of pabulib.org.
    """

    name = "budget-points"
    label = {
        "ko": "점수순 예산 배정(초과 사업 건너뜀)",
        "en": "By points, skipping what no longer fits",
    }
    shape = Scores
