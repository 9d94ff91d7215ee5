"""Calls, threshold sets and proposals as data for everyone."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response

from mvote.core.canonical import JSON, canonical_bytes
from mvote.votes.proposals import service
from mvote.votes.proposals.errors import CallAltered, CallUnknown, ProposalUnknown
from mvote.votes.proposals.rules import Proposal, ThresholdSet
from mvote.votes.proposals.rules_calls import Call
from mvote.votes.proposals.schemas import (
    CallOut,
    CallsOut,
    ProposalsIn,
    ProposalsOut,
    SimilarIn,
    SimilarsOut,
    ThresholdSetsOut,
    WholeProposalOut,
)
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of, read_place, spell_place
from mvote.web.problems import refuses

routes = Routes("proposals", __name__, url_prefix="/api/v1", description="Citizens' proposals")

JSON_TYPE = "application/json"


@routes.get("/threshold-sets")
@guarded
@routes.response(200, ThresholdSetsOut)
def list_threshold_sets() -> Response:
    """What so many supports lead to: sets that came with the program, and the city's own."""
    return tell({"items": [thresholds_json(one) for one in service.list_thresholds()]})


@routes.get("/calls")
@guarded
@refuses(CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, CallsOut)
def list_calls(asked: dict[str, Any]) -> Response:
    """Calls for proposals, the last opened first."""
    page = page_of(
        lambda *, after, limit: service.list_calls(after=read_place(after), limit=limit),
        _cursor,
        asked,
    )
    now = now_utc()
    return respond({**page, "items": [one.head(now) for one in page["items"]]})


@routes.get("/calls/<string:call_id>")
@guarded
@refuses(CallUnknown, CallAltered)
@routes.response(200, CallOut)
def get_call(call_id: str) -> Response:
    """A call as it was frozen, where it stands, and what it chose."""
    return respond(service.get_call(call_id).to_json(now_utc()))


@routes.get("/proposals")
@guarded
@refuses(CursorNotValid)
@routes.arguments(ProposalsIn, location="query")
@routes.response(200, ProposalsOut)
def list_proposals(asked: dict[str, Any]) -> Response:
    """Proposals, filtered, in one of the orders that favour nobody."""
    page = read_page(asked)
    return respond({**page, "items": [one.to_json() for one in page["items"]]})


@routes.get("/proposals/similar")
@guarded
@routes.arguments(SimilarIn, location="query")
@routes.response(200, SimilarsOut)
def find_similar_proposals(asked: dict[str, Any]) -> Response:
    """Proposals like a text, to be shown before somebody makes another."""
    found = service.find_similar(asked["text"])
    return respond({"items": [one.to_json() for one in found]})


@routes.get("/proposals/<string:proposal_id>")
@guarded
@refuses(ProposalUnknown, CallAltered)
@routes.response(200, WholeProposalOut)
def get_proposal(proposal_id: str) -> Response:
    """A proposal, its stages, and what came of it."""
    return respond(service.get_proposal(proposal_id).to_json())


def read_page(asked: dict[str, Any]) -> dict[str, Any]:
    """One page of the list.  Raises CursorNotValid."""
    wanted = service.Asked(
        **{name: said for name, said in asked.items() if name not in ("after", "limit")}
    )
    check_place(wanted.order, asked["after"])
    return page_of(partial(service.list_proposals, wanted), partial(_place, wanted.order), asked)


def check_place(order: str, after: str) -> None:
    """Raises CursorNotValid."""
    if after and not service.is_place(order, after):
        raise CursorNotValid()


def _place(order: str, proposal: Proposal) -> str:
    return service.place_of(order, proposal)


def _cursor(call: Call) -> str:
    return spell_place(call.definition.opens, call.id)


def thresholds_json(one: ThresholdSet) -> dict[str, JSON]:
    return {**one.to_json(), "digest": one.digest, "shipped": one.shipped}


def respond(value: JSON) -> Response:
    return conditional(canonical_bytes(value), content_type=JSON_TYPE)


def tell(value: JSON, status: int = 200) -> Response:
    """What nobody keeps: what an act led to, or a short list."""
    return Response(canonical_bytes(value), status=status, content_type=JSON_TYPE)


def now_utc() -> datetime:
    return datetime.now(UTC)
