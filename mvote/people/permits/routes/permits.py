"""May I vote, and my one permit."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.phases import (
    PollCancelled,
    PollClosed,
    PollNotFrozen,
    PollSuspended,
    PollUnknown,
)
from mvote.core.room_pass import RoomPassNeeded, RoomPassNotValid
from mvote.core.secrecy.blind import BlindedMessageMalformed
from mvote.core.secrecy.permit import NameMalformed, NameNotPublishedHere
from mvote.people.identity.errors import AccountGone, ConsentNeeded
from mvote.people.permits import service
from mvote.people.permits.errors import (
    BlindedMessageNeeded,
    BlindedMessageNotUsedHere,
    BlindedMessageTaken,
    IssuerKeyMissing,
    IssuerKeyUnknown,
    NameNeeded,
    NotEligible,
    PermitAlreadyIssued,
    PermitNotSigned,
    PermitsForgotten,
    PermitsLocked,
    ProofTooWeak,
    RollFull,
    RollKeyMissing,
)
from mvote.people.permits.rules import Asked, Eligibility
from mvote.people.permits.schemas import (
    EligibilityOut,
    EligibleCountOut,
    PermitIn,
    PermitOut,
)
from mvote.web.access import caller
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses
from mvote.web.readers import RoomPassIn
from mvote.web.tokens import OFFICIAL

routes = Routes(
    "permits", __name__, url_prefix="/api/v1", description="May I vote, and the permit to do so"
)


@routes.get("/polls/<string:poll_id>/eligibility")
@guarded
@refuses(PollUnknown, AccountGone, RoomPassNotValid)
@routes.arguments(RoomPassIn, location="headers")
@routes.response(200, EligibilityOut)
def get_eligibility(shown: dict[str, Any], poll_id: str) -> Eligibility:
    """May I vote, and if not why and what can I do?"""
    calling = caller()
    return service.get_eligibility(
        poll_id,
        account=calling.account,
        proof=calling.proof,
        passes=shown["room_pass"],
        now=datetime.now(UTC),
    )


@routes.get("/polls/<string:poll_id>/eligible-count")
@guarded
@refuses(PollUnknown, RoomPassNotValid, RoomPassNeeded)
@routes.arguments(RoomPassIn, location="headers")
@routes.response(200, EligibleCountOut)
def count_eligible(shown: dict[str, Any], poll_id: str) -> Any:
    """About how many may vote now; it tells of no single person."""
    calling = caller()
    return service.count_eligible(
        poll_id,
        passes=None if calling.audience == OFFICIAL else shown["room_pass"],
        now=datetime.now(UTC),
    )


@routes.post("/polls/<string:poll_id>/permits")
@guarded
@refuses(PollUnknown, PollNotFrozen, PollSuspended, PollClosed, PollCancelled, AccountGone)
@refuses(NotEligible, RollKeyMissing, ProofTooWeak, PermitAlreadyIssued, ConsentNeeded)
@refuses(NameNeeded, NameNotPublishedHere, NameMalformed, IssuerKeyMissing, PermitsForgotten)
@refuses(BlindedMessageNeeded, BlindedMessageNotUsedHere, BlindedMessageMalformed)
@refuses(BlindedMessageTaken, IssuerKeyUnknown, RollFull, PermitNotSigned, PermitsLocked)
@refuses(RoomPassNotValid)
@routes.arguments(RoomPassIn, location="headers")
@routes.arguments(PermitIn, required=False)
@routes.response(200, PermitOut)
def take_permit(shown: dict[str, Any], asked: dict[str, Any], poll_id: str) -> Any:
    """Take the one permit for a poll; asking again gives the same."""
    calling = caller()
    return service.issue_permit(
        poll_id,
        account=calling.account,
        proof=calling.proof,
        asked=Asked(**asked, passes=shown["room_pass"]),
        now=datetime.now(UTC),
    ).to_json()
