"""Following the polls, telling what slipped, and keeping replies in an order that tells nothing."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.discussions.service import follow_polls, name_dues, tell_slipped
from mvote.votes.discussions.tables import AnswerReplyRow
from mvote.votes.participation.service import order_rows


def follow(_now: datetime) -> int:
    return follow_polls()


def name(_now: datetime) -> int:
    return name_dues()


def tell(now: datetime) -> int:
    return tell_slipped(now=now)


def order(now: datetime) -> int:
    return order_rows(AnswerReplyRow, now=now)


JOBS = (
    Job("enter polls into their records", "votes", follow),
    Job("name the departments of dues", "votes", name),
    Job("tell of promised steps that slipped", "votes", tell, patient=True),
    Job(
        "write replies to answers anew in an order that tells nothing", "votes", order, patient=True
    ),
)
