"""What every count of rankings begins with: equal ballots put together, withdrawn options gone."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, islice
from operator import attrgetter

from mvote.core.counting.ballot_sets import BallotSets, ballot_sets, pays
from mvote.core.counting.outcome import Total, joined, tie_words
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.shapes import RankedRows, Ranking
from mvote.core.text import Words
from mvote.core.ties import Tie, TieRule, label_of

Rank = tuple[str, ...]
Ranks = tuple[Rank, ...]
"""The groups of a ranking, the best first: the key by which equal ballots are put together."""

CHUNK = 8192
SAMPLE = 1000
GROUPS = attrgetter("groups")
LESS_THAN_NOTHING = "a ballot cannot weigh less than nothing"

EQUAL_RANKS = ("split", "exhaust", "exhaust-if-multiple-continuing", "skip")
"""What becomes of a ballot that comes to a rank with several options.

``split``: its weight is divided among those still in the count, exactly.  ``exhaust``: it
counts for nobody from there on.  ``exhaust-if-multiple-continuing``: so, unless just one of
them is still in the count.  ``skip``: it goes on to the next rank.
"""

NO_VOTES: Words = {
    "ko": "유효표가 없어 선정된 것이 없습니다.",
    "en": "No valid votes, so nothing won.",
}
NOTHING_WON: Words = {"ko": "선정된 것이 없습니다.", "en": "Nothing won."}
SEATS: Words = {"ko": "선정할 수", "en": "How many win"}
WITHDRAWN: Words = {"ko": "철회된 선택지", "en": "Withdrawn options"}
EQUAL: Words = {"ko": "같은 순위가 있는 표의 처리", "en": "What becomes of equal ranks"}
MOST_RANKS: Words = {"ko": "반영할 순위의 수", "en": "How many ranks count"}


@dataclass(frozen=True)
class Packed:
    """The rankings of a question with their weights (whole numbers > 0).

    They hold neither withdrawn options nor ballots that rank none besides; ``idle`` is the
    weight of the valid ballots that are missing for that reason.  ``standing`` are the options
    not withdrawn, in the order of the question; ``met`` holds every rank that stands in some
    ranking.  ``spell`` gives the rankings, ``rows`` their sets where they were made of rows.
    """

    ballots: int
    blank: int
    idle: int
    standing: tuple[str, ...]
    met: frozenset[Rank]
    spell: Callable[[], Mapping[Ranks, int]]
    rows: BallotSets | None = None

    @cached_property
    def rankings(self) -> Mapping[Ranks, int]:
        """Each ranking but once."""
        return self.spell()

    @cached_property
    def sets(self) -> BallotSets | None:
        """The same as sets of ballots; None where these would be too many."""
        return self.rows or sets_of_rankings(self.rankings, self.met)

    @property
    def valid(self) -> int:
        return self.ballots - self.blank

    @property
    def counting(self) -> int:
        """How many ballots rank somebody who stands: what a quota is taken of."""
        return self.valid - self.idle

    def named(self) -> frozenset[str]:
        """The options that some ballot ranks: no other can win."""
        return frozenset(one for rank in self.met for one in rank)

    @property
    def shared(self) -> bool:
        """Whether any ballot has several options on one rank."""
        return any(len(rank) > 1 for rank in self.met)


def pack(question: Question, ballots: Iterable[tuple[Ranking, int]]) -> Packed:
    """Put equal ballots together.

    Raises ValueError for a negative weight or an option not asked for.
    """
    if isinstance(ballots, RankedRows):
        packed = _pack_rows(question, ballots)
        if packed is not None:
            return packed
    rankings = _collapse(ballots)
    met: set[Rank] = set().union(*rankings)
    if not question.by_id.keys() >= {one for rank in met for one in rank}:
        raise ValueError(_not_offered(question))
    count = sum(rankings.values())
    blank = rankings.pop((), 0)
    standing = standing_options(question)
    idle = 0
    if len(standing) < len(question.options):
        rankings = _without(rankings, frozenset(standing))
        idle = rankings.pop((), 0)
        met = set().union(*rankings)
    if 0 in rankings.values():
        rankings = {ranks: weight for ranks, weight in rankings.items() if weight}
        met = set().union(*rankings)
    return Packed(count, blank, idle, standing, frozenset(met), lambda: rankings)


def _not_offered(question: Question) -> str:
    return f"a ballot ranks what question {question.id} does not offer"


def _pack_rows(question: Question, ballots: RankedRows) -> Packed | None:
    """The quick way for rows; None where it does not lead, as options were withdrawn."""
    given = _alike(ballots)
    places = max(map(len, given.rows), default=0)
    if standing_options(question) != tuple(question.by_id):
        return None
    if not pays(len(question.options), places):
        return None
    weights = given.weights
    if min(weights, default=1) < 1:
        if min(weights) < 0:
            raise ValueError(LESS_THAN_NOTHING)
        return None
    try:
        sets = ballot_sets(given.rows, weights, {one: (one,) for one in question.by_id})
    except KeyError:
        raise ValueError(_not_offered(question)) from None
    if sets.repeats():
        raise ValueError("an option can stand in one rank only")
    everyone = sum(sets.at[0].values()) if sets.at else 0
    return Packed(
        ballots=sum(weights) if weights else len(given.rows),
        blank=sets.weight(sets.everyone & ~everyone),
        idle=0,
        standing=tuple(question.by_id),
        met=frozenset((one,) for place in sets.at for one in place),
        spell=lambda: _spelled(given),
        rows=replace(sets, everyone=everyone),
    )


def _alike(given: RankedRows) -> RankedRows:
    """Equal rows put together, unless the first show that hardly two are equal."""
    first = given.rows[:SAMPLE]
    if given.weights or len(set(map(tuple, first))) > 0.8 * len(first):
        return given
    rows = Counter(map(tuple, given.rows))
    return RankedRows(list(rows), list(rows.values()))


def _spelled(given: RankedRows) -> dict[Ranks, int]:
    rankings = _collapse(given)
    rankings.pop((), None)
    return rankings


def sets_of_rankings(rankings: Mapping[Ranks, int], met: Collection[Rank]) -> BallotSets | None:
    """The sets of rankings in which the ranks ``met`` stand; None where they would be too many."""
    if not pays(len(met), max(map(len, rankings), default=0)):
        return None
    return ballot_sets(list(rankings), list(rankings.values()), {rank: rank for rank in met})


def _collapse(ballots: Iterable[tuple[Ranking, int]]) -> dict[Ranks, int]:
    """Add up weights by ranking: many at a time, which spares a step of the interpreter each."""
    rankings: Counter[Ranks] = Counter()
    stream = iter(ballots)
    while chunk := list(islice(stream, CHUNK)):
        given, weights = zip(*chunk, strict=True)
        if min(weights) < 0:
            raise ValueError(LESS_THAN_NOTHING)
        if weights.count(1) == len(weights):
            rankings.update(map(GROUPS, given))
        else:
            _add(rankings, given, weights)
    return rankings


def _add(rankings: dict[Ranks, int], given: Iterable[Ranking], weights: Iterable[int]) -> None:
    """Most are new: looked up once."""
    for ranks, weight in zip(map(GROUPS, given), weights, strict=True):
        before = len(rankings)
        had = rankings.setdefault(ranks, weight)
        if len(rankings) == before:
            rankings[ranks] = had + weight


def standing_options(question: Question) -> tuple[str, ...]:
    """The options that were not withdrawn."""
    withdrawn = set(question.counting.options.get("withdrawn") or ())
    return tuple(one for one in question.by_id if one not in withdrawn)


def _without(rankings: Mapping[Ranks, int], standing: frozenset[str]) -> dict[Ranks, int]:
    left: dict[Ranks, int] = {}
    for ranks, weight in rankings.items():
        kept = (tuple(one for one in rank if one in standing) for rank in ranks)
        ranks_left = tuple(rank for rank in kept if rank)
        left[ranks_left] = left.get(ranks_left, 0) + weight
    return left


def by_rank_options(question: Question, packed: Packed, equal: str) -> Mapping[Ranks, int]:
    """The rankings as the option ``max_ranks`` and the choice for equal ranks let them count."""
    most = question.counting.options.get("max_ranks")
    cuts = equal in ("exhaust", "skip") and packed.shared
    if most is None and not cuts:
        return packed.rankings
    kept: dict[Ranks, int] = {}
    for ranks, weight in packed.rankings.items():
        left = ranks[:most]
        if cuts and equal == "skip":
            left = tuple(rank for rank in left if len(rank) == 1)
        elif cuts:
            left = next((left[:place] for place, one in enumerate(left) if len(one) > 1), left)
        kept[left] = kept.get(left, 0) + weight
    return kept


def read_standing(read: Reader, question: Question, *, most_seats: int | None = None) -> None:
    """Check ``withdrawn`` and ``seats``: somebody has to stand, and as many as there are seats."""
    withdrawn = read_ids(read, "withdrawn", question)
    standing = len(question.options) - len(set(withdrawn))
    if not standing:
        read.fault("withdrawn", "leaves no option to be elected")
    most = max(1, standing) if most_seats is None else min(most_seats, max(1, standing))
    read.optional_integer("seats", least=1, most=most)


def read_ids(read: Reader, key: str, question: Question) -> list[str]:
    """The ids of options under a key that may be missing; empty where they are wrong."""
    ids = read.raw.get(key) or []
    if isinstance(ids, list) and all(isinstance(one, str) and one in question.by_id for one in ids):
        return ids
    read.fault(key, "has to be a list of ids of options")
    return []


def read_choice(read: Reader, key: str, known: tuple[str, ...]) -> None:
    """Check an option that is one of a few names; where it is missing, the first of them counts."""
    if read.raw.get(key) is not None:
        read.one_of(key, known)


def seats_of(question: Question) -> int:
    return question.counting.options.get("seats") or 1


def choice_of(question: Question, key: str, known: tuple[str, ...]) -> str:
    return str(question.counting.options.get(key) or known[0])


def votes_shown(total: Total) -> str:
    """A number of votes for a sentence: to two decimals, with a sign where that is not all."""
    hundredths = round(total * 100)
    whole, rest = divmod(hundredths, 100)
    shown = f"{whole:,}.{rest:02d}".rstrip("0").rstrip(".") if rest else f"{whole:,}"
    return shown if hundredths == total * 100 else f"≈{shown}"


def explained(
    question: Question,
    packed: Packed,
    said: Words,
    *,
    winners: tuple[str, ...],
    ties: Iterable[Tie],
    rule: TieRule,
) -> Words:
    """Why the winners won, where there are any, and what decided the ties."""
    if not packed.counting:
        return NO_VOTES
    told = said if winners else NOTHING_WON
    return joined(told, *(tie_words(question, tie, label_of(tie, rule)) for tie in ties))


def elect_top(
    question: Question, totals: Mapping[str, Total], named: frozenset[str], ties: TieRule
) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """Fill the seats from the highest total down; the group that does not fit is the tie."""
    running = [one for one in totals if one in named]
    running.sort(key=lambda one: totals[one], reverse=True)
    groups = [list(group) for _, group in groupby(running, key=lambda one: totals[one])]
    return fill_seats(question, groups, ties)


def fill_seats(
    question: Question, groups: Iterable[list[str]], ties: TieRule
) -> tuple[tuple[str, ...], tuple[Tie, ...]]:
    """Fill the seats by groups of equally good options, the best group first."""
    seats = seats_of(question)
    winners: list[str] = []
    for group in groups:
        room = seats - len(winners)
        if len(group) > room > 0:
            tie = ties.settle(question, group, place=len(winners) + 1)
            return (*winners, *tie.order[:room]), (tie,)
        if room == 0:
            break
        winners += group
    return tuple(winners), ()
