"""Filling seats from the top, and the counting options that all electing methods share."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.text import Words
from mvote.core.ties import History, Tie, TieRule

SEATS: Words = {"ko": "선정할 수", "en": "How many win"}
WITHDRAWN: Words = {"ko": "철회된 선택지", "en": "Withdrawn options"}
Elected = tuple[tuple[str, ...], Tie | None]


def read_withdrawn(read: Reader, question: Question) -> None:
    """Add the faults of ``withdrawn``: ids of options whose votes elect them no more."""
    withdrawn = read.raw.get("withdrawn", [])
    if not isinstance(withdrawn, list) or not all(
        isinstance(one, str) and one in question.by_id for one in withdrawn
    ):
        read.fault("withdrawn", "has to be a list of ids of options")
    elif question.options and len(set(withdrawn)) == len(question.options):
        read.fault("withdrawn", "leaves no option")


def read_seats(read: Reader, question: Question) -> None:
    """Add the faults of ``withdrawn`` and of ``seats``, which may not be more than options."""
    read_withdrawn(read, question)
    withdrawn = read.raw.get("withdrawn")
    gone = withdrawn if isinstance(withdrawn, list) else []
    left = [one for one in question.by_id if one not in gone]
    read.optional_integer("seats", least=1, most=max(1, len(left)))


def seats_of(question: Question) -> int:
    """How many win; 1 where the option is missing."""
    return question.counting.options.get("seats") or 1


def standing(question: Question) -> tuple[str, ...]:
    """The options that were not withdrawn, in the order of the question."""
    withdrawn = question.counting.options.get("withdrawn") or ()
    return tuple(one for one in question.by_id if one not in withdrawn)


def ranked(worth: Mapping[str, Any]) -> list[list[str]]:
    """Groups of options of equal worth, the best first, each in the order of the mapping."""
    groups: dict[Any, list[str]] = {}
    for option, value in worth.items():
        groups.setdefault(value, []).append(option)
    return [groups[value] for value in sorted(groups, reverse=True)]


def fill(
    question: Question,
    groups: Iterable[Sequence[str]],
    seats: int,
    ties: TieRule,
    history: History = (),
) -> Elected:
    """Give the seats to whole groups from the top; the one group that does not fit is the tie."""
    winners: list[str] = []
    for group in groups:
        room = seats - len(winners)
        if room == 0:
            break
        if len(group) > room:
            tie = ties.settle(question, group, place=len(winners) + 1, history=history)
            return (*winners, *tie.order[:room]), tie
        winners += group
    return tuple(winners), None
