"""Cast a ballot."""

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any, TypeVar, cast

from flask import Request, g, request
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from mvote.core.answers import ANSWER_REFUSALS, TEXT_REFUSALS
from mvote.core.errors import Refusal
from mvote.core.phases import PollCancelled, PollClosed, PollNotYetOpen, PollSuspended, PollUnknown
from mvote.core.secrecy.ballot import (
    BallotForAnotherPoll,
    BallotForged,
    BallotMalformed,
    BallotTooLarge,
)
from mvote.core.secrecy.permit import PermitForAnotherPoll, PermitMalformed, PermitNotValid
from mvote.installation import installation
from mvote.votes.ballots import service
from mvote.votes.ballots.errors import (
    BallotFateUnknown,
    BallotNotStorable,
    BoardBehindCheckpoint,
    BoardKeyMissing,
    IntakeFull,
    RevoteNotAllowed,
    SeqConflict,
    StaleSeq,
    TooManyBadBallots,
)
from mvote.votes.ballots.schemas import BallotIn, ReceiptOut
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("ballots", __name__, url_prefix="/api/v1", description="Ballots")

View = TypeVar("View", bound=Callable[..., Any])


def slowed(view: View) -> View:
    """Slow down an address that sends bad ballots; the guard stands above.

    A good ballot may come too late or twice (409), which is nobody's fault.
    """

    @wraps(view)
    def slowed_view(*given: Any, **named: Any) -> Any:
        too_large = _is_too_large(request)
        with service.floods().turn(request.remote_addr or "") as turn:
            g.turn = turn
            try:
                if too_large:
                    raise BallotTooLarge(most=installation().settings.ballot_bytes)
                return view(*given, **named)
            except (Refusal, HTTPException) as fault:
                status = fault.status if isinstance(fault, Refusal) else fault.code or 500
                turn.bad = status < 500 and status != HTTPStatus.CONFLICT
                raise

    return cast(View, slowed_view)


def _is_too_large(req: Request) -> bool:
    try:
        return len(req.get_data(cache=True)) > installation().settings.ballot_bytes
    except RequestEntityTooLarge:
        return True


@routes.post("/polls/<string:poll_id>/ballots")
@guarded
@slowed
@refuses(PollUnknown, PollNotYetOpen, PollSuspended, PollClosed, PollCancelled)
@refuses(BallotMalformed, BallotTooLarge, BallotForAnotherPoll)
@refuses(PermitMalformed, PermitForAnotherPoll, PermitNotValid, BallotForged)
@refuses(*ANSWER_REFUSALS)
@refuses(*TEXT_REFUSALS)
@refuses(RevoteNotAllowed, SeqConflict, StaleSeq)
@refuses(TooManyBadBallots)
@refuses(IntakeFull, BallotFateUnknown, BallotNotStorable, BoardBehindCheckpoint, BoardKeyMissing)
@routes.arguments(BallotIn())
@routes.response(201, ReceiptOut, description="The ballot is kept.")
@routes.alt_response(200, schema=ReceiptOut, description="It was kept before; the same receipt.")
def cast_ballot(ballot: dict[str, Any], poll_id: str) -> tuple[dict[str, Any], int]:
    """Cast a ballot.

    Needs a permit inside the ballot and nothing that tells who is sending it.  When in
    doubt send the same bytes again: a ballot is kept once, and its receipt is always the same.
    The texts beside it are no part of it: nothing hashes, signs or publishes them with it.
    """
    texts = ballot.pop("texts", None)
    made = service.cast_ballot(poll_id, ballot=ballot, texts=texts, checked=g.turn.leave_lane)
    return made.receipt, 201 if made.new else 200
