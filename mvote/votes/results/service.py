"""Count a closed poll once, freeze the result, read it."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.poll import PollDefinition
from mvote.core.result import Figures, compose, tally
from mvote.core.secrecy.levels import publishes_names
from mvote.core.times import parse_iso
from mvote.db import engine, reading, transaction
from mvote.installation import installation
from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.errors import BallotsNotOpen, CountHiddenBeforeClose
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import Poll
from mvote.votes.results.errors import ResultNotPublished
from mvote.votes.results.rules import (
    BALLOTS_CSV,
    COLUMNS,
    RESULT_CSV,
    RESULT_JSON,
    Result,
    ResultFile,
    ResultPublished,
    ballot_rows,
    result_rows,
    running_count,
    spell_csv,
)
from mvote.votes.results.tables import ResultFileRow, ResultRow

_kept: WeakKeyDictionary[Engine, dict[tuple[str, str], ResultFile]] = WeakKeyDictionary()
_keeping = Lock()


def publish_result(poll_id: str, *, now: datetime) -> bool:
    """Count, freeze and publish a closed poll; False where it is done already.

    The ballots of a closed poll cannot change, so they are counted outside the
    transaction; one of several workers that count at once publishes.
    """
    poll = polls.get_poll(poll_id)
    if poll.state != "closed":
        return False
    now = now.replace(microsecond=0)
    files = _files_of(poll, now=now)
    with transaction("votes") as session:
        if polls.lock_poll(session, poll_id).state != "closed":
            return False
        _store(session, poll, files, now=now)
    return True


def _files_of(poll: Poll, *, now: datetime) -> list[ResultFile]:
    """The files of a result, the JSON first."""
    definition = polls.definition_of(poll.id)
    document = _document(poll, definition, now=now)
    made = [
        _file(RESULT_JSON, canonical_bytes(document)),
        _file(RESULT_CSV, spell_csv(COLUMNS, result_rows(document))),
    ]
    if publishes_names(definition.level):
        header = ("name", *(question.id for question in definition.questions))
        rows = ballot_rows(definition, ballots.iter_named(poll.id))
        made.append(_file(BALLOTS_CSV, spell_csv(header, rows)))
    return made


def _document(poll: Poll, definition: PollDefinition, *, now: datetime) -> dict[str, JSON]:
    if poll.ph is None or poll.closed_at is None or poll.issued is None:
        raise ValueError(f"poll {poll.id} is closed without a hash, a time or an issued list")
    figures = Figures(
        eligible=definition.roll.eligible,
        issued=poll.issued,
        voters=ballots.count_voters(poll.id),
        entries=ballots.count_ballots(poll.id),
    )
    outcomes = tally(definition, ballots.iter_counted(poll.id), poll_hash=poll.ph)
    return compose(
        definition,
        outcomes,
        figures,
        poll_hash=poll.ph,
        closed_at=poll.closed_at,
        published_at=now,
    )


def _file(name: str, content: bytes) -> ResultFile:
    return ResultFile(name, hashlib.sha256(content).hexdigest(), content)


def _store(session: Session, poll: Poll, files: list[ResultFile], *, now: datetime) -> None:
    digest = files[0].digest
    session.add(ResultRow(poll=poll.id, digest=digest, published_at=now))
    session.flush()
    for one in files:
        row = ResultFileRow(poll=poll.id, name=one.name, digest=one.digest, content=one.content)
        session.add(row)
    polls.mark_published(session, poll.id, now=now)
    happening = ResultPublished(poll.id, digest, poll.record, poll.department)
    audit(session, "votes", happening, now=now)


def list_unpublished() -> list[str]:
    """The ids of closed polls whose result is still to be published."""
    return [poll.id for poll in polls.list_in_state("closed")]


def get_result(poll_id: str) -> Result:
    """Raises PollUnknown, ResultNotPublished."""
    found = get_file(poll_id, RESULT_JSON)
    document = json.loads(found.content)
    return Result(poll_id, found.digest, parse_iso(document["published_at"]), document)


def get_file(poll_id: str, name: str) -> ResultFile:
    """The bytes of ``result.json`` or ``result.csv``, kept in memory once read.

    Raises PollUnknown, ResultNotPublished.
    """
    with _keeping:
        kept = _kept.setdefault(engine("votes"), {})
        if found := kept.get((poll_id, name)):
            return found
    read = _read_file(poll_id, name)
    with _keeping:
        while kept and len(kept) >= installation().settings.results_kept:
            del kept[next(iter(kept))]
        kept[poll_id, name] = read
    return read


def get_ballots_file(poll_id: str) -> ResultFile:
    """Names and choices.  Raises PollUnknown, ResultNotPublished, BallotsNotOpen."""
    polls.get_public_poll(poll_id)
    if not publishes_names(polls.definition_of(poll_id).level):
        raise BallotsNotOpen()
    return _read_file(poll_id, BALLOTS_CSV)


def _read_file(poll_id: str, name: str) -> ResultFile:
    polls.get_public_poll(poll_id)
    with reading("votes") as session:
        row = session.get(ResultFileRow, (poll_id, name))
        if row is None:
            raise ResultNotPublished()
        return ResultFile(row.name, row.digest, row.content)


def get_running_count(poll_id: str) -> Mapping[str, JSON]:
    """The count of what is on the board, where the poll's rule shows it before the end.

    Raises PollUnknown, CountHiddenBeforeClose.
    """
    polls.get_public_poll(poll_id)
    if polls.definition_of(poll_id).decision.results != "live":
        raise CountHiddenBeforeClose()
    return _count_board(poll_id, ballots.turnout(poll_id).as_of)


@lru_cache(maxsize=64)
def _count_board(poll_id: str, _as_of: datetime | None) -> Mapping[str, JSON]:
    """Once for every batch, for anyone may ask."""
    definition = polls.definition_of(poll_id)
    grouped = ballots.iter_on_board(poll_id)
    return running_count(definition, tally(definition, grouped, poll_hash=definition.hash))
