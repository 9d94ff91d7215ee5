"""What citizens do in a pool: write statements, vote on them."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.ids import new_id
from mvote.db import transaction
from mvote.installation import installation
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import STATEMENT
from mvote.votes.participation import service as participation
from mvote.votes.participation.rules import Taken
from mvote.votes.pools.errors import (
    PoolStatementUnknown,
    StatementStands,
    TooManyStatements,
)
from mvote.votes.pools.rules import Statement, same_text
from mvote.votes.pools.service.opening import require_room
from mvote.votes.pools.service.rows import (
    find_pool,
    require_open,
    statement_of,
    texts_of,
)
from mvote.votes.pools.tables import PoolStatementRow, PoolVoteRow

WRITE, VOTE = "pool-statement", "pool-vote"


def write_statement(pool_id: str, *, raw: JSON, text: str, now: datetime) -> tuple[Statement, bool]:
    """Take a statement; the same act again gives the one that is there.

    Raises PoolUnknown, PoolFrozen, StatementStands, TooManyStatements, PoolFull and what
    take_act raises.
    """
    with transaction("votes") as session:
        pool = find_pool(session, pool_id)
        taken = participation.take_act(session, raw, scope_id=pool_id, act=WRITE, now=now)
        row = _kept(session, pool_id, taken)
        if row is None:
            session.refresh(pool)
            require_open(pool)
            row = _write(session, pool_id, taken, text)
            moderation.submit(
                session,
                kind=STATEMENT,
                item=row.id,
                text=text,
                author=taken.holder,
                department=pool.department,
                record=pool.record,
                scope=pool_id,
                now=now,
            )
        return statement_of(row, texts_of(session, [row])), taken.new


def _kept(session: Session, pool_id: str, taken: Taken) -> PoolStatementRow | None:
    if taken.new:
        return None
    own = PoolStatementRow.pool == pool_id, PoolStatementRow.holder == taken.holder
    return session.scalars(
        select(PoolStatementRow).where(*own, PoolStatementRow.seq == taken.seq)
    ).one()


def _write(session: Session, pool_id: str, taken: Taken, text: str) -> PoolStatementRow:
    most = installation().settings.pool_statements_each
    own = PoolStatementRow.pool == pool_id, PoolStatementRow.holder == taken.holder
    if (session.scalar(select(func.count()).where(*own)) or 0) >= most:
        raise TooManyStatements(most=most)
    row = {
        "id": new_id(),
        "pool": pool_id,
        "number": None,
        "words": "",
        "same": same_text(text),
        "holder": taken.holder,
        "seq": taken.seq,
    }
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    added = dialect.insert(PoolStatementRow).values(row).on_conflict_do_nothing()
    if session.execute(added.returning(PoolStatementRow.id)).first() is None:
        raise StatementStands()
    require_room(session, pool_id)
    return session.get_one(PoolStatementRow, row["id"])


def vote(pool_id: str, *, raw: JSON, votes: Mapping[str, int], now: datetime) -> Mapping[str, int]:
    """Take votes by statement; the last one on a statement counts.  Gives those that were taken.

    Raises PoolUnknown, PoolFrozen, PoolStatementUnknown and what take_act raises.
    """
    with transaction("votes") as session:
        pool = find_pool(session, pool_id)
        taken = participation.take_act(session, raw, scope_id=pool_id, act=VOTE, now=now)
        if taken.new:
            session.refresh(pool)
            require_open(pool)
            _require_shown(session, pool_id, votes)
            _keep(session, pool_id, taken.holder, votes)
        return votes


def _require_shown(session: Session, pool_id: str, votes: Mapping[str, int]) -> None:
    named = PoolStatementRow.pool == pool_id, PoolStatementRow.id.in_(votes)
    rows = session.scalars(select(PoolStatementRow).where(*named)).all()
    if len(texts_of(session, rows)) < len(votes):
        raise PoolStatementUnknown()


def _keep(session: Session, pool_id: str, holder: str, votes: Mapping[str, int]) -> None:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"pool": pool_id, "holder": holder, "statement": name, "vote": given}
        for name, given in sorted(votes.items())
    ]
    insert = dialect.insert(PoolVoteRow)
    keys = [PoolVoteRow.pool, PoolVoteRow.holder, PoolVoteRow.statement]
    again = insert.on_conflict_do_update(index_elements=keys, set_={"vote": insert.excluded.vote})
    session.execute(again, rows)
