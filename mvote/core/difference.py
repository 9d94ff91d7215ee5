"""What differs between two JSON values: the places as JSON Pointers (RFC 6901), old and new."""

from collections.abc import Iterator
from typing import NamedTuple

from mvote.core.canonical import JSON


class Absent:
    """Stands for what is not there; null is a value."""


ABSENT = Absent()


class Change(NamedTuple):
    """``old`` or ``new`` is ``ABSENT`` where the place was not there before, or is gone."""

    pointer: str
    old: JSON | Absent
    new: JSON | Absent

    def to_json(self) -> dict[str, JSON]:
        """Without ``old`` or ``new`` where there is none."""
        made: dict[str, JSON] = {"pointer": self.pointer}
        if not isinstance(self.old, Absent):
            made["old"] = self.old
        if not isinstance(self.new, Absent):
            made["new"] = self.new
        return made


def differences(old: JSON, new: JSON, *, at: str = "") -> Iterator[Change]:
    """Every smallest place that differs, objects by their keys in order, lists by place."""
    if isinstance(old, dict) and isinstance(new, dict):
        for key in sorted(old.keys() | new.keys()):
            yield from _inside(old.get(key, ABSENT), new.get(key, ABSENT), f"{at}/{_escaped(key)}")
    elif isinstance(old, list) and isinstance(new, list):
        for place in range(max(len(old), len(new))):
            left = old[place] if place < len(old) else ABSENT
            right = new[place] if place < len(new) else ABSENT
            yield from _inside(left, right, f"{at}/{place}")
    elif type(old) is not type(new) or old != new:
        yield Change(at, old, new)


def _inside(old: JSON | Absent, new: JSON | Absent, at: str) -> Iterator[Change]:
    if isinstance(old, Absent) or isinstance(new, Absent):
        yield Change(at, old, new)
    else:
        yield from differences(old, new, at=at)


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")
