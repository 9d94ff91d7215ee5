"""Keeping a scope open in which citizens may question indicators."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.indicators.service import renew_scope


def renew(now: datetime) -> int:
    return renew_scope(now=now)


JOBS = (Job("keep questions about indicators open", "votes", renew, patient=True),)
