"""The single transferable vote by weighted papers (weighted inclusive Gregory method)."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping
from typing import ClassVar

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome
from mvote.core.counting.ranked import (
    EQUAL,
    EQUAL_RANKS,
    SEATS,
    WITHDRAWN,
    by_rank_options,
    choice_of,
    pack,
    read_choice,
    read_standing,
    seats_of,
)
from mvote.core.counting.stv.arithmetic import Fixed, Number
from mvote.core.counting.stv.course import Course
from mvote.core.counting.stv.papers import Papers
from mvote.core.counting.stv.words import DEFEATED, REACHED, SURE_LOSERS, explain
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking
from mvote.core.text import Words
from mvote.core.ties import TieRule


class TransferableVote(CountingMethod[Ranking]):
    """What every rule for the single transferable vote has.

    Options: ``seats`` (1 where it is missing), ``withdrawn`` and ``equal_ranks`` (see ``ranked``;
    where it is missing, the first of the class's ``equal_ranks``).
    """

    shape = Ranking
    totals = {"ko": "마지막 단계 득표", "en": "Votes in the last round"}
    form: ClassVar[Mapping[str, Words]] = {
        "seats": SEATS,
        "withdrawn": WITHDRAWN,
        "equal_ranks": EQUAL,
    }
    equal_ranks: ClassVar[tuple[str, ...]] = EQUAL_RANKS
    earlier_first: ClassVar[bool] = False
    residual: ClassVar[bool] = True

    def read_options(self, read: Reader, question: Question) -> None:
        read_standing(read, question)
        read_choice(read, "equal_ranks", self.equal_ranks)

    def count(
        self, question: Question, ballots: Iterable[tuple[Ranking, int]], *, ties: TieRule
    ) -> Outcome:
        packed = pack(question, ballots)
        course = Course(question, ties, packed, self.arithmetic(question), self.earlier_first)
        if packed.rankings:
            course.quota = self.quota(course)
            course.open_stage()
            self.run(course)
            course.fill()
            course.close_stage(residual=self.residual)
        shown = course.arithmetic.shown
        return Outcome(
            method=self.name,
            ballots=packed.ballots,
            valid=packed.valid,
            blank=packed.blank,
            totals={one: shown(course.votes.get(one, 0)) for one in question.by_id},
            winners=tuple(course.elected),
            ties=tuple(course.ties),
            rounds=tuple(course.stages),
            explanation=explain(course),
        )

    @abstractmethod
    def arithmetic(self, question: Question) -> Fixed:
        """The numbers of the rule."""

    @abstractmethod
    def quota(self, course: Course) -> Number:
        """What elects."""

    @abstractmethod
    def run(self, course: Course) -> None:
        """Count until ``course.fill`` can end it, leaving the last stage open."""


class WeightedPapers(TransferableVote):
    """Rules that pass on papers at a lower value, one surplus or one exclusion a stage.

    ``together``: all surpluses are passed on in one stage; ``zero_surplus``: one of nothing has a
    stage as well; ``stops_early``: when those left just fill the seats, the papers of whoever
    went last are not passed on.
    """

    together: ClassVar[bool] = False
    zero_surplus: ClassVar[bool] = False
    stops_early: ClassVar[bool] = False

    def new_value(self, course: Course, value: Number, surplus: Number, votes: Number) -> Number:
        """The value of a paper in a surplus: first the product is cut off, then the quotient."""
        numbers = course.arithmetic
        return numbers.ratio(numbers.product(value, surplus), votes)

    def sure_losers(self, course: Course) -> list[str]:  # noqa: ARG002
        """Who can go together before any surplus is passed on."""
        return []

    def papers(self, course: Course) -> Papers:
        equal = choice_of(course.question, "equal_ranks", self.equal_ranks)
        rankings = by_rank_options(course.question, course.packed, equal)
        return Papers(course, rankings, single=equal == EQUAL_RANKS[2])

    def run(self, course: Course) -> None:
        papers = self.papers(course)
        course.open_stage()
        while True:
            self.elect_reaching(course)
            if course.is_complete():
                return
            losers = self.sure_losers(course)
            if losers:
                course.eliminate(losers, SURE_LOSERS)
                if course.is_complete():
                    return
            elif course.pending:
                if not self._pass_on(course, papers):
                    return
            else:
                losers = course.lowest()
                if not losers:
                    course.hopeful = []
                    return
                course.eliminate(losers, DEFEATED)
            if losers and self.stops_early and course.is_complete():
                return
            papers.transfer_all(losers, course.hopeful)
            course.close_stage(residual=self.residual)
            course.open_stage()

    def elect_reaching(self, course: Course) -> None:
        reaching = [one for one in course.by_votes(course.hopeful) if self.reaches(course, one)]
        course.elect(reaching[: course.left], REACHED)
        course.pending += [
            one for one in reaching if self.zero_surplus or course.votes[one] > course.quota
        ]

    def reaches(self, course: Course, option: str) -> bool:
        """Exactly the quota elects only where the quota was rounded up."""
        votes = course.votes[option]
        return votes > course.quota if course.arithmetic.exact else votes >= course.quota

    def _pass_on(self, course: Course, papers: Papers) -> bool:
        """Pass on the highest surplus, or all of them; False where a tie stays undecided."""
        going = list(course.pending)
        if not self.together:
            one = course.highest(course.pending)
            if one is None:
                course.hopeful = []
                return False
            going = [one]
        for one in going:
            course.pending.remove(one)
            papers.transfer_surplus(
                one, course.hopeful, lambda *numbers: self.new_value(course, *numbers)
            )
        return True


def whole_quota(course: Course) -> Number:
    """Ballots ÷ (seats + 1), the fraction dropped, plus one."""
    return (course.packed.counting // (seats_of(course.question) + 1) + 1) * course.arithmetic.one


def least_quota(course: Course) -> Number:
    """Ballots ÷ (seats + 1), rounded down, plus the least number there is."""
    numbers = course.arithmetic
    share = numbers.part(course.packed.counting * numbers.one, seats_of(course.question) + 1)
    return share + numbers.epsilon


def sure_losers(course: Course, surplus: Number) -> list[str]:
    """The most of the lowest whose votes and all surpluses are less than the votes of the next."""
    ranked = list(reversed(course.by_votes(course.hopeful)))
    most = len(ranked) - course.left
    votes = surplus
    going: list[str] = []
    for place in range(min(most, len(ranked) - 1)):
        votes += course.votes[ranked[place]]
        if votes < course.votes[ranked[place + 1]]:
            going = ranked[: place + 1]
    return [one for one in course.hopeful if one in going]


def pending_surplus(course: Course) -> Number:
    return sum(course.votes[one] - course.quota for one in course.pending)
