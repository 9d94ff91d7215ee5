"""Complain that a promised ballot is missing; read and answer such complaints."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from mvote.core.phases import PollUnknown
from mvote.core.secrecy.receipt import ReceiptMalformed, ReceiptNotValid
from mvote.votes.ballots import service
from mvote.votes.ballots.errors import (
    BallotOnBoard,
    BoardBehindCheckpoint,
    BoardKeyMissing,
    BoardNotReady,
    ComplaintAnswered,
    ComplaintUnknown,
    InclusionNotDue,
)
from mvote.votes.ballots.rules import Complaint
from mvote.votes.ballots.schemas import (
    ComplaintAnswerIn,
    ComplaintIn,
    ComplaintOut,
    ComplaintsOut,
    SignedComplaintOut,
)
from mvote.votes.polls.errors import NotYourDepartment
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

routes = Routes("complaints", __name__, url_prefix="/api/v1", description="Complaints about boards")


@routes.post("/polls/<string:poll_id>/complaints")
@guarded
@refuses(PollUnknown, ReceiptMalformed, ReceiptNotValid, BallotOnBoard, InclusionNotDue)
@refuses(BoardNotReady, BoardBehindCheckpoint, BoardKeyMissing)
@routes.arguments(ComplaintIn())
@routes.response(201, SignedComplaintOut, description="The complaint is taken up.")
@routes.alt_response(200, schema=SignedComplaintOut, description="It was taken up before.")
def file_complaint(given: dict[str, Any], poll_id: str) -> tuple[Any, int]:
    """Show a receipt whose ballot is not on the board.

    Nobody has to say who he is; the receipt is published with the complaint.  A ballot that
    comes along is checked and not kept.
    """
    made, new = service.file_complaint(
        poll_id, receipt=given["receipt"], ballot=given.get("ballot"), now=_now()
    )
    return made.signed, 201 if new else 200


@routes.get("/polls/<string:poll_id>/complaints")
@guarded
@refuses(PollUnknown)
@routes.arguments(CursorIn, location="query")
@routes.response(200, ComplaintsOut)
def list_complaints(asked: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """Every complaint about a poll's board, and what became of it."""

    def listing(*, after: str, limit: int) -> Sequence[Complaint]:
        return service.list_complaints(poll_id, after=after, limit=limit)

    return page_of(listing, lambda one: one.number, asked)


@routes.get("/polls/<string:poll_id>/complaints/<string:number>")
@guarded
@refuses(PollUnknown, ComplaintUnknown)
@routes.response(200, ComplaintOut)
def get_complaint(poll_id: str, number: str) -> Any:
    """One complaint by its tracking number."""
    return service.get_complaint(poll_id, number)


@routes.post("/polls/<string:poll_id>/complaints/<string:number>/answer")
@guarded
@refuses(PollUnknown, ComplaintUnknown, NotYourDepartment, ComplaintAnswered)
@routes.arguments(ComplaintAnswerIn())
@routes.response(200, ComplaintOut)
def answer_complaint(given: dict[str, Any], poll_id: str, number: str) -> Any:
    """Decide about a complaint, in public."""
    return service.answer_complaint(
        poll_id,
        number,
        upheld=given["upheld"],
        answer=given["answer"],
        official=acting_official(),
        now=_now(),
    )


def _now() -> datetime:
    return datetime.now(UTC)
