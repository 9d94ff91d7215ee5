"""What a pool is, what freezing it comes to, and the spelling of both."""

import hashlib
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.opinion.grouping import Grouping, find_groups
from mvote.core.opinion.routing import priorities
from mvote.core.opinion.statements import (
    Representative,
    bridging_statements,
    has_majorities,
    representative_statements,
)
from mvote.core.opinion.votes import Counts, VoteMatrix
from mvote.core.text import Words, text_fault

OPEN, CLOSING, FROZEN = "open", "closing", "frozen"
STATES: Final = (OPEN, CLOSING, FROZEN)
VOTES: Final = (-1, 0, 1)
GRID: Final = 100
"""People are drawn into a square of so many steps, those at one spot together."""
MOST_IMPORTED: Final = 2_000
"""Characters of a statement from elsewhere."""
METHOD: Final = "polis-pca-kmeans-v1"
ROUNDED: Final = 10
"""People by whom an open pool is told of."""
_NOBODY: Final = Counts(0, 0, 0)
UNSEEN: Final = ""
"""Names no statement, and stands for one that nobody has seen."""


@dataclass(frozen=True, slots=True)
class Pool:
    """``participants`` are rounded down to tens while it is open."""

    id: str
    record: str
    department: str
    title: Words
    intro: Words
    state: str
    opened_at: datetime
    closes: datetime
    votes_public: bool
    participants: int
    statements: int
    frozen_at: datetime | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Statement:
    """``text`` by language where the city wrote it, else under ``und``; None: not shown."""

    id: str
    number: int | None
    by_city: bool
    text: Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Contest:
    """``text`` None: not shown.  ``answer`` None: not answered yet."""

    id: str
    statement: str
    text: str | None
    answer: Words | None
    answered_at: datetime | None


@dataclass(frozen=True, slots=True)
class PoolOpened(Happening):
    record: str


@dataclass(frozen=True, slots=True)
class PoolClosed(Happening):
    """No vote is taken any more; ``by`` is empty where its time was over."""

    by: str


@dataclass(frozen=True, slots=True)
class PoolResultFrozen(Happening):
    """``number`` is that of the record's entry, ``department`` whose record it is."""

    record: str
    number: int
    department: str
    digest: str


@dataclass(frozen=True, slots=True)
class PoolContestAnswered(Happening):
    contest: str
    by: str


def plain(text: str) -> str:
    """A text from elsewhere as texts are here: one line, NFC, without signs that show nothing."""
    shown = "".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in text)
    made = unicodedata.normalize("NFC", " ".join(shown.split()))[:MOST_IMPORTED]
    return "" if text_fault(made, most=MOST_IMPORTED) else made


def same_text(text: str) -> str:
    """A digest under which texts are the same that differ in case, spaces or final signs."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = " ".join(folded.split()).rstrip(".!?…。 ")
    return hashlib.sha256(words.encode()).hexdigest()


def numbered(statements: Sequence[tuple[str, int | None]]) -> Mapping[str, int]:
    """A number for every statement: those that have one keep it, the others follow by id."""
    known = {name: number for name, number in statements if number is not None}
    following = max(known.values(), default=-1) + 1
    others = sorted(name for name, number in statements if number is None)
    return known | {name: following + place for place, name in enumerate(others)}


def round_down(people: int) -> int:
    """What is told of an open pool."""
    return people // ROUNDED * ROUNDED


def told_weights(matrix: VoteMatrix, statements: Collection[str]) -> Mapping[str, int]:
    """What is told of ``priorities`` while a pool is open.

    An exact weight gives the votes on a statement away, and two of them, one before and one
    after somebody voted, what that one said.  So a statement counts as new until ``ROUNDED``
    have seen it, and a weight is told as a power of two.  ``UNSEEN`` has that of a new one.
    """
    seen = {one: counts.seen for one, counts in matrix.counts().items()}
    found = priorities(matrix, {*statements, UNSEEN})
    return {
        one: 1 << found[one if seen.get(one, 0) >= ROUNDED else UNSEEN].bit_length() - 1
        for one in (*statements, UNSEEN)
    }


def result_of(
    matrix: VoteMatrix,
    statements: Mapping[str, Mapping[str, JSON]],
    *,
    about: Mapping[str, JSON],
    least: int,
) -> dict[str, JSON]:
    """The result in whole numbers alone, so that its digest is the same everywhere.

    ``statements`` are those that may be shown, by their number as the matrix names it, with
    what is to stand beside their counts; ``about`` says which pool.  Groups of fewer than
    ``least`` people are left out: of them only how many there are is told, and how many
    people in all.  Where fewer than ``least`` people stand in no group that is shown, no count
    holds their votes, for else whoever subtracts the groups would read them: ``counted`` is
    the number of people in the counts.  Where fewer than ``least`` took part nobody is counted,
    and not even who stands near whom is told.
    """
    few = len(matrix.participants) < least
    grouping = Grouping({}, {}, {}) if few else find_groups(matrix)
    members = {name: some for name, some in grouping.groups.items() if len(some) >= least}
    counts = {name: matrix.counts(some) for name, some in members.items()}
    counted = _counted(matrix, members, least)
    total = matrix.counts(counted)
    compared = list(counts.values()) or [total]
    left_out = [some for some in grouping.groups.values() if len(some) < least]
    order = [one for one in bridging_statements(compared) if one in statements and total[one].seen]
    unseen = sorted({*statements} - {*order}, key=int)
    return {
        "v": 1,
        "method": METHOD,
        **about,
        "participants": len(matrix.participants),
        "counted": len(counted),
        "ungrouped": len(matrix.participants) - sum(map(len, grouping.groups.values())),
        "least": least,
        "left_out": {"groups": len(left_out), "people": sum(map(len, left_out))},
        "groups": _groups(members, counts),
        "statements": [
            {
                "number": int(one),
                **statements[one],
                **_three(total.get(one, _NOBODY)),
                "groups": {name: _three(of.get(one, _NOBODY)) for name, of in counts.items()},
            }
            for one in [*order, *unseen]
        ],
        "bridging": [
            int(one) for one in order if len(counts) > 1 and has_majorities(one, compared)
        ],
        "places": _places(grouping.places, members),
    }


def _counted(matrix: VoteMatrix, members: Mapping[str, Sequence[str]], least: int) -> Sequence[str]:
    """Whose votes stand in the counts of all: of those beside the groups all, or nobody's."""
    shown = [who for some in members.values() for who in some]
    beside = len(matrix.participants) - len(shown)
    return shown if 0 < beside < least else matrix.participants


def _groups(
    members: Mapping[str, Sequence[str]], counts: Mapping[str, Mapping[str, Counts]]
) -> list[JSON]:
    stands = representative_statements(counts) if len(counts) > 1 else {}
    return [
        {
            "name": name,
            "size": len(some),
            "represents": [_spelled(one) for one in stands.get(name, ())],
        }
        for name, some in members.items()
    ]


def _spelled(one: Representative) -> dict[str, JSON]:
    return {
        "statement": int(one.statement),
        "agrees": one.agrees,
        "votes": one.votes,
        "seen": one.seen,
    }


def _three(counts: Counts) -> dict[str, JSON]:
    return {"agree": counts.agree, "disagree": counts.disagree, "pass": counts.passed}


def _places(
    places: Mapping[str, tuple[float, float]], members: Mapping[str, Sequence[str]]
) -> list[JSON]:
    """How many people of a group stand at each spot: ``[group, x, y, people]``, 0 to ``GRID``."""
    shown = {who: name for name, some in members.items() for who in some}
    if not shown:
        return []
    spots = [places[who] for who in shown]
    lows = [min(spot[axis] for spot in spots) for axis in (0, 1)]
    wide = max(max(spot[axis] for spot in spots) - lows[axis] for axis in (0, 1)) or 1.0
    found: dict[tuple[str, int, int], int] = {}
    for who, name in shown.items():
        x, y = (round(GRID * (places[who][axis] - lows[axis]) / wide) for axis in (0, 1))
        found[name, x, y] = found.get((name, x, y), 0) + 1
    return [[name, x, y, people] for (name, x, y), people in sorted(found.items())]
