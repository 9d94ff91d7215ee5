"""Appeals that are late, and rows by holder in an order that tells nothing."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.moderation.service import tell_overdue
from mvote.votes.moderation.tables import ModeratedRow, ReportRow
from mvote.votes.participation import service as participation


def tell(now: datetime) -> int:
    return tell_overdue(now=now)


def order(now: datetime) -> int:
    """Texts and reports by holder."""
    return sum(participation.order_rows(of, now=now) for of in (ModeratedRow, ReportRow))


JOBS = (
    Job("tell of overdue appeals", "votes", tell, patient=True),
    Job("write moderated texts anew in an order that tells nothing", "votes", order, patient=True),
)
