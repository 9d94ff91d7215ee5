"""Opinion pools over HTTP: open, write, vote, freeze, read, contest, take along."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from flask import Response

from mvote.core.opinion.votes import VoteMatrix
from mvote.formats.polis.writing import (
    write_comments_csv,
    write_participants_csv,
    write_votes_csv,
    write_votes_json,
)
from mvote.votes.discussions.errors import (
    RecordClosed,
    RecordMoved,
    RecordOfOtherDepartment,
    RecordUnknown,
)
from mvote.votes.participation.errors import ACT_REFUSALS
from mvote.votes.pools import service
from mvote.votes.pools.errors import (
    ContestAnswered,
    ContestedBefore,
    ContestNotYours,
    ContestUnknown,
    PoolEndsTooSoon,
    PoolFrozen,
    PoolFull,
    PoolNotFrozen,
    PoolOfDepartment,
    PoolStatementUnknown,
    PoolTooSmall,
    PoolUnknown,
    StatementStands,
    TooManyStatements,
    VotesNotPublic,
)
from mvote.votes.pools.rules import Pool, Statement
from mvote.votes.pools.schemas import (
    ContestAnswerIn,
    ContestOut,
    ContestsOut,
    OpinionPoolOut,
    PoolContestIn,
    PoolIn,
    PoolPageOut,
    PoolResultOut,
    PoolsOut,
    PoolStatementIn,
    PoolStatementOut,
    PoolStatementsOut,
    PoolVotesIn,
    PoolVotesOut,
    SeedsIn,
    SeedsOut,
)
from mvote.votes.pools.service import PolisFiles
from mvote.web.access import acting_official
from mvote.web.acts import ActIn, body_of
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of, read_place, spell_place
from mvote.web.problems import refuses

routes = Routes("pools", __name__, url_prefix="/api/v1", description="Opinion pools")

RECORD = "/records/<string:record_id>/pools"
POOL = "/pools/<string:pool_id>"
CSV_SCHEMA = {"type": "string", "description": "RFC 4180, UTF-8"}
JSON_SCHEMA = {"type": "array", "items": {"type": "object"}}


def _now() -> datetime:
    return datetime.now(UTC)


@routes.get(RECORD)
@guarded
@routes.response(200, PoolsOut)
def list_pools(record_id: str) -> dict[str, Any]:
    """The opinion pools of a record, the newest first."""
    return {"items": service.list_pools(record_id)}


@routes.post(RECORD)
@guarded
@refuses(RecordUnknown, RecordMoved, RecordClosed, RecordOfOtherDepartment)
@refuses(PoolEndsTooSoon, PoolFull)
@routes.arguments(PoolIn)
@routes.response(201, OpinionPoolOut)
def open_pool(given: dict[str, Any], record_id: str) -> Pool:
    """Open an opinion pool on a record, with its first statements."""
    return service.open_pool(record_id, **given, official=acting_official(), now=_now())


@routes.get("/pools")
@guarded
@refuses(CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, PoolPageOut)
def list_newest_pools(asked: dict[str, Any]) -> dict[str, Any]:
    """The opinion pools of all records, the newest first."""

    def listing(*, after: str, limit: int) -> Sequence[Pool]:
        return service.list_newest_pools(after=read_place(after), limit=limit)

    return page_of(listing, lambda pool: spell_place(pool.opened_at, pool.id), asked)


@routes.get(POOL)
@guarded
@refuses(PoolUnknown)
@routes.response(200, OpinionPoolOut)
def get_pool(pool_id: str) -> Pool:
    """An opinion pool.  Its scope, for permits and acts, has the pool's id."""
    return service.get_pool(pool_id)


@routes.post(f"{POOL}/seeds")
@guarded
@refuses(PoolUnknown, PoolOfDepartment, PoolFrozen, PoolFull)
@routes.arguments(SeedsIn)
@routes.response(200, SeedsOut)
def add_seeds(given: dict[str, Any], pool_id: str) -> dict[str, Any]:
    """Write statements for the city; gives all that the city wrote."""
    found = service.add_seeds(pool_id, seeds=given["seeds"], official=acting_official())
    return {"items": found}


@routes.get(f"{POOL}/statements")
@guarded
@refuses(PoolUnknown)
@routes.response(200, PoolStatementsOut)
def list_statements(pool_id: str) -> dict[str, Any]:
    """Every statement that may be shown, with the weight by which a phone draws the next one."""
    found = service.list_statements(pool_id)
    return {"items": [_weighed(one, weight) for one, weight in found]}


def _weighed(one: Statement, weight: int) -> dict[str, Any]:
    spelled = {"id": one.id, "number": one.number, "by_city": one.by_city, "text": one.text}
    return spelled | {"weight": weight}


@routes.post(f"{POOL}/statements")
@guarded
@refuses(PoolUnknown, PoolFrozen, StatementStands, TooManyStatements, PoolFull, *ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(201, PoolStatementOut)
@routes.alt_response(200, schema=PoolStatementOut, description="It stands there already")
def write_statement(raw: dict[str, Any], pool_id: str) -> tuple[Statement, int]:
    """Write a statement: the act ``pool-statement``."""
    text = body_of(raw, PoolStatementIn())["text"]
    made, new = service.write_statement(pool_id, raw=raw, text=text, now=_now())
    return made, 201 if new else 200


@routes.post(f"{POOL}/votes")
@guarded
@refuses(PoolUnknown, PoolFrozen, PoolStatementUnknown, *ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(200, PoolVotesOut)
def vote_in_pool(raw: dict[str, Any], pool_id: str) -> dict[str, Any]:
    """Agree, disagree or pass: the act ``pool-vote``.  The last vote on a statement counts."""
    votes = body_of(raw, PoolVotesIn())["votes"]
    return {"votes": service.vote(pool_id, raw=raw, votes=votes, now=_now())}


@routes.post(f"{POOL}/freezing")
@guarded
@refuses(PoolUnknown, PoolOfDepartment)
@routes.response(200, OpinionPoolOut)
def freeze_pool(pool_id: str) -> Pool:
    """End a pool before its time: the result is worked out and enters the record for good."""
    return service.freeze_pool(pool_id, official=acting_official(), now=_now())


@routes.get(f"{POOL}/result")
@guarded
@refuses(PoolUnknown, PoolNotFrozen)
@routes.response(200, PoolResultOut)
def get_pool_result(pool_id: str) -> dict[str, Any]:
    """The frozen result: groups, what stands for each, what bridges them."""
    found = service.get_result(pool_id)
    return {"digest": found.digest, "result": found.result, "texts": found.texts}


@routes.get(f"{POOL}/contests")
@guarded
@refuses(PoolUnknown)
@routes.response(200, ContestsOut)
def list_contests(pool_id: str) -> dict[str, Any]:
    """What participants have against a result, and what the department answered."""
    return {"items": service.list_contests(pool_id)}


@routes.post(f"{POOL}/contests")
@guarded
@refuses(PoolUnknown, PoolNotFrozen, PoolStatementUnknown, ContestNotYours, ContestedBefore)
@refuses(*ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(201, ContestOut)
@routes.alt_response(200, schema=ContestOut, description="It stands there already")
def contest_statement(raw: dict[str, Any], pool_id: str) -> tuple[Any, int]:
    """Contest a statement's place in the result: the act ``pool-contest``, once a statement."""
    body = body_of(raw, PoolContestIn())
    made, new = service.contest(pool_id, raw=raw, **body, now=_now())
    return made, 201 if new else 200


@routes.post(f"{POOL}/contests/<string:contest_id>/answers")
@guarded
@refuses(PoolUnknown, PoolOfDepartment, ContestUnknown, ContestAnswered)
@routes.arguments(ContestAnswerIn)
@routes.response(200, ContestOut)
def answer_contest(given: dict[str, Any], pool_id: str, contest_id: str) -> Any:
    """Answer a contest for the department, in public and once."""
    return service.answer_contest(
        pool_id, contest_id, text=given["text"], official=acting_official(), now=_now()
    )


@routes.get(f"{POOL}/votes.csv")
@guarded
@refuses(PoolUnknown, PoolNotFrozen, VotesNotPublic, PoolTooSmall)
@routes.response(200, CSV_SCHEMA, content_type="text/csv")
def get_pool_votes_table(pool_id: str) -> Response:
    """Every vote, as Polis exports it: 1 is agree.  When one came nobody knows."""
    return _file(write_votes_csv(service.export(pool_id).votes), "text/csv")


@routes.get(f"{POOL}/votes.json")
@guarded
@refuses(PoolUnknown, PoolNotFrozen, VotesNotPublic, PoolTooSmall)
@routes.response(200, JSON_SCHEMA)
def get_pool_votes(pool_id: str) -> Response:
    """The same as JSON, as red-dwarf reads it."""
    return _file(write_votes_json(service.export(pool_id).votes), "application/json")


@routes.get(f"{POOL}/participants-votes.csv")
@guarded
@refuses(PoolUnknown, PoolNotFrozen, VotesNotPublic, PoolTooSmall)
@routes.response(200, CSV_SCHEMA, content_type="text/csv")
def get_pool_participants_table(pool_id: str) -> Response:
    """The matrix of votes with each participant's group, as Polis exports it."""
    found = service.export(pool_id)
    return _file(_participants(found), "text/csv")


def _participants(found: PolisFiles) -> Iterable[str]:
    matrix: VoteMatrix = found.matrix
    return write_participants_csv(matrix, found.groups(), written=found.written)


@routes.get(f"{POOL}/comments.csv")
@guarded
@refuses(PoolUnknown, PoolNotFrozen, VotesNotPublic, PoolTooSmall)
@routes.response(200, CSV_SCHEMA, content_type="text/csv")
def get_pool_statements_table(pool_id: str) -> Response:
    """The statements, as Polis exports them."""
    found = service.export(pool_id)
    return _file(write_comments_csv(found.comments, found.votes), "text/csv")


def _file(lines: Iterable[str], kind: str) -> Response:
    return Response("".join(lines), content_type=f"{kind}; charset=utf-8")
