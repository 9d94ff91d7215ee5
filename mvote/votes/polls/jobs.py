"""The schedule of polls, and what the people wing says about them."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.document import Document, DocumentMalformed
from mvote.core.secrecy.exact import SHA256_HEX
from mvote.jobs import Handler, Job
from mvote.votes.polls import service

MOST_ISSUED = 2**31 - 1


def take_issuer(session: Session, document: Document, now: datetime) -> None:
    """Freeze the poll with the keys and the roll that the people wing names for it."""
    body = document.body
    service.freeze_poll(session, document.poll, issuer=body["issuer"], roll=body["roll"], now=now)


def take_issued_list(session: Session, document: Document, now: datetime) -> None:
    """Keep how many permits there are.  Raises DocumentMalformed."""
    issued, sha256 = document.body["issued"], document.body["sha256"]
    if type(issued) is not int or not 0 <= issued <= MOST_ISSUED:
        raise DocumentMalformed(field="issued")
    if not isinstance(sha256, str) or not SHA256_HEX.fullmatch(sha256):
        raise DocumentMalformed(field="sha256")
    service.take_issued_list(session, document.poll, issued=issued, sha256=sha256, now=now)


JOBS = (
    Job("open polls by schedule", "votes", service.open_due),
    Job("close polls by schedule", "votes", service.close_due),
    Job("cancel polls that nobody opened", "votes", service.cancel_unopened),
)
HANDLERS = (
    Handler("issuer", "votes", take_issuer),
    Handler("issued-list", "votes", take_issued_list),
)
