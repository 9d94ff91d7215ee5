"""A question of a poll: its words, its options, and by which method it is counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mvote.core.canonical import JSON
from mvote.core.fields import Faults, FieldsRefused, Reader
from mvote.core.secrecy.exact import IDENTIFIER
from mvote.core.text import Words

ID = IDENTIFIER
ID_WORDS = "1 to 64 letters, digits, dots, slashes or hyphens, the first a letter or a digit"
NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
MOST_OPTIONS = 500
MOST_TITLE = 300
MOST_TEXT = 4_000


class QuestionRefused(FieldsRefused):
    words = {
        "ko": "질문의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the question are not right: {fields}",
    }


@dataclass(frozen=True, slots=True)
class Option:
    """``cost`` is money as a whole number, ≥ 0, and belongs to budget questions only."""

    id: str
    title: Words
    cost: int | None = None
    text: Words | None = None

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {"id": self.id, "title": dict(self.title)}
        if self.cost is not None:
            made["cost"] = self.cost
        if self.text is not None:
            made["text"] = dict(self.text)
        return made


@dataclass(frozen=True, slots=True)
class Counting:
    """The name of a counting method and what it wants to know."""

    method: str
    options: Mapping[str, JSON] = field(default_factory=dict)

    def to_json(self) -> dict[str, JSON]:
        return {"method": self.method, "options": dict(self.options)}


@dataclass(frozen=True)
class Question:
    """``blank`` says whether a voter may leave it blank."""

    id: str
    type: str
    title: Words
    options: tuple[Option, ...]
    config: Mapping[str, JSON]
    counting: Counting
    blank: bool

    @cached_property
    def by_id(self) -> Mapping[str, Option]:
        """The options by id, in the order of the question."""
        return {option.id: option for option in self.options}

    @classmethod
    def from_json(cls, raw: JSON) -> "Question":
        """Read the form; whether type, config and counting fit is for ``questions.check_question``.

        Raises QuestionRefused.
        """
        faults = Faults()
        read = Reader(raw, faults)
        read.only("id", "type", "title", "options", "config", "counting", "blank")
        question = cls(
            id=read.matching("id", ID, ID_WORDS),
            type=read.matching("type", NAME, "the name of a question type"),
            title=read.words("title", most=MOST_TITLE),
            options=_read_options(read),
            config=read.object("config"),
            counting=_read_counting(read),
            blank=read.boolean("blank"),
        )
        faults.refuse(QuestionRefused)
        return question

    def to_json(self) -> dict[str, JSON]:
        return {
            "id": self.id,
            "type": self.type,
            "title": dict(self.title),
            "options": [option.to_json() for option in self.options],
            "config": dict(self.config),
            "counting": self.counting.to_json(),
            "blank": self.blank,
        }

    def with_options(self, options: tuple[Option, ...]) -> "Question":
        return replace(self, options=options)


def _read_options(read: Reader) -> tuple[Option, ...]:
    options = []
    seen: set[str] = set()
    for place, raw in enumerate(read.items("options", least=0, most=MOST_OPTIONS)):
        inner = Reader(raw, read.faults, f"options[{place}]")
        inner.only("id", "title", "cost", "text")
        option = Option(
            id=inner.matching("id", ID, ID_WORDS),
            title=inner.words("title", most=MOST_TITLE),
            cost=inner.integer("cost") if "cost" in inner.raw else None,
            text=inner.words("text", most=MOST_TEXT, lines=True) if "text" in inner.raw else None,
        )
        if option.id and option.id in seen:
            inner.fault("id", "stands twice")
        seen.add(option.id)
        options.append(option)
    return tuple(options)


def _read_counting(read: Reader) -> Counting:
    raw = read.object("counting")
    if raw is not read.raw.get("counting"):
        return Counting("")
    inner = Reader(raw, read.faults, "counting")
    inner.only("method", "options")
    method = inner.matching("method", NAME, "the name of a counting method")
    return Counting(method, inner.object("options"))
