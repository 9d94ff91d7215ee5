"""What time makes void is forgotten."""

from datetime import datetime

from mvote.jobs import Job
from mvote.people.officials.service.forgetting import forget_expired
from mvote.people.officials.service.passwords import forget_tries


def forget(now: datetime) -> int:
    return forget_expired(now=now) + forget_tries(now=now)


JOBS = (Job("forget expired enrolments and challenges", "people", forget, patient=True),)
