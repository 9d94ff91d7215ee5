"""Follow and leave, write down what is to be sent, send it."""

from mvote.channels.deliveries.service.crowding import asking
from mvote.channels.deliveries.service.following import (
    confirm,
    forget_unconfirmed,
    get_follower,
    leave,
    list_departments,
)
from mvote.channels.deliveries.service.mailing import follow_by_mail
from mvote.channels.deliveries.service.pushing import follow_by_push, follows, push_key
from mvote.channels.deliveries.service.queueing import queue_news
from mvote.channels.deliveries.service.sending import send_due
from mvote.channels.deliveries.service.webhooks import add_webhook, list_webhooks, remove_webhook

__all__ = [
    "add_webhook",
    "asking",
    "confirm",
    "follow_by_mail",
    "follow_by_push",
    "follows",
    "forget_unconfirmed",
    "get_follower",
    "leave",
    "list_departments",
    "list_webhooks",
    "push_key",
    "queue_news",
    "remove_webhook",
    "send_due",
]
