"""Auditors read what happened, each wing's log by itself."""

from functools import partial
from typing import Any

from mvote.audit.schemas import LogIn, LogOut
from mvote.audit.service import list_page
from mvote.settings import Wing
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import page_of

people_log = Routes(
    "people-log", __name__, url_prefix="/api/v1", description="What happened in the people wing"
)
votes_log = Routes(
    "votes-log", __name__, url_prefix="/api/v1", description="What happened in the votes wing"
)


@people_log.get("/people/audit")
@guarded
@people_log.arguments(LogIn, location="query")
@people_log.response(200, LogOut)
def list_people_happenings(asked: dict[str, Any]) -> dict[str, Any]:
    """What happened in the people wing, in the order of its log."""
    return _page("people", asked)


@votes_log.get("/votes/audit")
@guarded
@votes_log.arguments(LogIn, location="query")
@votes_log.response(200, LogOut)
def list_votes_happenings(asked: dict[str, Any]) -> dict[str, Any]:
    """What happened in the votes wing, in the order of its log."""
    return _page("votes", asked)


def _page(wing: Wing, asked: dict[str, Any]) -> dict[str, Any]:
    listing = partial(list_page, wing, subject=asked["subject"], name=asked["kind"])
    after = int(asked["after"])
    return page_of(listing, lambda entry: str(entry.id), asked | {"after": after})
