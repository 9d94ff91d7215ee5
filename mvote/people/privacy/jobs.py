"""What nobody uses any more goes."""

from datetime import datetime

from mvote.jobs import Job
from mvote.people.privacy.service.retention import delete_unused


def retain(now: datetime) -> int:
    return delete_unused(now=now)


JOBS = (Job("delete accounts that nobody uses", "people", retain, patient=True),)
