"""Plurality: each ballot names one option, the most votes win."""

from collections.abc import Iterable

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Tally, joined, named, tally, tie_words
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.shapes import Choices
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule


class Plurality(CountingMethod[Choices]):
    """Options: ``seats`` (1 where it is missing).  An option without a vote never wins."""

    name = "plurality"
    label = {"ko": "다수결", "en": "Plurality"}
    form = {"seats": {"ko": "선정할 수", "en": "How many win"}}

    def read_options(self, read: Reader, question: Question) -> None:
        if QUESTIONS.get(question.type).limits(question).most > 1:
            read.faults.add("counting.method", "needs a question with one choice a voter")
        read.optional_integer("seats", least=1, most=max(1, len(question.options) - 1))

    def count(
        self, question: Question, ballots: Iterable[tuple[Choices, int]], *, ties: TieRule
    ) -> Outcome:
        counted = tally(question, ballots)
        seats = question.counting.options.get("seats") or 1
        winners, tie = _elect(question, counted, seats, ties)
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


def _elect(
    question: Question, counted: Tally, seats: int, ties: TieRule
) -> tuple[tuple[str, ...], Tie | None]:
    """Fill the seats from the top; the one group that does not fit as a whole is the tie."""
    winners: list[str] = []
    for total, group in counted.ranked():
        room = seats - len(winners)
        if room == 0 or total == 0:
            break
        if len(group) > room:
            order = ties.order(question, group) or ()
            tie = Tie(tuple(group), len(winners) + 1, ties.name, order)
            return (*winners, *order[:room]), tie
        winners += group
    return tuple(winners), None


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
