"""A conversation that Polis exported becomes a pool, with its statements and its votes."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import insert
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import new_id
from mvote.core.text import Words
from mvote.db import transaction
from mvote.formats.polis.comments import Comment
from mvote.votes.discussions import service as records
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import STATEMENT
from mvote.votes.pools.rules import Pool, plain, same_text
from mvote.votes.pools.service.opening import keep_pool
from mvote.votes.pools.service.rows import pool_of
from mvote.votes.pools.tables import PoolRow, PoolStatementRow, PoolVoteRow

ROWS_AT_ONCE = 5_000
TAKEN_OUT = -1
HOLDER = "polis-"
"""Before the number of a participant: no act can ever be signed under such a name."""


def import_pool(
    record_id: str | None,
    *,
    department: str,
    title: Words,
    intro: Words,
    comments: Iterable[Comment],
    votes: Iterable[tuple[str, str, int]],
    closes: datetime | None,
    source: JSON,
    now: datetime,
) -> Pool:
    """Open a pool that begins with what was said and voted elsewhere, all of it or nothing.

    ``votes`` are by participant and statement in the order they were cast, 1 is agree.
    Statements keep their numbers; one without a comment, or taken out by its moderators, is
    kept without a text, so that it is neither shown nor counted.  ``record_id`` None opens a
    record.  Raises RecordUnknown, PoolEndsTooSoon.
    """
    with transaction("votes") as session:
        home = records.open_record(
            session, department=department, title=title, now=now, record_id=record_id
        )
        pool = keep_pool(
            session,
            home,
            department=department,
            title=title,
            intro=intro,
            closes=closes,
            votes_public=True,
            now=now,
            source=canonical_bytes(source).decode(),
        )
        last = {(who, what): vote for who, what, vote in votes}
        texts = {one.id: one for one in comments}
        names = _statements(session, pool, texts, {what for _, what in last}, now=now)
        _votes(
            session,
            [
                {"pool": pool.id, "holder": HOLDER + who, "statement": names[what], "vote": vote}
                for (who, what), vote in sorted(last.items())
            ],
        )
        return pool_of(session, pool)


def _statements(
    session: Session,
    pool: PoolRow,
    comments: dict[str, Comment],
    voted: set[str],
    *,
    now: datetime,
) -> dict[str, str]:
    """Ids by the numbers of the files; statements of one wording stay apart, as they were."""
    names = {number: new_id() for number in sorted(comments.keys() | voted)}
    known: set[str] = set()
    for number, name in names.items():
        comment = comments.get(number)
        same = same_text(comment.text if comment else f"\0{number}")
        same = same_text(f"{same}\0{number}") if same in known else same
        known.add(same)
        row = PoolStatementRow(
            id=name,
            pool=pool.id,
            number=int(number),
            words="",
            same=same,
            holder="",
            seq=0,
        )
        session.add(row)
        text = plain(comment.text) if comment and comment.moderated != TAKEN_OUT else ""
        if comment is None or not text:
            continue
        moderation.submit(
            session,
            kind=STATEMENT,
            item=name,
            text=text,
            author=HOLDER + comment.author,
            department=pool.department,
            record=pool.record,
            scope=pool.id,
            now=now,
        )
    session.flush()
    return names


def _votes(session: Session, rows: Sequence[dict[str, object]]) -> None:
    for begin in range(0, len(rows), ROWS_AT_ONCE):
        session.execute(insert(PoolVoteRow), rows[begin : begin + ROWS_AT_ONCE])
