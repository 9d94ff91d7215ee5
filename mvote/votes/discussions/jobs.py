"""Following the polls."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.discussions.service import follow_polls, name_dues


def follow(_now: datetime) -> int:
    return follow_polls()


def name(_now: datetime) -> int:
    return name_dues()


JOBS = (
    Job("enter polls into their records", "votes", follow),
    Job("name the departments of dues", "votes", name),
)
