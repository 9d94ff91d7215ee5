"""What a department writes into its record."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from mvote.audit.service import record as audit
from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.installation import installation
from mvote.votes.discussions.errors import (
    AnswerAlreadyGiven,
    AnswerStillOwed,
    NothingToAnswer,
    RecordClosed,
    RecordOfOtherDepartment,
)
from mvote.votes.discussions.rules import (
    ANSWER,
    CLOSING,
    HAPPENINGS,
    INTERIM,
    RESULT,
    STEP,
    RecordEntry,
    check_answer,
    check_expected,
    unfinished,
)
from mvote.votes.discussions.service.chaining import append, find_last, lock_record
from mvote.votes.discussions.service.entering import Added
from mvote.votes.discussions.service.reading import marks_of
from mvote.votes.discussions.tables import RecordRow
from mvote.votes.dues import service as dues
from mvote.votes.results import service as results


def give_answer(
    record_id: str,
    *,
    poll: str,
    options: Sequence[Mapping[str, JSON]],
    text: Words,
    official: Official,
    now: datetime,
) -> Added:
    """Answer a published result; a later answer is a new version beside the old.

    Raises RecordUnknown, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    OfficialAnswerRefused.
    """
    with transaction("votes") as session:
        row = _lock_own(session, record_id, official)
        _require_result(session, row, poll)
        result = results.get_result(poll)
        check_answer(options, result.document)
        body = {
            "poll": poll,
            "result": result.digest,
            "options": [dict(one) for one in options],
            "text": dict(text),
        }
        added = _add(session, row, ANSWER, body, poll=poll, official=official, now=now)
        dues.meet_due(session, cause=poll, kind=ANSWER, now=added[0].at)
        return added


def give_interim_answer(
    record_id: str, *, poll: str, text: Words, expected: date, official: Official, now: datetime
) -> Added:
    """Say by when the answer will come; the due date stays.

    Raises RecordUnknown, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    AnswerAlreadyGiven, OfficialAnswerRefused.
    """
    body = {"poll": poll, "text": dict(text), "expected": expected.isoformat()}
    with transaction("votes") as session:
        row = _lock_own(session, record_id, official)
        _require_result(session, row, poll)
        if (there := _same(session, row, INTERIM, body, poll=poll)) is not None:
            return there, False
        _require_open(row)
        if find_last(session, record_id, ANSWER, poll):
            raise AnswerAlreadyGiven()
        check_expected(expected, now=now, zone=ZoneInfo(installation().settings.time_zone))
        return _write(session, row, INTERIM, body, poll=poll, official=official, now=now), True


def add_step(
    record_id: str,
    *,
    text: Words,
    planned: date | None,
    done: date | None,
    official: Official,
    now: datetime,
) -> Added:
    """Say what was done, or is planned, and when.

    Raises RecordUnknown, RecordOfOtherDepartment, RecordClosed, NothingToAnswer.
    """
    body = {
        "text": dict(text),
        "planned": planned.isoformat() if planned else None,
        "done": done.isoformat() if done else None,
    }
    with transaction("votes") as session:
        row = _lock_own(session, record_id, official)
        _require_result(session, row)
        return _add(session, row, STEP, body, official=official, now=now)


def close_record(record_id: str, *, text: Words, official: Official, now: datetime) -> Added:
    """Close the record with a report, once every poll in it is answered.

    Raises RecordUnknown, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    AnswerStillOwed.
    """
    with transaction("votes") as session:
        row = _lock_own(session, record_id, official)
        _require_result(session, row)
        body = {"text": dict(text)}
        there = _same(session, row, CLOSING, body)
        if there is not None and row.closed_at is not None:
            return there, False
        running, unanswered = unfinished(marks_of(session, record_id))
        if owed := sorted(running | unanswered):
            raise AnswerStillOwed(poll=owed[0])
        entry = _write(session, row, CLOSING, body, official=official, now=now)
        row.closed_at = entry.at
        return entry, True


def _lock_own(session: Session, record_id: str, official: Official) -> RecordRow:
    row = lock_record(session, record_id)
    if not official.speaks_for(row.department):
        raise RecordOfOtherDepartment(department=row.department)
    return row


def _require_result(session: Session, row: RecordRow, poll: str | None = None) -> None:
    """Whether the result of the poll, or of any, has entered."""
    entered = {about for kind, about in marks_of(session, row.id) if kind == RESULT}
    if not entered or (poll is not None and poll not in entered):
        raise NothingToAnswer()


def _same(
    session: Session, row: RecordRow, kind: str, body: Mapping[str, JSON], *, poll: str = ""
) -> RecordEntry | None:
    """The newest entry of its kind, where it says just this: then a retry has come."""
    last = find_last(session, row.id, kind, poll)
    return last if last is not None and last.body == body else None


def _require_open(row: RecordRow) -> None:
    if row.closed_at is not None:
        raise RecordClosed()


def _add(
    session: Session,
    row: RecordRow,
    kind: str,
    body: Mapping[str, JSON],
    *,
    poll: str = "",
    official: Official,
    now: datetime,
) -> Added:
    if (there := _same(session, row, kind, body, poll=poll)) is not None:
        return there, False
    return _write(session, row, kind, body, poll=poll, official=official, now=now), True


def _write(
    session: Session,
    row: RecordRow,
    kind: str,
    body: Mapping[str, JSON],
    *,
    poll: str = "",
    official: Official,
    now: datetime,
) -> RecordEntry:
    _require_open(row)
    entry = append(session, row, kind, body, poll=poll, by=row.department, at=now)
    happening = HAPPENINGS[kind](row.id, entry.number, poll, row.department, official.id)
    audit(session, "votes", happening, now=now)
    return entry
