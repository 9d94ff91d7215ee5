"""Plurality: each ballot names one option, the most votes win."""

from collections.abc import Iterable

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Tally, joined, named, tally, tie_words
from mvote.core.counting.seats import (
    SEATS,
    WITHDRAWN,
    fill,
    ranked,
    read_seats,
    seats_of,
    standing,
)
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Choices
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule


class Plurality(CountingMethod[Choices]):
    """Options: ``seats`` (1 where it is missing) and ``withdrawn``.

    An option without a vote never wins; a withdrawn one keeps its votes and does not win.
    """

    name = "plurality"
    label = {"ko": "다수결", "en": "Plurality"}
    form = {"seats": SEATS, "withdrawn": WITHDRAWN}

    def read_options(self, read: Reader, question: Question) -> None:
        if QUESTIONS.get(question.type).limits(question).most > 1:
            read.faults.add("counting.method", "needs a question with one choice a voter")
        read_seats(read, question)

    def count(
        self, question: Question, ballots: Iterable[tuple[Choices, int]], *, ties: TieRule
    ) -> Outcome:
        counted = tally(question, ballots)
        votes = {one: counted.totals[one] for one in standing(question) if counted.totals[one]}
        winners, tie = fill(question, ranked(votes), seats_of(question), ties)
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
    question: Question, counted: Tally, winners: tuple[str, ...], tie: Tie | None, ties: TieRule
) -> Words:
    if not counted.valid:
        return {
            "ko": "유효표가 없어 선정된 것이 없습니다.",
            "en": "No valid votes, so nothing won.",
        }
    votes = ", ".join(f"{counted.totals[one]:,}" for one in winners)
    who = named(question, winners, most=len(winners))
    said: Words = {
        "ko": f"유효표 {counted.valid:,}표 가운데 최다 득표: {who['ko']} ({votes}표).",
        "en": f"The most of {counted.valid:,} valid votes: {who['en']} ({votes}).",
    }
    if not winners:
        said = {"ko": "선정된 것이 없습니다.", "en": "Nothing won."}
    return joined(said, tie_words(question, tie, ties.label)) if tie else said
