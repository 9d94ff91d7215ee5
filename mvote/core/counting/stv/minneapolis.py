"""The single transferable vote of Minneapolis."""

from mvote.core.counting.ranked import EQUAL_RANKS
from mvote.core.counting.stv.arithmetic import Fixed, Number
from mvote.core.counting.stv.course import Course
from mvote.core.counting.stv.papers import Papers
from mvote.core.counting.stv.weighted import WeightedPapers, sure_losers, whole_quota
from mvote.core.counting.stv.words import DEFEATED, REACHED, SURE_LOSERS
from mvote.core.question import Question


class MinneapolisVote(WeightedPapers):
    """Options: those of every transferable vote; equal ranks exhaust where nothing else is said.

    Four decimals.  Sure losers always go together, before a surplus is passed on; the highest
    surplus elects its option and goes to all others not yet elected, those with the threshold
    included; the rest with the threshold are elected when they fill the seats.

    Source: Minneapolis Code of Ordinances §167.70 (2009-Or-102).
    """

    name = "stv-minneapolis"
    label = {"ko": "단기 이양식(미니애폴리스)", "en": "Single transferable vote (Minneapolis)"}
    equal_ranks = ("exhaust", *(one for one in EQUAL_RANKS if one != "exhaust"))

    def arithmetic(self, question: Question) -> Fixed:  # noqa: ARG002
        return Fixed(4)

    def quota(self, course: Course) -> Number:
        return whole_quota(course)

    def run(self, course: Course) -> None:
        papers = self.papers(course)
        course.open_stage()
        while not self._ends(course, papers):
            course.close_stage()
            course.open_stage()

    def _ends(self, course: Course, papers: Papers) -> bool:
        """Do one round; whether it was the last."""
        reaching = [
            one for one in course.by_votes(course.hopeful) if course.votes[one] >= course.quota
        ]
        if len(reaching) >= course.left:
            course.elect(reaching[: course.left], REACHED)
            return True
        surplus = sum(course.votes[one] - course.quota for one in reaching)
        losers = sure_losers(course, surplus)
        if losers:
            course.eliminate(losers, SURE_LOSERS)
        elif reaching:
            return not self._elect_highest(course, papers, reaching)
        else:
            losers = [] if course.is_complete() else course.lowest()
            if not losers and not course.is_complete():
                course.hopeful = []
            course.eliminate(losers, DEFEATED)
            if course.is_complete():
                return True
        papers.transfer_all(losers, course.hopeful)
        return False

    @staticmethod
    def _elect_highest(course: Course, papers: Papers, reaching: list[str]) -> bool:
        """Elect whoever has the highest surplus; False where a tie stays undecided."""
        one = course.highest(reaching)
        if one is None:
            course.hopeful = []
            return False
        course.elect([one], REACHED)
        numbers = course.arithmetic
        papers.transfer_surplus(
            one,
            course.hopeful,
            lambda value, surplus, votes: numbers.ratio(numbers.product(value, surplus), votes),
        )
        return True
