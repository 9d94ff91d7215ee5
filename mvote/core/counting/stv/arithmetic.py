"""Numbers as the rules of the single transferable vote want them: cut off, or exact."""

from fractions import Fraction

from mvote.core.counting.outcome import Total
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.text import Words

Number = int | Fraction
MOST_DECIMALS = 30
KINDS = ("fixed", "rational")
ARITHMETIC: Words = {"ko": "계산 방식(fixed, rational)", "en": "Arithmetic (fixed, rational)"}
DECIMALS: Words = {"ko": "소수 자릿수", "en": "Decimal places"}


class Fixed:
    """Fixed decimals: a number is a whole number of units, ``one`` of which are 1."""

    exact = False

    def __init__(self, decimals: int) -> None:
        self.one: Number = 10**decimals
        self.epsilon: Number = 1

    def product(self, one: Number, other: Number) -> Number:
        """Cut off."""
        return one * other // self.one

    def ratio(self, one: Number, other: Number) -> Number:
        """Cut off."""
        return one * self.one // other

    def product_up(self, one: Number, other: Number) -> Number:
        return -(-one * other // self.one)

    def ratio_up(self, one: Number, other: Number) -> Number:
        return -(-one * self.one // other)

    def scaled(self, value: Number, one: Number, other: Number) -> Number:
        """``value`` × ``one`` / ``other``, cut off once."""
        return value * one // other

    def part(self, value: Number, many: int) -> Number:
        """One of ``many`` equal parts, cut off."""
        return value // many

    def shown(self, value: Number) -> Total:
        """The number itself."""
        return tidy(Fraction(value) / self.one)


class Exact(Fixed):
    """Fractions without any rounding."""

    exact = True

    def __init__(self) -> None:
        self.one = Fraction(1)
        self.epsilon = Fraction(0)

    def product(self, one: Number, other: Number) -> Number:
        return one * other

    def ratio(self, one: Number, other: Number) -> Number:
        return Fraction(one) / other

    def product_up(self, one: Number, other: Number) -> Number:
        return one * other

    def ratio_up(self, one: Number, other: Number) -> Number:
        return Fraction(one) / other

    def scaled(self, value: Number, one: Number, other: Number) -> Number:
        return Fraction(value) * one / other

    def part(self, value: Number, many: int) -> Number:
        return Fraction(value) / many


def tidy(value: Number) -> Total:
    """A whole number as int."""
    return int(value) if value == int(value) else value


def read_arithmetic(read: Reader) -> None:
    """Check ``arithmetic`` and ``decimals``; decimals belong to the fixed kind."""
    if read.raw.get("arithmetic") is not None:
        read.one_of("arithmetic", KINDS)
    read.optional_integer("decimals", least=0, most=MOST_DECIMALS)
    if read.raw.get("arithmetic") == "rational" and read.raw.get("decimals") is not None:
        read.fault("decimals", "belongs to arithmetic fixed only")


def arithmetic_of(question: Question, *, decimals: int) -> Fixed:
    """As the question's counting options say; ``decimals`` where they do not."""
    options = question.counting.options
    if options.get("arithmetic") == "rational":
        return Exact()
    given = options.get("decimals")
    return Fixed(decimals if given is None else given)
