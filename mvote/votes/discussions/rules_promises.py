"""Promises and their steps: what was promised by when, what was shown, what slipped.

Nothing of this is changed in place.  A promise is an entry of its record, and so is every step
added to it, every date moved and every evidence; where it stands is read from them.  The date
first given stays beside every later one.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.fields import Faults
from mvote.core.ids import crockford
from mvote.core.text import Words
from mvote.votes.discussions.errors import PromiseRefused
from mvote.votes.discussions.rules import (
    EVIDENCE,
    MOVED,
    PROMISE,
    PROMISED_STEP,
    RecordEntry,
)

OPEN, LATE, DONE = "open", "late", "done"
STEP_STATES = (OPEN, LATE, DONE)
STEP_WORDS: Mapping[str, Words] = {
    OPEN: {"ko": "진행 중", "en": "open"},
    LATE: {"ko": "기한 지남", "en": "slipped"},
    DONE: {"ko": "완료", "en": "done"},
}
KEPT, PARTLY_KEPT, BROKEN = "kept", "partly-kept", "not-kept"
OUTCOMES = (KEPT, PARTLY_KEPT, BROKEN)
OUTCOME_WORDS: Mapping[str, Words] = {
    KEPT: {"ko": "이행", "en": "kept"},
    PARTLY_KEPT: {"ko": "일부 이행", "en": "kept in part"},
    BROKEN: {"ko": "미이행", "en": "not kept"},
}


@dataclass(frozen=True, slots=True)
class PromiseStep:
    """``first_due`` is the day first promised, ``due`` the one that holds now.

    ``evidence`` are places of entries: their record and number in it.
    """

    number: int
    text: Words
    first_due: date
    due: date
    done: date | None = None
    evidence: tuple[tuple[str, int], ...] = ()

    @property
    def moved(self) -> bool:
        return self.due != self.first_due

    def state(self, today: date) -> str:
        if self.done is not None:
            return DONE
        return LATE if today > self.due else OPEN

    def slipped(self, today: date) -> bool:
        """Whether the day first promised passed, or was put off, before it was done."""
        return self.due > self.first_due or (self.done or today) > self.first_due

    def to_json(self, today: date) -> dict[str, JSON]:
        return {
            "step": self.number,
            "text": dict(self.text),
            "first_due": self.first_due.isoformat(),
            "due": self.due.isoformat(),
            "done": self.done.isoformat() if self.done else None,
            "state": self.state(today),
            "slipped": self.slipped(today),
            "evidence": [{"record": record, "entry": number} for record, number in self.evidence],
        }


@dataclass(frozen=True, slots=True)
class Promise:
    """``entry`` is its number in ``record``, where it was made; ``poll`` is empty for none."""

    id: str
    record: str
    department: str
    entry: int
    poll: str
    text: Words
    steps: tuple[PromiseStep, ...]

    def done(self) -> bool:
        return all(step.done is not None for step in self.steps)

    def to_json(self, today: date) -> dict[str, JSON]:
        return {
            "promise": self.id,
            "record": self.record,
            "entry": self.entry,
            "poll": self.poll or None,
            "department": self.department,
            "text": dict(self.text),
            "done": self.done(),
            "steps": [step.to_json(today) for step in self.steps],
        }


@dataclass(frozen=True, slots=True)
class PromiseCounts:
    """Steps of a department: done in time, done late, late and not done, not due yet."""

    done: int = 0
    done_late: int = 0
    late: int = 0
    open: int = 0

    def to_json(self) -> dict[str, JSON]:
        return {
            "done": self.done,
            "done_late": self.done_late,
            "late": self.late,
            "open": self.open,
        }


def promise_id(record: str, body: Mapping[str, JSON]) -> str:
    """The same for the same words in the same record, so that a retry makes no second one."""
    return crockford(hashlib.sha256(canonical_bytes({"record": record, **body})).digest())


def promises_of(entries: Iterable[RecordEntry]) -> list[Promise]:
    """Where the promises of a record stand after these entries, in the order they were made.

    What was split off may have its next entry in another record within the same second, so
    the promises are read before what came of them.
    """
    listed = list(entries)
    found = {entry.poll: _promise(entry) for entry in listed if entry.kind == PROMISE}
    for entry in listed:
        if entry.poll in found and entry.kind in _CHANGES:
            found[entry.poll] = _CHANGES[entry.kind](found[entry.poll], entry)
    return list(found.values())


def _promise(entry: RecordEntry) -> Promise:
    body = entry.body
    steps = tuple(
        PromiseStep(number, one["text"], _day(one["due"]), _day(one["due"]))
        for number, one in enumerate(body["steps"], start=1)
    )
    about = body["poll"] or ""
    return Promise(entry.poll, entry.record, entry.by, entry.number, about, body["text"], steps)


def _add(promise: Promise, entry: RecordEntry) -> Promise:
    due, text = _day(entry.body["due"]), entry.body["text"]
    added = PromiseStep(entry.body["step"], text, due, due)
    return replace(promise, steps=(*promise.steps, added))


def _move(promise: Promise, entry: RecordEntry) -> Promise:
    return _changed(promise, entry, due=_day(entry.body["due"]))


def _show(promise: Promise, entry: RecordEntry) -> Promise:
    step = promise.steps[entry.body["step"] - 1]
    first = step.done or _day(entry.body["done"])
    return _changed(
        promise, entry, done=first, evidence=(*step.evidence, (entry.record, entry.number))
    )


def _changed(promise: Promise, entry: RecordEntry, **changes: JSON) -> Promise:
    place = entry.body["step"] - 1
    step = replace(promise.steps[place], **changes)
    return replace(promise, steps=(*promise.steps[:place], step, *promise.steps[place + 1 :]))


def _day(spelled: str) -> date:
    return date.fromisoformat(spelled)


_CHANGES = {PROMISED_STEP: _add, MOVED: _move, EVIDENCE: _show}


def check_dates(steps: Sequence[Mapping[str, JSON]], *, today: date) -> None:
    """What is promised lies ahead.  Raises PromiseRefused."""
    faults = Faults()
    for place, one in enumerate(steps):
        if one["due"] < today:
            faults.add(f"steps[{place}].due", "lies in the past")
    faults.refuse(PromiseRefused)


def check_move(step: PromiseStep, due: date, *, today: date) -> None:
    """A date moves ahead of today, and only while the step is not done.  Raises PromiseRefused."""
    faults = Faults()
    if step.done is not None:
        faults.add("step", "is done")
    if due < today:
        faults.add("due", "lies in the past")
    faults.refuse(PromiseRefused)


def check_evidence(done: date, links: Sequence[str], *, today: date) -> None:
    """Evidence is about something done, and each link leads to the web.  Raises PromiseRefused."""
    faults = Faults()
    if done > today:
        faults.add("done", "lies ahead")
    for place, link in enumerate(links):
        if fault := link_fault(link):
            faults.add(f"links[{place}]", fault)
    faults.refuse(PromiseRefused)


def link_fault(link: str) -> str | None:
    """Say why a reader could not follow a link safely, or None.

    Only ``http`` and ``https`` (RFC 9110), with a host, without a name or password in front.
    """
    if not link.isascii() or not link.isprintable() or any(c in link for c in ' "<>\\^`{|}'):
        return "is not the address of a page"
    try:
        parts = urlsplit(link)
        host, named = parts.hostname, parts.username
        _ = parts.port
    except ValueError:
        return "is not the address of a page"
    if parts.scheme not in ("http", "https") or not host or named is not None:
        return "is not the address of a page"
    return None


def check_told(told: Sequence[Mapping[str, JSON]], promises: Iterable[Promise]) -> None:
    """A closing report says of every promise what became of it.  Raises PromiseRefused."""
    faults, left = Faults(), {one.id: one for one in promises}
    for place, one in enumerate(told):
        promise = left.pop(one["promise"], None)
        if promise is None:
            faults.add(f"promises[{place}].promise", "is not in this record, or stands twice")
        elif one["outcome"] == KEPT and not promise.done():
            faults.add(f"promises[{place}].outcome", "has steps that were not done")
    for missing in left:
        faults.add("promises", f"says nothing of {missing}")
    faults.refuse(PromiseRefused)
