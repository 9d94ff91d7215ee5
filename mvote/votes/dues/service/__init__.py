"""The clock: setting what is owed, noting that it came, telling that it did not."""

from mvote.votes.dues.service.reading import list_dues, list_open_dues, list_overdue, owner_of
from mvote.votes.dues.service.setting import (
    lift_due,
    meet_due,
    name_department,
    nameless_records,
    set_due,
)
from mvote.votes.dues.service.telling import tell_overdue

__all__ = [
    "lift_due",
    "list_dues",
    "list_open_dues",
    "list_overdue",
    "meet_due",
    "name_department",
    "nameless_records",
    "owner_of",
    "set_due",
    "tell_overdue",
]
