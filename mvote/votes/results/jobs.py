"""Publishing what is closed."""

import logging
from datetime import datetime

from mvote.core.errors import Unavailable
from mvote.core.ties import ChairNeeded
from mvote.jobs import Job
from mvote.votes.ballots.errors import BallotsNotPublished
from mvote.votes.results.service import (
    get_bundle,
    keep_tie,
    list_unpublished,
    publish_result,
)

log = logging.getLogger("mvote.results")


def publish_closed(now: datetime) -> int:
    """Publish every closed poll; one that cannot be counted does not hold up the others."""
    done = 0
    for poll in list_unpublished():
        try:
            done += _publish(poll, now=now)
        except ChairNeeded as waiting:
            keep_tie(poll, waiting)
        except Unavailable:
            raise
        except Exception:
            log.exception("the result of poll %s could not be made and is tried again", poll)
    return done


def _publish(poll: str, *, now: datetime) -> bool:
    if not publish_result(poll, now=now):
        return False
    try:
        get_bundle(poll)
    except BallotsNotPublished:
        return True
    except Exception:
        log.exception(
            "the bundle of poll %s cannot be written now; asking for it tries again", poll
        )
    return True


JOBS = (Job("publish results", "votes", publish_closed),)
