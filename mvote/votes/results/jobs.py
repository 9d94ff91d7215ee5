"""Publishing what is closed."""

import logging
from datetime import datetime

from mvote.jobs import Job
from mvote.votes.results.service import list_unpublished, publish_result

log = logging.getLogger("mvote.results")


def publish_closed(now: datetime) -> int:
    """Publish every closed poll; one that cannot be counted does not hold up the others."""
    done, failed = 0, None
    for poll in list_unpublished():
        try:
            done += publish_result(poll, now=now)
        except Exception as error:
            log.exception("the result of poll %s could not be made", poll)
            failed = error
    if failed is not None and not done:
        raise failed
    return done


JOBS = (Job("publish results", "votes", publish_closed),)
