"""Read what was published, and the running count where a poll shows one."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from threading import Lock
from weakref import WeakKeyDictionary

from sqlalchemy import Engine

from mvote.core.canonical import JSON
from mvote.core.result import tally
from mvote.core.secrecy.levels import publishes_names
from mvote.core.ties import Chair, Undecided
from mvote.core.times import parse_iso
from mvote.db import engine, reading
from mvote.installation import installation
from mvote.votes.ballots import service as ballots
from mvote.votes.ballots.errors import BallotsNotOpen, CountHiddenBeforeClose
from mvote.votes.polls import service as polls
from mvote.votes.results.errors import ResultNotPublished
from mvote.votes.results.rules import (
    BALLOTS_CSV,
    RESULT_JSON,
    Result,
    ResultFile,
    running_count,
)
from mvote.votes.results.tables import ResultFileRow

_kept: WeakKeyDictionary[Engine, dict[tuple[str, str], ResultFile]] = WeakKeyDictionary()
_keeping = Lock()


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
    grouped, poll_hash = ballots.iter_on_board(poll_id), definition.hash
    if definition.decision.ties == Chair.name:
        definition = replace(definition, decision=replace(definition.decision, ties=Undecided.name))
    return running_count(definition, tally(definition, grouped, poll_hash=poll_hash))
