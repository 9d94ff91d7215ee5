"""Whatever the interface answers, laid out for reading: rows, lists, texts in one's language."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from mvote.core.text import LANGUAGES
from mvote.pages.language import date_words, in_words, moment
from mvote.pages.office.words.choices import choice_words
from mvote.pages.office.words.results import ORDER, result_label, yes_no

TIME: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|\+00:00)")
_DAY: Final = re.compile(r"\d{4}-\d\d-\d\d")
_ORDER: Final = {name: ORDER.index(name) for name in ORDER}
BRIEF, MOST_ROWS, LONG = 3, 6, 100
LISTED: Final = frozenset(("items", "next"))
HIDDEN: Final = frozenset(("next", "v"))


@dataclass
class Shown:
    """A text, or rows of label and what stands there, or items one below the other."""

    text: str = ""
    rows: Sequence[tuple[str, "Shown"]] = ()
    items: Sequence["Shown"] = ()
    title: str = ""
    links: Sequence[tuple[str, str]] = field(default_factory=list)
    of: Mapping[str, Any] = field(default_factory=dict)

    @property
    def plain(self) -> list[tuple[str, "Shown"]]:
        """Rows of one text each; those that hold more stand below them, as wide as the page."""
        return [row for row in self.rows if row[1].text]

    @property
    def deep(self) -> list[tuple[str, "Shown"]]:
        return [row for row in self.rows if not row[1].text]

    @property
    def brief(self) -> str:
        """What of an item tells most, in one line."""
        return " · ".join(one.text for _, one in self.plain[:BRIEF] if len(one.text) < LONG)

    @property
    def long(self) -> bool:
        """Whether the rest of an item may stay shut until somebody wants it."""
        return len(self.rows) > MOST_ROWS and bool(self.title)

    @property
    def empty(self) -> bool:
        return not (self.text or self.rows or self.items)


def show(value: Any, path: str = "") -> Shown:
    """Lay out what an answer holds."""
    if isinstance(value, Mapping):
        if set(value) == set(LANGUAGES):
            return Shown(text=in_words(dict(value)))
        return _rows(value, path)
    if isinstance(value, list):
        return _several(value, path)
    return Shown(text=_text(value, path))


def _rows(value: Mapping[str, Any], path: str) -> Shown:
    if set(value) <= LISTED and isinstance(value.get("items"), list):
        return _several(value["items"], path)
    named = _title(value)
    ordered = sorted(value.items(), key=lambda item: _ORDER.get(item[0], len(_ORDER)))
    rows = [
        (result_label(below), show(one, below))
        for key, one in ordered
        if key not in HIDDEN and key != named and (below := f"{path}.{key}" if path else key)
    ]
    kept = [(label, one) for label, one in rows if not one.empty]
    title = show(value[named]).text if named else ""
    return Shown(rows=kept, title=title, of=value)


def _title(value: Mapping[str, Any]) -> str:
    """The key of what an item is called."""
    for key in ("title", "name", "words", "login", "label"):
        if value.get(key) and "id" in value:
            return key
    return ""


def _several(value: list[Any], path: str) -> Shown:
    simple = all(not isinstance(one, Mapping | list) for one in value)
    if simple:
        return Shown(text=", ".join(_text(one, path) for one in value))
    return Shown(items=[show(one, path) for one in value])


def _text(value: Any, path: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return in_words(yes_no(value))
    if isinstance(value, str):
        if TIME.fullmatch(value):
            return moment(value)
        if _DAY.fullmatch(value):
            return date_words(value)
        words = choice_words(path, value)
        return in_words(words) if words else value
    return str(value)


def every(shown: Shown) -> Iterable[Shown]:
    """It and all that it holds."""
    yield shown
    for _, one in shown.rows:
        yield from every(one)
    for one in shown.items:
        yield from every(one)
