"""Cast a ballot, see how many voted, read the board."""

from collections.abc import Sequence
from typing import Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge

from mvote.core.answers import (
    AnswerMissing,
    BlankNotAllowed,
    ChosenTwice,
    OverBudget,
    TooFewChosen,
    TooManyChosen,
    UnknownOption,
    UnknownQuestion,
    WrongAnswerType,
)
from mvote.core.canonical import b64u
from mvote.core.phases import PollCancelled, PollClosed, PollNotYetOpen, PollSuspended, PollUnknown
from mvote.core.secrecy.ballot import BallotForAnotherPoll, BallotMalformed, BallotTooLarge
from mvote.core.secrecy.permit import PermitForAnotherPoll, PermitMalformed, PermitNotValid
from mvote.installation import installation
from mvote.votes.ballots import service
from mvote.votes.ballots.errors import (
    BallotFateUnknown,
    BallotNotStorable,
    IntakeFull,
    RevoteNotAllowed,
    SeqConflict,
    StaleSeq,
)
from mvote.votes.ballots.rules import Line
from mvote.votes.ballots.schemas import BallotIn, BoardOut, ReceiptOut, TurnoutOut
from mvote.web.access import everyone, open_to, permit_holder
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes, StrictParser
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

POSITION_DIGITS = 15


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


routes = BallotRoutes("ballots", __name__, url_prefix="/api/v1", description="Ballots and boards")


@routes.post("/polls/<string:poll_id>/ballots")
@open_to(permit_holder)
@refuses(PollUnknown, PollNotYetOpen, PollSuspended, PollClosed, PollCancelled)
@refuses(BallotMalformed, BallotTooLarge, BallotForAnotherPoll)
@refuses(PermitMalformed, PermitForAnotherPoll, PermitNotValid)
@refuses(UnknownQuestion, AnswerMissing, WrongAnswerType, UnknownOption, ChosenTwice)
@refuses(TooFewChosen, TooManyChosen, OverBudget, BlankNotAllowed)
@refuses(RevoteNotAllowed, SeqConflict, StaleSeq)
@refuses(IntakeFull, BallotFateUnknown, BallotNotStorable)
@routes.arguments(BallotIn())
@routes.response(201, ReceiptOut, description="The ballot is kept.")
@routes.alt_response(200, schema=ReceiptOut, description="It was kept before; the same receipt.")
def cast_ballot(ballot: dict[str, Any], poll_id: str) -> tuple[dict[str, Any], int]:
    """Cast a ballot.

    Needs a permit inside the ballot and nothing that tells who is sending it.  When in
    doubt send the same bytes again: a ballot is kept once, and its receipt is always the same.
    """
    cast = service.cast_ballot(poll_id, ballot=ballot)
    return cast.receipt, 201 if cast.new else 200


@routes.get("/polls/<string:poll_id>/turnout")
@open_to(everyone)
@refuses(PollUnknown)
@routes.response(200, TurnoutOut)
def get_turnout(poll_id: str) -> Any:
    """How many voted, in steps.

    Counts the batches on the board, so it does not tell when one person voted; the exact
    number comes with the result.
    """
    return service.turnout(poll_id)


@routes.get("/polls/<string:poll_id>/board")
@open_to(everyone)
@refuses(PollUnknown, CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, BoardOut)
def list_board(asked: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """The entries of a poll's board, by their hashes."""

    def listing(*, after: str, limit: int) -> Sequence[Line]:
        return service.list_board(poll_id, after=_position(after), limit=limit)

    page = page_of(listing, lambda line: str(line.position), asked)
    items = [{"position": e.position, "kind": e.kind, "leaf": b64u(e.leaf)} for e in page["items"]]
    return {"items": items, "next": page["next"]}


def _position(after: str) -> int:
    """The position that a cursor names; an empty one stands before the first entry."""
    if not after:
        return -1
    if not after.isdecimal() or len(after) > POSITION_DIGITS:
        raise CursorNotValid()
    return int(after)
