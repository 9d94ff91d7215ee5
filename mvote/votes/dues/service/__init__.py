"""The clock: setting what is owed, noting that it came, telling that it did not."""

from mvote.votes.dues.service.carrying import carry_dues
from mvote.votes.dues.service.closures import (
    list_closures,
    list_holidays,
    name_closure,
    withdraw_closure,
)
from mvote.votes.dues.service.moving import (
    assign_due,
    coordinating,
    owner_names,
    refuse_due,
)
from mvote.votes.dues.service.pausing import pause_due
from mvote.votes.dues.service.reading import (
    get_due,
    list_all_dues,
    list_dues,
    list_overdue,
    owner_of,
    stream_dues,
)
from mvote.votes.dues.service.setting import (
    lift_due,
    meet_due,
    name_department,
    nameless_records,
    set_due,
)
from mvote.votes.dues.service.telling import tell_overdue

__all__ = [
    "assign_due",
    "carry_dues",
    "coordinating",
    "get_due",
    "lift_due",
    "list_all_dues",
    "list_closures",
    "list_dues",
    "list_holidays",
    "list_overdue",
    "meet_due",
    "name_closure",
    "name_department",
    "nameless_records",
    "owner_names",
    "owner_of",
    "pause_due",
    "refuse_due",
    "set_due",
    "stream_dues",
    "tell_overdue",
    "withdraw_closure",
]
