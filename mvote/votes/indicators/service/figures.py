"""The city's figures, worked out from its records each time."""

from datetime import datetime

from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.indicators.rules_figures import ENTRIES, CityFigures, figures_of
from mvote.votes.proposals import service as proposals


def get_figures(*, now: datetime) -> CityFigures:
    """What the city and each department owe, answered, adopted and kept."""
    return figures_of(
        dues=dues.list_all_dues(now=now),
        entries=records.stream_entries(ENTRIES),
        records=records.departments_of_records(),
        proposals=proposals.count_made(),
        promises=records.count_promised(now=now),
        now=now,
    )
