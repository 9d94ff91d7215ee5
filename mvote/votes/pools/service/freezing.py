"""Freezing a pool: nothing is taken any more, groups are found, the result enters its record.

It goes in two steps, so that nobody waits while groups are found: first the pool closes, then
its result is worked out and written.  Wherever that is killed, the worker goes on with it, and
the result enters once.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.canonical import JSON, canonical_bytes, digest
from mvote.core.official import Official
from mvote.core.opinion.votes import VoteMatrix, vote_matrix
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules import POOL_RESULT
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import STATEMENT
from mvote.votes.participation.service.scopes import take_gate
from mvote.votes.pools.rules import (
    CLOSING,
    FROZEN,
    OPEN,
    Pool,
    PoolClosed,
    PoolResultFrozen,
    numbered,
    result_of,
)
from mvote.votes.pools.service.rows import (
    find_pool,
    list_statement_rows,
    lock_own,
    pool_of,
    texts_of,
)
from mvote.votes.pools.tables import PoolRow, PoolStatementRow, PoolVoteRow

ENTERED: int = 5
"""Statements of each kind that stand in the record itself."""


def freeze_pool(pool_id: str, *, official: Official, now: datetime) -> Pool:
    """Close a pool and write its result; frozen again, nothing changes.

    Raises PoolUnknown, PoolOfDepartment.
    """
    with transaction("votes") as session:
        take_gate(session, pool_id, exclusive=True)
        _close(session, lock_own(session, pool_id, official), by=official.id, now=now)
    write_result(pool_id, now=now)
    with reading("votes") as session:
        return pool_of(session, find_pool(session, pool_id))


def freeze_due(now: datetime) -> int:
    """Close pools whose time is over, and write results that are missing; returns how many."""
    over = select(PoolRow.id).where(PoolRow.state == OPEN, PoolRow.closes <= now)
    with reading("votes") as session:
        due = session.scalars(over).all()
    for pool_id in due:
        with transaction("votes") as session:
            take_gate(session, pool_id, exclusive=True)
            _close(session, session.get_one(PoolRow, pool_id), by="", now=now)
    with reading("votes") as session:
        waiting = session.scalars(select(PoolRow.id).where(PoolRow.state == CLOSING)).all()
    return len(due) + sum(write_result(pool_id, now=now) for pool_id in waiting)


def _close(session: Session, row: PoolRow, *, by: str, now: datetime) -> None:
    session.refresh(row, with_for_update=True)
    if row.state == OPEN:
        row.state = CLOSING
        record(session, "votes", PoolClosed(row.id, by=by), now=now)


def write_result(pool_id: str, *, now: datetime) -> bool:
    """Write the result of a pool that is closed, once; whether it was missing."""
    with reading("votes") as session:
        row = find_pool(session, pool_id)
        if row.state != CLOSING:
            return False
        worked_out = _work_out(session, row, now=now)
    with transaction("votes") as session:
        row = session.get_one(PoolRow, pool_id, with_for_update=True)
        if row.state != CLOSING:
            return False
        result, numbers = worked_out
        row.state, row.frozen_at = FROZEN, now.replace(microsecond=0)
        row.result, row.digest = canonical_bytes(result).decode(), digest(result)
        for one in session.scalars(
            select(PoolStatementRow).where(PoolStatementRow.pool == pool_id)
        ):
            one.number = numbers[one.id]
        _enter(session, row, result, now=now)
    return True


def _work_out(
    session: Session, row: PoolRow, *, now: datetime
) -> tuple[dict[str, JSON], Mapping[str, int]]:
    rows = list_statement_rows(session, row.id)
    numbers = numbered([(one.id, one.number) for one in rows])
    shown = texts_of(session, rows)
    written = [one.id for one in rows if one.id in shown and not one.words]
    standings = moderation.list_standings(session, kind=STATEMENT, items=written)
    beside: dict[str, Mapping[str, JSON]] = {
        str(numbers[one.id]): {
            "id": one.id,
            "by_city": bool(one.words),
            "text_sha256": standings[one.id].digest
            if one.id in standings
            else digest(dict(shown[one.id])),
        }
        for one in rows
        if one.id in shown
    }
    about = {"pool": row.id, "record": row.record, "frozen": iso(now.replace(microsecond=0))}
    least = installation().settings.pool_group_least
    matrix = matrix_of(session, row.id, numbers, shown)
    return result_of(matrix, beside, about=about, least=least), numbers


def matrix_of(
    session: Session, pool_id: str, names: Mapping[str, object], shown: Mapping[str, object]
) -> VoteMatrix:
    """Votes on the statements that are shown, which have such names, their numbers for one."""
    return vote_matrix(
        (holder, str(names[statement]), vote)
        for holder, statement, vote in votes_of(session, pool_id)
        if statement in shown
    )


def votes_of(session: Session, pool_id: str) -> Iterator[tuple[str, str, int]]:
    columns = PoolVoteRow.holder, PoolVoteRow.statement, PoolVoteRow.vote
    query = select(*columns).where(PoolVoteRow.pool == pool_id)
    return ((holder, statement, vote) for holder, statement, vote in session.execute(query))


def _enter(session: Session, row: PoolRow, result: Mapping[str, JSON], *, now: datetime) -> None:
    """What everyone can read of it in the record: counts, no texts, which can be hidden later."""
    found: Sequence[Mapping[str, JSON]] = result["statements"]
    bridging = set(result["bridging"])
    body = {
        "sha256": row.digest,
        "participants": result["participants"],
        "statements": len(found),
        "groups": [one["size"] for one in result["groups"]],
        "bridging": [
            {key: one[key] for key in ("number", "agree", "disagree", "pass")}
            for one in found
            if one["number"] in bridging
        ][:ENTERED],
    }
    added, _ = records.add_entry(
        session, row.record, kind=POOL_RESULT, subject=row.id, body=body, by="", now=now
    )
    frozen = PoolResultFrozen(
        row.id,
        record=added.record,
        number=added.number,
        department=row.department,
        digest=str(row.digest),
    )
    record(session, "votes", frozen, now=now)
