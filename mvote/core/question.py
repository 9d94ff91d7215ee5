"""A question of a poll: its words, its options, and by which method it is counted."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mvote.core.canonical import JSON
from mvote.core.fields import Faults, FieldsRefused, Reader
from mvote.core.media import Media, read_media
from mvote.core.secrecy.exact import IDENTIFIER
from mvote.core.text import Words, words_fault

ID = IDENTIFIER
ID_WORDS = "1 to 64 letters, digits, dots, slashes or hyphens, the first a letter or a digit"
NAME = re.compile(r"[a-z][a-z0-9-]{0,63}")
MOST_OPTIONS = 500
MOST_TITLE = 300
MOST_TEXT = 4_000
MOST_CATEGORIES = 10
MOST_CATEGORY = 60
REASON = ".reason"
"""Behind the id of a question: the key of the reason that a voter gives beside the answer."""


class QuestionRefused(FieldsRefused):
    words = {
        "ko": "질문의 다음 항목이 올바르지 않습니다: {fields}",
        "en": "These parts of the question are not right: {fields}",
    }


@dataclass(frozen=True, slots=True)
class Option:
    """``cost`` is money as a whole number, ≥ 0, where options are projects with costs.

    ``categories`` are what it is about, by which a voter narrows a long list.
    """

    id: str
    title: Words
    cost: int | None = None
    text: Words | None = None
    media: Media | None = None
    categories: tuple[Words, ...] = ()

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {"id": self.id, "title": dict(self.title)}
        if self.cost is not None:
            made["cost"] = self.cost
        if self.text is not None:
            made["text"] = dict(self.text)
        if self.media is not None:
            made["media"] = self.media.to_json()
        if self.categories:
            made["categories"] = [dict(one) for one in self.categories]
        return made


@dataclass(frozen=True, slots=True)
class Counting:
    """The name of a counting method and what it wants to know."""

    method: str
    options: Mapping[str, JSON] = field(default_factory=dict)

    def to_json(self) -> dict[str, JSON]:
        return {"method": self.method, "options": dict(self.options)}


@dataclass(frozen=True, slots=True)
class OnlyIf:
    """The question is asked of those who chose one of ``any_of`` in the earlier ``question``."""

    question: str
    any_of: tuple[str, ...]

    def to_json(self) -> dict[str, JSON]:
        return {"question": self.question, "any_of": list(self.any_of)}


@dataclass(frozen=True)
class Question:
    """``blank`` says whether a voter may leave it blank.

    ``reason``: a voter may write why.  ``none``: “none of these” stands among the options,
    under the id ``none``, and excludes the others.  ``shuffle``: every phone shows the
    options in an order of its own.  What is not set is left out of the JSON.
    """

    id: str
    type: str
    title: Words
    options: tuple[Option, ...]
    config: Mapping[str, JSON]
    counting: Counting
    blank: bool
    only_if: OnlyIf | None = None
    reason: bool = False
    none: bool = False
    shuffle: bool = False
    media: Media | None = None

    @cached_property
    def by_id(self) -> Mapping[str, Option]:
        """The options by id, in the order of the question."""
        return {option.id: option for option in self.options}

    @property
    def has_costs(self) -> bool:
        """Whether the options are projects that cost money."""
        return bool(self.options) and all(one.cost is not None for one in self.options)

    @classmethod
    def from_json(cls, raw: JSON) -> "Question":
        """Read the form; whether type, config and counting fit is for ``fit.check_question``.

        Raises QuestionRefused.
        """
        faults = Faults()
        read = Reader(raw, faults)
        read.only("id", "type", "title", "options", "config", "counting", "blank", *OPTIONAL)
        question = cls(
            id=read.matching("id", ID, ID_WORDS),
            type=read.matching("type", NAME, "the name of a question type"),
            title=read.words("title", most=MOST_TITLE),
            options=_read_options(read),
            config=read.object("config"),
            counting=_read_counting(read),
            blank=read.boolean("blank"),
            only_if=_read_only_if(read),
            reason=read.flag("reason"),
            none=read.flag("none"),
            shuffle=read.flag("shuffle"),
            media=read_media(read),
        )
        if question.id.endswith(REASON):
            read.fault("id", f"may not end in {REASON}, where reasons are kept")
        faults.refuse(QuestionRefused)
        return question

    def to_json(self) -> dict[str, JSON]:
        made: dict[str, JSON] = {
            "id": self.id,
            "type": self.type,
            "title": dict(self.title),
            "options": [option.to_json() for option in self.options],
            "config": dict(self.config),
            "counting": self.counting.to_json(),
            "blank": self.blank,
        }
        for flag in FLAGS:
            if getattr(self, flag):
                made[flag] = True
        for part in ("only_if", "media"):
            if (value := getattr(self, part)) is not None:
                made[part] = value.to_json()
        return made

    def with_options(self, options: tuple[Option, ...]) -> "Question":
        return replace(self, options=options)


FLAGS = ("reason", "none", "shuffle")
OPTIONAL = (*FLAGS, "only_if", "media")


def _read_options(read: Reader) -> tuple[Option, ...]:
    options = []
    seen: set[str] = set()
    for place, raw in enumerate(read.items("options", least=0, most=MOST_OPTIONS)):
        inner = Reader(raw, read.faults, f"options[{place}]")
        inner.only("id", "title", "cost", "text", "media", "categories")
        option = Option(
            id=inner.matching("id", ID, ID_WORDS),
            title=inner.words("title", most=MOST_TITLE),
            cost=inner.integer("cost") if "cost" in inner.raw else None,
            text=inner.words("text", most=MOST_TEXT, lines=True) if "text" in inner.raw else None,
            media=read_media(inner),
            categories=_read_categories(inner),
        )
        if option.id and option.id in seen:
            inner.fault("id", "stands twice")
        seen.add(option.id)
        options.append(option)
    return tuple(options)


def _read_categories(read: Reader) -> tuple[Words, ...]:
    if "categories" not in read.raw:
        return ()
    given = read.items("categories", least=1, most=MOST_CATEGORIES)
    for place, one in enumerate(given):
        if fault := words_fault(one, most=MOST_CATEGORY):
            read.fault(f"categories[{place}]", fault)
        elif one in given[:place]:
            read.fault(f"categories[{place}]", "stands twice")
    return tuple(dict(one) for one in given if isinstance(one, dict))


def _read_counting(read: Reader) -> Counting:
    raw = read.object("counting")
    if raw is not read.raw.get("counting"):
        return Counting("")
    inner = Reader(raw, read.faults, "counting")
    inner.only("method", "options")
    method = inner.matching("method", NAME, "the name of a counting method")
    return Counting(method, inner.object("options"))


def _read_only_if(read: Reader) -> OnlyIf | None:
    if "only_if" not in read.raw:
        return None
    inner = Reader(read.raw["only_if"], read.faults, "only_if")
    inner.only("question", "any_of")
    any_of = inner.items("any_of", least=1, most=MOST_OPTIONS)
    if not all(isinstance(one, str) and ID.fullmatch(one) for one in any_of):
        inner.fault("any_of", "has to be a list of ids of options")
        any_of = []
    if len(set(any_of)) != len(any_of):
        inner.fault("any_of", "names an option twice")
    return OnlyIf(inner.matching("question", ID, ID_WORDS), tuple(any_of))
