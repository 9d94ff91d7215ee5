"""A small line of values over time, as an SVG that takes the colour of the text around it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

WIDTH, HEIGHT, EDGE = 240, 48, 4


@dataclass(frozen=True, slots=True)
class Line:
    """``points`` as SVG spells them; ``last`` is where the newest value lies."""

    points: str
    last: tuple[str, str]
    width: int = WIDTH
    height: int = HEIGHT


def draw_line(values: Sequence[Fraction]) -> Line | None:
    """Values from the oldest to the newest, at equal distances; None of less than two."""
    if len(values) < 2:
        return None
    least, most = min(values), max(values)
    spread = (most - least) or Fraction(1)
    flat = most == least
    places = [
        (
            _spell(EDGE + Fraction((WIDTH - 2 * EDGE) * place, len(values) - 1)),
            _spell(
                Fraction(HEIGHT, 2)
                if flat
                else EDGE + (HEIGHT - 2 * EDGE) * (most - value) / spread
            ),
        )
        for place, value in enumerate(values)
    ]
    return Line(" ".join(f"{x},{y}" for x, y in places), places[-1])


def _spell(at: Fraction) -> str:
    return f"{float(at):.1f}"
