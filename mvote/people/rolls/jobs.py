"""Requests for the ID desk whose time is over are forgotten."""

from datetime import datetime

from mvote.jobs import Job
from mvote.people.rolls.service.desk import forget_requests


def forget(now: datetime) -> int:
    return forget_requests(now=now)


JOBS = (Job("forget requests for the ID desk", "people", forget, patient=True),)
