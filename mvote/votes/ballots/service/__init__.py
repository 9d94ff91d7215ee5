"""The verbs of ballots, each kind in a file of its own."""

from mvote.votes.ballots.service.batches import seal_batches
from mvote.votes.ballots.service.cast import Cast, cast_ballot
from mvote.votes.ballots.service.closing import finish_boards, note_states
from mvote.votes.ballots.service.reading import (
    count_ballots,
    count_voters,
    iter_counted,
    iter_named,
    iter_on_board,
    list_board,
    turnout,
)

__all__ = [
    "Cast",
    "cast_ballot",
    "count_ballots",
    "count_voters",
    "finish_boards",
    "iter_counted",
    "iter_named",
    "iter_on_board",
    "list_board",
    "note_states",
    "seal_batches",
    "turnout",
]
