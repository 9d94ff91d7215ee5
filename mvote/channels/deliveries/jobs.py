"""What the worker sends, and forgets."""

from datetime import datetime

from mvote.channels.deliveries import service
from mvote.jobs import Handler, Job


def queue(_now: datetime) -> int:
    return service.queue_news()


def send(now: datetime) -> int:
    return service.send_due(now=now)


def forget(now: datetime) -> int:
    return service.forget_unconfirmed(now=now)


JOBS = (
    Job("write down which news go to whom", "votes", queue),
    Job("send news to those who follow", "votes", send),
    Job("forget addresses that nobody confirmed", "votes", forget, patient=True),
)
HANDLERS: tuple[Handler, ...] = ()
