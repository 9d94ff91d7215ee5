"""Majority judgment: the highest majority grade wins, the grades around it break ties."""

from bisect import bisect_right
from collections.abc import Iterable
from fractions import Fraction
from itertools import accumulate, pairwise

from mvote.core.canonical import JSON
from mvote.core.counting.outcome import Total
from mvote.core.counting.scored import Scored, ScoreMethod, with_totals
from mvote.core.counting.seats import ranked
from mvote.core.question import Question
from mvote.core.questions.scale import scale_of
from mvote.core.text import Words

HALF = Fraction(1, 2)


class MajorityJudgment(ScoreMethod):
    """Options are put in the order of their majority values, exactly.

    The majority grade is the lower median.  The majority value is the majority grade, then
    the majority grade of what is left after one such grade is taken away, and so on; a higher
    one wins at the first place where two differ.  Only options with the same grades in the
    same shares stay tied.  Where not all options have equally many grades (``unscored`` is
    ``ignore``) their shares are compared, as if every grade had been given equally often more.

    ``figures``: for each option its ``grade``, and how many gave a higher (``above``) and a
    lower one (``below``).

    Source: Balinski and Laraki, Majority Judgment (MIT Press 2010), chapters 1 and 13.
    """

    name = "majority-judgment"
    label = {"ko": "다수 판단", "en": "Majority judgment"}
    totals = {"ko": "다수 등급", "en": "Majority grade"}

    def total(self, scored: Scored, option: str) -> Total:
        return _grade(scored, option)

    def order(self, scored: Scored, options: list[str]) -> list[list[str]]:
        return ranked(majority_values(scored, options))

    def figures(self, scored: Scored, known: list[str]) -> dict[str, JSON]:
        made: dict[str, JSON] = {}
        for option in known:
            grade, counts = _grade(scored, option), scored.counts[option]
            made[option] = {
                "grade": grade,
                "above": sum(often for one, often in counts.items() if one > grade),
                "below": sum(often for one, often in counts.items() if one < grade),
            }
        return {**super().figures(scored, known), "majority": made}

    def won_words(self, question: Question, scored: Scored, winners: tuple[str, ...]) -> Words:
        grades = {one: _grade_words(question, _grade(scored, one)) for one in winners}
        who = with_totals(question, winners, grades)
        said: Words = {
            "ko": f"유효표 {scored.valid:,}표에서 다수 등급이 가장 높습니다: {who['ko']}.",
            "en": f"The highest majority grade in {scored.valid:,} valid votes: {who['en']}.",
        }
        last = _grade(scored, winners[-1])
        beaten = [
            one
            for one in scored.counts
            if one not in winners and scored.given(one) and _grade(scored, one) == last
        ]
        if beaten:
            said = {
                "ko": f"{said['ko']} 등급이 같으면 가운데에 가까운 점수부터 비교했습니다.",
                "en": f"{said['en']} Equal grades were told apart by the grades next to them.",
            }
        return said


def majority_values(scored: Scored, options: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """For each option what sorts it by its majority value.

    Going outwards from the middle of the sorted grades, the grade just below and the grade
    just above the middle alternate.  These stay the same over stretches; the ends of the
    stretches of all options together make the values comparable.
    """
    sums = {one: _shares(scored, one) for one in options}
    ends = {abs(share - HALF) for shares in sums.values() for share in shares} | {HALF, Fraction(0)}
    depths = [(one + other) / 2 for one, other in pairwise(sorted(ends))]
    values = {}
    for option, shares in sums.items():
        grades = list(scored.counts[option])
        values[option] = tuple(
            grades[bisect_right(shares, HALF + side * depth)]
            for depth in depths
            for side in (-1, 1)
        )
    return values


def _shares(scored: Scored, option: str) -> list[Fraction]:
    """The share of those who gave a grade or a lower one, the lowest grade first."""
    given = scored.given(option)
    return [Fraction(one, given) for one in accumulate(scored.counts[option].values())]


def _grade(scored: Scored, option: str) -> int:
    return scored.at(option, (scored.given(option) - 1) // 2)


def _grade_words(question: Question, grade: int) -> Words:
    if "scale" in question.config:
        return scale_of(question).name_of(grade)
    return {"ko": str(grade), "en": str(grade)}
