"""Scopes whose time is over, the order of rows, and who issues permits for a scope."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.document import Document, DocumentMalformed
from mvote.jobs import Handler, Job
from mvote.votes.participation import service
from mvote.votes.participation.tables import HolderRow


def take_issuer(session: Session, document: Document, now: datetime) -> None:
    """Begin to take acts.  Raises ScopeUnknown, DocumentMalformed, KeyMalformed."""
    sh, issuer = document.body["sh"], document.body["issuer"]
    if not isinstance(sh, str):
        raise DocumentMalformed(field="sh")
    service.keep_issuer(session, document.poll, sh=sh, issuer=issuer, now=now)


def order(now: datetime) -> int:
    return service.order_rows(HolderRow, now=now)


JOBS = (
    Job("close scopes whose time is over", "votes", service.close_due),
    Job("write acts anew in an order that tells nothing", "votes", order, patient=True),
)
HANDLERS = (Handler("scope-issuer", "votes", take_issuer),)
