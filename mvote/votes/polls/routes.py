"""Departments and polls over HTTP: drafting, deciding, and what everyone may see."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response
from werkzeug.http import parse_etags

from mvote.core.counting import METHODS
from mvote.core.errors import Refusal
from mvote.core.phases import (
    AlreadyApproved,
    AlreadyFrozen,
    AlreadyOpen,
    PollCancelled,
    PollClosed,
    PollNotFrozen,
    PollNotSuspended,
    PollNotYetOpen,
    PollSuspended,
    PollUnknown,
)
from mvote.core.poll import DraftRefused
from mvote.core.questions import QUESTIONS
from mvote.votes.polls import service
from mvote.votes.polls.errors import (
    ClosingTimePassed,
    DepartmentExists,
    DraftChangedMeanwhile,
    NotYourDepartment,
    OpensBySchedule,
    OwnPoll,
    PurgeNotStated,
    RevisionNeeded,
)
from mvote.votes.polls.rules import Poll
from mvote.votes.polls.schemas import (
    CountingMethodsOut,
    DepartmentIn,
    DepartmentOut,
    DepartmentsOut,
    DraftIn,
    DraftOut,
    OfficialPollOut,
    OfficialPollsOut,
    PictureIn,
    PollHeadOut,
    PollOut,
    PollsIn,
    PollsOut,
    PurgeStatementOut,
    QuestionTypesOut,
    ReasonIn,
    SavingIn,
)
from mvote.web.access import acting_official
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of, read_place, spell_place
from mvote.web.problems import refuses

PREFIX = "/api/v1"
REVISION = {"ETag": {"description": "The revision of the draft.", "schema": {"type": "string"}}}
LOCATION = {"Location": {"description": "Where the draft is.", "schema": {"type": "string"}}}
SVG, PNG = "image/svg+xml", "image/png"
DECIDING: tuple[type[Refusal], ...] = (PollUnknown, NotYourDepartment, OwnPoll, PollCancelled)

routes = Routes("polls", __name__, url_prefix=PREFIX, description="Departments and polls")


@routes.get("/departments")
@guarded
@routes.response(200, DepartmentsOut)
def list_departments() -> dict[str, Any]:
    """The departments that ask and answer."""
    return {"items": service.list_departments()}


@routes.post("/departments")
@guarded
@refuses(DepartmentExists)
@routes.arguments(DepartmentIn)
@routes.response(201, DepartmentOut)
def add_department(asked: dict[str, Any]) -> Any:
    """Add a department."""
    return service.add_department(
        asked["code"], name=asked["name"], by=acting_official().id, now=_now()
    )


@routes.get("/question-types")
@guarded
@routes.response(200, QuestionTypesOut)
def list_question_types() -> dict[str, Any]:
    """The types of question that a poll can ask."""
    items = [
        {
            "name": kind.name,
            "label": kind.label,
            "widget": kind.widget,
            "keyboard": kind.keyboard,
            "screen_reader": kind.screen_reader,
            "form": kind.form,
            "example": json.loads(kind.example),
            "methods": [method.name for method in METHODS if method.shape is kind.shape],
        }
        for kind in QUESTIONS
    ]
    return {"items": items}


@routes.get("/counting-methods")
@guarded
@routes.response(200, CountingMethodsOut)
def list_counting_methods() -> dict[str, Any]:
    """The methods by which answers can be counted, in the versions that count now."""
    return {"items": list(METHODS)}


@routes.get("/departments/<code>/polls")
@guarded
@refuses(NotYourDepartment, CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, OfficialPollsOut)
def list_department_polls(asked: dict[str, Any], code: str) -> dict[str, Any]:
    """A department's polls in every state, the last drafted first."""

    def listing(*, after: str, limit: int) -> Any:
        return service.list_department_polls(
            code, official=acting_official(), after=read_place(after), limit=limit
        )

    page = page_of(listing, lambda poll: spell_place(poll.drafted_at, poll.id), asked)
    return page | {"items": [_for_officials(poll) for poll in page["items"]]}


@routes.post("/polls")
@guarded
@refuses(DraftRefused, NotYourDepartment)
@routes.arguments(DraftIn)
@routes.response(201, DraftOut, headers=REVISION | LOCATION)
def draft_poll(content: Any) -> Any:
    """Begin a poll."""
    made = service.draft_poll(content, official=acting_official(), now=_now())
    return _draft(made, location=f"{PREFIX}/polls/{made.poll.id}/draft")


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
    known = _revisions(saving["if_match"])
    now, by = _now(), acting_official()
    return _draft(service.change_draft(poll_id, content, known=known, official=by, now=now))


@routes.post("/polls/<poll_id>/approve")
@guarded
@refuses(*DECIDING, AlreadyApproved, AlreadyFrozen, DraftRefused)
@refuses(RevisionNeeded, DraftChangedMeanwhile)
@routes.arguments(SavingIn, location="headers")
@routes.response(200, OfficialPollOut)
def approve_poll(seen: dict[str, Any], poll_id: str) -> Any:
    """Approve the draft of another official as it was read; it is frozen by itself soon after."""
    known, by = _revisions(seen["if_match"]), acting_official()
    return _for_officials(service.approve_poll(poll_id, known=known, official=by, now=_now()))


@routes.post("/polls/<poll_id>/open")
@guarded
@refuses(*DECIDING, PollNotFrozen, AlreadyOpen, PollSuspended, PollClosed)
@refuses(OpensBySchedule, ClosingTimePassed)
@routes.response(200, OfficialPollOut)
def open_poll(poll_id: str) -> Any:
    """Open a frozen poll by hand."""
    return _for_officials(service.open_poll(poll_id, official=acting_official(), now=_now()))


@routes.post("/polls/<poll_id>/suspend")
@guarded
@refuses(*DECIDING, PollNotFrozen, PollNotYetOpen, PollSuspended, PollClosed)
@routes.arguments(ReasonIn)
@routes.response(200, OfficialPollOut)
def suspend_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Stop taking ballots for now, with a reason that everyone reads."""
    by = acting_official()
    found = service.suspend_poll(poll_id, reason=asked["reason"], official=by, now=_now())
    return _for_officials(found)


@routes.post("/polls/<poll_id>/resume")
@guarded
@refuses(*DECIDING, PollNotFrozen, PollNotYetOpen, PollNotSuspended, PollClosed)
@refuses(ClosingTimePassed)
@routes.response(200, OfficialPollOut)
def resume_poll(poll_id: str) -> Any:
    """Take ballots again."""
    return _for_officials(service.resume_poll(poll_id, official=acting_official(), now=_now()))


@routes.post("/polls/<poll_id>/close")
@guarded
@refuses(*DECIDING, PollNotFrozen, PollNotYetOpen, PollClosed)
@routes.response(200, OfficialPollOut)
def close_poll(poll_id: str) -> Any:
    """Close before the closing time; counting follows by itself."""
    return _for_officials(service.close_poll(poll_id, official=acting_official(), now=_now()))


@routes.post("/polls/<poll_id>/cancel")
@guarded
@refuses(*DECIDING, PollClosed)
@routes.arguments(ReasonIn)
@routes.response(200, OfficialPollOut)
def cancel_poll(asked: dict[str, Any], poll_id: str) -> Any:
    """Call the poll off for good, with a reason that everyone reads."""
    by = acting_official()
    found = service.cancel_poll(poll_id, reason=asked["reason"], official=by, now=_now())
    return _for_officials(found)


@routes.get("/polls")
@guarded
@refuses(CursorNotValid)
@routes.arguments(PollsIn, location="query")
@routes.response(200, PollsOut)
def list_polls(asked: dict[str, Any]) -> Response:
    """Polls that are frozen, open or over, the last frozen first."""

    def listing(*, after: str, limit: int) -> Any:
        return service.list_public_polls(after=read_place(after), limit=limit, state=asked["state"])

    page = page_of(listing, lambda poll: spell_place(poll.frozen_at, poll.id), asked)
    shown = page | {"items": [_head(poll) for poll in page["items"]]}
    return conditional(_spelled(PollsOut().dump(shown)), content_type="application/json")


@routes.get("/polls/<poll_id>")
@guarded
@refuses(PollUnknown)
@routes.response(200, PollOut)
def get_poll(poll_id: str) -> Response:
    """A poll as it was frozen, and the state it is in."""
    poll = service.get_public_poll(poll_id)
    head = _spelled(PollHeadOut().dump(_head(poll)))
    definition = service.definition_text_of(poll_id).encode()
    content = b'{"definition":' + definition + b"," + head.removeprefix(b"{")
    return conditional(content, content_type="application/json")


@routes.get("/polls/<poll_id>/qr.svg")
@guarded
@refuses(PollUnknown)
@routes.response(200, {"type": "string"}, content_type=SVG)
def get_qr_svg(poll_id: str) -> Response:
    """The poll's link as a QR code that scales."""
    link = service.get_link(service.get_public_poll(poll_id))
    return conditional(service.draw_svg(link), content_type=SVG)


@routes.get("/polls/<poll_id>/qr.png")
@guarded
@refuses(PollUnknown)
@routes.arguments(PictureIn, location="query")
@routes.response(200, {"type": "string", "format": "binary"}, content_type=PNG)
def get_qr_png(asked: dict[str, Any], poll_id: str) -> Response:
    """The poll's link as a QR code in black and white pixels."""
    link = service.get_link(service.get_public_poll(poll_id))
    return conditional(service.draw_png(link, pixels=asked["pixels"]), content_type=PNG)


@routes.get("/polls/<poll_id>/purge-statement")
@guarded
@refuses(PollUnknown, PurgeNotStated)
@routes.response(200, PurgeStatementOut)
def get_purge_statement(poll_id: str) -> Any:
    """Signed: the records of who took a permit are erased, since when, and how many."""
    return service.get_purge_statement(service.get_public_poll(poll_id).id)


def _now() -> datetime:
    return datetime.now(UTC)


def _draft(made: service.Draft, *, location: str | None = None) -> tuple[Any, dict[str, str]]:
    headers = {"ETag": f'"{made.poll.revision}"', "Cache-Control": "no-store"}
    if location:
        headers["Location"] = location
    poll = made.poll
    body = {"id": poll.id, "state": poll.state, "revision": poll.revision, "draft": made.content}
    return body, headers


def _revisions(if_match: str) -> frozenset[int]:
    """The revisions that an If-Match header names.  Raises RevisionNeeded."""
    tags = parse_etags(if_match)
    if tags.star_tag or not tags:
        raise RevisionNeeded()
    numbers = (tag for tag in tags if tag.isascii() and tag.isdigit() and len(tag) < 10)
    return frozenset(map(int, numbers))


def _head(poll: Poll) -> dict[str, Any]:
    return {
        "id": poll.id,
        "kind": poll.kind,
        "title": poll.title,
        "department": poll.department,
        "record": poll.record,
        "state": poll.state,
        "phase": poll.phase,
        "ph": poll.ph,
        "opens": poll.opens_at,
        "closes": poll.closes_at,
        "opened": poll.opened_at,
        "closed": poll.closing_at,
        "published": poll.published_at,
        "cancelled": poll.cancelled_at,
        "reason": poll.reason,
        "link": service.get_link(poll) if poll.public else None,
    }


def _for_officials(poll: Poll) -> dict[str, Any]:
    return _head(poll) | {
        "revision": poll.revision,
        "author": poll.author,
        "approver": poll.approver,
        "issued": poll.issued,
    }


def _spelled(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
