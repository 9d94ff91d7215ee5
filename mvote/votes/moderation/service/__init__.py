"""Moderation: texts come in, citizens report and appeal, moderators decide in public."""

from mvote.votes.moderation.service.deciding import (
    decide_appeal,
    hide_text,
    publish_text,
    remove_text,
)
from mvote.votes.moderation.service.reading import (
    get_standing,
    list_appeals,
    list_backlogs,
    list_decisions,
    list_queue,
    list_standings,
    tell_overdue,
)
from mvote.votes.moderation.service.reporting import appeal, report_text
from mvote.votes.moderation.service.submitting import bind, submit, withdraw

__all__ = [
    "appeal",
    "bind",
    "decide_appeal",
    "get_standing",
    "hide_text",
    "list_appeals",
    "list_backlogs",
    "list_decisions",
    "list_queue",
    "list_standings",
    "publish_text",
    "remove_text",
    "report_text",
    "submit",
    "tell_overdue",
    "withdraw",
]
