"""What citizens said to an answer, told only where enough of them did."""

from collections.abc import Mapping
from dataclasses import dataclass

from mvote.core.canonical import JSON

RATING, AGAIN = "rating", "ask-again"
STARS = (1, 2, 3, 4, 5)


@dataclass(frozen=True, slots=True)
class Said:
    """One citizen's reply: ``stars`` 1 to 5, 0 where none are given; ``reason`` may be empty."""

    holder: str
    stars: int
    reason: str


@dataclass(frozen=True, slots=True)
class Reason:
    """Why somebody rated as they did, or asked again, as moderators let it stand."""

    id: str
    kind: str
    text: str

    def to_json(self) -> dict[str, JSON]:
        return {"id": self.id, "kind": self.kind, "text": self.text}


@dataclass(frozen=True, slots=True)
class Ratings:
    """Of one answer, by its digest.  ``stars`` is how many gave how many stars, None of too few.

    ``fewest`` is from how many on they are told, ``scope`` the record whose permits are good.
    """

    poll: str
    answer: str
    scope: str
    fewest: int
    stars: Mapping[int, int] | None
    reasons: tuple[Reason, ...] = ()

    @property
    def given(self) -> int:
        return sum(self.stars.values()) if self.stars else 0

    def mean(self) -> str:
        """With one decimal, exact and rounded half to even."""
        total = sum(one * n for one, n in (self.stars or {}).items())
        tenths = round(10 * total / self.given) if self.given else 0
        return f"{tenths // 10}.{tenths % 10}"

    def to_json(self) -> dict[str, JSON]:
        return {
            "poll": self.poll,
            "answer": self.answer,
            "scope": self.scope,
            "fewest": self.fewest,
            "ratings": self.given if self.stars else None,
            "mean": self.mean() if self.stars else None,
            "stars": {str(one): self.stars[one] for one in STARS} if self.stars else None,
            "reasons": [one.to_json() for one in self.reasons],
        }


@dataclass(frozen=True, slots=True)
class Asked:
    """Whether a second answer is owed: from ``needed`` askers on, told in steps until then."""

    poll: str
    scope: str
    needed: int
    askers_at_least: int
    owed: bool

    def to_json(self) -> dict[str, JSON]:
        return {
            "poll": self.poll,
            "scope": self.scope,
            "needed": self.needed,
            "askers_at_least": self.askers_at_least,
            "owed": self.owed,
        }
