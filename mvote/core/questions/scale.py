"""The scale on which options are rated: whole numbers, the highest the best, or grades in words.

In ``config`` the field ``scale`` is one of the names below, or bounds
(``{"least": 0, "most": 5}``), or grades, the best first (``[{"ko": "매우 좋음", "en":
"Excellent"}, …]``).  A ballot carries whole numbers: of n grades the first is n - 1, the
last 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from mvote.core.canonical import JSON
from mvote.core.fields import Reader
from mvote.core.question import Question
from mvote.core.text import Words, words_fault

NAMED: Final[Mapping[str, tuple[int, int]]] = {
    "stars": (1, 5),
    "minus-two-to-two": (-2, 2),
    "zero-to-ten": (0, 10),
}
MOST_SCORE: Final = 1_000
LEAST_GRADES, MOST_GRADES = 2, 20
MOST_GRADE_TITLE: Final = 100
WHAT: Final = f"has to be one of {', '.join(NAMED)}, bounds, or a list of grades"


@dataclass(frozen=True, slots=True)
class Scale:
    """``grades`` are the names of the values, the best first; empty where numbers speak."""

    least: int
    most: int
    grades: tuple[Words, ...] = ()

    def name_of(self, value: int) -> Words:
        """A value in words; the number itself where it has no name of its own."""
        if self.grades:
            return self.grades[self.most - value]
        return {"ko": str(value), "en": str(value)}


def scale_of(question: Question) -> Scale:
    """The scale of a question whose config was checked."""
    return read_scale(question.config["scale"])


def read_scale(given: JSON) -> Scale:
    """A scale as a checked config spells it."""
    if isinstance(given, str):
        return Scale(*NAMED[given])
    if isinstance(given, list):
        return Scale(0, len(given) - 1, tuple(given))
    return Scale(given["least"], given["most"])


def check_scale(read: Reader) -> None:
    """Add the faults of the field ``scale``."""
    given = read.raw.get("scale")
    if "scale" not in read.raw:
        read.fault("scale", "is missing")
    elif isinstance(given, dict):
        _check_bounds(read, given)
    elif isinstance(given, list):
        _check_grades(read, given)
    elif not isinstance(given, str) or given not in NAMED:
        read.fault("scale", WHAT)


def _check_bounds(read: Reader, given: dict[str, JSON]) -> None:
    inner = Reader(given, read.faults, read.name("scale"))
    inner.only("least", "most")
    least = inner.integer("least", least=-MOST_SCORE, most=MOST_SCORE - 1)
    inner.integer("most", least=least + 1, most=MOST_SCORE)


def _check_grades(read: Reader, given: list[JSON]) -> None:
    if not LEAST_GRADES <= len(given) <= MOST_GRADES:
        read.fault("scale", f"has to be a list of {LEAST_GRADES} to {MOST_GRADES} grades")
    for place, grade in enumerate(given):
        if fault := words_fault(grade, most=MOST_GRADE_TITLE):
            read.fault(f"scale[{place}]", fault)
