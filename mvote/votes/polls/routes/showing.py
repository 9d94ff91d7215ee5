"""What everyone may see: departments, forms, frozen polls and what was noted on them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from flask import Response

from mvote.core.counting import METHODS
from mvote.core.phases import PollUnknown
from mvote.core.questions import QUESTIONS
from mvote.votes.polls import service
from mvote.votes.polls.errors import DepartmentExists, PurgeNotStated, QuarantineHidden
from mvote.votes.polls.schemas import (
    CityOut,
    CountingMethodsOut,
    DepartmentIn,
    DepartmentOut,
    DepartmentsOut,
    NoteOut,
    PictureIn,
    PollHeadOut,
    PollOut,
    PollsIn,
    PollsOut,
    PurgeStatementOut,
    QuarantineOut,
    QuestionTypesOut,
    ToldOut,
    head_of,
)
from mvote.web.access import acting_official
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import page_of, read_place, spell_place
from mvote.web.problems import refuses

SVG, PNG = "image/svg+xml", "image/png"

routes = Routes("polls", __name__, url_prefix="/api/v1", description="Departments and polls")


@routes.get("/city")
@guarded
@routes.response(200, CityOut)
def get_city() -> Response:
    """The city's name, the zone of its times, and where one proves who one is."""
    return conditional(_spelled(service.tell_city()), content_type="application/json")


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
        asked["code"], name=asked["name"], by=acting_official().id, now=datetime.now(UTC)
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
    shown = page | {"items": [head_of(poll) for poll in page["items"]]}
    return conditional(_spelled(PollsOut().dump(shown)), content_type="application/json")


@routes.get("/polls/<poll_id>")
@guarded
@refuses(PollUnknown)
@routes.response(200, PollOut)
def get_poll(poll_id: str) -> Response:
    """A poll as it was frozen, the state it is in, what officials noted on it since.

    ``told`` holds what a voter is to read before voting, in sentences made from the poll.
    """
    poll = service.get_public_poll(poll_id)
    notes = NoteOut(many=True).dump(service.list_notes(poll_id))
    told = ToldOut().dump(service.tell_poll(service.definition_of(poll_id)))
    beside = _spelled({**PollHeadOut().dump(head_of(poll)), "notes": notes, "told": told})
    definition = service.definition_text_of(poll_id).encode()
    content = b'{"definition":' + definition + b"," + beside.removeprefix(b"{")
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


@routes.get("/polls/<poll_id>/quarantine")
@guarded
@refuses(PollUnknown, QuarantineHidden)
@routes.response(200, QuarantineOut)
def get_quarantine(poll_id: str) -> dict[str, Any]:
    """Permits that the poll's rules count apart: how many, whether released, and why; no persons.

    Every ballot stands in the result; whether it would be another without these says the result.
    """
    return {"items": service.list_quarantine(poll_id)}


@routes.get("/polls/<poll_id>/purge-statement")
@guarded
@refuses(PollUnknown, PurgeNotStated)
@routes.response(200, PurgeStatementOut)
def get_purge_statement(poll_id: str) -> Any:
    """Signed: the records of who took a permit are erased, since when, and how many."""
    return service.get_purge_statement(service.get_public_poll(poll_id).id)


def _spelled(value: Mapping[str, Any]) -> bytes:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()
