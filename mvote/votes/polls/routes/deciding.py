"""What officials decide about polls, alone and together, and what they see of them."""

import json
from datetime import UTC, datetime
from typing import Any

from flask import Response

from mvote.core.errors import Refusal
from mvote.core.outage import (
    ClosingMovedFarEnough,
    Outage,
    OutageNotInside,
    OutageOverlaps,
    OutagesMoveNothing,
)
from mvote.core.phases import (
    AlreadyApproved,
    AlreadyFrozen,
    AlreadyOpen,
    PollCancelled,
    PollClosed,
    PollNotFrozen,
    PollNotSuspended,
    PollNotYetOpen,
    PollSuspended,
    PollUnknown,
)
from mvote.core.poll import DraftRefused
from mvote.votes.polls import service
from mvote.votes.polls.errors import (
    AnotherRequestPending,
    ApproverNeeded,
    ClosingTimePassed,
    DraftChangedMeanwhile,
    NoteUnknown,
    NotYourDepartment,
    OpensBySchedule,
    OwnPoll,
    OwnRequest,
    PendingActDiffers,
    PendingActUnknown,
    PendingActVoid,
    RevisionNeeded,
    TooManyNotes,
)
from mvote.votes.polls.rules import PendingAct, Poll
from mvote.votes.polls.schemas import (
    CancellingIn,
    ClosingIn,
    ConfirmingIn,
    NoteIn,
    NoteOut,
    OfficialPollOut,
    OfficialPollsOut,
    OutageIn,
    PendingActOut,
    PendingActsOut,
    ReasonIn,
    SavingIn,
    for_officials,
    read_revisions,
)
from mvote.web.access import acting_official
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of, read_place, spell_place
from mvote.web.problems import refuses

DECIDING: tuple[type[Refusal], ...] = (PollUnknown, NotYourDepartment, OwnPoll, PollCancelled)
TOGETHER: tuple[type[Refusal], ...] = (
    ApproverNeeded,
    OwnRequest,
    PendingActUnknown,
    PendingActVoid,
    PendingActDiffers,
    AnotherRequestPending,
)
ASKED = "It waits for a second official."

routes = Routes("acts", __name__, url_prefix="/api/v1", description="What officials decide")


@routes.get("/departments/<code>/polls")
@guarded
@refuses(NotYourDepartment, CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, OfficialPollsOut)
def list_department_polls(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """A department's polls in every state, the last drafted first."""

    def listing(*, after: str, limit: int) -> Any:
        return service.list_department_polls(
            code, official=acting_official(), after=read_place(after), limit=limit
        )

    page = page_of(listing, lambda poll: spell_place(poll.drafted_at, poll.id), asked)
    waiting = service.list_pending_acts(page["items"], now=_now())
    return page | {"items": [for_officials(poll, waiting[poll.id]) for poll in page["items"]]}


@routes.post("/polls/<poll_id>/approve")
@guarded
@refuses(*DECIDING, AlreadyApproved, AlreadyFrozen, DraftRefused)
@refuses(RevisionNeeded, DraftChangedMeanwhile)
@routes.arguments(SavingIn, location="headers")
@routes.response(200, OfficialPollOut)
def approve_poll(seen: dict[str, Any], poll_id: str) -> Any:
    """Approve the draft of another official as it was read; it is frozen by itself soon after."""
    known, by = read_revisions(seen["if_match"]), acting_official()
    return _shown(service.approve_poll(poll_id, known=known, official=by, now=_now()))


@routes.post("/polls/<poll_id>/open")
@guarded
@refuses(*DECIDING, PollNotFrozen, AlreadyOpen, PollSuspended, PollClosed)
@refuses(OpensBySchedule, ClosingTimePassed)
@routes.response(200, OfficialPollOut)
def open_poll(poll_id: str) -> Any:
    """Open a frozen poll by hand."""
    return _shown(service.open_poll(poll_id, official=acting_official(), now=_now()))


@routes.post("/polls/<poll_id>/suspend")
@guarded
@refuses(*DECIDING, PollNotFrozen, PollNotYetOpen, PollSuspended, PollClosed)
@routes.arguments(ReasonIn)
@routes.response(200, OfficialPollOut)
def suspend_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Stop taking ballots for now, with a reason that everyone reads."""
    by = acting_official()
    found = service.suspend_poll(poll_id, reason=asked["reason"], official=by, now=_now())
    return _shown(found)


@routes.post("/polls/<poll_id>/resume")
@guarded
@refuses(*DECIDING, *TOGETHER, PollNotFrozen, PollNotYetOpen, PollNotSuspended, PollClosed)
@refuses(ClosingTimePassed)
@routes.arguments(ConfirmingIn)
@routes.response(200, OfficialPollOut)
@routes.alt_response(202, schema=PendingActOut, description=ASKED)
def resume_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Take ballots again.

    Where the poll was put back from a copy this takes two officials: the first asks, the
    second names the request.
    """
    done = service.resume_poll(poll_id, **asked, official=acting_official(), now=_now())
    return _decided(done)


@routes.post("/polls/<poll_id>/close")
@guarded
@refuses(*DECIDING, *TOGETHER, PollNotFrozen, PollNotYetOpen, PollClosed)
@routes.arguments(ClosingIn)
@routes.response(200, OfficialPollOut)
@routes.alt_response(202, schema=PendingActOut, description=ASKED)
def close_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Close before the closing time; counting follows by itself.

    Two officials decide: the first asks, the second names the request.
    """
    done = service.close_poll(poll_id, **asked, official=acting_official(), now=_now())
    return _decided(done)


@routes.post("/polls/<poll_id>/cancel")
@guarded
@refuses(*DECIDING, *TOGETHER, PollClosed)
@routes.arguments(CancellingIn)
@routes.response(200, OfficialPollOut)
@routes.alt_response(202, schema=PendingActOut, description=ASKED)
def cancel_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Call the poll off for good, with a reason that everyone reads.

    Two officials decide: the first asks, the second names the request.  A draft that was
    never approved takes one.
    """
    done = service.cancel_poll(poll_id, **asked, official=acting_official(), now=_now())
    return _decided(done)


@routes.post("/polls/<poll_id>/outages")
@guarded
@refuses(*DECIDING, *TOGETHER, PollNotFrozen, PollNotYetOpen, PollClosed, ClosingTimePassed)
@refuses(OutagesMoveNothing, OutageNotInside, OutageOverlaps, ClosingMovedFarEnough)
@routes.arguments(OutageIn)
@routes.response(200, NoteOut)
@routes.alt_response(202, schema=PendingActOut, description=ASKED)
def declare_outage(asked: dict[str, Any], poll_id: str) -> Any:
    """Move the closing by the length of an outage, as far as the frozen rule allows.

    Two officials decide: the first asks, the second names the request.
    """
    pending, reason = asked.get("pending"), asked.get("reason")
    outage = Outage(asked["begin"], asked["end"]) if "begin" in asked else None
    done = service.declare_outage(
        poll_id,
        outage=outage,
        reason=reason,
        pending=pending,
        official=acting_official(),
        now=_now(),
    )
    return _waiting(done) if isinstance(done, PendingAct) else done


@routes.post("/polls/<poll_id>/notes")
@guarded
@refuses(PollUnknown, NotYourDepartment, OwnPoll, PollNotFrozen, NoteUnknown, TooManyNotes)
@routes.arguments(NoteIn)
@routes.response(201, NoteOut)
def write_note(asked: dict[str, Any], poll_id: str) -> Any:
    """Say something about a frozen poll, in public and for good; it changes nothing of the poll.

    What a note says wrongly is put right by another one that names it.
    """
    return service.write_note(poll_id, **asked, official=acting_official(), now=_now())


@routes.get("/polls/<poll_id>/pending-acts")
@guarded
@refuses(PollUnknown, NotYourDepartment)
@routes.response(200, PendingActsOut)
def list_pending_acts(poll_id: str) -> dict[str, Any]:
    """What waits for a second official."""
    poll = service.get_own_poll(poll_id, official=acting_official())
    return {"items": service.list_pending_acts([poll], now=_now())[poll.id]}


@routes.delete("/polls/<poll_id>/pending-acts/<pending>")
@guarded
@refuses(PollUnknown, NotYourDepartment, PendingActUnknown)
@routes.response(204)
def withdraw_act(poll_id: str, pending: str) -> None:
    """Take back what one asked for oneself."""
    service.withdraw_act(poll_id, pending, official=acting_official(), now=_now())


def _now() -> datetime:
    return datetime.now(UTC)


def _decided(done: Poll | PendingAct) -> Any:
    return _waiting(done) if isinstance(done, PendingAct) else _shown(done)


def _waiting(asked: PendingAct) -> Response:
    return Response(
        json.dumps(PendingActOut().dump(asked), ensure_ascii=False),
        status=202,
        content_type="application/json",
    )


def _shown(poll: Poll) -> dict[str, Any]:
    waiting = service.list_pending_acts([poll], now=_now())
    return for_officials(poll, waiting[poll.id])
