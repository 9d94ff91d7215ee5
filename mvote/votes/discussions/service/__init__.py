"""Records: what enters by itself, what a department writes, what everyone reads."""

from mvote.votes.discussions.service.answering import (
    Added,
    add_step,
    close_record,
    give_answer,
    give_interim_answer,
)
from mvote.votes.discussions.service.following import follow_polls, tell_overdue
from mvote.votes.discussions.service.reading import (
    check_record,
    find_entries,
    find_heads,
    get_record,
    list_overdue,
    list_records,
)

__all__ = [
    "Added",
    "add_step",
    "check_record",
    "close_record",
    "find_entries",
    "find_heads",
    "follow_polls",
    "get_record",
    "give_answer",
    "give_interim_answer",
    "list_overdue",
    "list_records",
    "tell_overdue",
]
