"""Every option against every other: the table, and the methods that decide by it."""

from abc import abstractmethod
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

from mvote.core.counting.ballot_sets import BallotSets
from mvote.core.counting.method import CountingMethod
from mvote.core.counting.outcome import Outcome, Total, joined, named
from mvote.core.counting.ranked import (
    NOTHING_WON,
    SEATS,
    WITHDRAWN,
    Packed,
    explained,
    fill_seats,
    pack,
    read_choice,
    read_standing,
    votes_shown,
)
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import Ranking
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule

Table = Mapping[str, Mapping[str, int]]
"""``table[a][b]`` is how many ranked ``a`` above ``b``."""

STRENGTHS = ("margins", "winning-votes")
"""How strong a victory is: by how much it was won; or by how many votes, and where these are
equal by the fewer against it."""
STRENGTH: Words = {
    "ko": "우열의 세기(margins, winning-votes)",
    "en": "Strength of a victory (margins, winning-votes)",
}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the options stand: groups of equally good ones, the best first, and a total for each.

    ``ties`` are those decided on the way there, ``barred`` who cannot win as one was left
    undecided.
    """

    groups: list[list[str]]
    totals: Mapping[str, Total]
    ties: tuple[Tie, ...] = ()
    barred: frozenset[str] = frozenset()


def compare(packed: Packed) -> Table:
    """Count every pair: ranked is above unranked, and equal ranks count for neither."""
    sets = packed.sets
    return _by_rankings(packed) if sets is None else _by_sets(sets, packed.standing)


def _by_sets(sets: BallotSets, standing: Sequence[str]) -> Table:
    """Whoever has one option on a place and another below it or nowhere."""
    left, below = dict.fromkeys(standing, sets.everyone), []
    for place in sets.at:
        left = {one: ballots & ~place.get(one, 0) for one, ballots in left.items()}
        below.append(left)
    table = {}
    for one in standing:
        above = dict.fromkeys((other for other in standing if other != one), 0)
        for place, left in zip(sets.at, below, strict=True):
            here = place.get(one, 0)
            for other in above if here else ():
                above[other] |= here & left[other]
        table[one] = {other: sets.weight(ballots) for other, ballots in above.items()}
    return table


def _by_rankings(packed: Packed) -> Table:
    place = {one: at for at, one in enumerate(packed.standing)}
    counts = [[0] * len(place) for _ in place]
    everybody = set(place.values())
    for ranks, weight in packed.rankings.items():
        below = set(everybody)
        for rank in ranks:
            members = [place[one] for one in rank]
            below.difference_update(members)
            for above in members:
                row = counts[above]
                for other in below:
                    row[other] += weight
    return {
        one: {other: counts[at][place[other]] for other in place if other != one}
        for one, at in place.items()
    }


def strength_of(table: Table, kind: str, one: str, other: str) -> tuple[int, int]:
    """How strongly ``one`` beats ``other``; (0, 0) where it does not."""
    won, lost = table[one][other], table[other][one]
    if won <= lost:
        return (0, 0)
    return (won - lost, 0) if kind == STRENGTHS[0] else (won, -lost)


def condorcet_winner(table: Table) -> str | None:
    """Who beats every other, one against one."""
    for one, row in table.items():
        if all(won > table[other][one] for other, won in row.items()):
            return one
    return None


class PairwiseMethod(CountingMethod[Ranking]):
    """Options: ``seats`` (1 where it is missing), ``withdrawn``, and what a method adds."""

    shape = Ranking
    totals: ClassVar[Words] = {"ko": "이긴 상대 수", "en": "Options beaten"}
    shares = False
    form: ClassVar[Mapping[str, Words]] = {"seats": SEATS, "withdrawn": WITHDRAWN}

    def read_options(self, read: Reader, question: Question) -> None:
        read_standing(read, question)
        if "strength" in self.form:
            read_choice(read, "strength", STRENGTHS)

    def count(
        self, question: Question, ballots: Iterable[tuple[Ranking, int]], *, ties: TieRule
    ) -> Outcome:
        packed = pack(question, ballots)
        table = compare(packed)
        standing = self.standing(question, table, ties if packed.counting else None)
        able = packed.named() - standing.barred
        groups = [[one for one in group if one in able] for group in standing.groups]
        winners, last = fill_seats(question, [group for group in groups if group], ties)
        decided = (*standing.ties, *last)
        return Outcome(
            method=self.name,
            ballots=packed.ballots,
            valid=packed.valid,
            blank=packed.blank,
            totals={one: standing.totals.get(one, 0) for one in question.by_id},
            winners=winners,
            ties=decided,
            rounds=(),
            explanation=explained(
                question,
                packed,
                self._why(question, table, winners),
                winners=winners,
                ties=decided,
                rule=ties,
            ),
            pairwise=table,
            figures={"ranking": [list(group) for group in standing.groups]},
        )

    @abstractmethod
    def standing(self, question: Question, table: Table, ties: TieRule | None) -> Standing:
        """How the options stand by the table.  Without ``ties`` nobody voted."""

    @abstractmethod
    def rule_words(self) -> Words:
        """How it was decided where nobody beats every other."""

    def _why(self, question: Question, table: Table, winners: tuple[str, ...]) -> Words:
        if not winners:
            return NOTHING_WON
        best = condorcet_winner(table)
        who = named(question, [best] if best else [])
        all_beaten: Words = {
            "ko": f"일대일로 견주었을 때 다른 모든 선택지를 이겼습니다: {who['ko']}.",
            "en": f"One against one, {who['en']} beats every other option.",
        }
        chosen = named(question, winners, most=len(winners))
        return joined(
            all_beaten if best else self.rule_words(),
            {"ko": f"선정: {chosen['ko']}.", "en": f"Chosen: {chosen['en']}."},
            *([_closest(question, table, winners[0])] if len(table) > 1 else []),
        )


def _closest(question: Question, table: Table, winner: str) -> Words:
    """The winner beside whoever came closest to it."""
    rival = min(table[winner], key=lambda one: table[winner][one] - table[one][winner])
    who, other = named(question, [winner]), named(question, [rival])
    won, lost = votes_shown(table[winner][rival]), votes_shown(table[rival][winner])
    return {
        "ko": f"가장 접전인 상대와의 결과: {who['ko']} {won}표, {other['ko']} {lost}표.",
        "en": f"Its closest comparison: {who['en']} {won}, {other['en']} {lost}.",
    }


def layers(beats: Mapping[str, set[str]]) -> list[list[str]]:
    """Those whom nobody left beats, then the same among the rest, and so on."""
    left = list(beats)
    groups: list[list[str]] = []
    while left:
        beaten = {one for winner in left for one in beats[winner]}
        best = [one for one in left if one not in beaten] or left
        groups.append(best)
        left = [one for one in left if one not in best]
    return groups
