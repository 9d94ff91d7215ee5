"""Following the polls, and telling when an answer is late."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.discussions.service import follow_polls, tell_overdue


def follow(_now: datetime) -> int:
    return follow_polls()


def tell(now: datetime) -> int:
    return tell_overdue(now=now)


JOBS = (
    Job("enter polls into their records", "votes", follow),
    Job("tell of overdue answers", "votes", tell),
)
