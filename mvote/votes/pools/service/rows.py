"""What every verb asks of the rows of a pool."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from mvote.core.ids import is_id
from mvote.core.official import Official
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import STATEMENT
from mvote.votes.pools.errors import PoolFrozen, PoolOfDepartment, PoolUnknown
from mvote.votes.pools.rules import FROZEN, OPEN, Pool, Statement, round_down
from mvote.votes.pools.tables import PoolRow, PoolStatementRow, PoolVoteRow

UNSAID = "und"
"""BCP 47's name for a language that nobody named."""


def find_pool(session: Session, pool_id: str) -> PoolRow:
    """Raises PoolUnknown."""
    row = session.get(PoolRow, pool_id) if is_id(pool_id) else None
    if row is None:
        raise PoolUnknown()
    return row


def lock_own(session: Session, pool_id: str, official: Official) -> PoolRow:
    """Nobody else's until the transaction ends.  Raises PoolUnknown, PoolOfDepartment."""
    found = session.get(PoolRow, pool_id, with_for_update=True) if is_id(pool_id) else None
    if found is None:
        raise PoolUnknown()
    if not official.speaks_for(found.department):
        raise PoolOfDepartment(department=found.department)
    return found


def require_open(row: PoolRow) -> None:
    """Raises PoolFrozen."""
    if row.state != OPEN:
        raise PoolFrozen()


def list_statement_rows(session: Session, pool_id: str) -> Sequence[PoolStatementRow]:
    """By id, which is random."""
    query = select(PoolStatementRow).where(PoolStatementRow.pool == pool_id)
    return session.scalars(query.order_by(PoolStatementRow.id)).all()


def texts_of(session: Session, rows: Sequence[PoolStatementRow]) -> Mapping[str, Mapping[str, str]]:
    """By id the texts of those statements that may be shown."""
    written = [row.id for row in rows if not row.words]
    standings = moderation.list_standings(session, kind=STATEMENT, items=written)
    shown = {name: {UNSAID: one.text} for name, one in standings.items() if one.text}
    return shown | {row.id: json.loads(row.words) for row in rows if row.words}


def statement_of(row: PoolStatementRow, texts: Mapping[str, Mapping[str, str]]) -> Statement:
    return Statement(row.id, row.number, bool(row.words), texts.get(row.id))


def pool_of(session: Session, row: PoolRow) -> Pool:
    return pools_of(session, [row])[0]


def pools_of(session: Session, rows: Sequence[PoolRow]) -> list[Pool]:
    """In as many queries for several as for one."""
    names = [row.id for row in rows]
    voted = select(PoolVoteRow.pool, func.count(PoolVoteRow.holder.distinct()))
    voted = voted.where(PoolVoteRow.pool.in_(names)).group_by(PoolVoteRow.pool)
    people = dict(iter(session.execute(voted)))
    written = select(PoolStatementRow).where(PoolStatementRow.pool.in_(names))
    statements = session.scalars(written).all()
    shown = texts_of(session, statements)
    counts = Counter(one.pool for one in statements if one.id in shown)
    return [_pool_of(row, people.get(row.id, 0), counts[row.id]) for row in rows]


def _pool_of(row: PoolRow, people: int, statements: int) -> Pool:
    return Pool(
        id=row.id,
        record=row.record,
        department=row.department,
        title=json.loads(row.title),
        intro=json.loads(row.intro),
        state=row.state,
        opened_at=row.opened_at,
        closes=row.closes,
        votes_public=row.votes_public,
        participants=people if row.state == FROZEN else round_down(people),
        statements=statements,
        frozen_at=row.frozen_at,
        digest=row.digest,
    )
