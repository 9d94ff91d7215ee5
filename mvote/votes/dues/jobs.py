"""Telling what is overdue."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.dues.service import tell_overdue


def tell(now: datetime) -> int:
    return tell_overdue(now=now)


JOBS = (Job("tell of overdue answers", "votes", tell, patient=True),)
