"""What a department answers: in between, in full, and at the end."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.text import Words
from mvote.db import transaction
from mvote.installation import city_zone
from mvote.votes.discussions.errors import (
    AnswerAlreadyGiven,
    AnswerStillOwed,
    NothingToAnswer,
)
from mvote.votes.discussions.rules import (
    ANSWER,
    CLOSING,
    INTERIM,
    RESULT,
    STEP,
    unfinished,
)
from mvote.votes.discussions.rules_answers import check_answer, check_expected
from mvote.votes.discussions.rules_promises import check_told, promises_of
from mvote.votes.discussions.service.asking import to_answer
from mvote.votes.discussions.service.entering import Added, open_scope_of
from mvote.votes.discussions.service.homes import list_at_home, list_owed, marks_of
from mvote.votes.discussions.service.rating import sum_ratings
from mvote.votes.discussions.service.writing import (
    add,
    lock_own,
    require_open,
    same,
    write,
)
from mvote.votes.discussions.tables import RecordRow
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import SECOND_ANSWER
from mvote.votes.results import service as results


def give_answer(
    record_id: str,
    *,
    poll: str,
    options: Sequence[Mapping[str, JSON]],
    text: Words,
    minority: Mapping[str, JSON] | None = None,
    official: Official,
    now: datetime,
) -> Added:
    """Answer a published result; a later answer is a new version beside the old.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    OfficialAnswerRefused.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        _require_result(session, row, poll)
        asked, result = to_answer(session, poll), results.get_result(poll)
        check_answer(options, minority, asked=asked, result=result.document)
        body: dict[str, JSON] = {
            "poll": poll,
            "result": result.digest,
            "options": [dict(one) for one in options],
            "text": dict(text),
        }
        if minority is not None and asked.minority is not None:
            body["minority"] = asked.minority.to_json() | {"answer": dict(minority["text"])}
        added = add(session, row, ANSWER, body, subject=poll, official=official, now=now)
        if added[1]:  # the same words once more are no second answer
            dues.meet_due(session, cause=poll, kind=SECOND_ANSWER, now=added[0].at)
        open_scope_of(session, row.id, now=now)
        return added


def give_interim_answer(
    record_id: str, *, poll: str, text: Words, expected: date, official: Official, now: datetime
) -> Added:
    """Say by when the answer will come; the due date stays.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    AnswerAlreadyGiven, OfficialAnswerRefused.
    """
    body = {"poll": poll, "text": dict(text), "expected": expected.isoformat()}
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        _require_result(session, row, poll)
        if (there := same(session, row, INTERIM, body, subject=poll)) is not None:
            return there, False
        require_open(row)
        _, unanswered = unfinished(marks_of(session, row.id))
        if poll not in unanswered:
            raise AnswerAlreadyGiven()
        check_expected(expected, now=now, zone=city_zone())
        entry = write(session, row, INTERIM, body, subject=poll, official=official, now=now)
        return entry, True


def add_step(
    record_id: str,
    *,
    text: Words,
    planned: date | None,
    done: date | None,
    official: Official,
    now: datetime,
) -> Added:
    """Say what was done, or is planned, and when, apart from any promise.

    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, NothingToAnswer.
    """
    body = {
        "text": dict(text),
        "planned": planned.isoformat() if planned else None,
        "done": done.isoformat() if done else None,
    }
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        _require_ground(marks_of(session, row.id))
        return add(session, row, STEP, body, official=official, now=now)


def close_record(
    record_id: str,
    *,
    text: Words,
    promises: Sequence[Mapping[str, JSON]] = (),
    official: Official,
    now: datetime,
) -> Added:
    """Close the record with a report, once every poll in it is answered.

    ``promises`` tells what became of each.  Ratings of the answers are written down before it.
    Raises RecordUnknown, RecordMoved, RecordOfOtherDepartment, RecordClosed, NothingToAnswer,
    AnswerStillOwed, PromiseRefused.
    """
    with transaction("votes") as session:
        row = lock_own(session, record_id, official)
        body: dict[str, JSON] = {"text": dict(text)}
        if promises:
            told = sorted(promises, key=lambda one: str(one["promise"]))
            body["promises"] = [dict(one) for one in told]
        there = same(session, row, CLOSING, body)
        if there is not None and row.closed_at is not None:
            return there, False
        require_open(row)
        _require_told(session, row, promises)
        sum_ratings(session, row, now=now)
        entry = write(session, row, CLOSING, body, official=official, now=now)
        row.closed_at = entry.at
        return entry, True


def _require_told(session: Session, row: RecordRow, promises: Sequence[Mapping[str, JSON]]) -> None:
    """Nothing is owed any more, and every promise is told of."""
    entries = list_at_home(session, [row.id]).get(row.id, [])
    _require_ground([(entry.kind, entry.poll) for entry in entries])
    running, unanswered = unfinished([(entry.kind, entry.poll) for entry in entries])
    owed = sorted(running | unanswered)
    owed += [one.cause for one in list_owed(session, [row.id]).get(row.id, []) if one.open()]
    if owed:
        raise AnswerStillOwed(poll=owed[0])
    check_told(promises, promises_of(entries))


def _require_result(session: Session, row: RecordRow, poll: str) -> None:
    """Whether the result of the poll has entered.  Raises NothingToAnswer."""
    if (RESULT, poll) not in marks_of(session, row.id):
        raise NothingToAnswer()


def _require_ground(marks: Sequence[tuple[str, str]]) -> None:
    """While a record's first poll runs there is nothing to speak of; else there is.

    Raises NothingToAnswer.
    """
    running, _ = unfinished(marks)
    if running and not any(kind == RESULT for kind, _ in marks):
        raise NothingToAnswer()
