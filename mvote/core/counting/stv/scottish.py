"""The single transferable vote of Scottish councils."""

from mvote.core.counting.ranked import EQUAL_RANKS
from mvote.core.counting.stv.arithmetic import Fixed, Number
from mvote.core.counting.stv.course import Course
from mvote.core.counting.stv.weighted import WeightedPapers, whole_quota
from mvote.core.question import Question


class ScottishVote(WeightedPapers):
    """Options: those of every transferable vote; equal ranks exhaust where nothing else is said.

    All papers of an elected candidate are passed on, each at its value × surplus ÷ votes, cut off
    after five decimals.  A tie goes by the latest earlier stage at which the tied differ, and
    only then by the rule of the poll.

    Source: The Scottish Local Government Elections Order 2007 (SSI 2007/42), schedule 1, rules
    45 to 52.
    """

    name = "stv-scottish"
    label = {"ko": "단기 이양식(스코틀랜드)", "en": "Single transferable vote (Scotland)"}
    equal_ranks = ("exhaust", *(one for one in EQUAL_RANKS if one != "exhaust"))
    earlier_first = True

    def arithmetic(self, question: Question) -> Fixed:  # noqa: ARG002
        return Fixed(5)

    def quota(self, course: Course) -> Number:
        return whole_quota(course)

    def new_value(self, course: Course, value: Number, surplus: Number, votes: Number) -> Number:
        return course.arithmetic.scaled(value, surplus, votes)
