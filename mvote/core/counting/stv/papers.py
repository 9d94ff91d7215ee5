"""Ballot papers on piles, each with the value at which it counts now."""

from collections.abc import Callable, Collection, Iterable, Mapping

from mvote.core.counting.ranked import Ranks
from mvote.core.counting.stv.arithmetic import Number
from mvote.core.counting.stv.course import Course

Paper = tuple[Ranks, int, int, Number]
"""Equal papers: their ranks, the place of the one they count for, how many, and their value."""


class Papers:
    """The piles of a count by weighted papers.

    ``single``: a rank that several share counts only while just one of them is left.
    """

    def __init__(self, course: Course, rankings: Mapping[Ranks, int], *, single: bool) -> None:
        self.course = course
        self.single = single
        self.piles: dict[str, list[Paper]] = {one: [] for one in course.votes}
        one = course.arithmetic.one
        course.exhausted += course.packed.idle * one
        self.deal([(ranks, 0, many, one) for ranks, many in rankings.items()], course.hopeful)

    def deal(self, papers: Iterable[Paper], receivers: Collection[str]) -> dict[str, Number]:
        """Put every paper on the pile of its next choice; how much came to each option."""
        came: dict[str, Number] = {}
        open_to = set(receivers)
        for ranks, start, many, value in papers:
            for place in range(start, len(ranks)):
                members = [one for one in ranks[place] if one in open_to]
                if members:
                    if len(members) > 1 and self.single:
                        self.course.exhausted += many * value
                    else:
                        self._put(members, (ranks, place, many, value), came)
                    break
            else:
                self.course.exhausted += many * value
        for one, votes in came.items():
            self.course.votes[one] += votes
        return came

    def _put(self, members: list[str], paper: Paper, came: dict[str, Number]) -> None:
        ranks, place, many, value = paper
        if len(members) > 1:
            value = self.course.arithmetic.part(value, len(members))
        for one in members:
            self.piles[one].append((ranks, place, many, value))
            came[one] = came.get(one, 0) + many * value

    def transfer_surplus(
        self,
        option: str,
        receivers: Collection[str],
        new_value: Callable[[Number, Number, Number], Number],
    ) -> None:
        """Pass on what is above the quota.  ``new_value`` of a paper's value, surplus and votes."""
        course = self.course
        votes, pile = course.votes[option], self.piles[option]
        surplus = votes - course.quota
        self.piles[option] = []
        papers = [
            (ranks, place, many, new_value(value, surplus, votes))
            for ranks, place, many, value in pile
        ]
        course.moved(option, "surplus", self.deal(papers, receivers))
        course.votes[option] = course.quota

    def transfer_all(self, options: Iterable[str], receivers: Collection[str]) -> None:
        """Pass on the papers of those who are out, at the value they had."""
        for option in options:
            pile, self.piles[option] = self.piles[option], []
            self.course.votes[option] = 0
            self.course.moved(option, "elimination", self.deal(pile, receivers))
