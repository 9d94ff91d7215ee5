"""Bars of a result: each an SVG as wide as the reader's screen, its words beside it as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

MOST_BARS = 20


@dataclass(frozen=True, slots=True)
class Bar:
    """One option: what it is called, what it got, the length of its bar in per cent."""

    label: str
    figure: str
    won: bool
    length: str


@dataclass(frozen=True, slots=True)
class Chart:
    """``bars`` from the most to the least; ``left_out`` options stand in the table only."""

    bars: tuple[Bar, ...]
    left_out: int


def draw(rows: Sequence[tuple[str, Fraction, str, bool]]) -> Chart:
    """Lay out rows of title, total, figure in words, won or not; the longest bar is 100 %."""
    ranked = sorted(rows, key=lambda row: row[1], reverse=True)[:MOST_BARS]
    most = max((total for _, total, _, _ in ranked), default=Fraction(0)) or Fraction(1)
    bars = tuple(
        Bar(title, figure, won, f"{float(100 * total / most):.2f}")
        for title, total, figure, won in ranked
    )
    return Chart(bars, len(rows) - len(bars))
