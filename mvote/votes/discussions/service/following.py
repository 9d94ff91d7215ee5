"""What enters a record by itself: the poll, its due date, its result, its cancellation."""

from collections.abc import Callable, Mapping

from sqlalchemy.orm import Session

from mvote.audit.rules import Entry
from mvote.audit.service import read_on
from mvote.core.rehearsal import REHEARSAL
from mvote.core.times import iso, parse_iso
from mvote.core.working_time import DAYS, Within
from mvote.db import reading
from mvote.votes.discussions.rules import (
    CANCELLED,
    POLL,
    RESULT,
)
from mvote.votes.discussions.service.chaining import append
from mvote.votes.discussions.service.entering import open_record
from mvote.votes.discussions.service.homes import lock_home
from mvote.votes.discussions.tables import RecordRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import ANSWER as OWED_ANSWER
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
    open_record(
        session,
        department=definition.department,
        title=definition.title,
        record_id=definition.record,
        now=happened.at,
    )
    row = lock_home(session, definition.record, definition.poll)
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


def _set_due(session: Session, happened: Entry) -> None:
    """From the opening on an answer is owed; the date is never changed."""
    body = happened.body
    record = lock_home(session, body["record"], happened.subject)
    dues.set_due(
        session,
        record=record.id,
        cause=happened.subject,
        kind=OWED_ANSWER,
        department=record.department,
        start=parse_iso(body["closes"]),
        within=Within(body["answer_days"], DAYS),
        now=happened.at,
    )


def _take_result(session: Session, happened: Entry) -> None:
    row = lock_home(session, happened.body["record"], happened.subject)
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
    row = lock_home(session, happened.body["record"], happened.subject)
    append(session, row, CANCELLED, {"poll": poll, "reason": reason}, poll=poll, at=happened.at)
    dues.lift_due(session, cause=poll, why=reason, now=happened.at)


_TAKERS: Mapping[str, Callable[[Session, Entry], None]] = {
    "PollFrozen": _take_poll,
    "PollOpened": _set_due,
    "ResultPublished": _take_result,
    "PollCancelled": _take_cancellation,
}


def name_dues() -> int:
    """Dues of an older mvote belong to the departments of their records."""
    found = dues.nameless_records()
    with reading("votes") as session:
        heads = {one: session.get_one(RecordRow, one).department for one in found}
    for one, department in heads.items():
        dues.name_department(one, department)
    return len(found)
