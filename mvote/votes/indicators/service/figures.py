"""The city's figures, worked out from its records whenever something has happened."""

from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from mvote.audit.service import last_row
from mvote.db import engine
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.indicators.rules_figures import ENTRIES, CityFigures, figures_of
from mvote.votes.proposals import service as proposals

Known = tuple[tuple[int, datetime], CityFigures]
_known: WeakKeyDictionary[Engine, Known] = WeakKeyDictionary()


def get_figures(*, now: datetime) -> CityFigures:
    """What the city and each department owe, answered, adopted and kept.

    Everything that changes them is told in the audit log, but for time that passes; so they
    are kept for as long as the log stays the same, and within the minute.
    """
    there = last_row("votes"), now.replace(second=0, microsecond=0)
    known = _known.get(engine("votes"))
    if known is None or known[0] != there:
        known = there, _work_out(now)
        _known[engine("votes")] = known
    return known[1]


def _work_out(now: datetime) -> CityFigures:
    return figures_of(
        dues=dues.stream_dues(now=now),
        entries=records.stream_entries(ENTRIES),
        records=records.departments_of_records(),
        proposals=proposals.count_made(),
        promises=records.count_promised(now=now),
        now=now,
    )
