"""What the oracle jobs have in common: their arguments and what they print."""

import argparse
import random
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Found = tuple[Any, Any]
"""What mvote found and what the other program found; None for either where a tie decided."""


@dataclass
class Agreement:
    agree: int = 0
    tied: int = 0
    differ: list[Any] = field(default_factory=list)

    def take(self, election: Any, found: Found) -> None:
        ours, theirs = found
        if ours is None or theirs is None:
            self.tied += 1
        elif ours == theirs:
            self.agree += 1
        else:
            self.differ.append((election, ours, theirs))


def main(
    draw: Callable[[random.Random], Any],
    methods: Mapping[str, Callable[[Any], Found]],
    argv: Iterable[str] | None = None,
) -> int:
    """Count random elections by every method on both sides; 1 where some differ."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--elections", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args(None if argv is None else list(argv))
    lot = random.Random(given.seed)
    elections = [draw(lot) for _ in range(given.elections)]
    wrong = 0
    for name, both in methods.items():
        agreement = Agreement()
        for election in elections:
            agreement.take(election, both(election))
        wrong += len(agreement.differ)
        sys.stdout.write(
            f"{name:28} {agreement.agree:5} agree, {len(agreement.differ):3} differ, "
            f"{agreement.tied:4} left out for ties\n"
        )
        for election, ours, theirs in agreement.differ[:3]:
            sys.stdout.write(f"    ours {ours}, theirs {theirs}: {election}\n")
    return 1 if wrong else 0
