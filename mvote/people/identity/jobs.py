"""What time makes void is forgotten."""

from datetime import datetime

from mvote.jobs import Job
from mvote.people.identity.service.forgetting import forget_expired


def forget(now: datetime) -> int:
    return forget_expired(now=now)


JOBS = (Job("forget expired checks and sign-ins", "people", forget),)
