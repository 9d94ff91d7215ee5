"""Bars of a result as SVG geometry; the table beside it says the same in numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH = 640
ROW = 46
BAR = 14
LABEL_CHARACTERS = 44
MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One option: what it is called, what it got, and where its bar lies (in SVG units)."""

    label: str
    figure: str
    won: bool
    y: int
    width: int


@dataclass(frozen=True, slots=True)
class Chart:
    """``bars`` from the most to the least; ``left_out`` options stand in the table only."""

    bars: tuple[Bar, ...]
    height: int
    left_out: int


def draw(rows: Sequence[tuple[str, Fraction, str, bool]]) -> Chart:
    """Lay out (title, total, figure in words, won) rows, the longest bar as wide as the chart."""
    ranked = sorted(rows, key=lambda row: row[1], reverse=True)[:MOST_BARS]
    most = max((total for _, total, _, _ in ranked), default=Fraction(0)) or Fraction(1)
    bars = tuple(
        Bar(_short(title), figure, won, place * ROW, int(WIDTH * total / most))
        for place, (title, total, figure, won) in enumerate(ranked)
    )
    return Chart(bars, len(bars) * ROW, len(rows) - len(bars))


def _short(title: str) -> str:
    return title if len(title) <= LABEL_CHARACTERS else title[: LABEL_CHARACTERS - 1] + "…"
