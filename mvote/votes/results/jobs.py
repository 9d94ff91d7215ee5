"""Publishing what is closed."""

import logging
from datetime import datetime

from mvote.core.errors import Unavailable
from mvote.jobs import Job
from mvote.votes.results.service import list_unpublished, publish_result

log = logging.getLogger("mvote.results")


def publish_closed(now: datetime) -> int:
    """Publish every closed poll; one that cannot be counted does not hold up the others."""
    done = 0
    for poll in list_unpublished():
        try:
            done += publish_result(poll, now=now)
        except Unavailable:
            raise
        except Exception:
            log.exception("the result of poll %s could not be made and is tried again", poll)
    return done


JOBS = (Job("publish results", "votes", publish_closed),)
