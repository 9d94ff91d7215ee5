"""Opinions as data, and what moderators decide about them."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from mvote.core.ids import is_id
from mvote.core.phases import PollUnknown
from mvote.votes.opinions import service
from mvote.votes.opinions.errors import (
    OpinionsNotPublished,
    OpinionUnknown,
    PoolOfOtherDepartment,
)
from mvote.votes.opinions.rules import Opinion
from mvote.votes.opinions.schemas import HideIn, OpinionsOut, PooledOpinionOut, PoolIn, PoolOut
from mvote.web.access import acting_official
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

routes = Routes("opinions", __name__, url_prefix="/api/v1", description="What voters wrote")


@routes.get("/polls/<string:poll_id>/opinions")
@guarded
@refuses(PollUnknown, OpinionsNotPublished, CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, OpinionsOut)
def list_opinions(asked: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """Texts that voters wrote and a moderator has published, in no order that means anything."""
    page = page_of(partial(service.list_published, poll_id), _cursor, _checked(asked))
    return {**page, "items": [one.to_json() for one in page["items"]]}


@routes.get("/polls/<string:poll_id>/opinion-pool")
@guarded
@refuses(PollUnknown, PoolOfOtherDepartment, CursorNotValid)
@routes.arguments(PoolIn, location="query")
@routes.response(200, PoolOut)
def list_opinion_pool(asked: dict[str, Any], poll_id: str) -> dict[str, Any]:
    """All texts of a closed poll, for a moderator of its department."""
    listing = partial(service.list_pool, poll_id, state=asked["state"], official=acting_official())
    page = page_of(listing, _cursor, _checked(asked))
    return {**page, "items": [one.to_moderator() for one in page["items"]]}


@routes.post("/opinions/<string:opinion_id>/publish")
@guarded
@refuses(OpinionUnknown, PoolOfOtherDepartment)
@routes.response(200, PooledOpinionOut)
def publish_opinion(opinion_id: str) -> dict[str, Any]:
    """Show an opinion to everyone, from the publication of its poll's result on."""
    now, by = datetime.now(UTC), acting_official()
    return service.publish_opinion(opinion_id, official=by, now=now).to_moderator()


@routes.post("/opinions/<string:opinion_id>/hide")
@guarded
@refuses(OpinionUnknown, PoolOfOtherDepartment)
@routes.arguments(HideIn)
@routes.response(200, PooledOpinionOut)
def hide_opinion(body: dict[str, Any], opinion_id: str) -> dict[str, Any]:
    """Keep an opinion from being shown, and say why."""
    now, by = datetime.now(UTC), acting_official()
    return service.hide_opinion(opinion_id, **body, official=by, now=now).to_moderator()


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    if asked["after"] and not is_id(asked["after"]):
        raise CursorNotValid()
    return asked


def _cursor(opinion: Opinion) -> str:
    return opinion.id
