"""Records as everyone reads them."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response

from mvote.core.canonical import JSON, canonical_bytes
from mvote.installation import city_day
from mvote.votes.discussions import service
from mvote.votes.discussions.errors import RecordUnknown
from mvote.votes.discussions.rules import Summary
from mvote.votes.discussions.rules_export import export_of
from mvote.votes.discussions.schemas import (
    OverdueOut,
    RecordFileOut,
    RecordOut,
    RecordPromisesOut,
    RecordsIn,
    RecordsOut,
    RepliesOut,
    ToAnswersOut,
)
from mvote.votes.dues.service import owner_names
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import page_of, read_place, spell_place
from mvote.web.problems import refuses

routes = Routes("records", __name__, url_prefix="/api/v1", description="Policy discussion records")

JSON_TYPE = "application/json"


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
            "department": code,
            "name": dict(name),
            "overdue": [one.to_json(now) for one in found[code]],
        }
        for code, name in owner_names().items()
        if code in found
    ]
    return _respond({"items": items})


@routes.get("/records/<record_id>")
@guarded
@refuses(RecordUnknown)
@routes.response(200, RecordOut)
def get_record(record_id: str) -> Response:
    """A record with its entries, and the dates by which answers are due."""
    return _respond(service.get_record(record_id).to_json(_now()))


@routes.get("/records/<record_id>/to-answer")
@guarded
@refuses(RecordUnknown)
@routes.response(200, ToAnswersOut)
def list_what_to_answer(record_id: str) -> Response:
    """For each result what an answer has to speak of: winners, minority reason or runner-up."""
    return _respond({"items": [one.to_json() for one in service.list_to_answer(record_id)]})


@routes.get("/records/<record_id>/promises")
@guarded
@refuses(RecordUnknown)
@routes.response(200, RecordPromisesOut)
def list_promises(record_id: str) -> Response:
    """What was promised, with steps, dates and evidence; the date first given stays."""
    today = city_day(_now())
    return _respond({"items": [one.to_json(today) for one in service.list_promises(record_id)]})


@routes.get("/records/<record_id>/replies")
@guarded
@refuses(RecordUnknown)
@routes.response(200, RepliesOut)
def list_replies(record_id: str) -> Response:
    """How citizens rated the newest answers, and whether they asked for another."""
    rated, asked = service.list_replies(record_id)
    shown = {"ratings": [one.to_json() for one in rated]}
    return _respond({**shown, "asked": [one.to_json() for one in asked]})


@routes.get("/records/<record_id>/export.json")
@guarded
@refuses(RecordUnknown)
@routes.response(200, RecordFileOut)
def export_record(record_id: str) -> Response:
    """The record as a file to keep: every entry with all that its digest covers.

    Each digest is SHA-256 over the RFC 8785 form: of ``head`` as it is, of an entry without
    ``digest``.  ``previous`` of the first entry is the digest of ``head``, of each other one
    that of the entry before; ``chain`` is the last.  `mvote record check FILE` recomputes it.
    """
    found = service.get_record(record_id)
    response = _respond(export_of(found.head, found.entries))
    response.headers["Content-Disposition"] = f'attachment; filename="record-{record_id}.json"'
    return response


def _now() -> datetime:
    return datetime.now(UTC)


def _cursor(record: Summary) -> str:
    return spell_place(record.head.opened_at, record.head.id)


def _respond(value: JSON) -> Response:
    return conditional(canonical_bytes(value), content_type=JSON_TYPE)
