"""What the answers that a record owes have to speak of."""

from dataclasses import replace

from sqlalchemy.orm import Session

from mvote.db import reading
from mvote.installation import installation
from mvote.votes.discussions.rules import ASKED_AGAIN, RESULT, unfinished
from mvote.votes.discussions.rules_answers import ToAnswer, asked_of
from mvote.votes.discussions.service.homes import list_owed, marks_of
from mvote.votes.discussions.service.reading import find_record
from mvote.votes.opinions import service as opinions
from mvote.votes.results import service as results


def list_to_answer(record_id: str) -> list[ToAnswer]:
    """For each result in a record what an answer has to speak of.  Raises RecordUnknown."""
    with reading("votes") as session:
        row = find_record(session, record_id)
        marks = marks_of(session, row.id)
        _, unanswered = unfinished(marks)
        owed = list_owed(session, [row.id]).get(row.id, [])
        found = []
        for poll in dict.fromkeys(about for kind, about in marks if kind == RESULT):
            mine = [due for due in owed if due.cause == poll and due.open()]
            one = replace(
                to_answer(session, poll),
                department=mine[0].department if mine else row.department,
                answered=poll not in unanswered,
                again=(ASKED_AGAIN, poll) in marks,
                due_at=mine[0].due_at if mine else None,
            )
            found.append(one)
        return found


def to_answer(session: Session, poll: str) -> ToAnswer:
    """What an answer to a published poll has to speak of.  Raises ResultNotPublished."""
    result = results.get_result(poll)
    read, unread = (
        [(one.question, one.option, one.text, one.n) for one in found]
        for found in (
            opinions.list_shared_reasons(session, poll),
            opinions.list_unread_reasons(session, poll),
        )
    )
    return asked_of(
        poll,
        result.document,
        sha256=result.digest,
        reasons=read,
        unread=unread,
        steps=installation().settings.reason_voters,
    )
