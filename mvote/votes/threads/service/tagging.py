"""Topics: what stands under a hashtag."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import cast

from sqlalchemy import and_, delete, func, insert, or_, select
from sqlalchemy.orm import Session, aliased

from mvote.audit.rules import Entry
from mvote.audit.service import read_on
from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import reading, transaction
from mvote.votes.discussions.service import find_heads
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import KINDS as MODERATED
from mvote.votes.threads.rules import POST, RecordTagged, Tagged
from mvote.votes.threads.rules_tags import spell_tag
from mvote.votes.threads.service.finding import require_own
from mvote.votes.threads.tables import TagRow

RECORD = "record"
READER = "topics"
FIRST = 5
"""Things under a topic that are looked at first; mostly one of them may be read."""
BEGINS = 120
"""Characters of a text that are shown under a topic."""
PAGES = {RECORD: "/records/{item}", POST: "/records/{record}/discussion/{item}"}
"""Where a thing under a topic is read; of other kinds by the plural of their name."""


def tag_item(
    session: Session,
    *,
    kind: str,
    item: str,
    tags: Iterable[str],
    title: Words | None = None,
    record: str = "",
) -> None:
    """List a thing under these tags and no others, in the caller's transaction.

    ``kind`` is what moderation calls it where it is a citizen's text; ``title`` None: that of
    its record.  Raises TagNotValid.
    """
    spelled = [spell_tag(tag) for tag in tags]
    untag_item(session, kind=kind, item=item)
    write_tags(session, kind=kind, item=item, record=record, tags=spelled, title=title)


def write_tags(
    session: Session,
    *,
    kind: str,
    item: str,
    record: str,
    tags: Iterable[str],
    title: Words | None = None,
) -> None:
    """Write tags that are spelled as they are kept."""
    said = canonical_bytes(dict(title)).decode() if title else ""
    for tag in dict.fromkeys(tags):
        row = {"tag": tag, "kind": kind, "item": item, "record": record, "title": said}
        session.execute(insert(TagRow).values(row))


def untag_item(session: Session, *, kind: str, item: str) -> None:
    """Take a thing out of all topics."""
    session.execute(delete(TagRow).where(TagRow.kind == kind, TagRow.item == item))


def tag_record(
    record_id: str, *, tags: Sequence[str], official: Official, now: datetime
) -> list[str]:
    """The department says what a record is about.

    Raises RecordUnknown, RecordMoved, RecordClosed, RecordOfOtherDepartment, TagNotValid.
    """
    spelled = sorted({spell_tag(tag) for tag in tags})
    with transaction("votes") as session:
        require_own(session, record_id, official)
        if _tags_of(session, RECORD, record_id) != spelled:
            tag_item(session, kind=RECORD, item=record_id, tags=spelled, record=record_id)
            happened = RecordTagged(record_id, spelled, official.department, official.id)
            audit(session, "votes", happened, now=now)
    return spelled


def list_tags(kind: str, item: str) -> list[str]:
    """The tags of one thing."""
    with reading("votes") as session:
        return _tags_of(session, kind, item)


def list_topics(*, after: str = "", limit: int) -> list[str]:
    """Tags in the order of their letters, without how often they are used.

    One under which nothing may be read is not told either.
    """
    found: list[str] = []
    while True:
        query = select(TagRow.tag).where(TagRow.tag > after).distinct().order_by(TagRow.tag)
        with reading("votes") as session:
            tags = list(session.scalars(query.limit(limit)))
            shown = {row.tag for row, _ in _readable(session, _first_under(session, tags))}
        found += [tag for tag in tags if tag in shown or list_topic(tag, limit=FIRST)]
        if len(tags) < limit or len(found) >= limit:
            return found[:limit]
        after = tags[-1]


def follow_removals() -> int:
    """Take what was removed for good out of all topics; each happening once."""
    return read_on("votes", READER, _take_removal, names=("TextRemoved",))


def _take_removal(session: Session, happened: Entry) -> None:
    body = cast(Mapping[str, str], happened.body)
    untag_item(session, kind=body["kind"], item=happened.subject)


def list_topic(tag: str, *, after: tuple[str, str] = ("", ""), limit: int) -> list[Tagged]:
    """What stands under a tag and may be read, by kind and id.  Raises TagNotValid."""
    name, found = spell_tag(tag), list[Tagged]()
    with reading("votes") as session:
        while True:
            rows = _under(session, name, after, limit)
            found += [tagged for _, tagged in _readable(session, rows)]
            if len(rows) < limit or len(found) >= limit:
                return found[:limit]
            after = rows[-1].kind, rows[-1].item


def _readable(session: Session, rows: Sequence[TagRow]) -> list[tuple[TagRow, Tagged]]:
    """Those of the rows whose thing may be read, as it is told."""
    texts = _texts(session, rows)
    heads = find_heads({row.record for row in rows if row.record})
    found = []
    for row in rows:
        head, text = heads.get(row.record), texts.get((row.kind, row.item), "")
        title = json.loads(row.title) if row.title else head and head.title
        if title and text is not None:
            found.append((row, _tagged(row, title, text)))
    return found


def _tags_of(session: Session, kind: str, item: str) -> list[str]:
    query = select(TagRow.tag).where(TagRow.kind == kind, TagRow.item == item)
    return list(session.scalars(query.order_by(TagRow.tag)))


def _under(session: Session, tag: str, after: tuple[str, str], limit: int) -> Sequence[TagRow]:
    kind, item = after
    behind = or_(TagRow.kind > kind, and_(TagRow.kind == kind, TagRow.item > item))
    query = select(TagRow).where(TagRow.tag == tag, behind)
    return session.scalars(query.order_by(TagRow.kind, TagRow.item).limit(limit)).all()


def _first_under(session: Session, tags: Sequence[str]) -> Sequence[TagRow]:
    """The first few things under each of several tags."""
    place = func.row_number().over(partition_by=TagRow.tag, order_by=(TagRow.kind, TagRow.item))
    placed = select(TagRow, place.label("place")).where(TagRow.tag.in_(tags)).subquery()
    row = aliased(TagRow, placed)
    return session.scalars(select(row).where(placed.c.place <= FIRST)).all()


def _texts(session: Session, rows: Sequence[TagRow]) -> dict[tuple[str, str], str | None]:
    """What citizens wrote, by kind and id; None where moderation does not show it."""
    found: dict[tuple[str, str], str | None] = {}
    for kind in {row.kind for row in rows} & set(MODERATED):
        items: Collection[str] = [row.item for row in rows if row.kind == kind]
        standings = moderation.list_standings(session, kind=kind, items=items)
        found |= {(kind, one): standing.text for one, standing in standings.items()}
    return found


def _tagged(row: TagRow, title: Words, text: str) -> Tagged:
    page = PAGES.get(row.kind, f"/{row.kind}s/{{item}}")
    href = page.format(item=row.item, record=row.record)
    begins = " ".join(text[: BEGINS + 1].split())
    short = begins if len(text) <= BEGINS else f"{begins[:BEGINS]}…"
    return Tagged(row.kind, row.item, row.record, title, href, short or None)
