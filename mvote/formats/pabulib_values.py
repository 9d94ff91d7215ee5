"""Single values of a Pabulib file, and what is said when one cannot be read."""

import re
from collections.abc import Iterable
from decimal import Decimal

from mvote.core.canonical import MAX_SAFE_INTEGER
from mvote.formats.source import SHOWN, Unreadable, WrongValue

MOST_DECIMALS = 6

_WHOLE = re.compile(r"\d{1,15}(\.0+)?", re.ASCII)
_POINTS = re.compile(r"-?\d{1,9}(\.0+)?", re.ASCII)
_MONEY = re.compile(r"-?\d{1,15}([.,]\d{1,20})?", re.ASCII)


class PabulibUnreadable(Unreadable):
    """A Pabulib file that cannot be read."""


def whole(name: str, text: str) -> int:
    """A whole number ≥ 0.  Raises WrongValue."""
    if not _WHOLE.fullmatch(text):
        raise WrongValue(
            f"{name} 값은 0 이상의 정수여야 합니다: ‘{text[:SHOWN]}’.",
            f"{name} has to be a whole number, 0 or more, but is “{text[:SHOWN]}”.",
        )
    return int(text.split(".", maxsplit=1)[0])


def optional_whole(name: str, text: str) -> int | None:
    return whole(name, text) if text else None


def points(text: str) -> int:
    """Points that a voter gave.  Raises WrongValue."""
    if not _POINTS.fullmatch(text):
        raise WrongValue(
            f"점수는 정수여야 합니다: ‘{text[:SHOWN]}’.",
            f"points have to be whole numbers, but there is “{text[:SHOWN]}”.",
        )
    return int(text.split(".", maxsplit=1)[0])


def money(name: str, text: str) -> Decimal:
    """An exact amount of money ≥ 0.  Raises WrongValue."""
    if not _MONEY.fullmatch(text):
        raise WrongValue(
            f"{name} 값은 금액이어야 합니다: ‘{text[:SHOWN]}’.",
            f"{name} has to be an amount of money, but is “{text[:SHOWN]}”.",
        )
    amount = Decimal(text.replace(",", "."))
    if amount < 0:
        raise WrongValue(f"{name} 값이 음수입니다: {text}.", f"{name} is negative: {text}.")
    return amount


def scale_of(amounts: Iterable[Decimal]) -> int:
    """The power of ten that makes all amounts whole.  Raises WrongValue."""
    decimals, total = 0, Decimal(0)
    for amount in amounts:
        exponent = amount.normalize().as_tuple().exponent
        decimals = max(decimals, -exponent if isinstance(exponent, int) else 0)
        total += amount
    if decimals > MOST_DECIMALS or total.scaleb(decimals) > MAX_SAFE_INTEGER:
        raise WrongValue(
            "금액이 너무 크거나 소수점 아래 자리가 너무 많습니다.",
            "the amounts of money are too large or have too many decimals.",
        )
    return int(10**decimals)


def age(text: str) -> int | None:
    """An age in years; None where the file gives none, or a span instead."""
    return int(text) if text.isascii() and text.isdigit() and int(text) <= 130 else None
