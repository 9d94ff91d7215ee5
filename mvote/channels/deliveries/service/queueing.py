"""Write down, once, which news go to whom."""

import json
from dataclasses import asdict

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on
from mvote.channels.deliveries.rules import concerns
from mvote.channels.deliveries.tables import DeliveryRow, FollowerRow
from mvote.channels.feeds.news import KINDS, read_news
from mvote.core.ids import new_id
from mvote.core.times import iso
from mvote.installation import installation
from mvote.votes.threads import service as threads

READER = "deliveries"


def queue_news() -> int:
    """Read on in the log from where it was; returns how many happenings were looked at."""
    return read_on("votes", READER, _take, names=tuple(KINDS))


def _take(session: Session, happened: Entry) -> None:
    """One message for each follower whom it concerns, in the transaction that moves on."""
    news = read_news(happened)
    if news is None:
        return
    tags = threads.list_tags("record", news.record)
    spelled = json.dumps({**asdict(news), "at": iso(news.at)}, ensure_ascii=False)
    most = installation().settings.follower_failures
    columns = select(FollowerRow.id, FollowerRow.topics)
    message = {"news": spelled, "tries": 0, "next_at": happened.at}
    made = [
        {"id": new_id(), "follower": follower, **message}
        for follower, topics in session.execute(columns.where(FollowerRow.failures < most))
        if concerns(json.loads(topics), department=news.department, tags=tags)
    ]
    if made:
        session.execute(insert(DeliveryRow), made)
