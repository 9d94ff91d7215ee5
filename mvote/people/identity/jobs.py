"""What time makes void is forgotten."""

from datetime import datetime

from mvote.jobs import Job
from mvote.people.identity.service.forgetting import forget_expired
from mvote.people.identity.service.phone_checks import watch_budget


def forget(now: datetime) -> int:
    return forget_expired(now=now)


def watch_sms(now: datetime) -> int:
    return watch_budget(now=now)


JOBS = (
    Job("forget expired checks and sign-ins", "people", forget, patient=True),
    Job("watch the budget of SMS codes", "people", watch_sms, patient=True),
)
