"""Bucklin's method: first choices, then second ones as well, until somebody has a majority."""

from collections.abc import Iterable
from itertools import groupby

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Stage, named
from mvote.core.counting.ranked import (
    NO_VOTES,
    SEATS,
    WITHDRAWN,
    Packed,
    explained,
    fill_seats,
    pack,
    read_standing,
    seats_of,
)
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking
from mvote.core.text import Words
from mvote.core.ties import TieRule


class Bucklin(CountingMethod[Ranking]):
    """Options: ``seats`` (1 where it is missing) and ``withdrawn``.

    In round k every ballot counts for all that it ranks k-th or better, those on one rank alike.
    The count ends once as many as there are seats have more than half of the valid votes, or all
    ranks are counted; who had a majority in an earlier round is before the others, and within a
    round the most votes are.

    Source: J. W. Bucklin, Grand Junction, Colorado, charter of 1909.
    """

    name = "bucklin"
    label = {"ko": "버클린 방식", "en": "Bucklin"}
    shape = Ranking
    totals = {"ko": "마지막 단계까지의 득표", "en": "Votes up to the last round"}
    form = {"seats": SEATS, "withdrawn": WITHDRAWN}

    def read_options(self, read: Reader, question: Question) -> None:
        read_standing(read, question)

    def count(
        self, question: Question, ballots: Iterable[tuple[Ranking, int]], *, ties: TieRule
    ) -> Outcome:
        packed = pack(question, ballots)
        stages, groups = _rounds(question, packed)
        named_by = packed.named()
        able = [[one for one in group if one in named_by] for group in groups]
        winners, decided = fill_seats(question, [group for group in able if group], ties)
        last = stages[-1].totals if stages else {}
        return Outcome(
            method=self.name,
            ballots=packed.ballots,
            valid=packed.valid,
            blank=packed.blank,
            totals={one: last.get(one, 0) for one in question.by_id},
            winners=winners,
            ties=decided,
            rounds=_with_winners(stages, winners),
            explanation=explained(
                question,
                packed,
                _why(question, packed, stages, winners),
                winners=winners,
                ties=decided,
                rule=ties,
            ),
        )


def _rounds(question: Question, packed: Packed) -> tuple[list[Stage], list[list[str]]]:
    """The rounds, and the options in groups of equally good ones, the best first."""
    seats, stages = seats_of(question), []
    votes = dict.fromkeys(packed.standing, 0)
    groups: list[list[str]] = []
    for round_ in range(max((len(ranks) for ranks in packed.rankings), default=0)):
        exhausted = packed.idle
        for ranks, weight in packed.rankings.items():
            if round_ >= len(ranks):
                exhausted += weight
                continue
            for one in ranks[round_]:
                votes[one] += weight
        stages.append(Stage(dict(votes), (), (), exhausted, packed.counting // 2 + 1))
        before = {one for group in groups for one in group}
        reaching = [one for one in votes if one not in before and votes[one] * 2 > packed.counting]
        groups += _by_votes(reaching, votes)
        if len(before) + len(reaching) >= seats:
            return stages, groups
    before = {one for group in groups for one in group}
    return stages, groups + _by_votes([one for one in votes if one not in before], votes)


def _by_votes(options: list[str], votes: dict[str, int]) -> list[list[str]]:
    ranked = sorted(options, key=lambda one: votes[one], reverse=True)
    return [list(group) for _, group in groupby(ranked, key=lambda one: votes[one])]


def _with_winners(stages: list[Stage], winners: tuple[str, ...]) -> tuple[Stage, ...]:
    """Let each stage say whom it elected: who first has the quota there, the rest at the end."""
    made: list[Stage] = []
    left = list(winners)
    for stage in stages:
        last = len(made) + 1 == len(stages)
        elected = tuple(one for one in left if last or stage.totals[one] >= (stage.quota or 0))
        left = [one for one in left if one not in elected]
        made.append(Stage(stage.totals, elected, (), stage.exhausted, stage.quota))
    return tuple(made)


def _why(
    question: Question, packed: Packed, stages: list[Stage], winners: tuple[str, ...]
) -> Words:
    if not stages:
        return NO_VOTES
    who = named(question, winners, most=len(winners))
    totals = stages[-1].totals
    votes = ", ".join(f"{totals[one]:,}" for one in winners)
    half: Words = {
        "ko": f"{len(stages)}순위까지 합쳤을 때 과반({packed.counting // 2 + 1:,}표 이상)을 "
        "얻었습니다",
        "en": f"With the first {len(stages)} rank(s) together, more than half of "
        f"{packed.counting:,} votes",
    }
    if any(totals[one] * 2 <= packed.counting for one in winners):
        half = {
            "ko": "모든 순위를 합쳐도 과반이 모자라, 득표가 많은 순서로 정했습니다",
            "en": "Even with all ranks together there is no majority for all seats; "
            "the most votes decide",
        }
    return {
        "ko": f"{half['ko']}: {who['ko']} ({votes}표).",
        "en": f"{half['en']}: {who['en']} ({votes}).",
    }
