"""When a poll opens and closes, and how long what belongs to it takes."""

from mvote.core.canonical import JSON
from mvote.core.fields import Reader

LEAST_GRACE_SECONDS = 60
MOST_GRACE_SECONDS = 7 * 24 * 3600
MOST_DAYS = 366
MOST_TURNOUT_STEP = 100_000
FIRST_YEAR, LAST_YEAR = 2000, 2199
"""Years that a poll may name: at the ends of the calendar a zone or a due date has no date left."""


def read_times(read: Reader) -> dict[str, JSON]:
    """The fields that are times or lengths of time; faults are the reader's."""
    values: dict[str, JSON] = {
        "opens": read.time("opens"),
        "closes": read.time("closes"),
        "grace_seconds": read.integer(
            "grace_seconds", least=LEAST_GRACE_SECONDS, most=MOST_GRACE_SECONDS
        ),
        "answer_days": read.integer("answer_days", least=1, most=MOST_DAYS),
        "dispute_days": read.integer("dispute_days", most=MOST_DAYS),
        "turnout_step": read.integer("turnout_step", least=1, most=MOST_TURNOUT_STEP),
    }
    if "closes" in read.raw and read.raw["closes"] is None:
        read.fault("closes", "has to be a time")
    for name in ("opens", "closes"):
        if values[name] and not FIRST_YEAR <= values[name].year <= LAST_YEAR:
            read.fault(name, f"has to lie in the years {FIRST_YEAR} to {LAST_YEAR}")
    if values["opens"] and values["closes"] and values["closes"] <= values["opens"]:
        read.fault("closes", "has to be after opens")
    return values
