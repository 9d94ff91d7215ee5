"""What the votes wing says about polls, the order of rows, and the end of the dispute window."""

from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.document import Document, DocumentMalformed
from mvote.core.times import parse_iso
from mvote.jobs import Handler, Job
from mvote.people.permits import service
from mvote.people.permits.service import corrections, quarantine, reviews


def take_approved(session: Session, document: Document, now: datetime) -> None:
    """Name the issuer for an approved poll.  Raises DefinitionRefused, PollKnownDifferently."""
    service.name_issuer(session, document.poll, approved=document.body, now=now)


def take_frozen(session: Session, document: Document, now: datetime) -> None:
    """Begin issuing.  Raises PollUnknown, PollKnownDifferently, AlreadyFrozen, …"""
    service.begin_issuing(session, document.poll, definition=document.body, now=now)


def take_state(session: Session, document: Document, now: datetime) -> None:
    """Follow the poll.  Raises DocumentMalformed, PollUnknown, PollClosed, …"""
    body = document.body
    try:
        at = parse_iso(body["at"])
        closes = parse_iso(body["closes"]) if "closes" in body else None
    except (ValueError, TypeError):
        raise DocumentMalformed(field="at") from None
    state = body["state"]
    together = body.get("together") is True
    service.follow_state(
        session, document.poll, state=state, at=at, closes=closes, together=together, now=now
    )


def take_scope_opened(session: Session, document: Document, now: datetime) -> None:
    """Name the issuer for a scope.  Raises ScopeRefused, ScopeUnknown, ScopeKnownDifferently."""
    service.name_scope_issuer(session, document.poll, definition=document.body, now=now)


def take_scope_closed(session: Session, document: Document, now: datetime) -> None:
    """End the issuing.  Raises ScopeUnknown."""
    service.end_scope(session, document.poll, now=now)


def remind_reviews(now: datetime) -> int:
    return reviews.remind_due(now=now)


def drop_corrections(now: datetime) -> int:
    return corrections.drop_expired(now=now) + quarantine.drop_expired(now=now)


def order(now: datetime) -> int:
    return service.order_due(now=now)


def erase(now: datetime) -> int:
    return service.erase_due(now=now)


def tidy(now: datetime) -> int:
    return service.tidy(now=now)


def tell_locked(_now: datetime) -> int:
    return service.tell_locked()


JOBS = (
    Job("remind of reviews that are overdue", "people", remind_reviews, patient=True),
    Job(
        "forget corrections and decisions that nobody confirmed",
        "people",
        drop_corrections,
        patient=True,
    ),
    Job("tell that permits are locked", "people", tell_locked, patient=True),
    Job("end scopes whose time is over", "people", service.end_scopes_due),
    Job("write permits anew in an order that tells nothing", "people", order),
    Job("erase permits after the dispute window", "people", erase),
    Job("take what was destroyed off the disk", "people", tidy, patient=True),
)
HANDLERS = (
    Handler("poll-approved", "people", take_approved),
    Handler("poll-frozen", "people", take_frozen),
    Handler("poll-state", "people", take_state),
    Handler("scope-opened", "people", take_scope_opened),
    Handler("scope-closed", "people", take_scope_closed),
)
