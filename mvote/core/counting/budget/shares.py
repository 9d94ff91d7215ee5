"""The method of equal shares for one endowment: who pays how much for what, exactly.

Every voter starts with the same money.  A project is affordable at the rate r where each of
its supporters pays r times its cost, or all that is left of theirs where that is less.  The
affordable project with the lowest rate is bought, again and again.

Amounts are whole numbers over one common denominator, which grows as shares are split.
Voters with equally much money form a class, so that most work is done once for a class.  A
rate can only rise as voters spend, so that an old rate is a bound: a project is looked at
again only where its old rate is the lowest.
"""

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd

from mvote.core.ties import Tie

BROKE = 0
"""The class of voters who have nothing left."""

Settle = Callable[[Sequence[str], int], Tie]
"""Puts tied projects in order, given their place among the winners."""


@dataclass(frozen=True, slots=True)
class Purchase:
    """``most`` is what a supporter paid for the project at most, ``paying`` how many paid that."""

    option: str
    most: Fraction
    paying: int


@dataclass
class Course:
    """What was bought, in order; ``stuck`` are projects whose tie was left undecided."""

    bought: list[Purchase] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)
    stuck: tuple[str, ...] = ()


class Crowd:
    """The voters: distinct ballots with weights, and by project the numbers of its ballots."""

    def __init__(
        self, costs: Mapping[str, int], ballots: Iterable[tuple[Sequence[str], int]]
    ) -> None:
        """``costs`` holds the projects that can be bought, each with a cost of at least 1."""
        self.costs = costs
        self.places = {option: place for place, option in enumerate(costs)}
        self.weights: list[int] = []
        self.single: dict[str, list[int]] = {option: [] for option in costs}
        self.heavy: dict[str, list[int]] = {option: [] for option in costs}
        for ids, weight in ballots:
            where = self.single if weight == 1 else self.heavy
            for option in ids:
                if option in costs:
                    where[option].append(len(self.weights))
            self.weights.append(weight)

    def votes(self, option: str) -> int:
        return len(self.single[option]) + sum(self.weights[one] for one in self.heavy[option])


def run(crowd: Crowd, endowment: Fraction, settle: Settle) -> Course:
    """Buy projects until none is affordable, or a tie that changes the outcome stays a tie."""
    course, shares = Course(), _Shares(crowd, endowment)
    while tied := shares.cheapest():
        option = tied[0]
        rivals = shares.rivals(tied) if len(tied) > 1 else []
        if rivals and len(rivals) < len(tied):
            # what nobody has to choose against goes first: it changes nothing for the others
            option = next(one for one in tied if one not in rivals)
        elif rivals:
            tie = settle(rivals, len(course.bought) + 1)
            course.ties.append(tie)
            if not tie.order:
                course.stuck = tuple(rivals)
                break
            option = tie.order[0]
        course.bought.append(shares.buy(option))
    return course


class _Shares:
    """The money of every class of voters in units of 1 / ``unit``."""

    def __init__(self, crowd: Crowd, endowment: Fraction) -> None:
        self.crowd = crowd
        self.unit = endowment.denominator
        self.money = {BROKE: 0, 1: endowment.numerator}
        self.size = {BROKE: 0, 1: sum(crowd.weights)}
        self.newest = 1
        self.class_of = [1] * len(crowd.weights)
        self.single = {option: list(ids) for option, ids in crowd.single.items()}
        self.rates = [
            (Fraction(1, votes), crowd.places[option], option)
            for option in crowd.costs
            if (votes := crowd.votes(option))
        ]
        heapq.heapify(self.rates)

    def cheapest(self) -> list[str]:
        """The affordable projects with the lowest rate, in the order of the question."""
        fresh: list[tuple[Fraction, int, str]] = []
        best: Fraction | None = None
        while self.rates and (best is None or self.rates[0][0] <= best):
            _, place, option = heapq.heappop(self.rates)
            found = self._split(option)
            if found is None:
                continue
            rate = Fraction(found.due, found.paying * self.crowd.costs[option] * self.unit)
            fresh.append((rate, place, option))
            best = rate if best is None else min(best, rate)
        for one in fresh:
            heapq.heappush(self.rates, one)
        return [option for rate, _, option in sorted(fresh) if rate == best]

    def rivals(self, tied: Sequence[str]) -> list[str]:
        """Those of the tied that some voter cannot pay for together with another of them."""
        rate = next(rate for rate, _, option in self.rates if option == tied[0])
        wanted: dict[int, list[str]] = {}
        for option in tied:
            for ballot in (*self.single[option], *self.crowd.heavy[option]):
                if self.class_of[ballot] != BROKE:
                    wanted.setdefault(ballot, []).append(option)
        found: set[str] = set()
        for ballot, options in wanted.items():
            price = rate * sum(self.crowd.costs[one] for one in options) * self.unit
            if len(options) > 1 and price > self.money[self.class_of[ballot]]:
                found.update(options)
        return [option for option in tied if option in found]

    def buy(self, option: str) -> Purchase:
        """Let the supporters pay."""
        found = self._split(option)
        assert found is not None, "a project that is bought is affordable"
        self.rates = [one for one in self.rates if one[2] != option]
        heapq.heapify(self.rates)
        factor = found.paying // gcd(found.due, found.paying)
        most = found.due * factor // found.paying
        self._rescale(factor)
        moved = self._pay(found.classes, most)
        for ballots in (self.single[option], self.crowd.heavy[option]):
            for ballot in ballots:
                self.class_of[ballot] = moved[self.class_of[ballot]]
        return Purchase(option, Fraction(most, self.unit), found.paying)

    def _split(self, option: str) -> "_Split | None":
        """Who of the supporters pays all that is left and who pays the same; None if too dear."""
        classes = self._classes(option)
        money = self.money
        due = self.crowd.costs[option] * self.unit
        if sum(size * money[one] for one, size in classes.items()) < due:
            return None
        paying = sum(classes.values())
        for one in sorted(classes, key=money.__getitem__):
            if money[one] * paying >= due:
                break
            due -= money[one] * classes[one]
            paying -= classes[one]
        return _Split(due, paying, classes)

    def _classes(self, option: str) -> dict[int, int]:
        """How many supporters with money are in each class."""
        single = self.single[option]
        classes: Counter[int] = Counter(map(self.class_of.__getitem__, single))
        if classes[BROKE] * 4 > len(single):
            self.single[option] = [one for one in single if self.class_of[one] != BROKE]
        for ballot in self.crowd.heavy[option]:
            classes[self.class_of[ballot]] += self.crowd.weights[ballot]
        del classes[BROKE]
        return classes

    def _rescale(self, factor: int) -> None:
        self.unit *= factor
        if factor != 1:
            self.money = {one: money * factor for one, money in self.money.items()}

    def _pay(self, classes: Mapping[int, int], most: int) -> dict[int, int]:
        """Move every paying class; says which class each goes to."""
        known = {money: one for one, money in self.money.items()}
        moved = {BROKE: BROKE}
        for one, size in classes.items():
            left = max(self.money[one] - most, 0)
            if left not in known:
                self.newest += 1
                known[left] = self.newest
                self.money[self.newest] = left
                self.size[self.newest] = 0
            moved[one] = known[left]
            self.size[one] -= size
            self.size[known[left]] += size
        for one in classes:
            if not self.size[one]:
                del self.size[one], self.money[one]
        return moved


@dataclass(frozen=True, slots=True)
class _Split:
    """``due`` is what the ``paying`` supporters share equally, after the others gave all."""

    due: int
    paying: int
    classes: Mapping[int, int]
