"""Which statements represent a group, and which bridge all groups.

Formulas and the choice among statements are those of polismath (repness.clj, stats.clj and
group-aware-consensus in conversation.clj).
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import prod, sqrt

from mvote.core.opinion.votes import Counts, in_order

SURE_90 = 1.2815515655446004
"""A normal deviate beyond which one of ten lies."""

REPRESENTATIVE_MOST = 5

Group = Mapping[str, Counts]
"""The counts of a group by statement."""


@dataclass(frozen=True, slots=True)
class Representative:
    """A statement that a group agrees (or disagrees) to more than the others do.

    ``votes`` of ``seen`` were so; ``share`` is smoothed by a vote of each kind; ``ratio`` is that
    share over that of the others; ``own_test`` and ``other_test`` are normal deviates of the
    share against a half and against the others.
    """

    statement: str
    agrees: bool
    votes: int
    seen: int
    share: float
    own_test: float
    ratio: float
    other_test: float

    @property
    def strength(self) -> float:
        return self.ratio * self.other_test * self.share * self.own_test

    @property
    def sure(self) -> bool:
        """Both tests are beyond nine of ten."""
        return self.own_test > SURE_90 and self.other_test > SURE_90


def representative_statements(
    groups: Mapping[str, Group], *, most: int = REPRESENTATIVE_MOST
) -> Mapping[str, tuple[Representative, ...]]:
    """By group its best statements, agreed ones before disagreed ones.

    Those pass both tests; the statement the group agrees to best is among them, and where none
    passes it stands alone, or that which sets the group apart most.  It is shown as agreed to,
    where Polis may show it by its disagrees.
    """
    statements = sorted({one for group in groups.values() for one in group}, key=in_order)
    found = {}
    for name, group in groups.items():
        others = [other for key, other in groups.items() if key != name]
        pairs = [_compared(one, group, others) for one in statements]
        found[name] = _chosen(pairs, most)
    return found


def group_aware_consensus(groups: Iterable[Group]) -> Mapping[str, Fraction]:
    """By statement the product over groups of the share that agrees, smoothed by two votes.

    A statement is high only if every group agrees, the smallest as much as the largest.
    """
    listed = list(groups)
    statements = {one for group in listed for one in group}
    return {
        one: prod((_agreeing(group.get(one)) for group in listed), start=Fraction(1))
        for one in sorted(statements, key=in_order)
    }


def bridging_statements(groups: Iterable[Group]) -> Sequence[str]:
    """All statements by group-aware consensus, best first; equal ones in the order of ids."""
    consensus = group_aware_consensus(groups)
    return sorted(consensus, key=lambda one: (-consensus[one], in_order(one)))


def has_majorities(statement: str, groups: Iterable[Group]) -> bool:
    """Whether more than half of those who voted on it agree, in every group."""
    counted = [group.get(statement) for group in groups]
    return all(one is not None and 2 * one.agree > one.seen for one in counted)


def _agreeing(counts: Counts | None) -> Fraction:
    return Fraction(counts.agree + 1, counts.seen + 2) if counts else Fraction(1, 2)


def _compared(
    statement: str, group: Group, others: Sequence[Group]
) -> tuple[Representative, Representative]:
    """The statement as agreed and as disagreed to by a group, beside all others together."""
    none = Counts(0, 0, 0)
    own = group.get(statement, none)
    rest = [other.get(statement, none) for other in others]
    seen = sum(one.seen for one in rest)
    agree, disagree = sum(one.agree for one in rest), sum(one.disagree for one in rest)
    return (
        _side(statement, True, (own.agree, own.seen), (agree, seen)),
        _side(statement, False, (own.disagree, own.seen), (disagree, seen)),
    )


def _side(
    statement: str, agrees: bool, own: tuple[int, int], rest: tuple[int, int]
) -> Representative:
    (votes, seen), (other_votes, other_seen) = own, rest
    share = (votes + 1) / (seen + 2)
    return Representative(
        statement=statement,
        agrees=agrees,
        votes=votes,
        seen=seen,
        share=share,
        own_test=2 * sqrt(seen + 1) * ((votes + 1) / (seen + 1) - 0.5),
        ratio=share / ((other_votes + 1) / (other_seen + 2)),
        other_test=_two_shares(votes + 1, seen + 1, other_votes + 1, other_seen + 1),
    )


def _two_shares(votes: int, seen: int, other_votes: int, other_seen: int) -> float:
    """The test of two proportions; 0 where all voted so, which parts nobody."""
    pooled = (votes + other_votes) / (seen + other_seen)
    if votes + other_votes == seen + other_seen:
        return 0.0
    error = sqrt(pooled * (1 - pooled) * (1 / seen + 1 / other_seen))
    return (votes / seen - other_votes / other_seen) / error


def _chosen(
    pairs: Sequence[tuple[Representative, Representative]], most: int
) -> tuple[Representative, ...]:
    best_agreed: Representative | None = None
    apart: Representative | None = None
    sure: list[Representative] = []
    for agreed, disagreed in pairs:
        stronger = agreed if agreed.other_test > disagreed.other_test else disagreed
        if agreed.sure or disagreed.sure:
            sure.append(stronger)
        if apart is None or stronger.other_test > apart.other_test:
            apart = stronger
        if (agreed.votes or disagreed.votes) and _agreed_better(agreed, best_agreed):
            best_agreed = agreed
    if not sure:
        alone = best_agreed or apart
        return (alone,) if alone else ()
    head = [best_agreed] if best_agreed else []
    taken = {one.statement for one in head}
    rest = [one for one in sure if one.statement not in taken]
    kept = [*head, *sorted(rest, key=lambda one: -one.strength)][:most]
    return tuple(sorted(kept, key=lambda one: not one.agrees))


def _agreed_better(one: Representative, best: Representative | None) -> bool:
    if best is None:
        return one.own_test > SURE_90 or (one.ratio > 1 and one.share > 0.5)
    if best.ratio > 1:
        return one.strength > best.strength
    return one.share * one.own_test > best.share * best.own_test
