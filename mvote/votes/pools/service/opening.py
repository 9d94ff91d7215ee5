"""An official opens a pool on a record and writes its first statements."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import canonical_bytes
from mvote.core.ids import new_id
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.core.times import iso
from mvote.db import transaction
from mvote.installation import installation
from mvote.votes.discussions import service as records
from mvote.votes.discussions.errors import RecordClosed
from mvote.votes.discussions.rules import POOL
from mvote.votes.discussions.service.writing import lock_own as lock_record_of
from mvote.votes.participation import service as participation
from mvote.votes.pools.errors import PoolEndsTooSoon, PoolFull
from mvote.votes.pools.rules import OPEN, Pool, PoolOpened, Statement, same_text
from mvote.votes.pools.service.rows import (
    list_statement_rows,
    lock_own,
    pool_of,
    require_open,
    statement_of,
    texts_of,
)
from mvote.votes.pools.tables import PoolRow, PoolStatementRow


def open_pool(
    record_id: str,
    *,
    title: Words,
    intro: Words,
    seeds: Sequence[Words],
    closes: datetime | None,
    votes_public: bool,
    official: Official,
    now: datetime,
) -> Pool:
    """Open a pool; everyone with a verified number may take part.

    ``closes`` None is in ``MVOTE_POOL_DAYS`` days.  Raises PoolEndsTooSoon, PoolFull,
    RecordUnknown, RecordMoved, RecordClosed, RecordOfOtherDepartment.
    """
    with transaction("votes") as session:
        if lock_record_of(session, record_id, official).closed_at is not None:
            raise RecordClosed()
        row = keep_pool(
            session,
            record_id,
            department=official.department,
            title=title,
            intro=intro,
            closes=closes,
            votes_public=votes_public,
            now=now,
        )
        _add(session, row, seeds)
        return pool_of(session, row)


def keep_pool(
    session: Session,
    record_id: str,
    *,
    department: str,
    title: Words,
    intro: Words,
    closes: datetime | None,
    votes_public: bool,
    now: datetime,
    source: str = "",
) -> PoolRow:
    """Write a pool down, open its scope, tell its record.  Raises PoolEndsTooSoon.

    The scope outlives the pool, so that its result can be contested.
    """
    settings = installation().settings
    until = (closes or now + timedelta(days=settings.pool_days)).replace(microsecond=0)
    if until <= now:
        raise PoolEndsTooSoon()
    row = PoolRow(
        id=new_id(),
        record=record_id,
        department=department,
        title=canonical_bytes(dict(title)).decode(),
        intro=canonical_bytes(dict(intro)).decode(),
        state=OPEN,
        opened_at=now.replace(microsecond=0),
        closes=until,
        votes_public=votes_public,
        source=source,
    )
    session.add(row)
    session.flush()
    last = until + timedelta(days=settings.pool_contest_days)
    participation.open_scope(session, row.id, kind="pool", closes=last, now=now)
    body = {"title": dict(title), "closes": iso(until), "votes_public": votes_public}
    records.add_entry(
        session, record_id, kind=POOL, subject=row.id, body=body, by=department, now=now
    )
    record(session, "votes", PoolOpened(row.id, record=record_id), now=now)
    return row


def add_seeds(pool_id: str, *, seeds: Sequence[Words], official: Official) -> Sequence[Statement]:
    """Write statements for the city; one that stands there is not added twice.

    Raises PoolUnknown, PoolOfDepartment, PoolFrozen, PoolFull.
    """
    with transaction("votes") as session:
        row = lock_own(session, pool_id, official)
        require_open(row)
        _add(session, row, seeds)
        rows = list_statement_rows(session, pool_id)
        texts = texts_of(session, rows)
        return [statement_of(one, texts) for one in rows if one.words]


def _add(session: Session, row: PoolRow, seeds: Sequence[Words]) -> None:
    rows = list_statement_rows(session, row.id)
    known = {one.same for one in rows}
    number = max((one.number for one in rows if one.number is not None), default=-1) + 1
    for words in seeds:
        same = same_text(words["ko"])
        if same in known:
            continue
        known.add(same)
        session.add(
            PoolStatementRow(
                id=new_id(),
                pool=row.id,
                number=number,
                words=canonical_bytes(dict(words)).decode(),
                same=same,
                holder="",
                seq=0,
            )
        )
        number += 1
    session.flush()
    require_room(session, row.id)


def require_room(session: Session, pool_id: str) -> None:
    """Raises PoolFull."""
    most = installation().settings.pool_statements
    count = select(func.count()).where(PoolStatementRow.pool == pool_id)
    if (session.scalar(count) or 0) > most:
        raise PoolFull(most=most)
