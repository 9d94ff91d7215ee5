"""Who may decide about a poll, alone or with a second official, and what waits for one."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from mvote.core.canonical import JSON
from mvote.core.official import Official
from mvote.core.phases import check_act
from mvote.core.times import in_zone, iso
from mvote.db import reading, transaction
from mvote.installation import installation
from mvote.votes.polls.errors import ApproverNeeded, ClosingTimePassed, OwnPoll
from mvote.votes.polls.rules import ACTS_OF_TWO, OUTAGE, PendingAct, Poll
from mvote.votes.polls.service.drafts import check_department
from mvote.votes.polls.service.four_eyes import ask, confirm, list_pending, withdraw
from mvote.votes.polls.service.reading import get_poll, to_poll
from mvote.votes.polls.service.turns import lock_row, take_gate
from mvote.votes.polls.tables import PollAuthorRow, PollRow

APPROVER = "approver"


def lock_own(session: Session, poll_id: str, official: Official, *, gate: bool = False) -> PollRow:
    """The poll's row, locked, if it is of the official's department.

    Raises PollUnknown, NotYourDepartment.
    """
    if gate:
        take_gate(session, poll_id, exclusive=True)
    row = lock_row(session, poll_id)
    check_department(row.department, official)
    return row


def require_decider(session: Session, row: PollRow, official: Official) -> None:
    """The official approves, and did not write the poll.  Raises ApproverNeeded, OwnPoll."""
    if APPROVER not in official.duties:
        raise ApproverNeeded()
    if session.get(PollAuthorRow, (row.id, official.id)) is not None:
        raise OwnPoll()


def decide(
    session: Session, poll_id: str, act: str, official: Official, *, gate: bool = False
) -> PollRow:
    """The poll's row, locked, once it is clear that this official alone may do this to it now.

    Raises as ``lock_own``, ``require_decider`` and ``check_act``.
    """
    row = lock_own(session, poll_id, official, gate=gate)
    require_decider(session, row, official)
    check_act(row.state, act)
    return row


def require_second_official(session: Session, poll_id: str, official: Official) -> Poll:
    """The poll, locked: of this official's department, and not written by them.

    Raises PollUnknown, NotYourDepartment, ApproverNeeded, OwnPoll.
    """
    row = lock_own(session, poll_id, official)
    require_decider(session, row, official)
    return to_poll(row)


def decide_together(
    session: Session,
    row: PollRow,
    act: str,
    content: Mapping[str, JSON],
    pending: str | None,
    *,
    official: Official,
    now: datetime,
) -> PendingAct | Mapping[str, JSON]:
    """The first official asks and gets the request; the second gets what was asked for, to do it.

    Raises ApproverNeeded, OwnPoll, OwnRequest, PendingActUnknown, PendingActVoid,
    PendingActDiffers, AnotherRequestPending.
    """
    seen = _seen(row, act)
    if pending is None:
        return ask(session, row.id, act, seen=seen, content=content, official=official, now=now)
    require_decider(session, row, official)
    found = confirm(
        session,
        pending,
        subject=row.id,
        act=act,
        seen=seen,
        content=content,
        official=official,
        now=now,
    )
    return found.content


def get_own_poll(poll_id: str, *, official: Official) -> Poll:
    """A poll of the official's department.  Raises PollUnknown, NotYourDepartment."""
    found = get_poll(poll_id)
    check_department(found.department, official)
    return found


def withdraw_act(poll_id: str, pending: str, *, official: Official, now: datetime) -> None:
    """Take back what one asked for.  Raises PollUnknown, NotYourDepartment, PendingActUnknown."""
    with transaction("votes") as session:
        row = lock_own(session, poll_id, official)
        withdraw(session, pending, subject=row.id, official=official, now=now)


def list_pending_acts(
    polls: Iterable[Poll], *, now: datetime
) -> Mapping[str, Sequence[PendingAct]]:
    """What waits for a second official, by poll."""
    seen = {(poll.id, act): _seen(poll, act) for poll in polls for act in ACTS_OF_TWO}
    with reading("votes") as session:
        return list_pending(session, seen, now=now)


def check_time_left(row: PollRow, now: datetime) -> None:
    """Raises ClosingTimePassed."""
    if row.closes_at <= now:
        raise ClosingTimePassed(closes=by_the_city(row.closes_at))


def by_the_city(at: datetime) -> str:
    """A time as the city's clocks show it."""
    return in_zone(at, installation().settings.time_zone)


def _seen(poll: Poll | PollRow, act: str) -> str:
    """How a poll stands for an act: once this differs, a request for it is void.

    An outage is declared in whatever state the poll is by then, as long as it closes at the
    same time.
    """
    return iso(poll.closes_at) if act == OUTAGE else f"{poll.state} {poll.revision}"
