"""What all followers have in common: topics, confirming, leaving."""

import hashlib
import hmac
import json
import secrets
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from mvote.channels.deliveries.errors import SubscriptionUnknown, TooManyAsked
from mvote.channels.deliveries.rules import check_topics
from mvote.channels.deliveries.tables import DeliveryRow, FollowerRow
from mvote.core.ids import is_id, new_id
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.installation import city_day, installation
from mvote.votes.polls import service as polls

DAY_SECONDS = 24 * 3600
TOKEN_BYTES = 24


@dataclass(frozen=True, slots=True)
class Follower:
    """``topics`` are sent, ``wanted`` wait to be confirmed (None where none do)."""

    id: str
    channel: str
    topics: Sequence[str]
    wanted: Sequence[str] | None


def list_departments() -> dict[str, Words]:
    """Names of those that can be followed, by their code."""
    return {one.code: one.name for one in polls.list_departments()}


def read_topics(topics: Collection[str]) -> str:
    """Topics as they are kept.  Raises TopicUnknown."""
    return json.dumps(check_topics(topics, departments=list_departments()), ensure_ascii=False)


def key_of(target: str) -> str:
    return hashlib.sha256(target.encode()).hexdigest()


def find_row(session: Session, channel: str, target: str) -> FollowerRow | None:
    """Who follows at this address, nobody else's until the transaction ends."""
    same = FollowerRow.channel == channel, FollowerRow.target_key == key_of(target)
    return session.scalars(select(FollowerRow).where(*same).with_for_update()).one_or_none()


def new_row(channel: str, target: str, *, topics: str, language: str, today: date) -> FollowerRow:
    return FollowerRow(
        id=new_id(),
        channel=channel,
        target=target,
        target_key=key_of(target),
        token=secrets.token_urlsafe(TOKEN_BYTES),
        language=language,
        topics=topics,
        wanted=None,
        asked_on=today,
        asks=0,
        failures=0,
    )


def require_room(session: Session, channel: str, *, most: int, day: date, domain: str = "") -> None:
    """Raises TooManyAsked where a city has asked or taken so many new ones today.

    ``domain``: of those with such an e-mail address.
    """
    asked = select(func.count()).where(FollowerRow.channel == channel, FollowerRow.asked_on == day)
    if domain:
        asked = asked.where(FollowerRow.target.endswith(f"@{domain}", autoescape=True))
    if (session.scalar(asked) or 0) >= most:
        raise TooManyAsked(retry_after=DAY_SECONDS)


def get_follower(spelled: str) -> Follower:
    """By what stands in the follower's own address.  Raises SubscriptionUnknown."""
    with reading("votes") as session:
        return _to_follower(_own_row(session, spelled))


def confirm(spelled: str) -> Follower:
    """Send from now on what was asked for.  Raises SubscriptionUnknown."""
    with transaction("votes") as session:
        row = _own_row(session, spelled)
        if row.wanted is not None:
            row.topics, row.wanted = row.wanted, None
        return _to_follower(row)


def leave(spelled: str) -> None:
    """Forget an address and all that is on its way to it; who left already has nothing to leave."""
    with transaction("votes") as session:
        try:
            row = _own_row(session, spelled)
        except SubscriptionUnknown:
            return
        drop(session, row.id)


def drop(session: Session, follower: str) -> None:
    session.execute(delete(DeliveryRow).where(DeliveryRow.follower == follower))
    session.execute(delete(FollowerRow).where(FollowerRow.id == follower))


def forget_unconfirmed(*, now: datetime) -> int:
    """Addresses that nobody confirmed go with their date; returns how many went."""
    since = city_day(now) - timedelta(days=installation().settings.mail_confirm_days)
    late = FollowerRow.wanted.is_not(None), FollowerRow.asked_on < since
    query = select(FollowerRow.id, FollowerRow.topics).where(*late)
    with reading("votes") as session:
        if session.execute(query.limit(1)).first() is None:
            return 0
    with transaction("votes") as session:
        found = session.scalars(select(FollowerRow).where(*late).with_for_update()).all()
        for row in found:
            if row.topics == "[]":
                drop(session, row.id)
            else:
                row.wanted = None
        return len(found)


def _own_row(session: Session, spelled: str) -> FollowerRow:
    name, _, token = spelled.partition(".")
    row = session.get(FollowerRow, name, with_for_update=True) if is_id(name) else None
    if row is None or not hmac.compare_digest(row.token.encode(), token.encode()):
        raise SubscriptionUnknown()
    return row


def spell(row: FollowerRow) -> str:
    """What stands in the follower's own address."""
    return f"{row.id}.{row.token}"


def _to_follower(row: FollowerRow) -> Follower:
    wanted = None if row.wanted is None else json.loads(row.wanted)
    return Follower(row.id, row.channel, json.loads(row.topics), wanted)
