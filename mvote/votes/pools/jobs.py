"""Pools whose time is over, and the order of what citizens did in them."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.participation import service as participation
from mvote.votes.pools import service
from mvote.votes.pools.tables import PoolContestRow, PoolStatementRow, PoolVoteRow

HELD = (PoolVoteRow, PoolStatementRow, PoolContestRow)


def order(now: datetime) -> int:
    return sum(participation.order_rows(of, scope="pool", now=now) for of in HELD)


JOBS = (
    Job("freeze pools whose time is over", "votes", service.freeze_due),
    Job("write votes in pools anew in an order that tells nothing", "votes", order, patient=True),
)
