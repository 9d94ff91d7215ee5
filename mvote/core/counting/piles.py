"""The piles of a run-off: every ballot lies with the option that it counts for at the moment."""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction
from itertools import islice
from typing import Generic, TypeVar

from mvote.core.counting.ballot_sets import BallotSets
from mvote.core.counting.outcome import Total
from mvote.core.counting.ranked import Rank, Ranks

Pile = TypeVar("Pile")


class Piles(ABC, Generic[Pile]):
    """``piles`` and ``totals`` (what they weigh) by option still in the count, in the order of
    the question; ``exhausted`` is what the ballots weigh that count for nobody any more."""

    piles: dict[str, Pile]
    totals: dict[str, Total]
    exhausted: Total

    @abstractmethod
    def deal(self, ballots: Pile) -> dict[str, Total]:
        """Put every ballot on the pile of its next choice; how much came to each option."""

    def take_out(self, losers: Iterable[str]) -> list[tuple[str, dict[str, Total]]]:
        """Take out options together and deal out the ballots of one after the other."""
        taken = [(one, self.piles.pop(one), self.totals.pop(one)) for one in losers]
        return [(one, self.deal(pile)) for one, pile, _ in taken]


class PilesOfSets(Piles[int]):
    """Of ballots with one option a rank: a pile is a set, see ``ballot_sets``.  Quick."""

    def __init__(self, sets: BallotSets, standing: Iterable[str], *, exhausted: Total) -> None:
        self.sets = sets
        self.piles = dict.fromkeys(standing, 0)
        self.totals = dict.fromkeys(self.piles, 0)
        self.exhausted = exhausted
        self.deal(sets.everyone)

    def deal(self, ballots: int) -> dict[str, Total]:
        came = dict.fromkeys(self.piles, 0)
        for place in self.sets.at:
            for one in came.keys() & place.keys():
                here = ballots & place[one]
                came[one] |= here
                ballots ^= here
            if not ballots:
                break
        self.exhausted += self.sets.weight(ballots)
        return {one: self._put(one, some) for one, some in came.items() if some}

    def _put(self, one: str, ballots: int) -> Total:
        weight = self.sets.weight(ballots)
        self.piles[one] |= ballots
        self.totals[one] += weight
        return weight


class PilesOfBundles(Piles[list[int]]):
    """Of any ballots: a pile lists bundles of equal ballots.

    A bundle is a number: ``ranks``, ``places`` (of the rank it counts for) and ``weights`` by it.
    Numbers, as for a hundred thousand objects the memory would be searched again and again.
    ``shared`` says whether any ballot has several options on one rank, ``single`` whether it then
    counts only while one of them is left.
    """

    def __init__(
        self,
        rankings: Mapping[Ranks, int],
        standing: Sequence[str],
        *,
        exhausted: Total,
        shared: bool,
        single: bool,
    ) -> None:
        self.ranks = list(rankings)
        self.weights: list[Total] = list(rankings.values())
        self.places = [0] * len(self.ranks)
        self.shared = shared
        self.single = single
        self.piles = {one: [] for one in standing}
        self.totals = dict.fromkeys(standing, 0)
        self.exhausted = exhausted
        self.deal(list(range(len(self.ranks))))

    def deal(self, ballots: list[int]) -> dict[str, Total]:
        held = {one: len(pile) for one, pile in self.piles.items()}
        if self.shared:
            self._deal_shared(ballots)
        else:
            self._deal(ballots)
        came = {
            one: sum(map(self.weights.__getitem__, islice(pile, held[one], None)))
            for one, pile in self.piles.items()
            if len(pile) > held[one]
        }
        for one, weight in came.items():
            self.totals[one] += weight
        return came

    def _deal(self, bundles: Iterable[int]) -> None:
        """Where nobody shares a rank."""
        pile_of = self._by_rank().get
        all_ranks, places = self.ranks, self.places
        for bundle in bundles:
            place = places[bundle]
            for rank in all_ranks[bundle][place:]:
                pile = pile_of(rank)
                if pile is not None:
                    pile.append(bundle)
                    places[bundle] = place
                    break
                place += 1
            else:
                self.exhausted += self.weights[bundle]

    def _by_rank(self) -> dict[Rank, list[int]]:
        return {(one,): pile for one, pile in self.piles.items()}

    def _deal_shared(self, bundles: Iterable[int]) -> None:
        for bundle in bundles:
            ranks = self.ranks[bundle]
            for place in range(self.places[bundle], len(ranks)):
                members = [one for one in ranks[place] if one in self.piles]
                if len(members) > 1 and self.single:
                    self.exhausted += self.weights[bundle]
                    break
                if members:
                    self.places[bundle] = place
                    self._divide(bundle, members)
                    break
            else:
                self.exhausted += self.weights[bundle]

    def _divide(self, bundle: int, members: list[str]) -> None:
        """Let a bundle count for those who share its rank, a part for each."""
        weight = self.weights[bundle]
        if len(members) == 1:
            self.piles[members[0]].append(bundle)
            return
        for one in members:
            self.piles[one].append(len(self.ranks))
            self.ranks.append(self.ranks[bundle])
            self.places.append(self.places[bundle])
            self.weights.append(Fraction(weight) / len(members))
