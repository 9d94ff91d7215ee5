"""Exact numbers as people read them."""

from fractions import Fraction

from mvote.core.counting.outcome import Total


def decimal(value: Total, places: int = 2) -> str:
    """Rounded to so many places, a half away from zero, with thousands set apart: ``1,234.57``.

    A whole number has no places: ``12``.
    """
    if Fraction(value).denominator == 1:
        return f"{int(value):,}"
    scaled = abs(Fraction(value)) * 10**places
    units = int(scaled + Fraction(1, 2))
    whole, rest = divmod(units, 10**places)
    sign = "-" if value < 0 and units else ""
    return f"{sign}{whole:,}.{rest:0{places}d}" if places else f"{sign}{whole:,}"
