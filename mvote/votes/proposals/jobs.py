"""What time and supports bring about: stages, ends, winners."""

from datetime import datetime

from mvote.jobs import Job
from mvote.votes.proposals import service


def follow(_now: datetime) -> int:
    return service.follow_moderation()


def follow_results(_now: datetime) -> int:
    return service.follow_results()


JOBS = (
    Job("follow what moderators decide about proposals", "votes", follow),
    Job("count supports and open stages", "votes", service.count_supports),
    Job("end calls", "votes", service.end_calls),
    Job("end the collecting of supports", "votes", service.end_due),
    Job("choose the best supported of a call", "votes", service.choose_due),
    Job("take the winners of a call from its poll", "votes", follow_results),
    Job(
        "write supports anew in an order that tells nothing",
        "votes",
        service.order_supports,
        patient=True,
    ),
)
