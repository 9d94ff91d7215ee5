"""Records: what enters by itself, what a department writes, what everyone reads."""

from mvote.votes.discussions.service.answering import (
    add_step,
    close_record,
    give_answer,
    give_interim_answer,
)
from mvote.votes.discussions.service.entering import Added, add_entry, open_record
from mvote.votes.discussions.service.following import follow_polls, name_dues
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
    "add_entry",
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
    "name_dues",
    "open_record",
]
