"""What everyone may read: pools, statements with their weights, results, exports, contests."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.opinion.grouping import find_groups
from mvote.core.opinion.votes import VoteMatrix
from mvote.core.text import Words
from mvote.db import reading
from mvote.formats.polis.comments import Comment
from mvote.formats.polis.votes import PolisVote
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import CONTEST
from mvote.votes.pools.errors import PoolNotFrozen, PoolTooSmall, VotesNotPublic
from mvote.votes.pools.rules import (
    FROZEN,
    UNSEEN,
    Contest,
    Pool,
    Statement,
    numbered,
)
from mvote.votes.pools.service.freezing import matrix_of, votes_of
from mvote.votes.pools.service.rows import (
    find_pool,
    list_statement_rows,
    pool_of,
    pools_of,
    statement_of,
    texts_of,
)
from mvote.votes.pools.service.weighing import weights_of
from mvote.votes.pools.tables import PoolContestRow, PoolRow


@dataclass(frozen=True, slots=True)
class PoolResult:
    """``result`` is what the digest is of; ``texts`` by statement id what may be shown now."""

    pool: Pool
    digest: str
    result: Mapping[str, JSON]
    texts: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class PolisFiles:
    """A frozen pool as Polis would export it; participants are numbered anew.

    ``least`` is the size of a group below which it is told of nobody that they are in it.
    """

    votes: Sequence[PolisVote]
    comments: Sequence[Comment]
    matrix: VoteMatrix
    least: int
    written: Mapping[str, int]

    def groups(self) -> Mapping[str, Sequence[str]]:
        """Found anew, which takes a while."""
        found = find_groups(self.matrix).groups
        return {name: some for name, some in found.items() if len(some) >= self.least}


def get_pool(pool_id: str) -> Pool:
    """Raises PoolUnknown."""
    with reading("votes") as session:
        return pool_of(session, find_pool(session, pool_id))


def list_pools(record_id: str) -> Sequence[Pool]:
    """The pools of a record, the newest first."""
    query = select(PoolRow).where(PoolRow.record == record_id)
    with reading("votes") as session:
        rows = session.scalars(query.order_by(PoolRow.opened_at.desc(), PoolRow.id)).all()
        return pools_of(session, rows)


def list_newest_pools(*, after: tuple[datetime, str] | None, limit: int) -> Sequence[Pool]:
    """Pools of all records, the newest first, behind the time of opening and id in ``after``."""
    query = select(PoolRow).order_by(PoolRow.opened_at.desc(), PoolRow.id).limit(limit)
    if after is not None:
        at, pool = after
        same = and_(PoolRow.opened_at == at, PoolRow.id > pool)
        query = query.where(or_(PoolRow.opened_at < at, same))
    with reading("votes") as session:
        return pools_of(session, session.scalars(query).all())


def list_statements(pool_id: str) -> Sequence[tuple[Statement, int]]:
    """What may be shown of a pool, each with its weight for being shown next.

    Raises PoolUnknown.
    """
    shown, weights = list_shown(pool_id), weights_of(pool_id)
    return [(one, weights.get(one.id, weights[UNSEEN])) for one in shown]


def list_shown(pool_id: str) -> Sequence[Statement]:
    """What may be shown of a pool, by id.  Raises PoolUnknown."""
    with reading("votes") as session:
        find_pool(session, pool_id)
        rows = list_statement_rows(session, pool_id)
        texts = texts_of(session, rows)
        return [statement_of(row, texts) for row in rows if row.id in texts]


def get_result(pool_id: str) -> PoolResult:
    """Raises PoolUnknown, PoolNotFrozen."""
    with reading("votes") as session:
        row = _frozen(session, pool_id)
        texts = texts_of(session, list_statement_rows(session, pool_id))
        result = json.loads(row.result or "{}")
        return PoolResult(pool_of(session, row), str(row.digest), result, texts)


def list_contests(pool_id: str) -> Sequence[Contest]:
    """By id.  Raises PoolUnknown."""
    with reading("votes") as session:
        find_pool(session, pool_id)
        query = select(PoolContestRow).where(PoolContestRow.pool == pool_id)
        rows = session.scalars(query.order_by(PoolContestRow.id)).all()
        return contests_of(session, rows)


def contests_of(session: Session, rows: Sequence[PoolContestRow]) -> Sequence[Contest]:
    names = [row.id for row in rows]
    standings = moderation.list_standings(session, kind=CONTEST, items=names)
    return [
        Contest(
            id=row.id,
            statement=row.statement,
            text=standings[row.id].text if row.id in standings else None,
            answer=_words(row.answer),
            answered_at=row.answered_at,
        )
        for row in rows
    ]


def _words(spelled: str) -> Words | None:
    words: Words | None = json.loads(spelled) if spelled else None
    return words


def export(pool_id: str) -> PolisFiles:
    """A frozen pool in the files of Polis.

    Raises PoolUnknown, PoolNotFrozen, VotesNotPublic, PoolTooSmall.
    Nobody knows when a vote came, so all have the time at which the pool was frozen.  Groups
    that are too small to be shown are in none.
    """
    with reading("votes") as session:
        row = _frozen(session, pool_id)
        if not row.votes_public:
            raise VotesNotPublic()
        result = json.loads(row.result or "{}")
        least: int = result["least"]
        if result["participants"] < least:
            raise PoolTooSmall(least=least)
        rows = list_statement_rows(session, pool_id)
        texts = texts_of(session, rows)
        numbers = numbered([(one.id, one.number) for one in rows])
        matrix = matrix_of(session, pool_id, numbers, texts)
        names = {who: str(place) for place, who in enumerate(matrix.participants)}
        at = int((row.frozen_at or row.closes).timestamp() * 1000)
        votes = [
            PolisVote(at, names[who], str(numbers[what]), vote)
            for who, what, vote in sorted(votes_of(session, pool_id))
            if what in texts
        ]
        comments = [
            Comment(
                id=str(numbers[one.id]),
                author=names.get(one.holder, str(len(names))),
                text=_one_text(texts.get(one.id, {})),
                moderated=1 if one.id in texts else -1,
                at=at,
            )
            for one in sorted(rows, key=lambda one: numbers[one.id])
        ]
    return _files(matrix, names, votes, comments, least=least)


def _files(
    matrix: VoteMatrix,
    names: Mapping[str, str],
    votes: Sequence[PolisVote],
    comments: Sequence[Comment],
    *,
    least: int,
) -> PolisFiles:
    people = tuple(names[who] for who in matrix.participants)
    written: dict[str, int] = {}
    for comment in comments:
        written[comment.author] = written.get(comment.author, 0) + 1
    renamed = VoteMatrix(people, matrix.statements, matrix.cells)
    return PolisFiles(votes, comments, renamed, least, written)


def _one_text(text: Mapping[str, str]) -> str:
    return next(iter(text.values()), "")


def _frozen(session: Session, pool_id: str) -> PoolRow:
    row = find_pool(session, pool_id)
    if row.state != FROZEN:
        raise PoolNotFrozen()
    return row
