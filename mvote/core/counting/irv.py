"""Instant run-off: the last is eliminated, its ballots go to their next choice, until one wins."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any

from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Stage, Total, Transfer, joined, named, tie_words
from mvote.core.counting.piles import Piles, PilesOfBundles, PilesOfSets
from mvote.core.counting.ranked import (
    EQUAL,
    EQUAL_RANKS,
    MOST_RANKS,
    NO_VOTES,
    NOTHING_WON,
    SEATS,
    WITHDRAWN,
    Packed,
    by_rank_options,
    choice_of,
    pack,
    read_choice,
    read_ids,
    read_standing,
    seats_of,
    votes_shown,
)
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

UNTIL = ("majority", "two")
MAJORITY_OF = ("continuing", "first-round")


@dataclass
class _Count:
    """A count as it goes on."""

    question: Question
    ties_rule: TieRule
    piles: Piles[Any]
    stages: list[Stage] = field(default_factory=list)
    ties: list[Tie] = field(default_factory=list)

    @property
    def totals(self) -> dict[str, Total]:
        return self.piles.totals

    @property
    def exhausted(self) -> Total:
        return self.piles.exhausted

    def eliminate(self, losers: list[str], why: Words) -> None:
        """End a stage by taking out ``losers`` and dealing out their ballots."""
        before, exhausted = dict(self.totals), self.exhausted
        moves = tuple(
            Transfer(one, "elimination", came) for one, came in self.piles.take_out(losers)
        )
        self.stages.append(Stage(before, (), tuple(losers), exhausted, None, moves, why))

    def last(self, *, left: int) -> list[str] | None:
        """Who goes next; None where a tie about it is left undecided.  ``left`` have to stay."""
        low = min(self.totals.values())
        tied = [one for one, total in self.totals.items() if total == low]
        if len(tied) == 1:
            return tied
        tie = self.ties_rule.settle(
            self.question,
            tied,
            place=len(self.totals) - len(tied) + 1,
            stage=len(self.stages) + 1,
            history=[stage.totals for stage in self.stages],
        )
        if tie.order:
            self.ties.append(tie)
            return [tie.order[-1]]
        higher = [total for total in self.totals.values() if total > low]
        if len(higher) >= left and low * len(tied) < min(higher, default=0):
            return tied
        self.ties.append(tie)
        return None

    def first_out(self, *, left: int) -> list[str] | None:
        """Those of ``first_out`` that still have votes; None where there are none."""
        named = self.question.counting.options.get("first_out") or ()
        going = [one for one in named if self.totals.get(one)]
        return going if len(self.totals) - len(going) >= left else None

    def batch(self, *, left: int) -> list[str]:
        """The most options that go together: not even all their votes would lift one of them."""
        ranked = sorted(self.totals.items(), key=lambda item: item[1])
        groups = [list(group) for _, group in groupby(ranked, key=lambda item: item[1])]
        seen: list[str] = []
        going: list[str] = []
        votes: Total = 0
        for group in groups:
            if seen and votes < group[0][1] and len(ranked) - len(seen) >= left:
                going = list(seen)
            seen += [one for one, _ in group]
            votes += sum(total for _, total in group)
        return [one for one in self.totals if one in set(going)]


class InstantRunoff(CountingMethod[Ranking]):
    """Options: ``seats`` (1 where it is missing; with more, the last go until so many are left),
    ``withdrawn``, ``equal_ranks`` and ``max_ranks`` (see ``ranked``), ``until`` (``majority``: more
    than half elects; ``two``: the count goes on until two are left), ``majority_of``
    (``continuing``: half of the ballots that still count; ``first-round``: half of those that
    counted at first), ``first_out`` (ids of options, such as undeclared write-ins, that go before
    all others once no one has won) and ``batch`` (true: those go together whom all their votes
    together would not lift over the next).

    Source: Maine, 21-A MRSA §723-A; the names of the choices follow RCTab.
    """

    name = "irv"
    label = {"ko": "선호 순위 결선(즉석 결선)", "en": "Instant run-off"}
    shape = Ranking
    totals = {"ko": "마지막 단계 득표", "en": "Votes in the last round"}
    form = {
        "seats": SEATS,
        "withdrawn": WITHDRAWN,
        "equal_ranks": EQUAL,
        "max_ranks": MOST_RANKS,
        "until": {"ko": "언제까지 진행할지", "en": "How long the count goes on"},
        "majority_of": {"ko": "과반의 기준", "en": "What half is taken of"},
        "first_out": {"ko": "먼저 탈락하는 선택지", "en": "Options that go first"},
        "batch": {"ko": "가망 없는 선택지 함께 탈락", "en": "Hopeless options go together"},
    }

    def read_options(self, read: Reader, question: Question) -> None:
        read_standing(read, question)
        read_choice(read, "equal_ranks", EQUAL_RANKS)
        read.optional_integer("max_ranks", least=1)
        read_choice(read, "until", UNTIL)
        read_choice(read, "majority_of", MAJORITY_OF)
        read_ids(read, "first_out", question)
        if read.raw.get("batch") is not None:
            read.boolean("batch")

    def count(
        self, question: Question, ballots: Iterable[tuple[Ranking, int]], *, ties: TieRule
    ) -> Outcome:
        packed = pack(question, ballots)
        count = _Count(question, ties, _first_choices(question, packed))
        winners = _run(count) if packed.counting else ()
        totals = {one: count.totals.get(one, 0) for one in question.by_id}
        return Outcome(
            method=self.name,
            ballots=packed.ballots,
            valid=packed.valid,
            blank=packed.blank,
            totals=totals,
            winners=winners,
            ties=tuple(count.ties),
            rounds=tuple(count.stages),
            explanation=_explain(count, packed),
        )


def _first_choices(question: Question, packed: Packed) -> Piles[Any]:
    """Every ballot on the pile of its first choice, by sets wherever that can be done."""
    equal = choice_of(question, "equal_ranks", EQUAL_RANKS)
    idle = packed.idle
    if not packed.shared and packed.sets:
        most = question.counting.options.get("max_ranks")
        return PilesOfSets(packed.sets.up_to(most), packed.standing, exhausted=idle)
    return PilesOfBundles(
        by_rank_options(question, packed, equal),
        packed.standing,
        exhausted=idle,
        shared=packed.shared,
        single=equal == EQUAL_RANKS[2],
    )


def _run(count: _Count) -> tuple[str, ...]:
    """Eliminate until the seats are filled; give the winners."""
    seats, options = seats_of(count.question), count.question.counting.options
    first = sum(count.totals.values())
    while True:
        winners = _winners(count, first, seats)
        if winners is not None:
            break
        losers = count.first_out(left=seats)
        if options.get("batch") and not losers:
            losers = count.batch(left=seats)
        losers = losers or count.last(left=seats)
        if losers is None:
            winners = ()
            break
        count.eliminate(losers, _why_eliminated(count, losers))
    why = _why_elected(count, winners)
    count.stages.append(Stage(dict(count.totals), winners, (), count.exhausted, None, (), why))
    return winners


def _winners(count: _Count, first: Total, seats: int) -> tuple[str, ...] | None:
    """Who wins at this stage; None while the count goes on.  ``first`` counted at first."""
    options, totals = count.question.counting.options, count.totals
    votes = sum(totals.values())
    ranked = sorted(totals, key=lambda one: totals[one], reverse=True)
    if not votes:
        return ()
    if len(totals) <= seats:
        return tuple(one for one in ranked if totals[one])
    if seats > 1 or (len(totals) > 2 and options.get("until") == "two"):
        return None
    half_of = first if options.get("majority_of") == "first-round" else votes
    ahead = len(totals) == 2 and totals[ranked[0]] > totals[ranked[1]]
    return (ranked[0],) if ahead or totals[ranked[0]] * 2 > half_of else None


def _why_eliminated(count: _Count, losers: list[str]) -> Words:
    who = named(count.question, losers)
    if set(losers) <= set(count.question.counting.options.get("first_out") or ()):
        return {
            "ko": f"정해진 대로 먼저 탈락했습니다: {who['ko']}.",
            "en": f"It goes before all others, as the rule says: {who['en']}.",
        }
    votes = votes_shown(sum(count.totals[one] for one in losers))
    if len(losers) > 1:
        return {
            "ko": f"합쳐서 {votes}표로 앞선 선택지에 미치지 못해 함께 탈락했습니다: {who['ko']}.",
            "en": f"They go together, for with all their {votes} votes none would pass the next: "
            f"{who['en']}.",
        }
    return {
        "ko": f"{votes}표로 가장 적어 탈락했습니다: {who['ko']}.",
        "en": f"It has the fewest votes ({votes}) and is eliminated: {who['en']}.",
    }


def _why_elected(count: _Count, winners: tuple[str, ...]) -> Words:
    """Why the count ends here."""
    if not winners:
        return NOTHING_WON
    counting = sum(count.totals.values())
    who, votes = named(count.question, winners), [count.totals[one] for one in winners]
    shown = ", ".join(votes_shown(one) for one in votes)
    if len(winners) > 1:
        return {
            "ko": f"선정할 수만큼 남았습니다: {who['ko']} ({shown}표).",
            "en": f"As many are left as there are seats: {who['en']} ({shown} votes).",
        }
    if votes[0] * 2 > counting:
        return {
            "ko": f"남은 {votes_shown(counting)}표의 과반인 {shown}표를 얻었습니다: {who['ko']}.",
            "en": f"{who['en']} has {shown} of {votes_shown(counting)} votes that still count, "
            "more than half.",
        }
    return {
        "ko": f"마지막까지 남았습니다: {who['ko']} ({shown}표).",
        "en": f"{who['en']} is the last one left ({shown} votes).",
    }


def _explain(count: _Count, packed: Packed) -> Words:
    if not count.stages:
        return NO_VOTES
    stage = len(count.stages)
    rounds = "1 round" if stage == 1 else f"{stage} rounds"
    ended: Words = {
        "ko": f"유효표 {packed.valid:,}표를 {stage}단계에 걸쳐 집계했습니다.",
        "en": f"{packed.valid:,} valid votes were counted in {rounds}.",
    }
    idle = {"ko": "", "en": ""}
    if count.exhausted:
        lost = votes_shown(count.exhausted)
        idle = {
            "ko": f" {lost}표는 다음 순위가 없어 어느 쪽에도 반영되지 않았습니다.",
            "en": f" {lost} of them had no further choice left and count for nobody.",
        }
    why = count.stages[-1].why or {"ko": "", "en": ""}
    said = [tie_words(count.question, tie, count.ties_rule.label) for tie in count.ties]
    last = {language: why[language] + idle[language] for language in why}
    return joined(ended, last, *said)
