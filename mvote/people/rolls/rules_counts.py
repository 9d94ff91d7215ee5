"""How many an audience holds, said so that it tells of no single person.

What is said is rounded down to tens from a place that chance chose, hidden below twenty,
and stays as it is until at least ``LEAST_SLACK`` people more or less would change it; where
exactly that happens is drawn by chance and secret.  An audience that differs from one that
was counted before by fewer people than that is told the same number, so that two of them
cannot be subtracted.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from mvote.core.canonical import JSON
from mvote.core.eligibility import Facts, is_countable
from mvote.people.identity.rules import keyed

ROUNDED_TO = 10
LEAST_SHOWN = 20
LEAST_SLACK, MOST_SLACK = 20, 40
COUNTED, FEW, UNKNOWN = "counted", "few", "unknown"
STATES = (COUNTED, FEW, UNKNOWN)

Cells = tuple[tuple[Facts, int], ...]
"""How many people share the same facts, over everybody the city knows."""


@dataclass(frozen=True, slots=True)
class AudienceCount:
    """``count`` is None where there are too few to say, or where nobody can know."""

    state: str
    count: int | None


def as_told(told: int | None) -> AudienceCount:
    return AudienceCount(FEW if told is None else COUNTED, told)


def count_in(cells: Cells, audience: Mapping[str, JSON]) -> int:
    return sum(number for facts, number in cells if is_countable(audience, facts))


def distance(cells: Cells, one: Mapping[str, JSON], other: Mapping[str, JSON]) -> int:
    """How many people are in one audience and not in the other."""
    return sum(
        number
        for facts, number in cells
        if is_countable(one, facts) is not is_countable(other, facts)
    )


def draw(number: int) -> int | None:
    """What is said of a number; None is few.  Below ``LEAST_SHOWN`` it always is."""
    rounded = (number - secrets.randbelow(ROUNDED_TO)) // ROUNDED_TO * ROUNDED_TO
    return rounded if rounded >= LEAST_SHOWN else None


def round_down(number: int) -> AudienceCount:
    """Of a number that the frozen poll says anyway."""
    rounded = number // ROUNDED_TO * ROUNDED_TO
    return as_told(rounded if rounded >= LEAST_SHOWN else None)


def draw_slack() -> int:
    return LEAST_SLACK + secrets.randbelow(MOST_SLACK - LEAST_SLACK)


def asking_mac(pepper: bytes, official: str) -> bytes:
    """Stands for an official where the counts that they asked for are counted."""
    return keyed(pepper, b"count" + official.encode())
