"""Count a closed poll once, freeze the result, publish it."""

import hashlib
from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.counted_apart import Quarantined, Without, may_be_taken_out
from mvote.core.poll import PollDefinition
from mvote.core.result import Figures, compose, decided, tally
from mvote.core.secrecy.levels import publishes_names
from mvote.core.ties import ChairNeeded
from mvote.db import transaction
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import Poll
from mvote.votes.results.rules import (
    BALLOTS_CSV,
    COLUMNS,
    RESULT_CSV,
    RESULT_JSON,
    ResultFile,
    ResultPublished,
    ballot_rows,
    result_rows,
    spell_csv,
)
from mvote.votes.results.service.ties import list_waiting, tie_decisions_of
from mvote.votes.results.tables import ResultFileRow, ResultRow


def publish_result(poll_id: str, *, now: datetime) -> bool:
    """Count, freeze and publish a closed poll; False where it is done already.

    Raises ChairNeeded where a tie waits for the chair.

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
    ties = tie_decisions_of(poll.id)
    outcomes = tally(
        definition, ballots.iter_counted(poll.id), poll_hash=poll.ph, decisions=decided(ties)
    )
    return compose(
        definition,
        outcomes,
        figures,
        poll_hash=poll.ph,
        closed_at=poll.closed_at,
        published_at=now,
        tie_decisions=ties,
        quarantined=_quarantined(poll, definition),
    )


def _quarantined(poll: Poll, definition: PollDefinition) -> Quarantined | None:
    """What is counted apart, and the count without it where that may be told."""
    if poll.apart is None:
        return None
    found = Quarantined(poll.apart, polls.released_rules(poll.id))
    marks = polls.list_marks(poll.id)
    number = ballots.count_of(poll.id, marks)
    if not may_be_taken_out(definition.level, number):
        return found
    left = ballots.iter_counted_without(poll.id, marks)
    try:
        outcomes = tally(definition, left, poll_hash=definition.hash)
    except ChairNeeded:
        return replace(found, without=Without(number, None))
    return replace(found, without=Without(number, outcomes))


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
    """The ids of closed polls whose result can be published now, without the chair."""
    waiting = list_waiting()
    return [poll.id for poll in polls.list_in_state("closed") if poll.id not in waiting]
