"""Notes on a frozen poll, as they stand on its board.

::

    {"type":"note", "position":7, "at":"…", "number":1, "about":"poll", "text":{"ko":"…","en":"…"},
     "corrects":1?, "outage":{"begin":"…","end":"…","closes":"…"}?,
     "roll":{"change":"added","day":"…","raises":1}?,
     "quarantine":{"rule":"proof","released":true}?}

``number`` counts the notes of the poll from 1, ``corrects`` is that of an earlier one.
``about`` an outage, ``outage`` says when the poll closes because of it.  ``about`` the roll,
one person was ``added`` or ``struck`` by two officials; ``raises`` is by how many there may be
more permits than were eligible at freezing.  Striking lowers nothing: a permit that was taken
before stands, and nobody is told whether there is one.  ``about`` the quarantine, permits that
a rule flagged were ``released`` by two officials, or are kept apart; of a rule the last holds.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from mvote.core.canonical import JSON, MAX_SAFE_INTEGER
from mvote.core.outage import Outage
from mvote.core.quarantine import Release, read_release
from mvote.core.secrecy import exact
from mvote.core.text import Words, words_fault
from mvote.core.times import iso, parse_iso

NOTE: Final = "note"
POLL, OUTAGE, ROLL, QUARANTINE = "poll", "outage", "roll", "quarantine"
ABOUT: Final = (POLL, OUTAGE, ROLL, QUARANTINE)
MOST_TEXT: Final = 10_000
_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_NEEDED: Final = {"type", "position", "at", "number", "about", "text"}
_BESIDE: Final = {"corrects", OUTAGE, ROLL, QUARANTINE}
ADDED, STRUCK = "added", "struck"
CHANGES: Final = (ADDED, STRUCK)


@dataclass(frozen=True, slots=True)
class Moved:
    """An outage, and when the poll closes because of it."""

    outage: Outage
    closes: datetime

    def to_json(self) -> dict[str, JSON]:
        begin, end = self.outage
        return {"begin": iso(begin), "end": iso(end), "closes": iso(self.closes)}


@dataclass(frozen=True, slots=True)
class RollChange:
    """``raises`` is 1 for somebody who was not counted as eligible before, else 0."""

    change: str
    day: date
    raises: int

    def to_json(self) -> dict[str, JSON]:
        return {"change": self.change, "day": self.day.isoformat(), "raises": self.raises}


@dataclass(frozen=True, slots=True)
class Noted:
    """What an entry says beside its text, and when it was noted."""

    at: datetime
    moved: Moved | None = None
    roll: RollChange | None = None
    release: Release | None = None


def note_entry(
    *,
    position: int,
    at: datetime,
    number: int,
    about: str,
    text: Words,
    corrects: int | None = None,
    outage: Mapping[str, JSON] | None = None,
    roll: Mapping[str, JSON] | None = None,
    quarantine: Mapping[str, JSON] | None = None,
) -> dict[str, JSON]:
    """A note as an entry of the board; what there is not stands in none."""
    made: dict[str, JSON] = {"type": NOTE, "position": position, "at": iso(at)}
    made |= {"number": number, "about": about, "text": dict(text)}
    if corrects is not None:
        made["corrects"] = corrects
    if outage is not None:
        made["outage"] = dict(outage)
    if roll is not None:
        made["roll"] = dict(roll)
    if quarantine is not None:
        made["quarantine"] = dict(quarantine)
    return made


def check_note(value: JSON, position: int) -> Noted:
    """Read an entry strictly.  Raises ``exact.Fault``."""
    fields = exact.record(value, "entry", _NEEDED, _BESIDE)
    at, number = _time(fields, "at"), exact.whole(fields, "number", least=1, most=MAX_SAFE_INTEGER)
    if exact.whole(fields, "position", least=1, most=MAX_SAFE_INTEGER) != position:
        raise exact.Fault("position")
    about = fields["about"]
    if about not in ABOUT:
        raise exact.Fault("about")
    if any((about == one) != (one in fields) for one in (OUTAGE, ROLL, QUARANTINE)):
        raise exact.Fault("about")
    if words_fault(fields["text"], most=MOST_TEXT, lines=True):
        raise exact.Fault("text")
    if "corrects" in fields:
        exact.whole(fields, "corrects", least=1, most=number - 1)
    return Noted(
        at,
        read_moved(fields["outage"]) if "outage" in fields else None,
        read_roll_change(fields["roll"]) if "roll" in fields else None,
        read_release(fields["quarantine"]) if "quarantine" in fields else None,
    )


def read_roll_change(value: JSON) -> RollChange:
    """Raises ``exact.Fault``."""
    fields = exact.record(value, "roll", {"change", "day", "raises"})
    change, day = fields["change"], exact.matching(fields, "day", _DAY)
    if change not in CHANGES:
        raise exact.Fault("change")
    raises = exact.whole(fields, "raises", least=0, most=1 if change == ADDED else 0)
    try:
        return RollChange(change, date.fromisoformat(day), raises)
    except ValueError:
        raise exact.Fault("day") from None


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
