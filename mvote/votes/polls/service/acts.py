"""What a second official decides about a poll: approve, open, suspend, resume, close, cancel.

Every act is refused to whoever wrote in the draft, and to other departments.  What
stops ballots takes the gate of the poll first.
"""

import json
from collections.abc import Collection
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.audit.service import record
from mvote.core.official import Official
from mvote.core.phases import APPROVED, check_act
from mvote.core.poll import check_draft
from mvote.core.text import Words
from mvote.core.times import in_zone
from mvote.db import transaction
from mvote.exchange.service import publish
from mvote.installation import installation
from mvote.votes.polls.errors import (
    ClosingTimePassed,
    DraftChangedMeanwhile,
    OpensBySchedule,
    OwnPoll,
)
from mvote.votes.polls.rules import Poll, PollApproved, PollResumed, PollSuspended
from mvote.votes.polls.service.drafts import check_department
from mvote.votes.polls.service.reading import to_poll
from mvote.votes.polls.service.steps import begin, call_off, end, enter_state
from mvote.votes.polls.service.turns import lock_row, take_gate
from mvote.votes.polls.tables import PollAuthorRow, PollRow


def approve_poll(
    poll_id: str, *, known: Collection[int], official: Official, now: datetime
) -> Poll:
    """Ask the people wing who issues permits; its answer freezes the poll.

    ``known`` are the revisions that the official has seen: nobody approves what was
    changed behind their back.  Raises PollUnknown, NotYourDepartment, OwnPoll,
    AlreadyApproved, AlreadyFrozen, PollCancelled, DraftChangedMeanwhile, and
    DraftRefused where the draft has become impossible.
    """
    with transaction("votes") as session:
        row = _decide(session, poll_id, "approve", official)
        if row.revision not in known:
            raise DraftChangedMeanwhile()
        approved = check_draft(json.loads(row.draft), now=now).approved(poll=row.id)
        seen = row.revision
        row.state, row.approver, row.revision = APPROVED, official.id, seen + 1
        publish(session, "votes", kind="poll-approved", poll=row.id, body=approved.to_json())
        happening = PollApproved(row.id, by=official.id, revision=seen)
        record(session, "votes", happening, now=now)
        return to_poll(row)


def open_poll(poll_id: str, *, official: Official, now: datetime) -> Poll:
    """Open by hand.  Raises as every act, OpensBySchedule and ClosingTimePassed."""
    with transaction("votes") as session:
        row = _decide(session, poll_id, "open", official)
        if row.opens_at is not None and now < row.opens_at:
            raise OpensBySchedule(opens=_by_the_city(row.opens_at))
        _check_time_left(row, now)
        begin(session, row, by=official.id, now=now)
        return to_poll(row)


def suspend_poll(poll_id: str, *, reason: Words, official: Official, now: datetime) -> Poll:
    """Stop taking ballots for now; everyone reads the reason.  Raises as every act."""
    with transaction("votes") as session:
        row = _decide(session, poll_id, "suspend", official, gate=True)
        enter_state(session, row, "suspend", reason=reason, now=now)
        happening = PollSuspended(row.id, by=official.id, reason=reason)
        record(session, "votes", happening, now=now)
        return to_poll(row)


def resume_poll(poll_id: str, *, official: Official, now: datetime) -> Poll:
    """Take ballots again.  Raises as every act, and ClosingTimePassed."""
    with transaction("votes") as session:
        row = _decide(session, poll_id, "resume", official)
        _check_time_left(row, now)
        enter_state(session, row, "resume", now=now)
        record(session, "votes", PollResumed(row.id, by=official.id), now=now)
        return to_poll(row)


def close_poll(poll_id: str, *, official: Official, now: datetime) -> Poll:
    """Stop for good; counting follows by itself.  Raises as every act."""
    with transaction("votes") as session:
        row = _decide(session, poll_id, "close", official, gate=True)
        end(session, row, by=official.id, now=now)
        return to_poll(row)


def cancel_poll(poll_id: str, *, reason: Words, official: Official, now: datetime) -> Poll:
    """Call the poll off; nothing is counted and everyone reads the reason.  Raises as every act."""
    with transaction("votes") as session:
        row = _decide(session, poll_id, "cancel", official, gate=True)
        call_off(session, row, reason=reason, by=official.id, now=now)
        return to_poll(row)


def _decide(
    session: Session, poll_id: str, act: str, official: Official, *, gate: bool = False
) -> PollRow:
    """The poll's row, locked, once it is clear that this official may do this to it now."""
    if gate:
        take_gate(session, poll_id, exclusive=True)
    row = _second_official(session, poll_id, official)
    check_act(row.state, act)
    return row


def require_second_official(session: Session, poll_id: str, official: Official) -> Poll:
    """The poll, locked: of this official's department, and not written by them.

    Raises PollUnknown, NotYourDepartment, OwnPoll.
    """
    return to_poll(_second_official(session, poll_id, official))


def _second_official(session: Session, poll_id: str, official: Official) -> PollRow:
    row = lock_row(session, poll_id)
    check_department(row.department, official)
    if session.get(PollAuthorRow, (poll_id, official.id)) is not None:
        raise OwnPoll()
    return row


def _check_time_left(row: PollRow, now: datetime) -> None:
    if row.closes_at <= now:
        raise ClosingTimePassed(closes=_by_the_city(row.closes_at))


def _by_the_city(at: datetime) -> str:
    return in_zone(at, installation().settings.time_zone)
