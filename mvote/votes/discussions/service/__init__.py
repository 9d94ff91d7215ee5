"""Records: what enters by itself, what a department writes, what citizens say to an answer."""

from mvote.votes.discussions.service.answering import (
    add_step,
    close_record,
    give_answer,
    give_interim_answer,
)
from mvote.votes.discussions.service.asking import list_to_answer
from mvote.votes.discussions.service.correcting import add_erratum, merge_record, split_record
from mvote.votes.discussions.service.entering import Added, add_entry, open_record
from mvote.votes.discussions.service.following import follow_polls, name_dues
from mvote.votes.discussions.service.promising import (
    add_promised_step,
    count_promised,
    list_promises,
    make_promise,
    move_step,
    show_step,
    tell_slipped,
)
from mvote.votes.discussions.service.rating import ask_again, list_replies, rate_answer
from mvote.votes.discussions.service.reading import (
    check_record,
    find_entries,
    find_heads,
    get_record,
    list_overdue,
    list_records,
)
from mvote.votes.discussions.service.streaming import (
    departments_of_records,
    stream_entries,
    stream_steps,
)

__all__ = [
    "Added",
    "add_entry",
    "add_erratum",
    "add_promised_step",
    "add_step",
    "ask_again",
    "check_record",
    "close_record",
    "count_promised",
    "departments_of_records",
    "find_entries",
    "find_heads",
    "follow_polls",
    "get_record",
    "give_answer",
    "give_interim_answer",
    "list_overdue",
    "list_promises",
    "list_records",
    "list_replies",
    "list_to_answer",
    "make_promise",
    "merge_record",
    "move_step",
    "name_dues",
    "open_record",
    "rate_answer",
    "show_step",
    "split_record",
    "stream_entries",
    "stream_steps",
    "tell_slipped",
]
