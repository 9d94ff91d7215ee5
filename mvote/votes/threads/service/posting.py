"""What citizens do in a discussion: write, add to what they wrote, withdraw it."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.ids import new_id
from mvote.db import transaction
from mvote.installation import city_day, installation
from mvote.votes.discussions.rules import Head
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.errors import NotTheAuthor
from mvote.votes.participation import service as participation
from mvote.votes.participation.rules import Taken
from mvote.votes.threads.errors import (
    OnlyOneLevel,
    TooManyPosts,
    TooManyPostsToday,
)
from mvote.votes.threads.rules import ADDITION, POST, REPLY, Post, check_kind
from mvote.votes.threads.rules_labels import label_number
from mvote.votes.threads.rules_tags import find_tags
from mvote.votes.threads.service.finding import check_shown, find_post, head_of, require_open
from mvote.votes.threads.service.reading import posts_of
from mvote.votes.threads.service.tagging import untag_item, write_tags
from mvote.votes.threads.tables import AuthorRow, PostRow

WRITE, WITHDRAW = "post", "withdraw-post"


def write_post(
    record_id: str, *, raw: JSON, body: Mapping[str, Any], now: datetime
) -> tuple[Post, bool]:
    """Take what a citizen writes; the same act again gives the post that is there.

    Raises RecordUnknown, RecordMoved, RecordClosed, PostKindWrong, PostUnknown, OnlyOneLevel,
    PostNotShown, NotTheAuthor, TooManyPosts, TooManyPostsToday and what take_act raises.
    """
    check_kind(body["kind"], body["reply_to"])
    head = head_of(record_id)
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=head.id, act=WRITE, now=now)
        row = _find_taken(session, head.id, taken)
        if row is None:
            require_open(session, head.id)
            _check_limits(session, head.id, taken.holder, city_day(now))
            if body["reply_to"]:
                _check_parent(session, head.id, taken.holder, body)
            row = _write(session, head, taken, body, now)
        return posts_of(session, [row])[0], taken.new


def withdraw_post(record_id: str, post_id: str, *, raw: JSON, now: datetime) -> Post:
    """An author takes a post back: its text goes, its place and the replies to it stay.

    Raises RecordUnknown, PostUnknown, NotTheAuthor, TextRemovedForGood and what take_act
    raises.
    """
    head = head_of(record_id)
    with transaction("votes") as session:
        taken = participation.take_act(session, raw, scope_id=head.id, act=WITHDRAW, now=now)
        row = find_post(session, head.id, post_id)
        if row.holder != taken.holder:
            raise NotTheAuthor()
        if taken.new:
            moderation.withdraw(session, kind=POST, item=row.id, author=taken.holder, now=now)
            untag_item(session, kind=POST, item=row.id)
        return posts_of(session, [row])[0]


def _find_taken(session: Session, record: str, taken: Taken) -> PostRow | None:
    if taken.new:
        return None
    same = PostRow.record == record, PostRow.holder == taken.holder, PostRow.seq == taken.seq
    return session.scalars(select(PostRow).where(*same)).one()


def _check_limits(session: Session, record: str, holder: str, day: date) -> None:
    """By day, which is public anyway: no time of any post is kept."""
    settings = installation().settings
    own = PostRow.record == record, PostRow.holder == holder
    query = select(func.count(), func.count().filter(PostRow.day == day)).where(*own)
    written, today = session.execute(query).one()
    if written >= settings.posts_per_record:
        raise TooManyPosts(most=settings.posts_per_record)
    if today >= settings.posts_per_day:
        raise TooManyPostsToday(most=settings.posts_per_day)


def _check_parent(session: Session, record: str, holder: str, body: Mapping[str, Any]) -> None:
    """A reply answers a post, an addition follows any post of the same author."""
    parent = find_post(session, record, body["reply_to"])
    if parent.kind == ADDITION or (body["kind"] == REPLY and parent.kind == REPLY):
        raise OnlyOneLevel()
    if body["kind"] == ADDITION and parent.holder != holder:
        raise NotTheAuthor()
    check_shown(session, parent)


def _write(
    session: Session, head: Head, taken: Taken, body: Mapping[str, Any], now: datetime
) -> PostRow:
    """Ids are random and made here, since the order of a day is made of them."""
    _name_author(session, head.id, taken.holder)
    row = PostRow(
        id=new_id(),
        record=head.id,
        holder=taken.holder,
        seq=taken.seq,
        kind=body["kind"],
        parent=body["reply_to"] or "",
        day=city_day(now),
    )
    session.add(row)
    moderation.submit(
        session,
        kind=POST,
        item=row.id,
        text=body["text"],
        author=taken.holder,
        department=head.department,
        record=head.id,
        now=now,
    )
    write_tags(session, kind=POST, item=row.id, record=head.id, tags=find_tags(body["text"]))
    return row


def _name_author(session: Session, record: str, holder: str) -> None:
    """Give a new author the first label that nobody in this record has."""
    for turn in count():
        if session.get(AuthorRow, (record, holder)) is not None:
            return
        label = label_number(record, holder, turn)
        row = {"record": record, "holder": holder, "label": label}
        with suppress(IntegrityError), session.begin_nested():
            session.execute(insert(AuthorRow).values(row))
