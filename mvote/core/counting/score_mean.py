"""Score voting by means: the highest mean wins."""

from mvote.core.counting.outcome import Total
from mvote.core.counting.scored import Scored, ScoreMethod, with_totals
from mvote.core.counting.shown import decimal
from mvote.core.question import Question
from mvote.core.text import Words


class ScoreMean(ScoreMethod):
    """The exact mean of the scores given to an option.

    Source: range voting, Smith, Range Voting (2000).
    """

    name = "score-mean"
    label = {"ko": "평균 점수", "en": "Mean score"}
    totals = {"ko": "평균 점수", "en": "Mean score"}

    def total(self, scored: Scored, option: str) -> Total:
        return scored.mean(option)

    def won_words(self, question: Question, scored: Scored, winners: tuple[str, ...]) -> Words:
        means = {one: decimal(scored.mean(one)) for one in winners}
        who = with_totals(
            question,
            winners,
            {one: {"ko": f"{mean}점", "en": mean} for one, mean in means.items()},
        )
        return {
            "ko": f"유효표 {scored.valid:,}표에서 평균 점수가 가장 높습니다: {who['ko']}.",
            "en": f"The highest mean score in {scored.valid:,} valid votes: {who['en']}.",
        }
