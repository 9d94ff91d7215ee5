"""Budget by positions: voters rank projects, every position is worth points."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from mvote.core.canonical import JSON
from mvote.core.counting.adding import Sums, Worth, add_up, descending, position_points
from mvote.core.counting.budget.points import ByPoints
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking

MOST_POINTS = 1_000_000


class BudgetPositions(ByPoints[Ranking]):
    """Rankings of projects are turned into points by position, and the sums decide.

    Options: ``budget``, ``min_points`` (1 where it is missing), ``withdrawn`` and
    ``positions``: the points of the first, second … position, which may not grow; positions
    beyond the list are worth nothing.  Where it is missing and a voter may rank up to k
    projects, the first position is worth k points, the next one less, the last 1.  Projects
    on a shared rank share the points of its positions equally.

    Source: votes of the type ``ordinal`` with the rule ``greedy`` of pabulib.org.
    """

    name = "budget-positions"
    label = {
        "ko": "순위 점수순 예산 배정",
        "en": "By points for positions, skipping what no longer fits",
    }
    form = {
        **ByPoints.form,
        "positions": {"ko": "순위별 점수(1위부터)", "en": "Points by position, the first first"},
    }
    shape = Ranking

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        points = read.raw.get("positions")
        if points is not None and not _is_points(points, len(question.options)):
            read.fault(
                "positions", "has to be a list of whole numbers, each at most the one before"
            )

    def add_up(self, question: Question, ballots: Iterable[tuple[Ranking, int]]) -> Sums:
        given: Sequence[int] = question.counting.options.get("positions") or descending(
            question.config.get("most") or len(question.options)
        )
        # a rank past the last position that counts, and every position after it, is worth 0
        points = (*given, *(0 for _ in question.options))

        def worth(answer: Ranking) -> Worth:
            return position_points(points, answer)

        return add_up(question, ballots, worth)


def _is_points(points: JSON, most: int) -> bool:
    return (
        isinstance(points, list)
        and 1 <= len(points) <= most
        and all(type(one) is int and 0 <= one <= MOST_POINTS for one in points)
        and points[0] > 0
        and all(one >= other for one, other in pairwise(points))
    )
