"""What was typed and what is sent: one into the other, and back.

Controls are named as the interface spells faults, ``b.questions[0].title.ko``, so that
whatever is refused finds its field.
"""

import json
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from mvote.core.canonical import JSON
from mvote.core.text import LANGUAGES
from mvote.core.times import iso, parse_iso
from mvote.pages.office.audience import JOINED, OF, asked, may_stand
from mvote.pages.office.fields import Field

Typed = MultiDict[str, str]
MISSING: Final = object()
THERE: Final = "_"
"""Behind the name of an item: it is there, though nothing may be typed in it."""
MINUTE: Final = "%Y-%m-%dT%H:%M"
YES, NO = "yes", "no"
NOT_JSON: Final = "is not JSON"


@dataclass
class Reading:
    """Reads what was typed; what cannot be sent at all is kept in ``faults`` by its name."""

    typed: Typed
    zone: ZoneInfo
    faults: dict[str, list[str]] = field(default_factory=dict)

    def body(self, fields: Iterable[Field], prefix: str) -> dict[str, Any]:
        """The object that the fields of one place make."""
        found = {one.key: self.value(one, f"{prefix}.{one.key}") for one in fields}
        return {key: value for key, value in found.items() if value is not MISSING}

    def value(self, one: Field, name: str) -> Any:
        """What stands in a field; MISSING where nothing does."""
        simple = self._simple().get(one.kind)
        value = simple(name) if simple else self._composed()[one.kind](one, name)
        if value is MISSING and one.required and one.nullable:
            return None
        return value

    def _simple(self) -> dict[str, Callable[[str], Any]]:
        """How a kind of field is read by its name alone."""
        return {
            **dict.fromkeys(("text", "lines", "date", "password"), self._text),
            **dict.fromkeys(("json", "passkey"), self._json),
            "words": self._words,
            "number": self._number,
            "yes-no": self._yes_no,
            "time": self._time,
            "file": lambda _: MISSING,
        }

    def _composed(self) -> dict[str, Callable[[Field, str], Any]]:
        return {
            "choice": self._choice,
            "choices": self._choices,
            "rows": self._rows,
            "list": self._list,
            "group": self._group,
            "map": self._map,
            "audience": self.audience,
        }

    def text(self, name: str) -> str:
        """One text as it is sent: lines end as everywhere, letters in form NFC."""
        return unicodedata.normalize("NFC", self.typed.get(name, "").replace("\r\n", "\n"))

    def _text(self, name: str) -> Any:
        return self.text(name) or MISSING

    def _words(self, name: str) -> Any:
        said = {language: self.text(f"{name}.{language}") for language in LANGUAGES}
        return said if any(said.values()) else MISSING

    def _number(self, name: str) -> Any:
        said = self.text(name).strip()
        return _whole(said) if said else MISSING

    def _yes_no(self, name: str) -> Any:
        return {YES: True, NO: False}.get(self.typed.get(name, ""), MISSING)

    def _choice(self, one: Field, name: str) -> Any:
        said = one.choices[0] if one.fixed else self.text(name)
        return (_whole(said) if one.numeric else said) if said else MISSING

    def _choices(self, one: Field, name: str) -> Any:
        found = self.typed.getlist(name)
        return found if found or one.required else MISSING

    def _time(self, name: str) -> Any:
        said = self.text(name).strip()
        try:
            at = datetime.fromisoformat(said) if said else None
            return iso(at if at.tzinfo else at.replace(tzinfo=self.zone)) if at else MISSING
        except (ValueError, OverflowError):
            return said

    def _rows(self, one: Field, name: str) -> Any:
        lines = [line.strip() for line in self.text(name).split("\n") if line.strip()]
        numbers = one.inside[0].kind == "number"
        found: list[Any] = [_whole(line) for line in lines] if numbers else list(lines)
        return found if found or one.required else MISSING

    def _list(self, one: Field, name: str) -> Any:
        [item] = one.inside
        numbers = item_numbers(self.typed, name)
        found = [self.value(item, f"{name}[{number}]") for number in numbers]
        kept = [{} if each is MISSING else each for each in found]
        return kept if kept or one.required else MISSING

    def _group(self, one: Field, name: str) -> Any:
        optional = one.nullable or not one.required
        return MISSING if optional and self._untouched(name) else self.body(one.inside, name)

    def _untouched(self, name: str) -> bool:
        """Whether nothing is filled in below this name."""
        return not any(
            said.strip()
            for key, said in self.typed.items(multi=True)
            if key.startswith(f"{name}.") and key.rsplit(".", 1)[-1] != THERE
        )

    def _map(self, one: Field, name: str) -> Any:
        found: dict[str, Any] = {}
        for key in map_keys(self.typed, name):
            said = self.text(f"{name}.{key}").strip()
            if said:
                found[key] = _loose(said)
        return found if found or one.required else MISSING

    def audience(self, one: Field, name: str) -> Any:
        """The group that stands under this name, as it is sent."""
        found = self._node(one, name)
        return found if one.required or any(found.values()) else MISSING

    def _node(self, one: Field, name: str) -> dict[str, Any]:
        kind = self.typed.get(f"{name}.{THERE}", "")
        if kind in JOINED and may_stand(name):
            below = f"{name}.{kind}"
            numbers = item_numbers(self.typed, below)
            return {kind: [self._node(one, f"{below}[{number}]") for number in numbers]}
        found = self._condition(one, name)
        if f"{name}.{OF}.condition" in self.typed:
            found[OF] = self._condition(one, f"{name}.{OF}")
        return found

    def _condition(self, one: Field, name: str) -> dict[str, Any]:
        condition = self.text(f"{name}.condition")
        fields = [each for each, _ in asked(condition, one.path)]
        return {"condition": condition, **self.body(fields, name)}

    def _json(self, name: str) -> Any:
        said = self.text(name).strip()
        if not said:
            return MISSING
        try:
            return json.loads(said)
        except (ValueError, RecursionError):
            self.faults[name] = [NOT_JSON]
            return MISSING


def spread(
    fields: Iterable[Field], values: Mapping[str, Any], prefix: str, zone: ZoneInfo
) -> Typed:
    """The controls of an object as they are filled."""
    typed: Typed = MultiDict()
    for one in fields:
        if one.key in values:
            _spread(typed, one, f"{prefix}.{one.key}", values[one.key], zone)
    return typed


def _spread(typed: Typed, one: Field, name: str, value: Any, zone: ZoneInfo) -> None:
    if value is None:
        return
    if one.kind == "group":
        typed.update(spread(one.inside, value, name, zone))
    elif one.kind == "list":
        for number, item in enumerate(value):
            typed[f"{name}[{number}].{THERE}"] = "1"
            _spread(typed, one.inside[0], f"{name}[{number}]", item, zone)
    elif one.kind == "audience":
        _spread_node(typed, one, name, value, zone)
    elif one.kind in ("words", "map"):
        for key, said in value.items():
            typed[f"{name}.{key}"] = said if isinstance(said, str) else json.dumps(said)
    elif one.kind == "choices":
        typed.setlist(name, [str(each) for each in value])
    else:
        typed[name] = _spelled(one, value, zone)


def _spread_node(
    typed: Typed, one: Field, name: str, node: Mapping[str, Any], zone: ZoneInfo
) -> None:
    kind = next((each for each in JOINED if each in node), None)
    if kind is not None:
        typed[f"{name}.{THERE}"] = kind
        for number, child in enumerate(node[kind]):
            _spread_node(typed, one, f"{name}.{kind}[{number}]", child, zone)
        return
    typed[f"{name}.condition"] = node["condition"]
    fields = [each for each, _ in asked(node["condition"], one.path)]
    typed.update(spread(fields, node, name, zone))
    if OF in node:
        _spread_node(typed, one, f"{name}.{OF}", node[OF], zone)


def _spelled(one: Field, value: Any, zone: ZoneInfo) -> str:
    if one.kind == "rows":
        return "\n".join(map(str, value))
    if one.kind == "yes-no":
        return YES if value else NO
    if one.kind == "json":
        return json.dumps(value, ensure_ascii=False, indent=1)
    if one.kind == "time":
        at = parse_iso(value) if isinstance(value, str) else value
        return at_minute(at, zone)
    return str(value)


def item_numbers(typed: Typed, name: str) -> list[int]:
    """Which items of a list are there, in their order."""
    found = re.compile(rf"{re.escape(name)}\[(\d{{1,6}})\]")
    return sorted({int(hit[1]) for key in typed if (hit := found.match(key))})


def map_keys(typed: Typed, name: str) -> list[str]:
    """The keys of an object whose fields depend on what stands beside it."""
    found = re.compile(rf"{re.escape(name)}\.([^.\[\]]+)\Z")
    return [hit[1] for key in typed if (hit := found.match(key))]


def next_item(typed: Typed, name: str) -> str:
    """The name of one more at the end of a list."""
    return f"{name}[{(item_numbers(typed, name) or [-1])[-1] + 1}]"


def add_item(typed: Typed, name: str) -> Typed:
    """One more, empty, at the end of a list."""
    made = MultiDict(typed)
    made[f"{next_item(typed, name)}.{THERE}"] = "1"
    return made


def drop_item(typed: Typed, name: str) -> Typed:
    """Without the item of this name, ``b.options[1]``; those behind it move up."""
    found = re.fullmatch(r"(.+)\[(\d{1,6})\]", name)
    if found is None:
        return typed
    listed, gone = found[1], int(found[2])
    kept = [number for number in item_numbers(typed, listed) if number != gone]
    made: Typed = MultiDict()
    for key, values in typed.lists():
        hit = re.match(rf"{re.escape(listed)}\[(\d{{1,6}})\](.*)", key, re.S)
        if hit is None:
            made.setlist(key, values)
        elif int(hit[1]) in kept:
            made.setlist(f"{listed}[{kept.index(int(hit[1]))}]{hit[2]}", values)
    return made


def at_minute(at: datetime, zone: ZoneInfo) -> str:
    """A time as a control of the city's zone shows it; with its seconds only if it has some."""
    there = at.astimezone(zone)
    return there.strftime(f"{MINUTE}:%S" if there.second else MINUTE)


def _whole(said: str) -> JSON:
    try:
        return int(said.replace(",", ""))
    except ValueError:
        return said


def _loose(said: str) -> JSON:
    """A value of an object without a schema: what is JSON is taken so, all else is a text."""
    try:
        found: JSON = json.loads(said)
    except (ValueError, RecursionError):
        return said
    return found
