"""What citizens do about proposals, by signed acts and without a name."""

from typing import Any

from flask import Response

from mvote.votes.participation.errors import ACT_REFUSALS
from mvote.votes.proposals import service
from mvote.votes.proposals.errors import (
    CallAltered,
    CallNotOpen,
    CallUnknown,
    ProposalCollectsNoMore,
    ProposalNotShown,
    ProposalOfOther,
    ProposalRefused,
    ProposalUnknown,
    StageReachedBefore,
    TooManyProposals,
)
from mvote.votes.proposals.routes.showing import now_utc, tell
from mvote.votes.proposals.schemas import (
    ProposalOut,
    SupportIn,
    SupportOut,
    TakeBackIn,
    WishIn,
)
from mvote.web.acts import ActIn, body_of
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("proposing", __name__, url_prefix="/api/v1", description="Proposing, supporting")


@routes.post("/calls/<string:call_id>/proposals")
@guarded
@refuses(*ACT_REFUSALS, CallUnknown, CallAltered, CallNotOpen, ProposalRefused, TooManyProposals)
@routes.arguments(ActIn())
@routes.response(201, ProposalOut)
def propose(raw: dict[str, Any], call_id: str) -> Response:
    """Propose something, by an act ``propose`` of the call; its body is a ``Wish``.

    The same act again gives the same proposal.
    """
    wish = service.Wish(**body_of(raw, WishIn()))
    made = service.propose(call_id, raw=raw, wish=wish, now=now_utc())
    return tell(made.to_json(), 201)


@routes.post("/proposals/<string:proposal_id>/withdrawal")
@guarded
@refuses(*ACT_REFUSALS, ProposalUnknown, ProposalOfOther, StageReachedBefore)
@refuses(ProposalCollectsNoMore)
@routes.arguments(ActIn())
@routes.response(200, ProposalOut)
def take_back_proposal(raw: dict[str, Any], proposal_id: str) -> Response:
    """Its author takes a proposal back, by an act ``withdraw-proposal`` of the call."""
    body_of(raw, TakeBackIn())
    return tell(service.take_back(proposal_id, raw=raw, now=now_utc()).to_json())


@routes.post("/proposals/<string:proposal_id>/supports")
@guarded
@refuses(*ACT_REFUSALS, ProposalUnknown, ProposalCollectsNoMore, ProposalNotShown)
@routes.arguments(ActIn())
@routes.response(200, SupportOut)
def support_proposal(raw: dict[str, Any], proposal_id: str) -> dict[str, Any]:
    """Support a proposal, or no more, by an act ``support`` of the proposal.

    A citizen counts once, however often that is said.
    """
    said = body_of(raw, SupportIn())["support"]
    return service.support(proposal_id, raw=raw, supporting=said, now=now_utc()).to_json()
