"""Drafting polls: from nothing, from a template, from another poll; revision by revision."""

from datetime import UTC, datetime
from typing import Any

from mvote.core.phases import AlreadyApproved, AlreadyFrozen, PollCancelled, PollUnknown
from mvote.core.poll import DraftRefused
from mvote.votes.polls import service
from mvote.votes.polls.errors import (
    DraftChangedMeanwhile,
    NotYourDepartment,
    RevisionNeeded,
    TemplateOfTheCity,
    TemplateShipped,
    TemplateUnknown,
    TooManyTemplates,
)
from mvote.votes.polls.schemas import (
    CopyIn,
    DraftIn,
    DraftOut,
    SavingIn,
    TemplateIn,
    TemplateOut,
    TemplatesOut,
    read_revisions,
)
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

PREFIX = "/api/v1"
REVISION = {"ETag": {"description": "The revision of the draft.", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "Where the draft is.", "schema": {"type": "string"}}}

routes = Routes("drafts", __name__, url_prefix=PREFIX, description="Drafts and templates")


@routes.post("/polls")
@guarded
@refuses(DraftRefused, NotYourDepartment)
@routes.arguments(DraftIn)
@routes.response(201, DraftOut, headers=REVISION | LOCATION)
def draft_poll(content: Any) -> Any:
    """Begin a poll."""
    made = service.draft_poll(content, official=acting_official(), now=_now())
    return _draft(made, new=True)


@routes.get("/polls/<poll_id>/draft")
@guarded
@refuses(PollUnknown, NotYourDepartment)
@routes.response(200, DraftOut, headers=REVISION)
def get_draft(poll_id: str) -> Any:
    """What was drafted; its ETag is needed for saving it again."""
    return _draft(service.get_draft(poll_id, official=acting_official()))


@routes.put("/polls/<poll_id>/draft")
@guarded
@refuses(PollUnknown, NotYourDepartment, RevisionNeeded, DraftChangedMeanwhile, DraftRefused)
@refuses(AlreadyApproved, AlreadyFrozen, PollCancelled)
@routes.arguments(SavingIn, location="headers")
@routes.arguments(DraftIn)
@routes.response(200, DraftOut, headers=REVISION)
def change_draft(saving: dict[str, Any], content: Any, poll_id: str) -> Any:
    """Save a draft anew, if nobody saved it since it was read."""
    known = read_revisions(saving["if_match"])
    now, by = _now(), acting_official()
    return _draft(service.change_draft(poll_id, content, known=known, official=by, now=now))


@routes.post("/polls/<poll_id>/copies")
@guarded
@refuses(PollUnknown, DraftRefused, NotYourDepartment)
@routes.arguments(CopyIn)
@routes.response(201, DraftOut, headers=REVISION | LOCATION)
def copy_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Begin a poll from one that everyone may read, or that is of one's own department.

    It gets times and a record of its own.
    """
    wanted, by = service.AskedOfCopy(**asked), acting_official()
    return _draft(service.copy_poll(poll_id, asked=wanted, official=by, now=_now()), new=True)


@routes.post("/polls/<poll_id>/templates")
@guarded
@refuses(PollUnknown, NotYourDepartment, TemplateOfTheCity, TooManyTemplates)
@routes.arguments(TemplateIn)
@routes.response(201, TemplateOut)
def save_template(asked: dict[str, Any], poll_id: str) -> Any:
    """Keep what a poll asks as a template of one's department, or of the whole city."""
    return service.save_template(poll_id, **asked, official=acting_official(), now=_now())


@routes.get("/templates")
@guarded
@routes.response(200, TemplatesOut)
def list_templates() -> dict[str, Any]:
    """Templates that came with the program, the city's, and those of one's department."""
    return {"items": service.list_templates(official=acting_official())}


@routes.get("/templates/<template_id>")
@guarded
@refuses(TemplateUnknown)
@routes.response(200, TemplateOut)
def get_template(template_id: str) -> Any:
    """One template with what it says."""
    return service.get_template(template_id, official=acting_official())


@routes.delete("/templates/<template_id>")
@guarded
@refuses(TemplateUnknown, TemplateShipped, TemplateOfTheCity)
@routes.response(204)
def delete_template(template_id: str) -> None:
    """Delete a template; what was begun from it stays."""
    service.delete_template(template_id, official=acting_official(), now=_now())


@routes.post("/templates/<template_id>/drafts")
@guarded
@refuses(TemplateUnknown, DraftRefused, NotYourDepartment)
@routes.arguments(CopyIn)
@routes.response(201, DraftOut, headers=REVISION | LOCATION)
def draft_from_template(asked: dict[str, Any], template_id: str) -> Any:
    """Begin a poll from a template."""
    wanted, by = service.AskedOfCopy(**asked), acting_official()
    made = service.draft_from_template(template_id, asked=wanted, official=by, now=_now())
    return _draft(made, new=True)


def _now() -> datetime:
    return datetime.now(UTC)


def _draft(made: service.Draft, *, new: bool = False) -> tuple[Any, dict[str, str]]:
    poll = made.poll
    headers = {"ETag": f'"{poll.revision}"', "Cache-Control": "no-store"}
    if new:
        headers["Location"] = f"{PREFIX}/polls/{poll.id}/draft"
    body = {"id": poll.id, "state": poll.state, "revision": poll.revision, "draft": made.content}
    return body, headers
