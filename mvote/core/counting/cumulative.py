"""Cumulative voting: voters distribute points, the most points win."""

from collections.abc import Iterable
from typing import Any

from mvote.core.counting.adding import Sums, add_up
from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, joined, tie_words
from mvote.core.counting.scored import NO_VOTES, NOTHING_WON, with_totals
from mvote.core.counting.seats import (
    SEATS,
    WITHDRAWN,
    fill,
    ranked,
    read_seats,
    seats_of,
    standing,
)
from mvote.core.counting.shown import decimal
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Scores
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule


class Cumulative(CountingMethod[Scores]):
    """Options: ``seats`` (1 where it is missing) and ``withdrawn``.

    An option without more than 0 points never wins.
    """

    name = "cumulative"
    label = {"ko": "점수 합계", "en": "Sum of points"}
    form = {"seats": SEATS, "withdrawn": WITHDRAWN}
    shape = Scores
    totals = {"ko": "점수", "en": "Points"}
    shares = False

    def read_options(self, read: Reader, question: Question) -> None:
        read_seats(read, question)

    def count(
        self, question: Question, ballots: Iterable[tuple[Scores, int]], *, ties: TieRule
    ) -> Outcome:
        counted = add_up(question, ballots)
        worth: dict[str, Any] = {
            one: counted.totals[one] for one in standing(question) if counted.totals[one] > 0
        }
        winners, tie = fill(question, ranked(worth), seats_of(question), ties)
        return Outcome(
            method=self.name,
            ballots=counted.ballots,
            valid=counted.valid,
            blank=counted.blank,
            totals=counted.totals,
            winners=winners,
            ties=(tie,) if tie else (),
            rounds=(),
            explanation=_explain(question, counted, winners, tie, ties),
        )


def _explain(
    question: Question, counted: Sums, winners: tuple[str, ...], tie: Tie | None, ties: TieRule
) -> Words:
    if not counted.valid:
        return NO_VOTES
    said = NOTHING_WON
    if winners:
        points = {one: decimal(counted.totals[one]) for one in winners}
        texts = {one: {"ko": f"{got}점", "en": got} for one, got in points.items()}
        who = with_totals(question, winners, texts)
        said = {
            "ko": f"유효표 {counted.valid:,}표에서 가장 많은 점수: {who['ko']}.",
            "en": f"The most points in {counted.valid:,} valid votes: {who['en']}.",
        }
    return joined(said, tie_words(question, tie, ties.label)) if tie else said
