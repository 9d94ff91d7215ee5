"""What enters a record by itself: the poll, its due date, its result, its cancellation."""

from collections.abc import Callable, Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on
from mvote.audit.service import record as audit
from mvote.core.canonical import canonical_bytes
from mvote.core.poll import PollDefinition
from mvote.core.rehearsal import REHEARSAL
from mvote.core.times import iso, parse_iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.discussions.rules import (
    CANCELLED,
    POLL,
    RESULT,
    AnswerOverdue,
    Head,
    due_date,
)
from mvote.votes.discussions.service.chaining import append, lock_record
from mvote.votes.discussions.service.entering import begin_record
from mvote.votes.discussions.tables import DueRow, RecordRow
from mvote.votes.polls import service as polls

READER = "discussions"


def follow_polls() -> int:
    """Take from the audit log what happened to polls, each happening exactly once."""
    return read_on("votes", READER, _take, names=tuple(_TAKERS))


def _take(session: Session, happened: Entry) -> None:
    """Records are public: a private poll enters none, nor does a rehearsal, gone by now or not."""
    poll = polls.find_poll(happened.subject)
    if poll is None or poll.kind == REHEARSAL or poll.private:
        return
    _TAKERS[happened.name](session, happened)


def _take_poll(session: Session, happened: Entry) -> None:
    """A frozen poll enters; it opens its record, or one that was closed, for what follows."""
    definition = polls.definition_of(happened.subject)
    row = session.get(RecordRow, definition.record, with_for_update=True)
    if row is None:
        row = _open_record(session, definition, happened.at)
    row.closed_at = None
    body = {
        "poll": definition.poll,
        "ph": happened.body["ph"],
        "kind": definition.kind,
        "level": definition.level,
        "title": dict(definition.title),
        "department": definition.department,
        "questions": [{"id": q.id, "title": dict(q.title)} for q in definition.questions],
        "closes": iso(definition.closes),
        "href": f"/polls/{definition.poll}",
    }
    append(session, row, POLL, body, poll=definition.poll, at=happened.at)


def _open_record(session: Session, definition: PollDefinition, at: datetime) -> RecordRow:
    """A record bears the title and the department of the poll that opens it."""
    head = Head(definition.record, definition.department, definition.title, at)
    return begin_record(session, head)


def _set_due(session: Session, happened: Entry) -> None:
    """From the opening on an answer is owed; the date is never changed."""
    body = happened.body
    zone = ZoneInfo(installation().settings.time_zone)
    due = due_date(parse_iso(body["closes"]), body["answer_days"], zone)
    row = DueRow(poll=happened.subject, record=body["record"], due_at=due, set_at=happened.at)
    session.add(row)


def _take_result(session: Session, happened: Entry) -> None:
    row = lock_record(session, happened.body["record"])
    body = {
        "poll": happened.subject,
        "digest": happened.body["digest"],
        "href": f"/polls/{happened.subject}/result",
    }
    append(session, row, RESULT, body, poll=happened.subject, at=happened.at)


def _take_cancellation(session: Session, happened: Entry) -> None:
    """A poll that was never frozen never entered, so there is nothing to cancel."""
    if happened.body["before"] in ("draft", "approved"):
        return
    poll, reason = happened.subject, happened.body["reason"]
    row = lock_record(session, happened.body["record"])
    append(session, row, CANCELLED, {"poll": poll, "reason": reason}, poll=poll, at=happened.at)
    due = session.get(DueRow, poll, with_for_update=True)
    if due is not None:
        due.lifted_at, due.why = happened.at, canonical_bytes(reason).decode()


_TAKERS: Mapping[str, Callable[[Session, Entry], None]] = {
    "PollFrozen": _take_poll,
    "PollOpened": _set_due,
    "ResultPublished": _take_result,
    "PollCancelled": _take_cancellation,
}


def tell_overdue(*, now: datetime) -> int:
    """Tell the audit log once of every due date that passed unanswered."""
    missed = (
        DueRow.due_at < now,
        DueRow.met_at.is_(None),
        DueRow.lifted_at.is_(None),
        DueRow.told_at.is_(None),
    )
    with reading("votes") as session:
        found = session.scalars(select(DueRow.poll).where(*missed)).all()
    told = 0
    for poll in found:
        with transaction("votes") as session:
            claim = update(DueRow).where(DueRow.poll == poll, *missed).values(told_at=now)
            claimed = session.scalars(claim.returning(DueRow.record)).first()
            if claimed is not None:
                _tell(session, poll, claimed, now=now)
                told += 1
    return told


def _tell(session: Session, poll: str, record: str, *, now: datetime) -> None:
    row, due = session.get_one(RecordRow, record), session.get_one(DueRow, poll)
    happening = AnswerOverdue(record, poll, row.department, iso(due.due_at))
    audit(session, "votes", happening, now=now)
