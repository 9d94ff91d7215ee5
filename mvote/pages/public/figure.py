"""An exact number as pages show it."""

from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from fractions import Fraction

from mvote.pages.language import number

DECIMALS = 5
"""Digits behind the point that are shown of an exact number; the files hold all of it."""


def figure(total: str) -> str:
    """An exact number such as ``12`` or ``7/3`` in the reader's grouping, cut where it is long."""
    exact = Fraction(total)
    if exact.denominator == 1:
        return number(int(exact))
    with localcontext(prec=40):
        long = Decimal(exact.numerator) / Decimal(exact.denominator)
        short = long.quantize(Decimal(1).scaleb(-DECIMALS), ROUND_HALF_EVEN).normalize()
    mark = "" if Fraction(short) == exact else "≈\N{NO-BREAK SPACE}"
    whole, _, rest = f"{short:f}".partition(".")
    sign = "-" if short < 0 and int(whole) == 0 else ""
    return f"{mark}{sign}{number(int(whole))}{'.' + rest if rest else ''}"
