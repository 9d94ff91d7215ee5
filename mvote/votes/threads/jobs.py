"""Summaries of discussions whose record closed, and rows by holder in no telling order."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.participation import service as participation
from mvote.votes.threads.service import follow_records, follow_removals
from mvote.votes.threads.tables import AuthorRow, PostRow


def follow(_now: datetime) -> int:
    return follow_records()


def untag(_now: datetime) -> int:
    return follow_removals()


def order(now: datetime) -> int:
    """Posts and authors."""
    tables = (PostRow, AuthorRow)
    return sum(participation.order_rows(of, scope="record", now=now) for of in tables)


JOBS = (
    Job("enter discussions into closed records", "votes", follow),
    Job("take what was removed out of topics", "votes", untag),
    Job("write posts anew in an order that tells nothing", "votes", order, patient=True),
)
