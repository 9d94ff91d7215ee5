"""What an eligibility condition is, and the facts it looks at."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from mvote.core.canonical import JSON
from mvote.core.fields import FieldsRefused, Reader
from mvote.core.text import Words

CODE = re.compile(r"[A-Za-z0-9가-힣][A-Za-z0-9가-힣._-]{0,63}")
CODE_WORDS = "1 to 64 letters, digits, dots, underscores or hyphens"
MOST_VALUES = 100
HOPELESS = 100
"""The effort of becoming somebody else."""

ASK_THE_REGISTER: Words = {
    "ko": "주민 등록 명부에 이 휴대전화 번호가 올바르게 올라 있는지 구청에 확인해 주십시오.",
    "en": "Ask the district office whether this phone number is in the register correctly.",
}


class AudienceRefused(FieldsRefused):
    words = {
        "ko": "투표 대상의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the audience are not right: {fields}",
    }


@dataclass(frozen=True, slots=True)
class Facts:
    """What the people wing knows of one citizen; None is unknown.

    ``birth_band`` is the first year of the five in which the person was born (1990
    stands for 1990–1994); ``gender`` is ``f``, ``m`` or ``x``.  ``resident`` is whoever
    the register knows; ``rooms`` are the numbers of those that a pass opened;
    ``declared`` is what the citizen says, of district, band and gender only.  ``proved`` is
    whoever holds the poll's roll key.
    """

    number_verified: bool
    district: str | None = None
    birth_band: int | None = None
    gender: str | None = None
    lists: frozenset[str] = frozenset()
    resident: bool = False
    rooms: frozenset[str] = frozenset()
    declared: "Facts | None" = None
    proved: bool = False


@dataclass(frozen=True, slots=True)
class Unmet:
    """A condition that a citizen does not meet, and what he or she can do about it.

    ``effort`` compares how much that is: 1 a minute with the phone, 3 a question to the
    district office, ``HOPELESS`` where a fact is known and another one.
    """

    condition: str
    words: Words
    what_to_do: Words
    effort: int


class Condition(ABC):
    """``form`` names the parameters (key → label for the console).

    ``targets`` says whether it picks out people whom the city can count beforehand; what
    does not is proved by the citizen, each time anew.
    """

    name: ClassVar[str]
    label: ClassVar[Words]
    form: ClassVar[Mapping[str, Words]] = {}
    targets: ClassVar[bool] = True

    def read(self, read: Reader) -> None:
        """Add the faults of one condition of an audience."""
        read.only("condition", *self.form)

    @abstractmethod
    def met(self, raw: Mapping[str, JSON], facts: Facts) -> bool:
        """Whether the citizen meets a condition that was checked."""

    @abstractmethod
    def describe(self, raw: Mapping[str, JSON]) -> Words:
        """Say to everyone whom a condition that was checked lets vote."""

    @abstractmethod
    def whom(self, raw: Mapping[str, JSON]) -> Words:
        """The same in a few words that stand inside a sentence."""

    @abstractmethod
    def unmet(self, raw: Mapping[str, JSON], facts: Facts) -> Unmet:
        """Say so to a citizen who does not."""


def read_codes(read: Reader, key: str, known: tuple[str, ...] = ()) -> None:
    """Add the faults of a list of codes without doubles."""
    values = read.items(key, least=1, most=MOST_VALUES)
    for place, value in enumerate(values):
        if not isinstance(value, str) or not CODE.fullmatch(value):
            read.fault(f"{key}[{place}]", f"has to be {CODE_WORDS}")
        elif known and value not in known:
            read.fault(f"{key}[{place}]", f"has to be one of: {', '.join(known)}")
        elif value in values[:place]:
            read.fault(f"{key}[{place}]", "stands twice")
