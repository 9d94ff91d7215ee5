"""How often a wing tries the other one that cannot be reached."""

import random
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(slots=True)
class Pace:
    """Pauses that double from ``first`` to ``longest`` seconds, and end with the first success.

    Two hosts that lost each other do not come back in step: each pause is cut by chance.
    """

    first: float
    longest: float
    _failures: int = 0
    _not_before: datetime | None = None

    def is_due(self, now: datetime) -> bool:
        return self._not_before is None or now >= self._not_before

    def failed(self, now: datetime) -> None:
        pause = min(self.first * 2.0 ** min(self._failures, 30), self.longest)
        self._failures += 1
        self._not_before = now + timedelta(seconds=pause * random.uniform(0.5, 1.0))

    def reached(self) -> None:
        self._failures, self._not_before = 0, None
