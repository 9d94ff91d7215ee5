"""An election as a file tells it: who stood, what was marked, how often."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from mvote.core.canonical import JSON

Ranks = tuple[tuple[str, ...], ...]
Picks = tuple[str, ...]
Points = tuple[tuple[str, int], ...]
Grid = tuple[str, ...]
Marks = Ranks | Picks | Points | Grid

OVERVOTE = "\0overvote"
"""Stands in a rank of which a file says only that too many options were marked."""


class Kind(Enum):
    """What one ballot of a file holds.

    RANKS: ranks, the best first, each the ids in it; an empty one was skipped, one with
    several is shared (or an overvote), an id can stand twice.  GRADES: the same, but
    always all categories, the best first.  PICKS: the ids chosen.  POINTS: ids with
    whole numbers, in the order of the file.  GRID: one cell for each option, whose
    meaning (a cross, a rank, a score) the counting method decides.
    """

    RANKS = "ranks"
    GRADES = "grades"
    PICKS = "picks"
    POINTS = "points"
    GRID = "grid"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An option of a file under its own id; ``cost`` in units of the election's scale."""

    id: str
    name: str
    cost: int | None = None


@dataclass(frozen=True)
class Election:
    """``ballots`` gives each distinct ballot (``Marks`` of the kind) its weight.

    ``seats`` is None where the file names none; ``withdrawn`` are ids; ``single`` says
    that a voter could choose one option only; ``ordered`` that POINTS stand in the
    voter's order; ``marked`` that the marks are as made on paper, where a rank with
    several options is a mistake and not a shared rank; ``overvotes`` that shared ranks
    stand for such mistakes where a ballot counts for one at a time.  ``tie_order`` is an order that
    the file fixes for ties, the best first.  ``options`` are counting options that the
    file states (``budget`` …), ``scale`` how many units of ours make one of its money.
    ``lines`` gives the first line of each distinct ballot, where a method may find fault
    with its marks.
    """

    file: str
    format: str
    title: str
    candidates: tuple[Candidate, ...]
    kind: Kind
    ballots: Mapping[Any, int]
    seats: int | None = None
    withdrawn: tuple[str, ...] = ()
    single: bool = False
    ordered: bool = False
    marked: bool = False
    overvotes: bool = False
    tie_order: tuple[str, ...] = ()
    options: Mapping[str, JSON] = field(default_factory=dict)
    scale: int = 1
    lines: Mapping[Any, int] = field(default_factory=dict)
