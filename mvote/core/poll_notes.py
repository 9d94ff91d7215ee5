"""Notes on a frozen poll, as they stand on its board.

::

    {"type":"note", "position":7, "at":"…", "number":1, "about":"poll", "text":{"ko":"…","en":"…"},
     "corrects":1?, "outage":{"begin":"…","end":"…","closes":"…"}?}

``number`` counts the notes of the poll from 1, ``corrects`` is that of an earlier one.
``about`` an outage, ``outage`` says when the poll closes because of it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from mvote.core.canonical import JSON, MAX_SAFE_INTEGER
from mvote.core.outage import Outage
from mvote.core.secrecy import exact
from mvote.core.text import Words, words_fault
from mvote.core.times import iso, parse_iso

NOTE: Final = "note"
POLL, OUTAGE, ROLL = "poll", "outage", "roll"
ABOUT: Final = (POLL, OUTAGE, ROLL)
MOST_TEXT: Final = 10_000
_NEEDED: Final = {"type", "position", "at", "number", "about", "text"}
_BESIDE: Final = {"corrects", "outage"}


@dataclass(frozen=True, slots=True)
class Moved:
    """An outage, and when the poll closes because of it."""

    outage: Outage
    closes: datetime

    def to_json(self) -> dict[str, JSON]:
        begin, end = self.outage
        return {"begin": iso(begin), "end": iso(end), "closes": iso(self.closes)}


def note_entry(
    *,
    position: int,
    at: datetime,
    number: int,
    about: str,
    text: Words,
    corrects: int | None = None,
    outage: Mapping[str, JSON] | None = None,
) -> dict[str, JSON]:
    """A note as an entry of the board; what there is not stands in none."""
    made: dict[str, JSON] = {"type": NOTE, "position": position, "at": iso(at)}
    made |= {"number": number, "about": about, "text": dict(text)}
    if corrects is not None:
        made["corrects"] = corrects
    if outage is not None:
        made["outage"] = dict(outage)
    return made


def check_note(value: JSON, position: int) -> tuple[Moved, datetime] | None:
    """Read an entry strictly; where it moves the closing, how, and when it was noted.

    Raises ``exact.Fault``.
    """
    fields = exact.record(value, "entry", _NEEDED, _BESIDE)
    at, number = _time(fields, "at"), exact.whole(fields, "number", least=1, most=MAX_SAFE_INTEGER)
    if exact.whole(fields, "position", least=1, most=MAX_SAFE_INTEGER) != position:
        raise exact.Fault("position")
    if fields["about"] not in ABOUT or (fields["about"] == OUTAGE) != ("outage" in fields):
        raise exact.Fault("about")
    if words_fault(fields["text"], most=MOST_TEXT, lines=True):
        raise exact.Fault("text")
    if "corrects" in fields:
        exact.whole(fields, "corrects", least=1, most=number - 1)
    if "outage" not in fields:
        return None
    return read_moved(fields["outage"]), at


def read_moved(value: JSON) -> Moved:
    """Raises ``exact.Fault``."""
    fields = exact.record(value, "outage", {"begin", "end", "closes"})
    outage = Outage(_time(fields, "begin"), _time(fields, "end"))
    return Moved(outage, _time(fields, "closes"))


def _time(fields: Mapping[str, JSON], key: str) -> datetime:
    try:
        return parse_iso(fields[key])
    except (ValueError, TypeError, AttributeError):
        raise exact.Fault(key) from None
