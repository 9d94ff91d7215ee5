"""Records as data, and what their departments write into them."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response

from mvote.core.canonical import JSON, canonical_bytes
from mvote.votes.discussions import service
from mvote.votes.discussions.errors import (
    AnswerAlreadyGiven,
    AnswerStillOwed,
    NothingToAnswer,
    OfficialAnswerRefused,
    RecordClosed,
    RecordOfOtherDepartment,
    RecordUnknown,
)
from mvote.votes.discussions.rules import Summary
from mvote.votes.discussions.schemas import (
    AnswerIn,
    ClosingReportIn,
    EntryOut,
    InterimAnswerIn,
    OverdueOut,
    RecordOut,
    RecordsIn,
    RecordsOut,
    StepIn,
)
from mvote.votes.polls.service import list_departments
from mvote.web.access import acting_official
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import page_of, read_place, spell_place
from mvote.web.problems import refuses

routes = Routes("records", __name__, url_prefix="/api/v1", description="Policy discussion records")

JSON_TYPE = "application/json"
ALWAYS = (RecordUnknown, RecordOfOtherDepartment, RecordClosed, NothingToAnswer)


@routes.get("/records")
@guarded
@refuses(CursorNotValid)
@routes.arguments(RecordsIn, location="query")
@routes.response(200, RecordsOut)
def list_records(asked: dict[str, Any]) -> Response:
    """Records, the youngest first."""
    listing = partial(service.list_records, department=asked["department"])
    page = page_of(
        lambda *, after, limit: listing(after=read_place(after), limit=limit), _cursor, asked
    )
    now = _now()
    return _respond({**page, "items": [one.to_json(now) for one in page["items"]]})


@routes.get("/records/overdue")
@guarded
@routes.response(200, OverdueOut)
def list_overdue_answers() -> Response:
    """Answers owed past their date, by department."""
    now = _now()
    found = service.list_overdue(now=now)
    items = [
        {
            "department": department.code,
            "name": dict(department.name),
            "overdue": [one.to_json(now) for one in found[department.code]],
        }
        for department in list_departments()
        if department.code in found
    ]
    return _respond({"items": items})


@routes.get("/records/<record_id>")
@guarded
@refuses(RecordUnknown)
@routes.response(200, RecordOut)
def get_record(record_id: str) -> Response:
    """A record with its entries, and the dates by which answers are due."""
    return _respond(service.get_record(record_id).to_json(_now()))


@routes.post("/records/<record_id>/answers")
@guarded
@refuses(*ALWAYS, OfficialAnswerRefused)
@routes.arguments(AnswerIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def give_answer(body: dict[str, Any], record_id: str) -> Response:
    """The department answers a result; again, for a new version."""
    return _added(service.give_answer(record_id, **body, official=acting_official(), now=_now()))


@routes.post("/records/<record_id>/interim-answers")
@guarded
@refuses(*ALWAYS, AnswerAlreadyGiven, OfficialAnswerRefused)
@routes.arguments(InterimAnswerIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def give_interim_answer(body: dict[str, Any], record_id: str) -> Response:
    """The department says by when it will answer; the due date stays."""
    official_ = acting_official()
    return _added(service.give_interim_answer(record_id, **body, official=official_, now=_now()))


@routes.post("/records/<record_id>/steps")
@guarded
@refuses(*ALWAYS)
@routes.arguments(StepIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def add_step(body: dict[str, Any], record_id: str) -> Response:
    """The department says what was done, or is planned."""
    return _added(service.add_step(record_id, **body, official=acting_official(), now=_now()))


@routes.post("/records/<record_id>/closing-report")
@guarded
@refuses(*ALWAYS, AnswerStillOwed)
@routes.arguments(ClosingReportIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def close_record(body: dict[str, Any], record_id: str) -> Response:
    """The department closes the record with a report."""
    return _added(service.close_record(record_id, **body, official=acting_official(), now=_now()))


def _now() -> datetime:
    return datetime.now(UTC)


def _cursor(record: Summary) -> str:
    return spell_place(record.head.opened_at, record.head.id)


def _respond(value: JSON) -> Response:
    return conditional(canonical_bytes(value), content_type=JSON_TYPE)


def _added(added: service.Added) -> Response:
    entry, new = added
    return Response(
        canonical_bytes(entry.to_json()), status=201 if new else 200, content_type=JSON_TYPE
    )
