"""The verbs of ballots, each kind in a file of its own."""

from mvote.votes.ballots.service.batches import forget_arrivals, seal_batches
from mvote.votes.ballots.service.cast import Cast, cast_ballot
from mvote.votes.ballots.service.closing import finish_boards, note_states
from mvote.votes.ballots.service.complaints import (
    answer_complaint,
    file_complaint,
    get_complaint,
    list_complaints,
)
from mvote.votes.ballots.service.floods import floods
from mvote.votes.ballots.service.proofs import (
    Leaves,
    get_checkpoint,
    get_entries,
    get_tile,
    list_leaves,
    prove_consistency,
)
from mvote.votes.ballots.service.published import compare_boards
from mvote.votes.ballots.service.reading import (
    count_ballots,
    count_of,
    count_voters,
    iter_counted,
    iter_counted_without,
    iter_entries,
    iter_named,
    iter_on_board,
    list_board,
    list_trees,
    turnout,
)
from mvote.votes.ballots.service.signing import list_without_board_key
from mvote.votes.ballots.service.texts import shared_reasons, take_texts

__all__ = [
    "Cast",
    "Leaves",
    "answer_complaint",
    "cast_ballot",
    "compare_boards",
    "count_ballots",
    "count_of",
    "count_voters",
    "file_complaint",
    "finish_boards",
    "floods",
    "forget_arrivals",
    "get_checkpoint",
    "get_complaint",
    "get_entries",
    "get_tile",
    "iter_counted",
    "iter_counted_without",
    "iter_entries",
    "iter_named",
    "iter_on_board",
    "list_board",
    "list_complaints",
    "list_leaves",
    "list_trees",
    "list_without_board_key",
    "note_states",
    "prove_consistency",
    "seal_batches",
    "shared_reasons",
    "take_texts",
    "turnout",
]
