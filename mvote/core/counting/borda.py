"""Borda's count: points for every rank, exactly, with equal and missing ranks averaged."""

from collections.abc import Iterable
from fractions import Fraction

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Total, named
from mvote.core.counting.ranked import (
    SEATS,
    WITHDRAWN,
    Packed,
    Ranks,
    choice_of,
    elect_top,
    explained,
    pack,
    read_choice,
    read_standing,
    votes_shown,
)
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking
from mvote.core.text import Words
from mvote.core.ties import TieRule

VARIANTS = ("standard", "modified", "dowdall")


class Borda(CountingMethod[Ranking]):
    """Options: ``seats`` (1 where it is missing), ``withdrawn`` and ``variant``.

    ``standard``: n - 1 points for the first of n options down to 0, those not ranked share what
    is left.  ``modified``: a ballot that ranks m options gives m points down to 1, and none to
    the rest.  ``dowdall``: 1, 1/2, 1/3 …, none to those not ranked.  Options on one rank get the
    average of the places that they take up.

    Source: J.-C. de Borda 1781; P. Emerson, The original Borda count and partial voting, Social
    Choice and Welfare 40 (2013); J. Fraenkel and B. Grofman, Australian Journal of Political
    Science 49 (2014).
    """

    name = "borda"
    label = {"ko": "보르다 점수", "en": "Borda count"}
    shape = Ranking
    totals = {"ko": "점수", "en": "Points"}
    shares = False
    form = {
        "seats": SEATS,
        "withdrawn": WITHDRAWN,
        "variant": {
            "ko": "점수 방식(standard, modified, dowdall)",
            "en": "Points (standard, modified, dowdall)",
        },
    }

    def read_options(self, read: Reader, question: Question) -> None:
        read_standing(read, question)
        read_choice(read, "variant", VARIANTS)

    def count(
        self, question: Question, ballots: Iterable[tuple[Ranking, int]], *, ties: TieRule
    ) -> Outcome:
        packed = pack(question, ballots)
        points = _points(packed, choice_of(question, "variant", VARIANTS))
        winners, decided = elect_top(question, points, packed.named(), ties)
        return Outcome(
            method=self.name,
            ballots=packed.ballots,
            valid=packed.valid,
            blank=packed.blank,
            totals={one: points.get(one, 0) for one in question.by_id},
            winners=winners,
            ties=decided,
            rounds=(),
            explanation=explained(
                question,
                packed,
                _why(question, packed, points, winners),
                winners=winners,
                ties=decided,
                rule=ties,
            ),
        )


def _points(packed: Packed, variant: str) -> dict[str, Total]:
    """The points of every standing option."""
    sums = dict.fromkeys(packed.standing, Fraction(0))
    for ranks, weight in packed.rankings.items():
        scale = _scale(variant, len(packed.standing), sum(len(rank) for rank in ranks))
        place = 0
        for rank in _with_rest(ranks, packed.standing):
            taken = scale[place : place + len(rank)]
            share = sum(taken, Fraction(0)) / len(rank) * weight
            place += len(rank)
            for one in rank:
                sums[one] += share
    return {one: int(sum_) if sum_.denominator == 1 else sum_ for one, sum_ in sums.items()}


def _scale(variant: str, options: int, ranked: int) -> list[Fraction]:
    """The points of each place, for a ballot that ranks so many of the options."""
    if variant == "standard":
        return [Fraction(options - 1 - place) for place in range(options)]
    if variant == "modified":
        return [Fraction(max(ranked - place, 0)) for place in range(options)]
    return [Fraction(place < ranked, place + 1) for place in range(options)]


def _with_rest(ranks: Ranks, standing: tuple[str, ...]) -> Ranks:
    """The ranks with one more that holds everybody who stands in none."""
    met = {one for rank in ranks for one in rank}
    rest = tuple(one for one in standing if one not in met)
    return (*ranks, rest) if rest else ranks


def _why(
    question: Question, packed: Packed, points: dict[str, Total], winners: tuple[str, ...]
) -> Words:
    who = named(question, winners, most=len(winners))
    shown = ", ".join(votes_shown(points[one]) for one in winners)
    return {
        "ko": f"유효표 {packed.valid:,}표의 순위를 점수로 더했을 때 가장 높습니다: "
        f"{who['ko']} ({shown}점).",
        "en": f"The most points from the ranks of {packed.valid:,} valid votes: "
        f"{who['en']} ({shown}).",
    }
