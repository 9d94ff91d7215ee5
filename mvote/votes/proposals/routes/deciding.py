"""What officials do about calls and proposals."""

from typing import Any

from flask import Response

from mvote.core.poll import DraftRefused
from mvote.votes.polls.errors import TemplateUnknown
from mvote.votes.polls.service import Draft
from mvote.votes.proposals import service
from mvote.votes.proposals.errors import (
    CallAltered,
    CallChoosesOtherwise,
    CallDecided,
    CallNotOver,
    CallOfOtherDepartment,
    CallRefused,
    CallUnknown,
    ChoiceRefused,
    MergeRefused,
    NothingToReplyTo,
    NothingToVoteOn,
    ProposalCollectsNoMore,
    ProposalNotShown,
    ProposalUnknown,
    ReplyRefused,
    ThresholdSetKnown,
    ThresholdsRefused,
    TooManyCalls,
)
from mvote.votes.proposals.routes.showing import now_utc, tell, thresholds_json
from mvote.votes.proposals.rules_calls import District, Topic
from mvote.votes.proposals.schemas import (
    CallIn,
    CallOut,
    ChoicesIn,
    DraftedPollOut,
    DraftPollIn,
    EndCallIn,
    MergeProposalIn,
    ProposalOut,
    ProposalReplyIn,
    ProposalReplyOut,
    ThresholdsIn,
    ThresholdsOut,
)
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("calls", __name__, url_prefix="/api/v1", description="Calls and their proposals")

ALREADY = "It is there already"


@routes.post("/threshold-sets")
@guarded
@refuses(ThresholdsRefused, ThresholdSetKnown)
@routes.arguments(ThresholdsIn)
@routes.response(201, ThresholdsOut)
@routes.alt_response(200, schema=ThresholdsOut, description=ALREADY)
def add_threshold_set(content: dict[str, Any]) -> Response:
    """Add a set of the city's own, for calls to come; it never changes."""
    made, new = service.add_thresholds(content, official=acting_official(), now=now_utc())
    return tell(thresholds_json(made), 201 if new else 200)


@routes.post("/calls")
@guarded
@refuses(CallRefused, CallOfOtherDepartment, TooManyCalls)
@routes.arguments(CallIn)
@routes.response(201, CallOut)
def open_call(content: dict[str, Any]) -> dict[str, Any]:
    """Freeze a call and open it, at once or at its time."""
    topics = tuple(
        Topic(one["id"], one["name"], one["department"] or "") for one in content.pop("topics")
    )
    districts = tuple(District(**one) for one in content.pop("districts"))
    asked = service.AskedOfCall(**content, topics=topics, districts=districts)
    now = now_utc()
    return service.open_call(asked, official=acting_official(), now=now).to_json(now)


@routes.post("/calls/<string:call_id>/end")
@guarded
@refuses(CallUnknown, CallAltered, CallOfOtherDepartment)
@routes.arguments(EndCallIn)
@routes.response(200, CallOut)
def end_call(body: dict[str, Any], call_id: str) -> dict[str, Any]:
    """Take no more proposals, and say why; those that are there go on collecting supports."""
    now = now_utc()
    return service.end_call(call_id, **body, official=acting_official(), now=now).to_json(now)


@routes.post("/calls/<string:call_id>/choices")
@guarded
@refuses(CallUnknown, CallAltered, CallOfOtherDepartment, CallChoosesOtherwise, CallDecided)
@refuses(CallNotOver, ChoiceRefused)
@routes.arguments(ChoicesIn)
@routes.response(200, CallOut)
def choose_by_jury(body: dict[str, Any], call_id: str) -> dict[str, Any]:
    """Enter which proposals a jury chose and why; each becomes a record with its clock."""
    now, by = now_utc(), acting_official()
    return service.choose_by_jury(call_id, **body, official=by, now=now).to_json(now)


@routes.post("/calls/<string:call_id>/polls")
@guarded
@refuses(CallUnknown, CallAltered, CallOfOtherDepartment, CallChoosesOtherwise, CallDecided)
@refuses(CallNotOver, NothingToVoteOn, TemplateUnknown, DraftRefused)
@routes.arguments(DraftPollIn)
@routes.response(201, DraftedPollOut)
@routes.alt_response(200, schema=DraftedPollOut, description=ALREADY)
def put_call_to_vote(body: dict[str, Any], call_id: str) -> Any:
    """Draft the poll in which citizens choose the winners of a call."""
    asked, by = service.AskedOfPoll(**body), acting_official()
    return _draft(*service.put_call_to_vote(call_id, asked=asked, official=by, now=now_utc()))


@routes.post("/proposals/<string:proposal_id>/polls")
@guarded
@refuses(ProposalUnknown, CallOfOtherDepartment, ProposalCollectsNoMore, ProposalNotShown)
@refuses(TemplateUnknown, DraftRefused)
@routes.arguments(DraftPollIn)
@routes.response(201, DraftedPollOut)
@routes.alt_response(200, schema=DraftedPollOut, description=ALREADY)
def put_proposal_to_vote(body: dict[str, Any], proposal_id: str) -> Any:
    """Draft a poll on a proposal, filled in; four eyes then decide as about every poll."""
    asked, by = service.AskedOfPoll(**body), acting_official()
    return _draft(*service.put_to_vote(proposal_id, asked=asked, official=by, now=now_utc()))


@routes.post("/proposals/<string:proposal_id>/merge")
@guarded
@refuses(ProposalUnknown, CallOfOtherDepartment, MergeRefused)
@routes.arguments(MergeProposalIn)
@routes.response(200, ProposalOut)
def merge_proposal(body: dict[str, Any], proposal_id: str) -> Response:
    """Merge a proposal into a similar one; both stay readable, and no supports are added."""
    by, now = acting_official(), now_utc()
    return tell(service.merge_proposals(proposal_id, **body, official=by, now=now).to_json())


@routes.post("/proposals/<string:proposal_id>/replies")
@guarded
@refuses(ProposalUnknown, CallOfOtherDepartment, NothingToReplyTo, ReplyRefused)
@routes.arguments(ProposalReplyIn)
@routes.response(201, ProposalReplyOut)
@routes.alt_response(200, schema=ProposalReplyOut, description=ALREADY)
def reply_to_proposal(body: dict[str, Any], proposal_id: str) -> Response:
    """The department replies in the proposal's record; an answer says what becomes of it."""
    by, now = acting_official(), now_utc()
    entry, new = service.reply(proposal_id, **body, official=by, now=now)
    whole = entry.to_json()
    said = {name: whole[name] for name in ("number", "version", "at", "digest")}
    return tell({"record": entry.record, **said}, 201 if new else 200)


def _draft(made: Draft, new: bool) -> tuple[dict[str, Any], int, dict[str, str]]:
    poll = made.poll
    headers = {
        "ETag": f'"{poll.revision}"',
        "Cache-Control": "no-store",
        "Location": f"/api/v1/polls/{poll.id}/draft",
    }
    said = {"id": poll.id, "state": poll.state, "revision": poll.revision}
    return {**said, "draft": made.content}, 201 if new else 200, headers
