"""Following the polls: texts come into the pool when their poll has closed."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.opinions.service import follow_polls


def follow(_now: datetime) -> int:
    return follow_polls()


JOBS = (Job("take texts into the opinion pool", "votes", follow),)
