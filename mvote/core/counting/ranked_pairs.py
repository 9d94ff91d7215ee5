"""Ranked pairs: victories are locked in, the strongest first, unless they would close a circle."""

from collections.abc import Mapping
from itertools import groupby

from mvote.core.counting.pairwise import (
    STRENGTH,
    STRENGTHS,
    PairwiseMethod,
    Standing,
    Table,
    layers,
    strength_of,
)
from mvote.core.counting.ranked import choice_of
from mvote.core.question import Question
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

Pair = tuple[str, str]
Locked = dict[str, set[str]]
"""Whom each option beats for good."""


class RankedPairs(PairwiseMethod):
    """Options: those of every pairwise method and ``strength`` (see ``pairwise``).

    Victories that are equally strong are locked in together; only those that would close a
    circle among themselves are a tie, and go in the order of who won and then of who lost,
    the worst first.

    Source: T. N. Tideman, Independence of clones …, Social Choice and Welfare 4 (1987).
    """

    name = "ranked-pairs"
    label = {"ko": "순위쌍 방식", "en": "Ranked pairs"}
    form = {**PairwiseMethod.form, "strength": STRENGTH}

    def standing(self, question: Question, table: Table, ties: TieRule | None) -> Standing:
        kind = choice_of(question, "strength", STRENGTHS)
        pairs = [
            (strength_of(table, kind, one, other), one, other)
            for one in table
            for other in table[one]
            if table[one][other] > table[other][one]
        ]
        pairs.sort(key=lambda pair: pair[0], reverse=True)
        locked: Locked = {one: set() for one in table}
        decided: list[Tie] = []
        for _, group in groupby(pairs, key=lambda pair: pair[0]):
            tie = _lock(question, locked, [(one, other) for _, one, other in group], ties)
            decided += [tie] if tie else []
        return Standing(
            layers(locked),
            {one: len(_reached(locked, one)) for one in table},
            tuple(decided),
            frozenset(one for tie in decided if not tie.order for one in tie.options),
        )

    def rule_words(self) -> Words:
        return {
            "ko": "모두를 이긴 선택지가 없어, 가장 뚜렷한 일대일 승리부터 차례로 확정했습니다.",
            "en": "No option beats every other, so victories were locked in, the clearest first.",
        }


def _lock(
    question: Question, locked: Locked, pairs: list[Pair], ties: TieRule | None
) -> Tie | None:
    """Lock in equally strong victories; give the tie that this took."""
    fits = [(one, other) for one, other in pairs if one not in _reached(locked, other)]
    trial = {one: set(others) for one, others in locked.items()}
    for one, other in fits:
        trial[one].add(other)
    circle = [(one, other) for one, other in fits if one in _reached(trial, other)]
    for one, other in fits:
        if (one, other) not in circle:
            locked[one].add(other)
    if not circle or ties is None:
        return None
    involved = {one for pair in circle for one in pair}
    tie = ties.settle(question, [one for one in locked if one in involved], place=1)
    place = {one: at for at, one in enumerate(tie.order)}
    for one, other in sorted(
        circle if tie.order else (), key=lambda pair: (place[pair[0]], -place[pair[1]])
    ):
        if one not in _reached(locked, other):
            locked[one].add(other)
    return tie


def _reached(beats: Mapping[str, set[str]], start: str) -> set[str]:
    """Everybody whom ``start`` beats, or who is beaten by one it beats, and so on."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        for one in beats[ahead.pop()]:
            if one not in found:
                found.add(one)
                ahead.append(one)
    return found
