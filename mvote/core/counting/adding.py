"""Adding up what ballots are worth to options, whatever the shape of the ballots."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from mvote.core.counting.outcome import Total
from mvote.core.question import Question
from mvote.core.shapes import Choices, Ranking, Scores

Worth = Iterable[tuple[str, Total]]


@dataclass(frozen=True, slots=True)
class Sums:
    """What every option got together, in the order of the question."""

    ballots: int
    blank: int
    totals: dict[str, Total]

    @property
    def valid(self) -> int:
        return self.ballots - self.blank


def add_up(
    question: Question,
    ballots: Iterable[tuple[Any, int]],
    worth: Callable[[Any], Worth] | None = None,
) -> Sums:
    """Add up weighted ballots.

    A chosen option gets 1, a scored one its points, a ranked one its points by position
    (see ``position_points``) unless ``worth`` says otherwise.  Raises ValueError for a
    negative weight or an option not asked for.
    """
    totals: dict[str, Total] = dict.fromkeys(question.by_id, 0)
    count = blank = 0
    value = worth or _worth_of(question)
    for answer, weight in ballots:
        if weight < 0:
            raise ValueError("a ballot cannot weigh less than nothing")
        count += weight
        blank += weight if answer.blank else 0
        for option, points in value(answer):
            if option not in totals:
                raise ValueError(f"a ballot names what question {question.id} does not offer")
            totals[option] += points * weight
    return Sums(count, blank, totals)


def position_points(points: tuple[int, ...], answer: Ranking) -> Worth:
    """The points of each ranked option; those who share ranks share their points equally."""
    place = 0
    for group in answer.groups:
        shared = sum(points[place : place + len(group)])
        place += len(group)
        each: Total = Fraction(shared, len(group))
        if isinstance(each, Fraction) and each.denominator == 1:
            each = each.numerator
        for option in group:
            yield option, each


def descending(most: int) -> tuple[int, ...]:
    """The points of positions where nothing else is said: ``most`` for the first, 1 for the last.

    Source: the votes of type ``ordinal`` of pabulib.org.
    """
    return tuple(range(most, 0, -1))


def _worth_of(question: Question) -> Callable[[Any], Worth]:
    points = descending(len(question.options))

    def worth(answer: Choices | Ranking | Scores) -> Worth:
        if isinstance(answer, Choices):
            return ((option, 1) for option in answer.ids)
        if isinstance(answer, Scores):
            return answer.pairs
        return position_points(points, answer)

    return worth
