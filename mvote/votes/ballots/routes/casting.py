"""Cast a ballot."""

from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from mvote.core.answers import ANSWER_REFUSALS, TEXT_REFUSALS
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
    IntakeFull,
    RevoteNotAllowed,
    SeqConflict,
    StaleSeq,
)
from mvote.votes.ballots.schemas import BallotIn, ReceiptOut
from mvote.web.fields import Routes, StrictParser
from mvote.web.guard import guarded
from mvote.web.problems import refuses


class BallotParser(StrictParser):
    """Reads no more than a ballot may have."""

    def _raw_load_json(self, req: Request) -> Any:
        most = installation().settings.ballot_bytes
        req.max_content_length = most
        try:
            req.get_data(cache=True)
        except RequestEntityTooLarge:
            raise BallotTooLarge(most=most) from None
        return super()._raw_load_json(req)


class BallotRoutes(Routes):
    ARGUMENTS_PARSER = BallotParser()


routes = BallotRoutes("ballots", __name__, url_prefix="/api/v1", description="Ballots")


@routes.post("/polls/<string:poll_id>/ballots")
@guarded
@refuses(PollUnknown, PollNotYetOpen, PollSuspended, PollClosed, PollCancelled)
@refuses(BallotMalformed, BallotTooLarge, BallotForAnotherPoll)
@refuses(PermitMalformed, PermitForAnotherPoll, PermitNotValid, BallotForged)
@refuses(*ANSWER_REFUSALS)
@refuses(*TEXT_REFUSALS)
@refuses(RevoteNotAllowed, SeqConflict, StaleSeq)
@refuses(IntakeFull, BallotFateUnknown, BallotNotStorable, BoardBehindCheckpoint)
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
    cast = service.cast_ballot(poll_id, ballot=ballot, texts=texts)
    return cast.receipt, 201 if cast.new else 200
