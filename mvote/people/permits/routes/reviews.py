"""Reviews that citizens ask for who may not vote."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.phases import (
    PollCancelled,
    PollClosed,
    PollNotFrozen,
    PollSuspended,
    PollUnknown,
)
from mvote.core.room_pass import RoomPassNotValid
from mvote.people.identity.errors import AccountGone
from mvote.people.permits.errors import (
    CorrectionPending,
    MayVoteAlready,
    ProofTooWeak,
    ReviewAsked,
    ReviewDecided,
    ReviewTextTooLong,
    ReviewUnknown,
    RollKeyMissing,
    RollNotCorrected,
)
from mvote.people.permits.schemas import (
    DecisionIn,
    OwnReviewOut,
    ReviewIn,
    ReviewOut,
    ReviewsOut,
)
from mvote.people.permits.service import reviews
from mvote.web.access import acting_official, caller
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of, read_place, spell_place
from mvote.web.problems import refuses
from mvote.web.readers import RoomPassIn

routes = Routes(
    "reviews", __name__, url_prefix="/api/v1", description="Reviews of who may vote in a poll"
)


@routes.post("/polls/<string:poll_id>/reviews")
@guarded
@refuses(PollUnknown, PollNotFrozen, PollSuspended, PollClosed, PollCancelled, AccountGone)
@refuses(
    RollKeyMissing, ProofTooWeak, MayVoteAlready, ReviewAsked, ReviewTextTooLong, RoomPassNotValid
)
@routes.arguments(RoomPassIn, location="headers")
@routes.arguments(ReviewIn)
@routes.response(201, OwnReviewOut)
def ask_review(shown: dict[str, Any], asked: dict[str, Any], poll_id: str) -> Any:
    """I was refused: please look again.  Once in a poll."""
    calling = caller()
    return reviews.ask_review(
        poll_id,
        account=calling.account,
        proof=calling.proof,
        passes=shown["room_pass"],
        text=asked["text"],
        now=datetime.now(UTC),
    )


@routes.get("/polls/<string:poll_id>/reviews/mine")
@guarded
@refuses(PollUnknown, AccountGone, ReviewUnknown, ProofTooWeak)
@routes.response(200, OwnReviewOut)
def get_own_review(poll_id: str) -> Any:
    """What became of my request."""
    calling = caller()
    return reviews.get_own_review(
        poll_id, account=calling.account, proof=calling.proof, now=datetime.now(UTC)
    )


@routes.get("/reviews")
@guarded
@refuses(CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, ReviewsOut)
def list_reviews(asked: dict[str, Any]) -> dict[str, Any]:
    """Reviews that wait for a decision, the overdue first."""

    def listing(*, after: str, limit: int) -> Any:
        return reviews.list_reviews(after=read_place(after), limit=limit, now=datetime.now(UTC))

    return page_of(listing, lambda one: spell_place(one.due, one.id), asked)


@routes.post("/polls/<string:poll_id>/reviews/<string:review>/decision")
@guarded
@refuses(PollUnknown, ReviewUnknown, ReviewDecided, RollNotCorrected, CorrectionPending)
@routes.arguments(DecisionIn)
@routes.response(200, ReviewOut)
def decide_review(asked: dict[str, Any], poll_id: str, review: str) -> Any:
    """Refuse it with a reason, or ask for a correction that another official has to confirm."""
    return reviews.decide_review(
        poll_id,
        review,
        granted=asked["granted"],
        reason=asked["reason"],
        official=acting_official(),
        now=datetime.now(UTC),
    )
