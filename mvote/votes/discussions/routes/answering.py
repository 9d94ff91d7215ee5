"""What departments answer, correct, merge and split."""

from datetime import UTC, datetime
from typing import Any

from flask import Response

from mvote.core.canonical import canonical_bytes
from mvote.votes.discussions import service
from mvote.votes.discussions.errors import (
    AnswerAlreadyGiven,
    AnswerStillOwed,
    NothingToAnswer,
    NothingToSplit,
    OfficialAnswerRefused,
    PromiseRefused,
    RecordClosed,
    RecordEntryUnknown,
    RecordMoved,
    RecordOfOtherDepartment,
    RecordsNotToMerge,
    RecordUnknown,
)
from mvote.votes.discussions.schemas import (
    AnswerIn,
    ClosingReportIn,
    EntryOut,
    ErratumIn,
    InterimAnswerIn,
    MergeIn,
    SplitIn,
    StepIn,
)
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("answers", __name__, url_prefix="/api/v1", description="Answers of departments")

JSON_TYPE = "application/json"
OWN = (RecordUnknown, RecordMoved, RecordOfOtherDepartment)
ALWAYS = (*OWN, RecordClosed, NothingToAnswer)


@routes.post("/records/<record_id>/answers")
@guarded
@refuses(*ALWAYS, OfficialAnswerRefused)
@routes.arguments(AnswerIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def give_answer(body: dict[str, Any], record_id: str) -> Response:
    """The department answers a result; again, for a new version."""
    return added(service.give_answer(record_id, **body, official=acting_official(), now=now_utc()))


@routes.post("/records/<record_id>/interim-answers")
@guarded
@refuses(*ALWAYS, AnswerAlreadyGiven, OfficialAnswerRefused)
@routes.arguments(InterimAnswerIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def give_interim_answer(body: dict[str, Any], record_id: str) -> Response:
    """The department says by when it will answer; the due date stays."""
    official_ = acting_official()
    return added(service.give_interim_answer(record_id, **body, official=official_, now=now_utc()))


@routes.post("/records/<record_id>/steps")
@guarded
@refuses(*ALWAYS)
@routes.arguments(StepIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def add_step(body: dict[str, Any], record_id: str) -> Response:
    """The department says what was done, or is planned."""
    return added(service.add_step(record_id, **body, official=acting_official(), now=now_utc()))


@routes.post("/records/<record_id>/closing-report")
@guarded
@refuses(*ALWAYS, AnswerStillOwed, PromiseRefused)
@routes.arguments(ClosingReportIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def close_record(body: dict[str, Any], record_id: str) -> Response:
    """The department closes the record with a report."""
    return added(service.close_record(record_id, **body, official=acting_official(), now=now_utc()))


@routes.post("/records/<record_id>/errata")
@guarded
@refuses(*OWN, RecordEntryUnknown)
@routes.arguments(ErratumIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def add_erratum(body: dict[str, Any], record_id: str) -> Response:
    """The department corrects an entry by a new one; the old one stays, with a mark."""
    return added(service.add_erratum(record_id, **body, official=acting_official(), now=now_utc()))


@routes.post("/records/<record_id>/merge")
@guarded
@refuses(*OWN, RecordsNotToMerge)
@routes.arguments(MergeIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def merge_record(body: dict[str, Any], record_id: str) -> Response:
    """The record goes on in another one; both stay, and what is owed goes along."""
    return added(service.merge_record(record_id, **body, official=acting_official(), now=now_utc()))


@routes.post("/records/<record_id>/split")
@guarded
@refuses(*OWN, RecordClosed, NothingToSplit)
@routes.arguments(SplitIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def split_record(body: dict[str, Any], record_id: str) -> Response:
    """Part of what the record is about goes on in a new one, with what is owed for it."""
    return added(service.split_record(record_id, **body, official=acting_official(), now=now_utc()))


def now_utc() -> datetime:
    return datetime.now(UTC)


def added(made: service.Added) -> Response:
    """The entry as it stands in its record: 201 where it is new, else 200."""
    entry, new = made
    return Response(
        canonical_bytes(entry.to_json()), status=201 if new else 200, content_type=JSON_TYPE
    )
