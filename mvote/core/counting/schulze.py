"""Schulze's method: who is not beaten along a stronger chain of victories."""

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
from mvote.core.ties import TieRule


class Schulze(PairwiseMethod):
    """Options: those of every pairwise method and ``strength`` (see ``pairwise``).

    A chain of victories is as strong as its weakest; one option is better than another where
    its strongest chain to it is stronger than the strongest chain back.

    Source: M. Schulze, A new monotonic, clone-independent … method, Social Choice and Welfare
    36 (2011); Constitution of the Debian project, A.5 (winning votes).
    """

    name = "schulze"
    label = {"ko": "슐츠 방식", "en": "Schulze"}
    form = {**PairwiseMethod.form, "strength": STRENGTH}

    def standing(
        self,
        question: Question,
        table: Table,
        ties: TieRule | None,  # noqa: ARG002
    ) -> Standing:
        chains = _chains(table, choice_of(question, "strength", STRENGTHS))
        beats = {
            one: {other for other in table if other != one and row[other] > chains[other][one]}
            for one, row in chains.items()
        }
        return Standing(layers(beats), {one: len(others) for one, others in beats.items()})

    def rule_words(self) -> Words:
        return {
            "ko": "모두를 이긴 선택지가 없어, 일대일 승리로 이어지는 가장 센 고리로 비교했습니다.",
            "en": "No option beats every other, so the strongest chains of victories decided.",
        }


def _chains(table: Table, kind: str) -> dict[str, dict[str, int]]:
    """The strongest chain from each option to each (Floyd and Warshall), as places in a scale."""
    strengths = {
        (one, other): strength_of(table, kind, one, other) for one in table for other in table[one]
    }
    scale = {value: at for at, value in enumerate(sorted({(0, 0), *strengths.values()}))}
    chains = {one: {other: scale[strengths[one, other]] for other in table[one]} for one in table}
    for middle in table:
        onward = chains[middle]
        for one, row in chains.items():
            if one == middle:
                continue
            reach = row[middle]
            for other, strength in onward.items():
                if other != one and row[other] < (through := min(reach, strength)):
                    row[other] = through
    return chains
