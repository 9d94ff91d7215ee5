"""Copeland's method: who wins the most comparisons one against one."""

from fractions import Fraction
from itertools import groupby

from mvote.core.counting.outcome import Total
from mvote.core.counting.pairwise import PairwiseMethod, Standing, Table
from mvote.core.counting.ranked import choice_of, read_choice
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.text import Words
from mvote.core.ties import TieRule

POINTS: dict[str, Fraction] = {"half": Fraction(1, 2), "none": Fraction(0), "full": Fraction(1)}
DRAWS = tuple(POINTS)


class Copeland(PairwiseMethod):
    """Options: those of every pairwise method and ``draws`` (what a comparison without a winner
    counts for both: ``half``, ``none`` or ``full``).

    Source: A. H. Copeland 1951; D. Saari and V. Merlin, The Copeland method, Economic Theory 8
    (1996).
    """

    name = "copeland"
    label = {"ko": "코플랜드 방식", "en": "Copeland"}
    totals = {"ko": "일대일 승점", "en": "Points from comparisons"}
    form = {
        **PairwiseMethod.form,
        "draws": {"ko": "무승부의 점수(half, none, full)", "en": "Points of a draw"},
    }

    def read_options(self, read: Reader, question: Question) -> None:
        super().read_options(read, question)
        read_choice(read, "draws", DRAWS)

    def standing(self, question: Question, table: Table, ties: TieRule | None) -> Standing:
        draw = POINTS[choice_of(question, "draws", DRAWS)]
        totals: dict[str, Total] = {}
        for one, row in table.items():
            won = sum(votes > table[other][one] for other, votes in row.items())
            drawn = sum(votes == table[other][one] for other, votes in row.items())
            points = won + draw * drawn if ties is not None else Fraction(0)
            totals[one] = int(points) if points.denominator == 1 else points
        ranked = sorted(table, key=lambda one: totals[one], reverse=True)
        groups = [list(group) for _, group in groupby(ranked, key=lambda one: totals[one])]
        return Standing(groups, totals)

    def rule_words(self) -> Words:
        return {
            "ko": "모두를 이긴 선택지가 없어, 일대일 비교의 승점으로 정했습니다.",
            "en": "No option beats every other, so points from the comparisons decided.",
        }
