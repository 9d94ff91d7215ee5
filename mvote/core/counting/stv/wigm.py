"""The weighted inclusive Gregory method, as a reference rule and with everything to choose."""

from mvote.core.counting.ranked import EQUAL, SEATS, WITHDRAWN, choice_of, read_choice
from mvote.core.counting.stv.arithmetic import (
    ARITHMETIC,
    DECIMALS,
    Fixed,
    Number,
    arithmetic_of,
    read_arithmetic,
)
from mvote.core.counting.stv.course import Course
from mvote.core.counting.stv.weighted import (
    WeightedPapers,
    least_quota,
    pending_surplus,
    sure_losers,
    whole_quota,
)
from mvote.core.fields import Reader
from mvote.core.question import Question

QUOTAS = ("least", "whole")


class WeightedInclusive(WeightedPapers):
    """Options: those of every transferable vote, ``arithmetic`` (``fixed``, or ``rational``:
    exact), ``decimals`` (4 where it is missing), ``quota`` (``least``: valid votes ÷ (seats + 1)
    and the least number more; ``whole``: the next whole number) and ``batch`` (true: sure losers
    go together).  With exact numbers and the least quota, a winner needs more than the quota.

    Source: the reference WIGM rule of the Proportional Representation Foundation.
    """

    name = "stv-wigm"
    label = {"ko": "단기 이양식(가중 그레고리)", "en": "Single transferable vote (weighted)"}
    form = {
        "seats": SEATS,
        "withdrawn": WITHDRAWN,
        "equal_ranks": EQUAL,
        "arithmetic": ARITHMETIC,
        "decimals": DECIMALS,
        "quota": {"ko": "기준표(least, whole)", "en": "Quota (least, whole)"},
        "batch": {"ko": "가망 없는 선택지 함께 탈락", "en": "Hopeless options go together"},
    }
    zero_surplus = True

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        read_arithmetic(read)
        read_choice(read, "quota", QUOTAS)
        if read.raw.get("batch") is not None:
            read.boolean("batch")

    def arithmetic(self, question: Question) -> Fixed:
        return arithmetic_of(question, decimals=4)

    def quota(self, course: Course) -> Number:
        whole = choice_of(course.question, "quota", QUOTAS) == "whole"
        return whole_quota(course) if whole else least_quota(course)

    def reaches(self, course: Course, option: str) -> bool:
        if choice_of(course.question, "quota", QUOTAS) == "whole":
            return course.votes[option] >= course.quota
        return super().reaches(course, option)

    def sure_losers(self, course: Course) -> list[str]:
        if not course.question.counting.options.get("batch"):
            return []
        return sure_losers(course, pending_surplus(course))
