"""What all methods have in common that count scores: the scores of every option, and its rank."""

from abc import abstractmethod
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, ClassVar

from mvote.core.canonical import JSON
from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Total, joined, tie_words
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
from mvote.core.questions.scale import scale_of
from mvote.core.shapes import Scores
from mvote.core.text import LANGUAGES, Words
from mvote.core.ties import Tie, TieRule

UNSCORED = ("ignore", "zero", "lowest")
NOTHING_WON: Words = {"ko": "선정된 것이 없습니다.", "en": "Nothing won."}
NO_VOTES: Words = {
    "ko": "유효표가 없어 선정된 것이 없습니다.",
    "en": "No valid votes, so nothing won.",
}


@dataclass(frozen=True, slots=True)
class Scored:
    """``counts`` by option: how often each score was given, the lowest score first."""

    ballots: int
    blank: int
    counts: Mapping[str, Mapping[int, int]]

    @property
    def valid(self) -> int:
        return self.ballots - self.blank

    def given(self, option: str) -> int:
        return sum(self.counts[option].values())

    def total(self, option: str) -> int:
        return sum(score * often for score, often in self.counts[option].items())

    def mean(self, option: str) -> Fraction:
        """0 where nobody scored the option."""
        given = self.given(option)
        return Fraction(self.total(option), given) if given else Fraction(0)

    def at(self, option: str, place: int) -> int:
        """The score at a place, from 0, of all that were given, the lowest first."""
        for score, often in self.counts[option].items():
            place -= often
            if place < 0:
                return score
        raise IndexError("fewer scores were given")

    def to_json(self) -> dict[str, JSON]:
        return {
            option: {str(score): often for score, often in counts.items()}
            for option, counts in self.counts.items()
        }


def read_scores(
    question: Question, ballots: Iterable[tuple[Scores, int]], unscored: str = "ignore"
) -> Scored:
    """Count the scores of every option.

    What a voter who answered left unscored is no opinion (``ignore``), 0 (``zero``) or the
    lowest of the scale (``lowest``; the lowest score given where the question has no scale).
    Raises ValueError for a negative weight or an option not asked for.
    """
    counts: dict[str, Counter[int]] = {option: Counter() for option in question.by_id}
    count = blank = 0
    for answer, weight in ballots:
        if weight < 0:
            raise ValueError("a ballot cannot weigh less than nothing")
        count += weight
        blank += 0 if answer.pairs else weight
        for option, score in answer.pairs:
            if option not in counts:
                raise ValueError(f"a ballot scores what question {question.id} does not offer")
            counts[option][score] += weight
    if unscored != "ignore":
        value = 0 if unscored == "zero" else _lowest(question, counts.values())
        for given in counts.values():
            given[value] += count - blank - given.total()
    return Scored(
        count,
        blank,
        {
            option: {score: given[score] for score in sorted(given) if given[score]}
            for option, given in counts.items()
        },
    )


def _lowest(question: Question, counts: Iterable[Counter[int]]) -> int:
    if "scale" in question.config:
        return scale_of(question).least
    return min((score for given in counts for score in +given), default=0)


class ScoreMethod(CountingMethod[Scores]):
    """Every option gets a worth from its scores; the best win.

    Options: ``seats`` (1 where it is missing), ``withdrawn`` and ``unscored``: what a voter
    left unscored is no opinion (``ignore``, also where it is missing), counts as 0 (``zero``)
    or as the lowest of the scale (``lowest``).  An option that nobody scored never wins.
    """

    form: ClassVar[Mapping[str, Words]] = {
        "seats": SEATS,
        "unscored": {
            "ko": "점수를 매기지 않은 선택지(ignore 제외, zero 0점, lowest 최저점)",
            "en": "An option left unscored (ignore, zero, lowest)",
        },
        "withdrawn": WITHDRAWN,
    }
    shape = Scores
    shares = False

    def read_options(self, read: Reader, question: Question) -> None:
        read_seats(read, question)
        if read.raw.get("unscored") is not None:
            read.one_of("unscored", UNSCORED)

    @abstractmethod
    def total(self, scored: Scored, option: str) -> Total:
        """What is published of an option that somebody scored."""

    def order(self, scored: Scored, options: list[str]) -> list[list[str]]:
        """The options in groups of equal worth, the best first."""
        worth: dict[str, Any] = {one: self.total(scored, one) for one in options}
        return ranked(worth)

    def count(
        self, question: Question, ballots: Iterable[tuple[Scores, int]], *, ties: TieRule
    ) -> Outcome:
        unscored = question.counting.options.get("unscored") or "ignore"
        scored = read_scores(question, ballots, unscored)
        known = [one for one in scored.counts if scored.given(one)]
        stands = set(standing(question))
        groups = self.order(scored, [one for one in known if one in stands])
        winners, tie = fill(question, groups, seats_of(question), ties)
        return Outcome(
            method=self.name,
            ballots=scored.ballots,
            valid=scored.valid,
            blank=scored.blank,
            totals={
                one: whole(self.total(scored, one)) if one in known else 0 for one in scored.counts
            },
            winners=winners,
            ties=(tie,) if tie else (),
            rounds=(),
            explanation=self._explain(question, scored, winners, tie, ties),
            figures=self.figures(scored, known),
        )

    def figures(self, scored: Scored, known: list[str]) -> dict[str, JSON]:  # noqa: ARG002
        return {"scores": scored.to_json()}

    def _explain(
        self,
        question: Question,
        scored: Scored,
        winners: tuple[str, ...],
        tie: Tie | None,
        ties: TieRule,
    ) -> Words:
        if not scored.valid:
            return NO_VOTES
        said = [self.won_words(question, scored, winners) if winners else NOTHING_WON]
        if tie:
            said.append(tie_words(question, tie, ties.label))
        return joined(*said)

    @abstractmethod
    def won_words(self, question: Question, scored: Scored, winners: tuple[str, ...]) -> Words:
        """Why these options won."""


def whole(value: Total) -> Total:
    """A whole number as such."""
    return value.numerator if isinstance(value, Fraction) and value.denominator == 1 else value


def with_totals(question: Question, options: Iterable[str], totals: Mapping[str, Words]) -> Words:
    """Options by title, each with what it got in brackets."""
    marks = {"ko": "‘{}’({})", "en": "“{}” ({})"}
    ids = list(options)
    return {
        language: ", ".join(
            marks[language].format(question.by_id[one].title[language], totals[one][language])
            for one in ids
        )
        for language in LANGUAGES
    }
