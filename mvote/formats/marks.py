"""From the marks of a file to the answers that counting methods take."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import chain
from typing import Any, Final

from mvote.core.shapes import Answer, Choices, Ranking, Scores, Shape
from mvote.formats.election import OVERVOTE, Election, Grid, Kind, Picks, Points, Ranks
from mvote.formats.source import WrongValue, shown

OVERVOTES: Final = ("exhaust", "skip", "shared", "exhaust-if-multiple-continuing")
DUPLICATES: Final = ("skip", "exhaust")
CELLS: Final = ("marks", "ranks", "scores")
CROSSES: Final = frozenset({"x", "1", "yes", "y", "true", "✓", "✔", "o"})
BLANKS: Final = frozenset({"", "0", "no", "n", "false", "-"})
DEEPEST: Final = 1_000


@dataclass(frozen=True, slots=True)
class Reading:
    """How marks on paper are read.

    ``overvote``: a rank with several options ends the ballot there (``exhaust``), is
    passed over (``skip``) or is a shared rank (``shared``; ``exhaust-if-multiple-continuing``
    is one too, of which the method sees who is still in the count); None: exhaust where
    the file holds marks as made, shared elsewhere.  ``skipped``: more skipped ranks in a row than
    this end the ballot (None: none do).  ``duplicate``: an option ranked again is passed
    over there, or ends the ballot.  ``rankings``: ranks after that many do not count.
    ``cells`` says what the cells of a CSV grid are; None: what the method wants.

    Source: the tabulation rules of RCTab (overvoteRule, maxSkippedRanksAllowed,
    exhaustOnDuplicateCandidate, maxRankingsAllowed).
    """

    overvote: str | None = None
    skipped: int | None = None
    duplicate: str = "skip"
    rankings: int | None = None
    cells: str | None = None


def answers_of(
    election: Election,
    shape: Shape,
    reading: Reading,
    *,
    single: bool = False,
    without: Iterable[str] = (),
) -> Counter[Answer]:
    """The ballots as answers of a shape, with their weights.

    ``single``: the method wants one option a ballot; a ranking gives its first rank.
    Options ``without`` are taken out of every ballot.  Raises WrongValue where ballots of
    this kind cannot be counted so.
    """
    turn = _Turning(election, reading, frozenset(without))
    make: Callable[[Any], Answer]
    if shape is Ranking:
        make = turn.ranking
    elif shape is Scores:
        make = turn.scores
    elif shape is Choices:
        make = turn.choice if single else turn.choices
    else:
        raise WrongValue(
            "이 방식은 선택지가 있는 표를 세지 않습니다.",
            "this method does not count ballots of options.",
        )
    made: Counter[Answer] = Counter()
    for marks, weight in election.ballots.items():
        try:
            if weight:
                made[make(marks)] += weight
        except WrongValue as fault:
            fault.line = election.lines.get(marks, 0)
            raise
    return made


@dataclass(frozen=True)
class _Turning:
    election: Election
    reading: Reading
    without: frozenset[str]

    def ranking(self, marks: Any) -> Ranking:
        kind = self.election.kind
        if kind is Kind.PICKS:
            raise WrongValue(
                "파일에는 고른 선택지만 있고 순위가 없어, 순위로 세는 방식을 쓸 수 없습니다.",
                "the ballots choose options and rank none, so a method for rankings "
                "cannot count them.",
            )
        if kind is Kind.POINTS:
            return self._by_points(marks)
        if kind is Kind.GRADES:
            return self._groups([rank for rank in marks if rank])
        ranks = self._grid_ranks(marks) if kind is Kind.GRID else marks
        return self._plain(ranks) or self._groups(self._valid(ranks))

    def _plain(self, ranks: Ranks) -> Ranking | None:
        """Of a ballot that no rule changes but the number of ranks, as most are: quick.

        It has one option a rank, none twice, and no rank was skipped; None for any other.
        """
        ids = list(chain.from_iterable(ranks))
        if self.without or OVERVOTE in ids or len(set(ids)) < len(ids):
            return None
        if set(map(len, ranks[: len(ids)])) - {1}:
            return None
        return Ranking.many([ids[: self.reading.rankings]])[0]

    def _by_points(self, points: Points) -> Ranking:
        """In the order of the file where that is the voter's, else by points, most first."""
        if self.election.ordered:
            return self._groups([(one,) for one, _ in points])
        groups: dict[int, list[str]] = {}
        for one, value in points:
            groups.setdefault(value, []).append(one)
        return self._groups([groups[value] for value in sorted(groups, reverse=True)])

    def _groups(self, ranks: Iterable[Iterable[str]]) -> Ranking:
        kept = ([one for one in rank if one not in self.without] for rank in ranks)
        return Ranking.of(rank for rank in kept if rank)

    def _valid(self, ranks: Ranks) -> list[tuple[str, ...]]:
        """The ranks that count by the rules for overvotes, skipped and repeated ranks."""
        reading = self.reading
        overvote = reading.overvote or ("exhaust" if self.election.marked else "shared")
        seen: set[str] = set()
        valid: list[tuple[str, ...]] = []
        gap = 0
        for rank in ranks[: reading.rankings]:
            if not rank:
                gap += 1
                continue
            if reading.skipped is not None and gap > reading.skipped:
                break
            gap = 0
            if reading.duplicate == "exhaust" and not seen.isdisjoint(rank):
                break
            fresh = tuple(one for one in dict.fromkeys(rank) if one not in seen)
            seen.update(rank)
            if OVERVOTE in rank or (len(set(rank)) > 1 and overvote in OVERVOTES[:2]):
                if overvote == "skip":
                    continue
                break
            if fresh:
                valid.append(fresh)
        return valid

    def _grid_ranks(self, cells: Grid) -> Ranks:
        ranks: dict[int, list[str]] = {}
        for candidate, cell in zip(self.election.candidates, cells, strict=True):
            if not cell:
                continue
            rank = whole(cell)
            if rank is None or not 1 <= rank <= DEEPEST:
                raise WrongValue(
                    f"순위(1 이상의 정수)가 있어야 합니다: ‘{shown(cell)}’.",
                    f"a rank, 1 or more, is expected, not “{shown(cell)}”.",
                )
            ranks.setdefault(rank, []).append(candidate.id)
        return tuple(tuple(ranks.get(rank, ())) for rank in range(1, max(ranks, default=0) + 1))

    def scores(self, marks: Any) -> Scores:
        kind = self.election.kind
        if kind is Kind.POINTS:
            given: dict[str, int] = dict(marks)
        elif kind is Kind.GRADES:
            top = len(marks) - 1
            given = {one: top - place for place, rank in enumerate(marks) for one in rank}
        elif kind is Kind.GRID:
            given = dict(self._grid_scores(marks))
        else:
            raise WrongValue(
                "파일의 표에는 점수가 없어, 점수로 세는 방식을 쓸 수 없습니다.",
                "the ballots give no scores, so a method for scores cannot count them.",
            )
        return Scores.of({one: value for one, value in given.items() if one not in self.without})

    def _grid_scores(self, cells: Grid) -> Iterable[tuple[str, int]]:
        for candidate, cell in zip(self.election.candidates, cells, strict=True):
            if cell:
                score = whole(cell)
                if score is None:
                    raise WrongValue(
                        f"점수(정수)가 있어야 합니다: ‘{shown(cell)}’.",
                        f"a score, a whole number, is expected, not “{shown(cell)}”.",
                    )
                yield candidate.id, score

    def choices(self, marks: Any) -> Choices:
        """The picks; of a ranking all that are ranked; of categories the first; of points
        what got more than 0."""
        return Choices.of(one for one in self._chosen(marks) if one not in self.without)

    def _chosen(self, marks: Any) -> Iterable[str]:
        kind = self.election.kind
        if kind is Kind.PICKS:
            picks: Picks = marks
            return picks
        if kind is Kind.GRADES:
            first: Picks = marks[0]
            return first
        if kind is Kind.POINTS:
            return [one for one, points in marks if points > 0]
        if kind is Kind.GRID and self.reading.cells in (None, "marks"):
            return self._crossed(marks)
        if kind is Kind.GRID and self.reading.cells == "scores":
            return [one for one, score in self._grid_scores(marks) if score > 0]
        return self.ranking(marks).ids

    def _crossed(self, cells: Grid) -> Iterable[str]:
        for candidate, cell in zip(self.election.candidates, cells, strict=True):
            plain = cell.lower()
            if plain in CROSSES:
                yield candidate.id
            elif plain not in BLANKS:
                raise WrongValue(
                    f"고른 칸에는 x나 1이 있어야 합니다: ‘{shown(cell)}’. "
                    "칸이 순위나 점수라면 --option cells=ranks 또는 cells=scores를 쓰십시오.",
                    f"a chosen cell holds x or 1, not “{shown(cell)}”; where the cells are ranks "
                    "or scores, say --option cells=ranks or cells=scores.",
                )

    def choice(self, marks: Any) -> Choices:
        """One option: the only pick, or what stands alone on the first rank.  More is none."""
        ranked = self.election.kind is Kind.RANKS or self.reading.cells == "ranks"
        if ranked:
            groups = self.ranking(marks).groups
            return Choices(groups[0] if groups and len(groups[0]) == 1 else ())
        chosen = self.choices(marks)
        if len(chosen.ids) > 1 and not self.election.single:
            raise WrongValue(
                "파일의 표는 선택지를 여럿 고르므로 하나만 고르는 방식으로 셀 수 없습니다. "
                "approval로 세어 보십시오.",
                "the ballots choose several options, so a method for one choice cannot count "
                "them; approval can.",
            )
        return chosen if len(chosen.ids) <= 1 else Choices(())


def whole(cell: str) -> int | None:
    """The whole number in a cell; None where it holds something else."""
    digits = cell.removeprefix("-")
    return int(cell) if digits.isascii() and digits.isdigit() and len(digits) <= 9 else None
