"""Discussions as everyone reads them: shuffled anew every day, without a count of anything."""

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.db import reading
from mvote.installation import city_day
from mvote.votes.moderation import service as moderation
from mvote.votes.threads.errors import PostUnknown
from mvote.votes.threads.rules import (
    ADDITION,
    POST,
    TOP,
    Author,
    Expert,
    OfficeReply,
    Post,
    Reply,
    Thread,
    in_day_order,
)
from mvote.votes.threads.rules_experts import fingerprint
from mvote.votes.threads.rules_labels import author_id, spell_label
from mvote.votes.threads.tables import AuthorRow, ExpertRow, OfficeReplyRow, PostRow

AT_ONCE = 200
"""Posts that are looked at in one step while a page fills."""


def list_threads(
    record_id: str, *, day: date, after: str = "", limit: int, kind: str | None = None
) -> list[Thread]:
    """Threads of a record in the order of ``day``, behind the key ``after`` (``shuffle_key``).

    What nobody could ever read is not there; what was hidden or withdrawn leaves its place.
    """
    kinds = TOP if kind is None else (kind,)
    query = select(PostRow.id).where(PostRow.record == record_id, PostRow.kind.in_(kinds))
    with reading("votes") as session:
        order = [one for one in in_day_order(session.scalars(query), day) if one[0] > after]
        shown: list[str] = []
        for start in range(0, len(order), AT_ONCE):
            ids = [post for _, post in order[start : start + AT_ONCE]]
            shown += _seen(session, ids)
            if len(shown) >= limit:
                break
        return _threads(session, record_id, shown[:limit])


def get_thread(record_id: str, post_id: str) -> Thread:
    """The thread in which a post, a reply, an addition or an office's reply stands.

    Raises PostUnknown.
    """
    with reading("votes") as session:
        place = post_id
        for _ in range(3):  # an addition to a reply stands two below its thread
            found = _parent_of(session, record_id, place)
            if found is None:
                break
            place = found
        threads = _threads(session, record_id, _seen(session, [place]))
        if not threads or threads[0].post.kind not in TOP:
            raise PostUnknown()
        return threads[0]


def list_experts(record_id: str) -> list[Expert]:
    """Expert statements of a record in the order in which the office entered them."""
    query = select(ExpertRow).where(ExpertRow.record == record_id)
    with reading("votes") as session:
        rows = session.scalars(query.order_by(ExpertRow.at, ExpertRow.id))
        return [expert_of(row) for row in rows]


def list_newest(
    record_id: str, *, before: tuple[date, str] | None = None, limit: int
) -> list[Reply]:
    """Posts and replies of whatever kind by day, the youngest day first, and by id within it."""
    seen, last = list[Post](), before
    with reading("votes") as session:
        offices = [office_of(row) for row in _office_rows(session, record_id)]
        while len(seen) < limit:
            rows = _newest_rows(session, record_id, last, limit)
            seen += [one for one in posts_of(session, rows) if one.standing.seen]
            if len(rows) < limit:
                break
            last = (rows[-1].day, rows[-1].id)
    found: list[Reply] = [one for one in offices if before is None or _place(one) < before]
    return sorted([*found, *seen], key=_place, reverse=True)[:limit]


def list_all(session: Session, record_id: str) -> list[Reply]:
    """Everything that was ever said in a discussion, for its summary."""
    rows = session.scalars(select(PostRow).where(PostRow.record == record_id)).all()
    return [*posts_of(session, rows), *map(office_of, _office_rows(session, record_id))]


def posts_of(session: Session, rows: Sequence[PostRow]) -> list[Post]:
    """Posts with their standing and their author, without additions."""
    standings = moderation.list_standings(session, kind=POST, items={row.id for row in rows})
    authors = _authors(session, rows)
    return [
        Post(
            id=row.id,
            record=row.record,
            kind=row.kind,
            parent=row.parent,
            author=authors[row.record, row.holder],
            day=row.day,
            standing=standings[row.id],
        )
        for row in rows
    ]


def expert_of(row: ExpertRow) -> Expert:
    content = json.loads(row.content)
    return Expert(
        id=row.id,
        record=row.record,
        at=row.at,
        department=row.department,
        name=content["name"],
        role=content["role"],
        interest=content["interest"],
        text=content["text"],
        key=row.key,
        signature=row.signature,
        fingerprint=fingerprint(row.key),
        digest=row.digest,
    )


def office_of(row: OfficeReplyRow) -> OfficeReply:
    return OfficeReply(
        id=row.id,
        record=row.record,
        parent=row.parent,
        department=row.department,
        day=city_day(row.at),
        at=row.at,
        words=json.loads(row.words),
    )


def _place(one: Reply) -> tuple[date, str]:
    return one.day, one.id


def _seen(session: Session, ids: Sequence[str]) -> list[str]:
    standings = moderation.list_standings(session, kind=POST, items=ids)
    return [one for one in ids if one in standings and standings[one].seen]


def _threads(session: Session, record: str, ids: Sequence[str]) -> list[Thread]:
    """Threads by their posts, with additions and replies, in the order given."""
    tops = _rows(session, PostRow.id.in_(ids))
    below = _rows(session, PostRow.record == record, PostRow.parent.in_(ids))
    under = [row.id for row in below if row.kind != ADDITION]
    added = _rows(session, PostRow.record == record, PostRow.parent.in_(under))
    posts = posts_of(session, [*tops, *below, *added])
    additions: dict[str, list[Post]] = defaultdict(list)
    replies: dict[str, list[Reply]] = defaultdict(list)
    for one in sorted((one for one in posts if one.parent and one.standing.seen), key=_place):
        (additions if one.kind == ADDITION else replies)[one.parent].append(one)
    for row in _office_rows(session, record, parents=ids):
        replies[row.parent].append(office_of(row))
    whole = {one.id: replace(one, additions=tuple(additions[one.id])) for one in posts}
    return [
        Thread(
            whole[one],
            tuple(
                whole[reply.id] if isinstance(reply, Post) else reply
                for reply in sorted(replies[one], key=_place)
            ),
        )
        for one in ids
        if one in whole
    ]


def _rows(session: Session, *where: ColumnElement[bool]) -> list[PostRow]:
    return list(session.scalars(select(PostRow).where(*where)))


def _newest_rows(
    session: Session, record: str, last: tuple[date, str] | None, limit: int
) -> Sequence[PostRow]:
    asked = select(PostRow).where(PostRow.record == record)
    if last is not None:
        day, post = last
        asked = asked.where(or_(PostRow.day < day, and_(PostRow.day == day, PostRow.id < post)))
    return session.scalars(asked.order_by(PostRow.day.desc(), PostRow.id.desc()).limit(limit)).all()


def _office_rows(
    session: Session, record: str, *, parents: Collection[str] | None = None
) -> Sequence[OfficeReplyRow]:
    query = select(OfficeReplyRow).where(OfficeReplyRow.record == record)
    if parents is not None:
        query = query.where(OfficeReplyRow.parent.in_(parents))
    return session.scalars(query).all()


def _parent_of(session: Session, record: str, post_id: str) -> str | None:
    if not is_id(post_id):
        raise PostUnknown()
    row = session.get(PostRow, post_id) or session.get(OfficeReplyRow, post_id)
    if row is None or row.record != record:
        raise PostUnknown()
    return row.parent or None


def _authors(session: Session, rows: Iterable[PostRow]) -> dict[tuple[str, str], Author]:
    holders: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        holders[row.record].add(row.holder)
    found = {}
    for record, known in holders.items():
        query = select(AuthorRow).where(AuthorRow.record == record, AuthorRow.holder.in_(known))
        for author in session.scalars(query):
            made = Author(author_id(record, author.holder), spell_label(author.label))
            found[record, author.holder] = made
    return found
