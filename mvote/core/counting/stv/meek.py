"""Meek's method and Warren's: nothing is passed on once, everything is shared out anew."""

from abc import abstractmethod
from collections.abc import Mapping
from fractions import Fraction

from mvote.core.counting.ranked import EQUAL_RANKS, Rank, Ranks, by_rank_options, choice_of
from mvote.core.counting.stv.arithmetic import (
    ARITHMETIC,
    DECIMALS,
    Fixed,
    Number,
    arithmetic_of,
    read_arithmetic,
)
from mvote.core.counting.stv.course import Course
from mvote.core.counting.stv.weighted import TransferableVote, least_quota, sure_losers
from mvote.core.counting.stv.words import DEFEATED, REACHED, SURE_LOSERS
from mvote.core.fields import Reader
from mvote.core.question import Question

MOST_OMEGA = 20
FINEST = 10**60
"""Exact keep factors double in length each time.  What a factor keeps is always shared exactly,
but the factor itself, which only approaches its goal, is rounded up to this part of one."""


class Sharing(TransferableVote):
    """Rules that share every ballot out again until no surplus is left.

    Options: those of every transferable vote, ``arithmetic`` (``fixed``, or ``rational``: exact),
    ``decimals`` (9 where it is missing), ``omega`` (6: a surplus under 0.000001 is none) and
    ``batch`` (true: sure losers go together).  A tie is one of all who are no more than the
    surplus above the lowest.
    """

    residual = False
    form = {
        **TransferableVote.form,
        "arithmetic": ARITHMETIC,
        "decimals": DECIMALS,
        "omega": {
            "ko": "초과분을 무시하는 소수 자릿수",
            "en": "Decimals at which a surplus is none",
        },
        "batch": {"ko": "가망 없는 선택지 함께 탈락", "en": "Hopeless options go together"},
    }

    @abstractmethod
    def kept(self, numbers: Fixed, weight: Number, factor: Number) -> Number:
        """What an option with a keep factor keeps of a paper of this weight."""

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        read_arithmetic(read)
        read.optional_integer("omega", least=1, most=MOST_OMEGA)
        if read.raw.get("batch") is not None:
            read.boolean("batch")

    def arithmetic(self, question: Question) -> Fixed:
        return arithmetic_of(question, decimals=9)

    def quota(self, course: Course) -> Number:
        return least_quota(course)

    def run(self, course: Course) -> None:
        factors = dict.fromkeys(course.votes, course.arithmetic.one)
        if course.is_complete():
            self._share_out(course, self._papers(course), factors)
            course.open_stage()
        while not course.is_complete():
            losers = self._next_losers(course, factors)
            if losers is None:
                return
            for one in losers:
                course.votes[one] = factors[one] = 0
            if not course.is_complete():
                course.close_stage(residual=False)

    def _next_losers(self, course: Course, factors: dict[str, Number]) -> list[str] | None:
        """Do one round and give who is out; None where an undecided tie ends the count."""
        reaching, losers, surplus = self._share_until_settled(course, factors)
        course.open_stage()
        if reaching:
            course.elect(reaching[: course.left], REACHED)
            return []
        if losers:
            course.eliminate(losers, SURE_LOSERS)
            return losers
        losers = course.lowest(max(surplus, 0))
        if not losers:
            course.hopeful = []
            return None
        course.eliminate(losers, DEFEATED)
        return losers

    def _share_until_settled(
        self, course: Course, factors: dict[str, Number]
    ) -> tuple[list[str], list[str], Number]:
        """Share out until somebody is elected, is sure to lose, or no surplus is left."""
        options, numbers = course.question.counting.options, course.arithmetic
        omega = numbers.ratio(numbers.one, 10 ** (options.get("omega") or 6) * numbers.one)
        papers = self._papers(course)
        before: Number | None = None
        while True:
            self._share_out(course, papers, factors)
            reaching = [one for one in course.by_votes(course.hopeful) if _reaches(course, one)]
            surplus = sum(course.votes[one] - course.quota for one in course.elected)
            losers = sure_losers(course, max(surplus, 0)) if options.get("batch") else []
            settled = surplus < omega or (before is not None and surplus >= before)
            if reaching or losers or settled:
                return reaching, [] if settled else losers, surplus
            before = surplus
            for one in course.elected:
                raised = numbers.product_up(factors[one], course.quota)
                factors[one] = _cut(numbers.ratio_up(raised, course.votes[one]))

    def _papers(self, course: Course) -> Mapping[Ranks, int]:
        """The rankings as far as they matter: those elected, up to the first rank with a hopeful.

        There every paper ends, for a hopeful option keeps all that comes to it.
        """
        equal = choice_of(course.question, "equal_ranks", self.equal_ranks)
        live = {*course.hopeful, *course.elected}
        hopeful = set(course.hopeful)
        papers: dict[Ranks, int] = {}
        for ranks, many in by_rank_options(course.question, course.packed, equal).items():
            cut: list[Rank] = []
            for rank in ranks:
                kept = tuple(one for one in rank if one in live)
                if len(kept) > 1 and equal == EQUAL_RANKS[2]:
                    break
                if kept:
                    cut.append(kept)
                if not hopeful.isdisjoint(kept):
                    break
            papers[tuple(cut)] = papers.get(tuple(cut), 0) + many
        return papers

    def _share_out(
        self, course: Course, papers: Mapping[Ranks, int], factors: Mapping[str, Number]
    ) -> None:
        """Share every paper out among those it ranks, and take the quota of what they have."""
        course.votes = dict.fromkeys(course.votes, 0)
        one = course.arithmetic.one
        for ranks, many in papers.items():
            self._share(course, ranks, one, many, factors)
        total = sum(course.votes.values())
        course.exhausted = course.packed.valid * one - total
        share = course.arithmetic.part(total, course.left + len(course.elected) + 1)
        course.quota = share + course.arithmetic.epsilon

    def _share(
        self,
        course: Course,
        ranks: Ranks,
        weight: Number,
        many: int,
        factors: Mapping[str, Number],
    ) -> None:
        """Share one paper; a rank of several is shared as by all of its orders alike."""
        numbers = course.arithmetic
        for place, rank in enumerate(ranks):
            if len(rank) > 1:
                part = numbers.part(weight, len(rank))
                for one in rank:
                    rest = tuple(other for other in rank if other != one)
                    self._share(course, ((one,), rest, *ranks[place + 1 :]), part, many, factors)
                return
            keep = self.kept(numbers, weight, factors[rank[0]])
            course.votes[rank[0]] += keep * many
            weight -= keep
            if not weight:
                return


class Meek(Sharing):
    """An elected option keeps of every paper the same share.

    Source: B. L. Meek 1969; the reference Meek rule of the Proportional Representation
    Foundation, which these defaults are.
    """

    name = "stv-meek"
    label = {"ko": "단기 이양식(미크)", "en": "Single transferable vote (Meek)"}

    def kept(self, numbers: Fixed, weight: Number, factor: Number) -> Number:
        return numbers.product_up(weight, factor)


class Warren(Sharing):
    """An elected option keeps of every paper the same amount, as far as there is so much.

    Source: C. H. E. Warren, Voting matters 1 (1994).
    """

    name = "stv-warren"
    label = {"ko": "단기 이양식(워런)", "en": "Single transferable vote (Warren)"}

    def kept(self, numbers: Fixed, weight: Number, factor: Number) -> Number:  # noqa: ARG002
        return min(weight, factor)


def _reaches(course: Course, option: str) -> bool:
    votes = course.votes[option]
    return votes > course.quota if course.arithmetic.exact else votes >= course.quota


def _cut(factor: Number) -> Number:
    """Round a keep factor up where its fraction is longer than is any use."""
    if factor.denominator <= FINEST:
        return factor
    return Fraction(-(-factor.numerator * FINEST // factor.denominator), FINEST)
