"""The choice voting of Californians for Electoral Reform."""

from mvote.core.counting.stv.arithmetic import Fixed, Number
from mvote.core.counting.stv.course import Course
from mvote.core.counting.stv.weighted import WeightedPapers, least_quota, pending_surplus
from mvote.core.fields import Reader
from mvote.core.question import Question


class CaliforniaVote(WeightedPapers):
    """Options: those of every transferable vote and ``batch`` (true: a defeat set goes together
    where that cannot change the order of election).

    Five decimals, the quota is valid votes ÷ (seats + 1) and 0.00001; all surpluses of a round
    are passed on in it.

    Source: Californians for Electoral Reform, draft of Elections Code §10059 (2011).
    """

    name = "stv-cfer"
    label = {"ko": "단기 이양식(캘리포니아 초안)", "en": "Single transferable vote (CfER)"}
    form = {
        **WeightedPapers.form,
        "batch": {"ko": "가망 없는 선택지 함께 탈락", "en": "Hopeless options go together"},
    }
    together = True
    stops_early = True

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        if read.raw.get("batch") is not None:
            read.boolean("batch")

    def arithmetic(self, question: Question) -> Fixed:  # noqa: ARG002
        return Fixed(5)

    def quota(self, course: Course) -> Number:
        return least_quota(course)

    def sure_losers(self, course: Course) -> list[str]:
        """The largest defeat set of §10059(k)."""
        if not course.question.counting.options.get("batch"):
            return []
        surplus = pending_surplus(course)
        ranked = list(reversed(course.by_votes(course.hopeful)))
        going: list[str] = []
        for size in range(1, min(len(ranked) - 1, len(ranked) - course.left) + 1):
            together = sum(course.votes[one] for one in ranked[:size])
            if together + surplus < course.votes[ranked[size]] and self._keeps_order(
                course, ranked, size, surplus
            ):
                going = ranked[:size]
        return [one for one in course.hopeful if one in going]

    @staticmethod
    def _keeps_order(course: Course, ranked: list[str], size: int, surplus: Number) -> bool:
        """One of the conditions (3) holds for the defeat set of the ``size`` lowest."""
        together = sum(course.votes[one] for one in ranked[:size])
        lacking = course.quota - course.votes[ranked[-1]]
        return (
            course.left in (1, len(ranked) - size)
            or together + surplus < lacking
            or (surplus == 0 and together - course.votes[ranked[size - 1]] < lacking)
        )
