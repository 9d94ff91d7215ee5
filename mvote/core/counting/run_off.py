"""Majority with a run-off out of one ballot: the two with the most first choices, then either."""

from collections.abc import Iterable
from fractions import Fraction

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Stage, Total, named
from mvote.core.counting.ranked import (
    NOTHING_WON,
    WITHDRAWN,
    Packed,
    explained,
    pack,
    read_standing,
    votes_shown,
)
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule


class RunOff(CountingMethod[Ranking]):
    """Options: ``withdrawn``.

    Whoever has more than half of the first choices wins; otherwise the two with the most go to a
    run-off, where every ballot counts for the one it ranks above the other.  A first rank of
    several is divided among them exactly; in the run-off equal ranks count for neither.

    Source: the two-round system, as a contingent vote (Queensland, Elections Act of 1892).
    """

    name = "run-off"
    label = {"ko": "과반수와 결선", "en": "Majority with run-off"}
    shape = Ranking
    totals = {"ko": "마지막 단계 득표", "en": "Votes in the last round"}
    form = {"withdrawn": WITHDRAWN}

    def read_options(self, read: Reader, question: Question) -> None:
        read_standing(read, question)

    def count(
        self, question: Question, ballots: Iterable[tuple[Ranking, int]], *, ties: TieRule
    ) -> Outcome:
        packed = pack(question, ballots)
        stages, decided, winners = _two_rounds(question, packed, ties)
        last = stages[-1].totals if stages else {}
        return Outcome(
            method=self.name,
            ballots=packed.ballots,
            valid=packed.valid,
            blank=packed.blank,
            totals={one: last.get(one, 0) for one in question.by_id},
            winners=winners,
            ties=tuple(decided),
            rounds=tuple(stages),
            explanation=explained(
                question,
                packed,
                _why(question, packed, stages),
                winners=winners,
                ties=decided,
                rule=ties,
            ),
        )


def _two_rounds(
    question: Question, packed: Packed, ties: TieRule
) -> tuple[list[Stage], list[Tie], tuple[str, ...]]:
    """The rounds there were, the ties that decided, and who won."""
    if not packed.rankings:
        return [], [], ()
    first = _first_choices(packed)
    leader = max(first, key=lambda one: first[one])
    if first[leader] * 2 > packed.counting:
        return [Stage(first, (leader,), (), packed.idle)], [], (leader,)
    finalists, decided = _finalists(question, first, ties)
    out = tuple(one for one in first if one not in finalists)
    stages = [Stage(first, (), out if finalists else (), packed.idle)]
    if not finalists:
        return stages, decided, ()
    final, exhausted = _final(packed, finalists)
    better = [one for one in final if final[one] == max(final.values())]
    if len(better) > 1:
        tie = ties.settle(question, better, place=1, stage=2, history=[first])
        decided.append(tie)
        better = list(tie.order[:1])
    stages.append(Stage(final, tuple(better), (), exhausted))
    return stages, decided, tuple(better)


def _first_choices(packed: Packed) -> dict[str, Total]:
    first: dict[str, Total] = dict.fromkeys(packed.standing, 0)
    for ranks, weight in packed.rankings.items():
        share = weight if len(ranks[0]) == 1 else Fraction(weight, len(ranks[0]))
        for one in ranks[0]:
            first[one] += share
    return first


def _finalists(
    question: Question, first: dict[str, Total], ties: TieRule
) -> tuple[tuple[str, ...], list[Tie]]:
    """The two with the most first choices; none where a tie about them is left undecided."""
    chosen: list[str] = []
    decided: list[Tie] = []
    for total in sorted(set(first.values()), reverse=True):
        group = [one for one in first if first[one] == total]
        if len(group) > 2 - len(chosen):
            tie = ties.settle(question, group, place=len(chosen) + 1, stage=1)
            decided.append(tie)
            if not tie.order:
                return (), decided
            group = list(tie.order[: 2 - len(chosen)])
        chosen += group
        if len(chosen) == 2:
            break
    return tuple(one for one in first if one in chosen), decided


def _final(packed: Packed, finalists: tuple[str, ...]) -> tuple[dict[str, Total], int]:
    """Each ballot for the finalist it ranks higher, and the weight that counts for neither."""
    final: dict[str, Total] = dict.fromkeys(finalists, 0)
    exhausted = packed.idle
    for ranks, weight in packed.rankings.items():
        met = next((met for rank in ranks if (met := set(rank) & set(finalists))), set())
        if len(met) == 1:
            final[met.pop()] += weight
        else:
            exhausted += weight
    return final, exhausted


def _why(question: Question, packed: Packed, stages: list[Stage]) -> Words:
    if not stages or not stages[-1].elected:
        return NOTHING_WON
    last = stages[-1]
    who = named(question, last.elected)
    if len(stages) == 1:
        votes = votes_shown(last.totals[last.elected[0]])
        return {
            "ko": f"1순위 {packed.counting:,}표의 과반인 {votes}표를 얻었습니다: {who['ko']}.",
            "en": f"{who['en']} has {votes} of {packed.counting:,} first choices, more than half.",
        }
    rivals = named(question, last.totals)
    shown = ", ".join(votes_shown(total) for total in last.totals.values())
    return {
        "ko": f"1순위 과반이 없어 상위 둘을 견주었습니다: {rivals['ko']} ({shown}표). "
        f"선정: {who['ko']}.",
        "en": "Nobody has more than half of the first choices, so the two with the most "
        f"were compared: {rivals['en']} ({shown}). Chosen: {who['en']}.",
    }
