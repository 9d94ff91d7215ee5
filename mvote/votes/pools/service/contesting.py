"""Contesting the place of a statement in a result, and the department's answer."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id, new_id
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import CONTEST
from mvote.votes.participation import service as participation
from mvote.votes.participation.rules import Taken
from mvote.votes.pools.errors import (
    ContestAnswered,
    ContestedBefore,
    ContestNotYours,
    ContestUnknown,
    PoolNotFrozen,
    PoolStatementUnknown,
)
from mvote.votes.pools.rules import FROZEN, Contest, PoolContestAnswered
from mvote.votes.pools.service.reading import contests_of
from mvote.votes.pools.service.rows import find_pool, lock_own
from mvote.votes.pools.tables import PoolContestRow, PoolRow, PoolStatementRow, PoolVoteRow

ACT = "pool-contest"


def contest(
    pool_id: str, *, raw: JSON, statement: str, text: str, now: datetime
) -> tuple[Contest, bool]:
    """Take what a participant has against a statement's place or summary, once a statement.

    Raises PoolUnknown, PoolNotFrozen, PoolStatementUnknown, ContestNotYours, ContestedBefore
    and what take_act raises.
    """
    with transaction("votes") as session:
        pool = find_pool(session, pool_id)
        if pool.state != FROZEN:
            raise PoolNotFrozen()
        taken = participation.take_act(session, raw, scope_id=pool_id, act=ACT, now=now)
        own = PoolContestRow.pool == pool_id, PoolContestRow.holder == taken.holder
        about = PoolContestRow.statement == statement
        row = session.scalars(select(PoolContestRow).where(*own, about)).one_or_none()
        if row is not None and taken.new:
            raise ContestedBefore()
        if row is None:
            row = _write(session, pool, taken, statement, text, now=now)
        return contests_of(session, [row])[0], taken.new


def _write(
    session: Session, pool: PoolRow, taken: Taken, statement: str, text: str, *, now: datetime
) -> PoolContestRow:
    about = session.get(PoolStatementRow, statement) if is_id(statement) else None
    if about is None or about.pool != pool.id:
        raise PoolStatementUnknown()
    voted = PoolVoteRow.pool == pool.id, PoolVoteRow.holder == taken.holder
    if session.scalar(select(PoolVoteRow.statement).where(*voted).limit(1)) is None:
        raise ContestNotYours()
    row = PoolContestRow(
        id=new_id(),
        pool=pool.id,
        statement=statement,
        holder=taken.holder,
        seq=taken.seq,
        answer="",
    )
    session.add(row)
    moderation.submit(
        session,
        kind=CONTEST,
        item=row.id,
        text=text,
        author=taken.holder,
        department=pool.department,
        record=pool.record,
        scope=pool.id,
        now=now,
    )
    return row


def answer_contest(
    pool_id: str, contest_id: str, *, text: Words, official: Official, now: datetime
) -> Contest:
    """Answer in public, once; from then on the contest cannot be hidden.

    Raises PoolUnknown, PoolOfDepartment, ContestUnknown, ContestAnswered.
    """
    with transaction("votes") as session:
        pool = lock_own(session, pool_id, official)
        row = session.get(PoolContestRow, contest_id) if is_id(contest_id) else None
        if row is None or row.pool != pool.id:
            raise ContestUnknown()
        spelled = canonical_bytes(dict(text)).decode()
        if row.answer and row.answer != spelled:
            raise ContestAnswered()
        if not row.answer:
            row.answer, row.answered_at = spelled, now.replace(microsecond=0)
            moderation.bind(session, kind=CONTEST, item=row.id, now=now)
            happened = PoolContestAnswered(pool.id, contest=row.id, by=official.id)
            record(session, "votes", happened, now=now)
        return contests_of(session, [row])[0]
