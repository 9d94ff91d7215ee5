"""What lists are called, bands of years, and happenings of the rolls."""

import re
from dataclasses import dataclass
from typing import Final

from mvote.audit.rules import Happening
from mvote.core.eligibility.birth_year import BAND
from mvote.core.eligibility.condition import CODE
from mvote.core.rehearsal import LIST_STARTS

LIST_NAME: Final = re.compile(f"(?!{LIST_STARTS}){CODE.pattern}")
"""A list of real people is none of a rehearsal."""


def birth_band(year: int) -> int:
    """The first of the five years that are told apart."""
    return year - year % BAND


@dataclass(frozen=True, slots=True)
class RegisterImported(Happening):
    """``entries`` in the file; ``replaced``: those that were not in it are gone.

    ``moved`` are numbers that stood under another entry before.
    """

    entries: int
    moved: int
    replaced: bool


@dataclass(frozen=True, slots=True)
class ListImported(Happening):
    """The subject is the name of the list."""

    entries: int
