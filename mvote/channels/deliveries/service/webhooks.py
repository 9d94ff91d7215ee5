"""Webhooks: programs of others that want to hear; administrators name them."""

import json
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import func, select

from mvote.audit.service import record
from mvote.channels.deliveries.errors import (
    SubscriptionUnknown,
    TooManyWebhooks,
    WebhookAddressNotTaken,
    WebhookKnown,
)
from mvote.channels.deliveries.rules import WEBHOOK, Webhook, WebhookAdded, WebhookRemoved
from mvote.channels.deliveries.rules_webhooks import new_secret
from mvote.channels.deliveries.service.following import (
    drop,
    find_row,
    new_row,
    read_topics,
)
from mvote.channels.deliveries.tables import FollowerRow
from mvote.core.ids import is_id
from mvote.core.official import Official
from mvote.db import hold_gate, reading, transaction
from mvote.gateways.outbound import is_target
from mvote.installation import city_day, installation


def add_webhook(
    url: str, *, topics: Collection[str], language: str, official: Official, now: datetime
) -> tuple[Webhook, str]:
    """A webhook and its secret, which nobody is told again.

    Raises WebhookAddressNotTaken, TopicUnknown, WebhookKnown, TooManyWebhooks.
    """
    settings = installation().settings
    if not is_target(url, private=settings.webhook_private == "yes"):
        raise WebhookAddressNotTaken()
    kept, secret = read_topics(topics), new_secret()
    with transaction("votes") as session:
        hold_gate(session, "mvote-webhooks", exclusive=True)
        if find_row(session, WEBHOOK, url):
            raise WebhookKnown()
        held = select(func.count()).where(FollowerRow.channel == WEBHOOK)
        if (session.scalar(held) or 0) >= settings.webhooks:
            raise TooManyWebhooks(most=settings.webhooks)
        row = new_row(WEBHOOK, url, topics=kept, language=language, today=city_day(now))
        row.token = secret
        session.add(row)
        record(session, "votes", WebhookAdded(row.id, official=official.id), now=now)
        return _to_webhook(row), secret


def list_webhooks() -> list[Webhook]:
    """All of them, by address."""
    query = select(FollowerRow).where(FollowerRow.channel == WEBHOOK).order_by(FollowerRow.target)
    with reading("votes") as session:
        return [_to_webhook(row) for row in session.scalars(query)]


def remove_webhook(webhook_id: str, *, official: Official, now: datetime) -> None:
    """Send nothing more.  Raises SubscriptionUnknown."""
    with transaction("votes") as session:
        row = session.get(FollowerRow, webhook_id) if is_id(webhook_id) else None
        if row is None or row.channel != WEBHOOK:
            raise SubscriptionUnknown()
        drop(session, row.id)
        record(session, "votes", WebhookRemoved(webhook_id, official=official.id), now=now)


def _to_webhook(row: FollowerRow) -> Webhook:
    topics: Sequence[str] = json.loads(row.topics)
    stopped = row.failures >= installation().settings.follower_failures
    return Webhook(row.id, row.target, topics, row.failures, stopped)
