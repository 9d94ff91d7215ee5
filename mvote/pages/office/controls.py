"""Fields made ready to be drawn: in the reader's language, filled, with what is wrong beside."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from mvote.core.counting import METHODS
from mvote.core.questions import QUESTIONS
from mvote.core.text import LANGUAGES, Words
from mvote.pages.language import in_words
from mvote.pages.office.audience import (
    JOINED,
    OF,
    asked,
    begin,
    in_words_of,
    kinds,
    label_of_condition,
    may_deepen,
    may_stand,
)
from mvote.pages.office.binding import THERE, Reading, Typed, item_numbers, map_keys
from mvote.pages.office.fields import Field
from mvote.pages.office.words.choices import choice_words
from mvote.pages.office.words.faults import fault_words
from mvote.pages.office.words.fields import help_of, label_of

Faults = Mapping[str, Sequence[str]]
Options = Sequence[tuple[str, str]]
LANGUAGE_NAMES: Mapping[str, Words] = {
    "ko": {"ko": "한국어", "en": "Korean"},
    "en": {"ko": "영어", "en": "English"},
}


@dataclass
class Control:
    """One control, or a group of them; ``items`` are those of a list.

    ``said`` is what is filled in, in a sentence, where the fields alone do not tell.
    """

    field: Field
    name: str
    label: str
    help: str = ""
    value: str = ""
    values: Sequence[str] = ()
    choices: Options = ()
    faults: Sequence[str] = ()
    inside: Sequence["Control"] = ()
    items: Sequence["Control"] = ()
    said: str = ""

    @property
    def id(self) -> str:
        """What a label and a fault point to."""
        return "f-" + re.sub(r"[^A-Za-z0-9_-]+", "-", self.name)

    @property
    def kind(self) -> str:
        return "hidden" if self.field.fixed else self.field.kind

    @property
    def hinted(self) -> bool:
        """Whether something is told beside it: words of ours, or how much it takes."""
        limited = self.field.kind in ("text", "lines", "words", "number", "password")
        return bool(self.help or (limited and self.field.most and not self.choices))

    @property
    def empty(self) -> bool:
        """Whether nothing is filled in, here or inside."""
        return not (self.value or self.values or self.items) and all(
            one.empty for one in self.inside
        )

    @property
    def folded(self) -> bool:
        """Whether it may stay shut until somebody wants it."""
        wrong = any(one.faults for one in drawn([self]))
        return self.field.kind == "group" and not self.field.required and self.empty and not wrong

    @property
    def shown(self) -> str:
        """What is filled in, in words."""
        if self.field.kind == "choices":
            chosen = [label for value, label in self.choices if value in self.values]
            return ", ".join(chosen)
        return next((label for value, label in self.choices if value == self.value), self.value)


@dataclass
class Drawing:
    """Draws the fields of one act.  ``options`` turn a text into a choice, by its path."""

    act: str
    typed: Typed
    faults: Faults = field(default_factory=dict)
    options: Mapping[str, Options] = field(default_factory=dict)

    def all(self, fields: Iterable[Field], prefix: str) -> list[Control]:
        return [self.control(one, f"{prefix}.{one.key}") for one in fields]

    def control(self, one: Field, name: str, label: str = "") -> Control:
        made = Control(
            one,
            name,
            label or self._label(one),
            help="" if label else in_words(help_of(self.act, one.path)),
            value=self._value(one, name),
            values=self.typed.getlist(name),
            choices=self._choices(one, name),
            faults=[in_words(fault_words(said)) for said in self.faults.get(name, ())],
        )
        if one.kind == "group":
            made.inside = self.all(one.inside, name)
        elif one.kind == "list":
            made.items = self._items(one, name)
        elif one.kind == "words":
            made.inside = self._languages(one, name)
        elif one.kind == "map":
            made.inside = self._keys(one, name)
        elif one.kind == "audience":
            self._fill_group(made, name)
            found = Reading(self.typed, ZoneInfo("UTC")).audience(one, name)
            made.said = " ".join(in_words(words) for words in in_words_of(found))
        return made

    def _fill_group(self, made: Control, name: str) -> None:
        """What an audience, or a group in it, holds and what can be added to it."""
        if f"{name}.{THERE}" not in self.typed:
            begin(self.typed, name, required=made.field.required)
        made.value = self.typed[f"{name}.{THERE}"]
        below = f"{name}.{made.value}"
        made.items = [
            self._part(made.field, f"{below}[{number}]")
            for number in item_numbers(self.typed, below)
        ]
        made.choices = [(kind, in_words(words)) for kind, words in kinds(deeper=may_deepen(name))]

    def _part(self, one: Field, name: str) -> Control:
        """A group, or a condition with what it asks."""
        kind = self.typed.get(f"{name}.{THERE}", "")
        faults = [in_words(fault_words(said)) for said in self.faults.get(name, ())]
        if kind in JOINED and may_stand(name):
            made = Control(replace(one, required=True), name, in_words(JOINED[kind]), faults=faults)
            self._fill_group(made, name)
            return made
        names = [each for each in (name, f"{name}.{OF}") if f"{each}.condition" in self.typed]
        given = [self.typed[f"{each}.condition"] for each in names] or [""]
        inside = [_hidden(one, each, said) for each, said in zip(names, given, strict=False)]
        for field_, words in asked(given[-1], one.path):
            inside.append(self.control(field_, f"{names[-1]}.{field_.key}", in_words(words)))
            inside[-1].help = in_words(help_of(self.act, field_.path))
        group = Field("", one.path, "group", required=True)
        label = in_words(label_of_condition(given[0], given[-1] if len(given) > 1 else ""))
        return Control(group, name, label, faults=faults, inside=inside)

    def _label(self, one: Field) -> str:
        return in_words(label_of(self.act, one.path)) or one.key

    def _value(self, one: Field, name: str) -> str:
        given = self.typed.get(name)
        if given is not None or any(key.startswith(name) for key in self.typed):
            return given or ""
        if one.default is None or isinstance(one.default, list | dict):
            return ""
        return {True: "yes", False: "no"}.get(one.default, str(one.default))

    def _choices(self, one: Field, name: str) -> Options:
        given = self.options.get(f"{name[0]}.{one.path}")
        if given is not None:
            value = self.typed.get(name, "")
            known = not value or any(value == each for each, _ in given)
            return given if known else [*given, (value, value)]
        return [(value, self._choice(one, value)) for value in one.choices]

    def _choice(self, one: Field, value: str) -> str:
        words = choice_words(f"{self.act}.{one.path}", value)
        return in_words(words) or value

    def _items(self, one: Field, name: str) -> list[Control]:
        [item] = one.inside
        numbers = item_numbers(self.typed, name)
        if not numbers and one.required and not self.typed:
            self.typed[f"{name}[0].{THERE}"] = "1"
            numbers = [0]
        found = self._label(one)
        return [
            self.control(item, f"{name}[{number}]", f"{found} {place}")
            for place, number in enumerate(numbers, 1)
        ]

    def _languages(self, one: Field, name: str) -> list[Control]:
        return [
            Control(
                one,
                f"{name}.{language}",
                in_words(LANGUAGE_NAMES[language]),
                value=self.typed.get(f"{name}.{language}", ""),
            )
            for language in LANGUAGES
        ]

    def _keys(self, one: Field, name: str) -> list[Control]:
        """The keys that the registry of what stands beside it names, and those that are there."""
        known = {**self._form_beside(name)}
        for key in map_keys(self.typed, name):
            known.setdefault(key, {"ko": key, "en": key})
        return [
            Control(
                one, f"{name}.{key}", in_words(words), value=self.typed.get(f"{name}.{key}", "")
            )
            for key, words in known.items()
        ]

    def _form_beside(self, name: str) -> Mapping[str, Words]:
        above = name.rsplit(".", 1)[0]
        kind, method = self.typed.get(f"{above}.type", ""), self.typed.get(f"{above}.method", "")
        if kind in QUESTIONS.names():
            return QUESTIONS.get(kind).form
        return METHODS.get(method).form if method in METHODS.names() else {}


def _hidden(one: Field, name: str, condition: str) -> Control:
    """Which condition it is, which is not to be changed but by another one."""
    only = Field("condition", one.path, "choice", required=True, choices=(condition,))
    return Control(only, f"{name}.condition", "")


def drawn(controls: Iterable[Control]) -> Iterator[Control]:
    """Each control, and those inside it."""
    for one in controls:
        yield one
        yield from drawn([*one.inside, *one.items])


def unplaced(faults: Faults, controls: Iterable[Control]) -> list[str]:
    """Faults of which the form has no field, each in words behind the name it was told by."""
    names = {one.name for one in drawn(controls)}
    return [
        f"{name.split('.', 1)[-1]}: {in_words(fault_words(said))}"
        for name, found in faults.items()
        if name not in names
        for said in found
    ]


def placed(errors: Mapping[str, Sequence[str]], controls: Iterable[Control]) -> dict[str, Any]:
    """Faults by the controls that they are about: a control's own, or the one it stands in."""
    names = {one.name for one in drawn(controls) if one.kind != "hidden"}
    found: dict[str, list[str]] = {}
    for path, faults in errors.items():
        for said in faults:
            found.setdefault(_nearest(path, names), []).append(said)
    return found


def _nearest(path: str, names: set[str]) -> str:
    for place in ("b", "q", "p", "h", "f"):
        name = f"{place}.{path}"
        while "." in name:
            if name in names:
                return name
            name = re.sub(r"(\[\d+\]|\.[^.\[\]]+)\Z", "", name)
    return f"b.{path}"
