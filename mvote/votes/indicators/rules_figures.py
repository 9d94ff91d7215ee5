"""What the records come to: rates, times and counts, for the city and for each department.

A *matter* is a poll whose result entered a record, or a proposal that citizens made.  A poll
is *adopted* where the newest answer to it adopts an option, *adopted in part* where none is
adopted whole and one in part; a proposal where the newest full reply says so.  Rates are over
all matters, those without an answer included, and are rounded to hundredths of a per cent,
half up, from the exact fraction.  Times run from the result (of a proposal: from when it
entered a record) to the first word of the department, and to its first full answer; of them
the median is given, rounded to tenths of a day, half up.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from fractions import Fraction

from mvote.core.canonical import JSON
from mvote.votes.discussions.rules import (
    ADOPTED,
    ANSWER,
    INTERIM,
    NOT_ADOPTED,
    PARTLY,
    PROPOSAL,
    PROPOSAL_REPLY,
    RESULT,
    RecordEntry,
)
from mvote.votes.discussions.rules_promises import PromiseCounts
from mvote.votes.dues.rules import Due

POLLS, PROPOSALS = "polls", "proposals"
MATTERS = (POLLS, PROPOSALS)
ENTRIES = (RESULT, INTERIM, ANSWER, PROPOSAL, PROPOSAL_REPLY)
"""Kinds of entries from which all of it is worked out."""
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Rate:
    """A part of a whole."""

    part: int
    whole: int

    def percent(self) -> str | None:
        """With two decimals, half up; None of nothing."""
        return _rounded(Fraction(100 * self.part, self.whole), 100) if self.whole else None

    def to_json(self) -> dict[str, JSON]:
        return {"part": self.part, "whole": self.whole, "percent": self.percent()}


def _rounded(exact: Fraction, parts: int) -> str:
    """A number that is not negative, to 1/10 or 1/100, half up."""
    units = int(exact * parts + Fraction(1, 2))
    digits = len(str(parts)) - 1
    return f"{units // parts}.{units % parts:0{digits}d}"


def median_days(times: Sequence[timedelta]) -> str | None:
    """To tenths of a day, half up; None of none."""
    if not times:
        return None
    seconds = sorted(int(max(one, timedelta()).total_seconds()) for one in times)
    middle = len(seconds) // 2
    twice = seconds[middle] * 2 if len(seconds) % 2 else seconds[middle - 1] + seconds[middle]
    return _rounded(Fraction(twice, 2 * 86400), 10)


@dataclass(slots=True)
class Matter:
    """``entered`` is when the department could begin; ``decision`` is its newest full one.

    ``began_with`` is the department that had it first, ``department`` the one that has it.
    """

    kind: str
    department: str
    began_with: str
    entered: datetime | None = None
    first: datetime | None = None
    final: datetime | None = None
    decision: str | None = None


def matters_of(
    entries: Iterable[RecordEntry], departments: Mapping[str, str]
) -> dict[tuple[str, str], Matter]:
    """Polls and proposals by kind and id; entries come by record and number.

    ``departments`` are those of the records.  Who answered last has the matter.
    """
    found: dict[tuple[str, str], Matter] = {}
    for entry in entries:
        kind = PROPOSALS if entry.kind in (PROPOSAL, PROPOSAL_REPLY) else POLLS
        owner = departments.get(entry.record, entry.by)
        begun = Matter(kind, owner, owner)
        matter = found.setdefault((kind, entry.poll), begun)
        if entry.kind in (RESULT, PROPOSAL):
            matter.entered = min(entry.at, matter.entered or entry.at)
            continue
        matter.first = min(entry.at, matter.first or entry.at)
        decision = decision_of(entry)
        if decision is not None:
            matter.final = min(entry.at, matter.final or entry.at)
            matter.decision, matter.department = decision, entry.by or matter.department
    return found


def decision_of(entry: RecordEntry) -> str | None:
    """What a full answer says on the whole; None where it is none."""
    if entry.kind == PROPOSAL_REPLY:
        said: str | None = entry.body["decision"]
        return said
    if entry.kind != ANSWER:
        return None
    decisions = {one["decision"] for one in entry.body["options"]}
    return next((one for one in (ADOPTED, PARTLY) if one in decisions), NOT_ADOPTED)


@dataclass(slots=True)
class Figures:
    """What one department, or the whole city, owes and did.

    ``made`` counts matters by kind, ``decided`` those by kind and decision.
    """

    due: int = 0
    overdue: int = 0
    answered: int = 0
    late: int = 0
    made: dict[str, int] = field(default_factory=lambda: dict.fromkeys(MATTERS, 0))
    decided: dict[tuple[str, str], int] = field(default_factory=dict)
    to_first: list[timedelta] = field(default_factory=list)
    to_final: list[timedelta] = field(default_factory=list)
    promises: PromiseCounts = field(default_factory=PromiseCounts)

    def rate(self, kind: str, decision: str = ADOPTED) -> Rate:
        return Rate(self.decided.get((kind, decision), 0), self.made[kind])

    def first_days(self) -> str | None:
        return median_days(self.to_first)

    def final_days(self) -> str | None:
        return median_days(self.to_final)

    def to_json(self) -> dict[str, JSON]:
        return {
            "due": self.due,
            "overdue": self.overdue,
            "answered": self.answered,
            "answered_late": self.late,
            "days_to_first_answer": self.first_days(),
            "days_to_final_answer": self.final_days(),
            **{
                kind: {
                    "adopted": self.rate(kind).to_json(),
                    "partly": self.rate(kind, PARTLY).to_json(),
                    "not_adopted": self.rate(kind, NOT_ADOPTED).to_json(),
                }
                for kind in MATTERS
            },
            "promises": self.promises.to_json(),
        }


@dataclass(frozen=True, slots=True)
class CityFigures:
    """``departments`` by code, in its order."""

    city: Figures
    departments: Mapping[str, Figures]

    def to_json(self) -> dict[str, JSON]:
        return {
            "city": self.city.to_json(),
            "departments": [
                {"department": code, **one.to_json()} for code, one in self.departments.items()
            ],
        }


def figures_of(
    *,
    dues: Iterable[Due],
    entries: Iterable[RecordEntry],
    records: Mapping[str, str],
    proposals: Mapping[str, int],
    promises: Mapping[str, PromiseCounts],
    now: datetime,
) -> CityFigures:
    """Put together what the records say.

    ``records`` are their departments, ``proposals`` how many each department was made.
    """
    city, found = Figures(), dict[str, Figures]()

    def both(department: str) -> tuple[Figures, Figures]:
        return city, found.setdefault(department, Figures())

    for due in dues:
        for figures in both(due.department):
            _add_due(figures, due, now)
    matters = matters_of(entries, records)
    for (kind, _), matter in matters.items():
        if kind == POLLS and matter.entered is None:
            continue
        for figures in both(matter.department):
            _add_matter(figures, matter)
    for department, made in proposals.items():
        for figures in both(department):
            figures.made[PROPOSALS] += made
    for (kind, _), matter in matters.items():
        if kind == PROPOSALS:  # it was made to one department, and may have gone to another
            both(matter.began_with)[1].made[PROPOSALS] -= 1
            both(matter.department)[1].made[PROPOSALS] += 1
    for department, counts in promises.items():
        for figures in both(department):
            figures.promises = _added(figures.promises, counts)
    return CityFigures(city, dict(sorted(found.items())))


def _add_due(figures: Figures, due: Due, now: datetime) -> None:
    if due.open():
        figures.due += 1
        figures.overdue += due.overdue(now)
    elif due.met_at is not None:
        figures.answered += 1
        figures.late += due.late(now)


def _add_matter(figures: Figures, matter: Matter) -> None:
    if matter.kind == POLLS:
        figures.made[POLLS] += 1
    if matter.decision is not None:
        place = (matter.kind, matter.decision)
        figures.decided[place] = figures.decided.get(place, 0) + 1
    if matter.entered is not None and matter.first is not None:
        figures.to_first.append(matter.first - matter.entered)
    if matter.entered is not None and matter.final is not None:
        figures.to_final.append(matter.final - matter.entered)


def _added(one: PromiseCounts, other: PromiseCounts) -> PromiseCounts:
    names = PromiseCounts.__dataclass_fields__
    return PromiseCounts(**{name: getattr(one, name) + getattr(other, name) for name in names})
