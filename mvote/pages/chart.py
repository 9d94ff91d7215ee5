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
    """``bars`` in the order to show them in; ``left_out`` options stand in the table only."""

    bars: tuple[Bar, ...]
    left_out: int


def draw(
    rows: Sequence[tuple[str, Fraction, str, bool]],
    *,
    most: int = MOST_BARS,
    ranked: bool = True,
) -> Chart:
    """Lay out rows of title, total, figure in words, won or not; the longest bar is 100 %.

    ``most`` bars are drawn, from the most to the least where they are ``ranked``.
    """
    ordered = sorted(rows, key=lambda row: row[1], reverse=True) if ranked else list(rows)
    drawn = ordered[:most]
    longest = max((total for _, total, _, _ in drawn), default=Fraction(0)) or Fraction(1)
    bars = tuple(
        Bar(title, figure, won, f"{float(100 * total / longest):.2f}")
        for title, total, figure, won in drawn
    )
    return Chart(bars, len(rows) - len(bars))
