"""What officials decide about a poll: approve, open, suspend, resume, close, cancel.

Every decision is refused to whoever wrote in the draft, and to other departments.  What
stops ballots takes the gate of the poll first.  Closing, cancelling, and going on after a
copy was put back take two: one asks, and a second one, who did not write the poll,
confirms.  Suspending is the safe direction and takes one.
"""

import json
from collections.abc import Collection, Mapping
from datetime import datetime

from mvote.audit.service import record
from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.phases import APPROVED, DRAFT, check_act
from mvote.core.poll import check_draft
from mvote.core.text import Words
from mvote.db import transaction
from mvote.exchange.service import publish
from mvote.votes.polls.errors import OpensBySchedule, PendingActUnknown
from mvote.votes.polls.rules import (
    CANCEL,
    CLOSE,
    RESUME,
    PendingAct,
    Poll,
    PollApproved,
    PollResumed,
    PollSuspended,
)
from mvote.votes.polls.service.deciding import (
    by_the_city,
    check_time_left,
    decide,
    decide_together,
    lock_own,
    require_decider,
)
from mvote.votes.polls.service.reading import to_poll
from mvote.votes.polls.service.revisions import changed_meanwhile
from mvote.votes.polls.service.steps import begin, call_off, end, enter_state


def approve_poll(
    poll_id: str, *, known: Collection[int], official: Official, now: datetime
) -> Poll:
    """Ask the people wing who issues permits; its answer freezes the poll.

    ``known`` are the revisions that the official has seen: nobody approves what was
    changed behind their back.  Raises PollUnknown, NotYourDepartment, ApproverNeeded,
    OwnPoll, AlreadyApproved, AlreadyFrozen, PollCancelled, DraftChangedMeanwhile, and
    DraftRefused where the draft has become impossible.
    """
    with transaction("votes") as session:
        row = decide(session, poll_id, "approve", official)
        if row.revision not in known:
            raise changed_meanwhile(session, row, known)
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
        row = decide(session, poll_id, "open", official)
        if row.opens_at is not None and now < row.opens_at:
            raise OpensBySchedule(opens=by_the_city(row.opens_at))
        check_time_left(row, now)
        begin(session, row, by=official.id, now=now)
        return to_poll(row)


def suspend_poll(poll_id: str, *, reason: Words, official: Official, now: datetime) -> Poll:
    """Stop taking ballots for now; everyone reads the reason.  Raises as every act."""
    with transaction("votes") as session:
        row = decide(session, poll_id, "suspend", official, gate=True)
        enter_state(session, row, "suspend", reason=reason, now=now)
        happening = PollSuspended(row.id, by=official.id, reason=reason)
        record(session, "votes", happening, now=now)
        return to_poll(row)


def resume_poll(
    poll_id: str, *, official: Official, pending: str | None = None, now: datetime
) -> Poll | PendingAct:
    """Take ballots again; where a copy was put back this takes two officials, see ``close_poll``.

    Raises as every act, and ClosingTimePassed.
    """
    with transaction("votes") as session:
        row = lock_own(session, poll_id, official)
        alone = row.restored_at is None
        if alone or pending is not None:
            require_decider(session, row, official)
        check_act(row.state, RESUME)
        check_time_left(row, now)
        if alone and pending is not None:
            raise PendingActUnknown()
        if not alone:
            asked = decide_together(session, row, RESUME, {}, pending, official=official, now=now)
            if isinstance(asked, PendingAct):
                return asked
        row.restored_at = None
        enter_state(session, row, RESUME, together=not alone, now=now)
        record(session, "votes", PollResumed(row.id, by=official.id), now=now)
        return to_poll(row)


def close_poll(
    poll_id: str,
    *,
    official: Official,
    reason: Words | None = None,
    pending: str | None = None,
    now: datetime,
) -> Poll | PendingAct:
    """Stop for good, when two officials have decided; counting follows by itself.

    Without ``pending`` this asks for it and gives the request; a second official names the
    request, and it is done.  Raises as every act, ApproverNeeded, OwnRequest,
    PendingActUnknown, PendingActVoid, PendingActDiffers, AnotherRequestPending.
    """
    with transaction("votes") as session:
        row = lock_own(session, poll_id, official, gate=True)
        if pending is not None:
            require_decider(session, row, official)
        check_act(row.state, CLOSE)
        asked = decide_together(
            session, row, CLOSE, _because(reason), pending, official=official, now=now
        )
        if isinstance(asked, PendingAct):
            return asked
        end(session, row, by=official.id, now=now)
        return to_poll(row)


def cancel_poll(
    poll_id: str,
    *,
    official: Official,
    reason: Words | None = None,
    pending: str | None = None,
    now: datetime,
) -> Poll | PendingAct:
    """Call the poll off; nothing is counted and everyone reads the reason.

    ``reason`` may be missing only beside ``pending``: what was asked for counts.  Two
    officials decide, as in ``close_poll``; a draft that was never approved takes one, who
    may be its author.  Raises as ``close_poll``.
    """
    with transaction("votes") as session:
        row = lock_own(session, poll_id, official, gate=True)
        if pending is not None:
            require_decider(session, row, official)
        check_act(row.state, CANCEL)
        because: Mapping[str, JSON] = _because(reason)
        if row.state == DRAFT and pending is not None:
            raise PendingActUnknown()
        if row.state != DRAFT:
            asked = decide_together(
                session, row, CANCEL, because, pending, official=official, now=now
            )
            if isinstance(asked, PendingAct):
                return asked
            because = asked
        call_off(session, row, reason=because["reason"], by=official.id, now=now)
        return to_poll(row)


def _because(reason: Words | None) -> dict[str, JSON]:
    return {"reason": dict(reason)} if reason else {}
