"""The verbs of departments and polls, each kind in a file of its own."""

from mvote.votes.polls.service.acts import (
    approve_poll,
    cancel_poll,
    close_poll,
    open_poll,
    resume_poll,
    suspend_poll,
)
from mvote.votes.polls.service.deciding import (
    decide_together,
    get_own_poll,
    list_pending_acts,
    require_second_official,
    withdraw_act,
)
from mvote.votes.polls.service.departments import add_department, list_departments
from mvote.votes.polls.service.drafts import Draft, begin_draft, change_draft, draft_poll, get_draft
from mvote.votes.polls.service.four_eyes import drop_expired
from mvote.votes.polls.service.issued import iter_issued
from mvote.votes.polls.service.notes import (
    list_notes,
    note_release,
    note_roll_change,
    write_note,
)
from mvote.votes.polls.service.outages import declare_outage
from mvote.votes.polls.service.pictures import draw_png, draw_svg, get_link
from mvote.votes.polls.service.purges import get_purge_statement, take_purge_statement
from mvote.votes.polls.service.quarantine import list_marks, list_quarantine, released_rules
from mvote.votes.polls.service.reading import (
    Place,
    definition_of,
    definition_text_of,
    find_poll,
    find_private,
    get_poll,
    get_public_poll,
    list_department_polls,
    list_in_state,
    list_public_polls,
)
from mvote.votes.polls.service.restoring import (
    hold_poll,
    hold_restored,
    list_running_definitions,
    suspend_restored,
)
from mvote.votes.polls.service.steps import (
    cancel_unopened,
    close_due,
    freeze_poll,
    mark_closed,
    mark_published,
    open_due,
    take_issued_list,
)
from mvote.votes.polls.service.telling import tell_city, tell_poll
from mvote.votes.polls.service.templates import (
    AskedOfCopy,
    copy_poll,
    delete_template,
    draft_from_template,
    get_template,
    list_templates,
    save_template,
)
from mvote.votes.polls.service.turns import lock_poll, take_gate, takes_ballots

__all__ = [
    "AskedOfCopy",
    "Draft",
    "Place",
    "add_department",
    "approve_poll",
    "begin_draft",
    "cancel_poll",
    "cancel_unopened",
    "change_draft",
    "close_due",
    "close_poll",
    "copy_poll",
    "decide_together",
    "declare_outage",
    "definition_of",
    "definition_text_of",
    "delete_template",
    "draft_from_template",
    "draft_poll",
    "draw_png",
    "draw_svg",
    "drop_expired",
    "find_poll",
    "find_private",
    "freeze_poll",
    "get_draft",
    "get_link",
    "get_own_poll",
    "get_poll",
    "get_public_poll",
    "get_purge_statement",
    "get_template",
    "hold_poll",
    "hold_restored",
    "iter_issued",
    "list_department_polls",
    "list_departments",
    "list_in_state",
    "list_marks",
    "list_notes",
    "list_pending_acts",
    "list_public_polls",
    "list_quarantine",
    "list_running_definitions",
    "list_templates",
    "lock_poll",
    "mark_closed",
    "mark_published",
    "note_release",
    "note_roll_change",
    "open_due",
    "open_poll",
    "released_rules",
    "require_second_official",
    "resume_poll",
    "save_template",
    "suspend_poll",
    "suspend_restored",
    "take_gate",
    "take_issued_list",
    "take_purge_statement",
    "takes_ballots",
    "tell_city",
    "tell_poll",
    "withdraw_act",
    "write_note",
]
