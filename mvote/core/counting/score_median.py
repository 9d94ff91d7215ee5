"""Score voting by medians: the highest median wins."""

from mvote.core.counting.outcome import Total
from mvote.core.counting.scored import Scored, ScoreMethod, with_totals
from mvote.core.counting.shown import decimal
from mvote.core.question import Question
from mvote.core.text import Words


class ScoreMedian(ScoreMethod):
    """The lower median: of n sorted scores the one at place (n + 1) / 2, rounded down.

    At least half of the voters gave the option that score or a higher one.  Equal medians are
    a tie; majority judgment is the method that looks further.

    Source: Bassett and Persky, Robust Voting, Public Choice 99 (1999).
    """

    name = "score-median"
    label = {"ko": "중앙값 점수", "en": "Median score"}
    totals = {"ko": "점수의 중앙값", "en": "Median score"}

    def total(self, scored: Scored, option: str) -> Total:
        return scored.at(option, (scored.given(option) - 1) // 2)

    def won_words(self, question: Question, scored: Scored, winners: tuple[str, ...]) -> Words:
        medians = {one: decimal(self.total(scored, one)) for one in winners}
        who = with_totals(
            question,
            winners,
            {one: {"ko": f"{median}점", "en": median} for one, median in medians.items()},
        )
        return {
            "ko": f"유효표 {scored.valid:,}표에서 점수의 중앙값이 가장 높습니다: {who['ko']}.",
            "en": f"The highest median score in {scored.valid:,} valid votes: {who['en']}.",
        }
