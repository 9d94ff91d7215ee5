"""An indicator, its values, and what citizens ask about it."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from mvote.audit.rules import Happening
from mvote.core.canonical import JSON
from mvote.core.ids import crockford
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.votes.moderation.rules import Standing

ASKED, PROPOSAL, CASE = "asked", "proposal", "case"
BECAME = (ASKED, PROPOSAL, CASE)
BECAME_WORDS: Mapping[str, Words] = {
    ASKED: {"ko": "접수", "en": "received"},
    PROPOSAL: {"ko": "제안", "en": "proposal"},
    CASE: {"ko": "민원", "en": "case"},
}
QUESTION = "question"
FIRST_REPLY, INTERIM, ANSWER = "first-reply", "interim", "answer"
REPLIES = (FIRST_REPLY, INTERIM, ANSWER)


@dataclass(frozen=True, slots=True)
class IndicatorsImported(Happening):
    """``subject`` is the import, ``digest`` SHA-256 of the file."""

    digest: str
    values: int
    new: int


@dataclass(frozen=True, slots=True)
class QuestionTakenAs(Happening):
    """An official took up a question; ``subject`` is the question, ``as_id`` what it became."""

    indicator: str
    became: str
    as_id: str
    official: str


@dataclass(frozen=True, slots=True)
class QuestionRepliedTo(Happening):
    """``subject`` is the question; ``number`` the entry of ``record`` that holds the reply."""

    kind: str
    record: str
    number: int
    department: str
    by: str


def indicator_id(department: str, name: str) -> str:
    """The same for the same name of the same department, in every file."""
    spelled = f"mvote-indicator\0{department}\0{name}"
    return crockford(hashlib.sha256(spelled.encode()).digest())


@dataclass(frozen=True, slots=True)
class Value:
    """What an indicator was in a period, decimal as the file spelled it.

    ``target`` may be empty.  ``version`` counts what was told for this period; the newest holds.
    """

    period: str
    value: str
    target: str
    source: str
    version: int
    import_id: str

    def to_json(self) -> dict[str, JSON]:
        return {
            "period": self.period,
            "value": self.value,
            "target": self.target or None,
            "source": self.source,
            "version": self.version,
        }


@dataclass(frozen=True, slots=True)
class Indicator:
    """``values`` in the order of their periods, the newest version of each."""

    id: str
    department: str
    name: Words
    unit: Words
    values: tuple[Value, ...]

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "department": self.department,
            "name": dict(self.name),
            "unit": dict(self.unit),
            "values": [one.to_json() for one in self.values],
        }


@dataclass(frozen=True, slots=True)
class Import:
    """One file that was taken; ``digest`` is its SHA-256, hexadecimal."""

    id: str
    digest: str
    at: datetime
    values: int
    new: int

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "sha256": self.digest,
            "at": iso(self.at),
            "values": self.values,
            "new": self.new,
        }


@dataclass(frozen=True, slots=True)
class Question:
    """What one citizen asked about an indicator.

    ``text`` is None unless it may be shown, ``period`` empty where it is about all.  ``as_id``
    is the proposal or the record of the case that it became.
    """

    id: str
    indicator: str
    department: str
    period: str
    became: str
    as_id: str
    standing: Standing

    @property
    def text(self) -> str | None:
        return self.standing.text

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "indicator": self.indicator,
            "department": self.department,
            "period": self.period or None,
            "text": self.text,
            "standing": self.standing.state,
            "became": self.became,
            "proposal": self.as_id if self.became == PROPOSAL else None,
            "record": self.as_id if self.became == CASE else None,
        }
