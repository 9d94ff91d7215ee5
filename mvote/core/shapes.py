"""The few shapes an answer can have: what question types give and counting methods take.

Every shape is hashable and canonical: equal answers are equal values, so that equal
ballots can be put together before they are counted.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise, repeat
from typing import cast


@dataclass(frozen=True, slots=True)
class Choices:
    """A set of chosen options: sorted ids without doubles; none chosen is a blank vote."""

    ids: tuple[str, ...]

    def __post_init__(self) -> None:
        _require_sorted(self.ids, "the chosen options")

    @classmethod
    def of(cls, ids: Iterable[str]) -> "Choices":
        return cls(tuple(sorted(set(ids))))

    @property
    def blank(self) -> bool:
        return not self.ids


@lru_cache(maxsize=4096)
def _alone(option: str) -> tuple[str, ...]:
    """A rank of one option: the same object every time, as there may be millions of them."""
    return (option,)


def _rank(options: str | Iterable[str]) -> tuple[str, ...]:
    return (options,) if isinstance(options, str) else tuple(sorted(set(options)))


@dataclass(frozen=True, slots=True)
class Ranking:
    """Options in groups of equal rank, the best first; what stands in none is ranked last.

    Groups are not empty, each is sorted, and no option stands twice.
    """

    groups: tuple[tuple[str, ...], ...]

    def __post_init__(self) -> None:
        """Quick for one option a rank, as there may be a hundred thousand of these."""
        ids = [one for group in self.groups for one in group]
        if len(ids) != len(set(ids)):
            raise ValueError("an option can stand in one rank only")
        if not all(self.groups):
            raise ValueError("a rank has to hold an option")
        if len(ids) != len(self.groups):
            for group in self.groups:
                _require_sorted(group, "the options of a rank")

    @classmethod
    def of(cls, groups: Iterable[str | Iterable[str]]) -> "Ranking":
        """A single id is a rank of its own."""
        given = tuple(groups)
        kinds = set(map(type, given))
        if kinds <= {str}:
            return cls.many([cast("tuple[str, ...]", given)])[0]
        if kinds <= {list, tuple} and set(map(len, cast("list[list[str]]", given))) == {1}:
            return cls.many([[one for (one,) in given]])[0]
        return cls(tuple(_rank(one) for one in given))

    @classmethod
    def many(cls, rows: Iterable[Sequence[str]]) -> "list[Ranking]":
        """A ranking of each row of ids, one a rank: quick, as there may be a hundred thousand.

        Raises ValueError where an id stands twice in a row.
        """
        made = []
        new, put = object.__new__, cls.__dict__["groups"].__set__
        for row in rows:
            if len(set(row)) != len(row):
                raise ValueError("an option can stand in one rank only")
            ranking = new(cls)  # whole already, so that no second check is needed
            put(ranking, tuple(map(_alone, row)))
            made.append(ranking)
        return made

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(option for group in self.groups for option in group)

    @property
    def blank(self) -> bool:
        return not self.groups


@dataclass(frozen=True, slots=True)
class RankedRows:
    """Rankings with one option a rank, as rows of ids, the best first; doubles are welcome.

    It stands for pairs of a Ranking and its weight (1 where there are no ``weights``) and gives
    them where it is asked; a count of rankings takes the rows themselves, which is much quicker.
    A row with an id twice is refused (ValueError) by whoever looks at the rows first.
    """

    rows: Sequence[Sequence[str]]
    weights: Sequence[int] = ()

    def __post_init__(self) -> None:
        if self.weights and len(self.weights) != len(self.rows):
            raise ValueError("there has to be a weight for every row")

    def __iter__(self) -> Iterator[tuple[Ranking, int]]:
        return zip(Ranking.many(self.rows), self.weights or repeat(1), strict=False)


@dataclass(frozen=True, slots=True)
class Scores:
    """Whole numbers given to options (grades, points, agreement), sorted by option id.

    An option that stands in none was not scored, which is not the same as 0.
    """

    pairs: tuple[tuple[str, int], ...]

    def __post_init__(self) -> None:
        _require_sorted(tuple(option for option, _ in self.pairs), "the scored options")

    @classmethod
    def of(cls, scores: Mapping[str, int]) -> "Scores":
        return cls(tuple(sorted(scores.items())))

    @property
    def blank(self) -> bool:
        return not self.pairs


@dataclass(frozen=True, slots=True)
class Amount:
    """One number, as a whole number of the question's smallest unit; None is a blank vote."""

    value: int | None

    @property
    def blank(self) -> bool:
        return self.value is None


@dataclass(frozen=True, slots=True)
class Text:
    """An open text, by the hash that stands in the ballot (64 hexadecimal digits)."""

    sha256: str | None

    @property
    def blank(self) -> bool:
        return self.sha256 is None


Answer = Choices | Ranking | Scores | Amount | Text
Shape = type[Choices] | type[Ranking] | type[Scores] | type[Amount] | type[Text]


def _require_sorted(ids: tuple[str, ...], what: str) -> None:
    if any(one >= other for one, other in pairwise(ids)):
        raise ValueError(f"{what} have to be sorted and without doubles")
