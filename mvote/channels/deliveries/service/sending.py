"""Send what is due: each message until it is taken, or was tried often enough.

A message is claimed in a transaction of its own before it goes out, so two workers do not both
send it; a worker that is killed between sending and noting it sends it again, under the same id.
"""

import json
import logging
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.channels.deliveries.rules import (
    LEASE,
    MAIL,
    WEBHOOK,
    WebhookStopped,
    pause_after,
)
from mvote.channels.deliveries.rules_push import encrypt, push_headers
from mvote.channels.deliveries.rules_webhooks import signed_headers
from mvote.channels.deliveries.service.following import drop, spell
from mvote.channels.deliveries.service.messages import (
    ask_mail,
    news_mail,
    push_payload,
    read_kept,
    tell,
    webhook_body,
)
from mvote.channels.deliveries.service.pushing import push_key
from mvote.channels.deliveries.tables import DeliveryRow, FollowerRow
from mvote.db import reading, transaction
from mvote.gateways.mail import LATER, REFUSED, SENT, open_mail
from mvote.gateways.outbound import post
from mvote.installation import installation

log = logging.getLogger("mvote.deliveries")

GONE = frozenset({404, 410})
AT_ONCE = 8


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that nobody else sends for now."""

    id: str
    follower: str
    channel: str
    target: str
    token: str
    own: str
    language: str
    news: str
    tries: int


def send_due(*, now: datetime) -> int:
    """Send what is due; returns how many were tried."""
    claimed = _claim(now)
    if not claimed:
        return 0
    mail = [one for one in claimed if one.channel == MAIL]
    others = [one for one in claimed if one.channel != MAIL]
    told = dict(zip([one.id for one in mail], _send_mail(mail, now), strict=True))
    told |= dict(zip([one.id for one in others], _send_posts(others, now), strict=True))
    for one in claimed:
        with transaction("votes") as session:
            _note(session, one, told[one.id], now=now)
    return len(claimed)


def _claim(now: datetime) -> list[Claimed]:
    """Look before writing: with nothing to send no ballot is held up."""
    due = DeliveryRow.next_at <= now
    with reading("votes") as session:
        if session.execute(select(DeliveryRow.id).where(due).limit(1)).first() is None:
            return []
    most = installation().settings.deliveries_at_once
    query = select(DeliveryRow).where(due).order_by(DeliveryRow.next_at, DeliveryRow.id)
    with transaction("votes") as session:
        rows = session.scalars(query.limit(most).with_for_update(skip_locked=True)).all()
        followers = {row.id: session.get_one(FollowerRow, row.follower) for row in rows}
        for row in rows:
            row.tries, row.next_at = row.tries + 1, now + LEASE
        return [_claimed(row, followers[row.id]) for row in rows]


def _claimed(row: DeliveryRow, of: FollowerRow) -> Claimed:
    own = spell(of) if of.channel != WEBHOOK else ""
    return Claimed(
        row.id, of.id, of.channel, of.target, of.token, own, of.language, row.news, row.tries
    )


def _send_mail(claimed: Sequence[Claimed], now: datetime) -> list[str]:
    if not claimed:
        return []
    return open_mail(installation().settings).send([_mail_of(one, now) for one in claimed])


def _mail_of(one: Claimed, now: datetime) -> EmailMessage:
    given: Mapping[str, Any] = {
        "own": one.own,
        "language": one.language,
        "message": one.id,
        "at": now,
    }
    if not one.news:
        return ask_mail(one.target, **given)
    return news_mail(one.target, tell(read_kept(one.news), one.language), **given)


def _send_posts(claimed: Sequence[Claimed], now: datetime) -> list[str]:
    """What is sent is made first, for only this thread has the database."""
    if not claimed:
        return []
    posts = [_post_of(one, now) for one in claimed]
    with ThreadPoolExecutor(min(AT_ONCE, len(posts))) as threads:
        return [_outcome(status) for status in threads.map(lambda send: send(), posts)]


def _post_of(one: Claimed, now: datetime) -> Callable[[], int]:
    settings, at = installation().settings, int(now.timestamp())
    timeout = settings.delivery_timeout_seconds
    if one.channel == WEBHOOK:
        body = webhook_body(read_kept(one.news))
        headers = signed_headers(one.token, message=one.id, at=at, body=body)
        private = settings.webhook_private == "yes"
        return lambda: post(one.target, body, headers, timeout=timeout, private=private)
    target = json.loads(one.target)
    payload = push_payload(read_kept(one.news), one.language)
    contact = settings.push_contact or settings.public_url
    headers = push_headers(push_key(), endpoint=target["endpoint"], contact=contact, at=at)
    body = encrypt(payload, p256dh=target["p256dh"], auth=target["auth"])
    return lambda: post(target["endpoint"], body, headers, timeout=timeout, private=False)


def _outcome(status: int) -> str:
    if 200 <= status < 300:
        return SENT
    return REFUSED if status in GONE else LATER


def _note(session: Session, one: Claimed, outcome: str, *, now: datetime) -> None:
    """What was taken leaves nothing; who is gone goes; the rest comes again or is given up."""
    row = session.get(DeliveryRow, one.id, with_for_update=True)
    follower = session.get(FollowerRow, one.follower, with_for_update=True)
    if row is None or follower is None:
        return  # somebody left meanwhile
    if outcome == REFUSED and one.channel != WEBHOOK:
        drop(session, follower.id)
    elif outcome == LATER and one.tries < installation().settings.delivery_tries:
        row.next_at = now + pause_after(one.tries)
    else:
        session.delete(row)
        session.flush()
        follower.failures = 0 if outcome == SENT else follower.failures + 1
        if follower.failures >= installation().settings.follower_failures:
            _stop(session, follower, now=now)


def _stop(session: Session, follower: FollowerRow, *, now: datetime) -> None:
    """Who takes nothing for long gets nothing more, and what is on its way goes."""
    if follower.channel == WEBHOOK:
        stopped = WebhookStopped(follower.id, failures=follower.failures)
        record(session, "votes", stopped, now=now)
    session.execute(delete(DeliveryRow).where(DeliveryRow.follower == follower.id))
    log.info("a follower takes nothing and gets no more messages")
