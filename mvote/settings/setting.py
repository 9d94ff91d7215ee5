"""One line for one setting, and whose credential it is."""

from dataclasses import field
from typing import Any, Literal, get_args

Wing = Literal["people", "votes"]
WINGS: tuple[Wing, ...] = get_args(Wing)
Side = Literal["both", "people", "votes"]
SIDES: tuple[Side, ...] = get_args(Side)


def wings_of(side: str) -> tuple[Wing, ...]:
    """The wings of a side."""
    return tuple(wing for wing in WINGS if side in ("both", wing))


def setting(default: Any, meaning: str, *, only: Wing | None = None) -> Any:
    """``only`` names the wing of which it is a credential: the other's host may not have it."""
    return field(default=default, metadata={"meaning": meaning, "only": only})
