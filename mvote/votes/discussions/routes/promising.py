"""What departments promise, step by step."""

from typing import Any

from flask import Response

from mvote.votes.discussions import service
from mvote.votes.discussions.errors import (
    NothingToAnswer,
    PromiseRefused,
    PromiseUnknown,
    RecordClosed,
    TooManyPromises,
)
from mvote.votes.discussions.routes.answering import OWN, added, now_utc
from mvote.votes.discussions.schemas import (
    EntryOut,
    EvidenceIn,
    MovedStepIn,
    PromisedStepIn,
    PromiseIn,
)
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("promises", __name__, url_prefix="/api/v1", description="Promises and their steps")

OWN_PROMISE = (*OWN, PromiseRefused)


@routes.post("/records/<record_id>/promises")
@guarded
@refuses(*OWN_PROMISE, RecordClosed, NothingToAnswer, TooManyPromises)
@routes.arguments(PromiseIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def make_promise(body: dict[str, Any], record_id: str) -> Response:
    """The department promises something, each step with the day by which it is done."""
    return added(service.make_promise(record_id, **body, official=acting_official(), now=now_utc()))


@routes.post("/records/<record_id>/promises/<promise>/steps")
@guarded
@refuses(*OWN_PROMISE, RecordClosed, PromiseUnknown, TooManyPromises)
@routes.arguments(PromisedStepIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def add_promised_step(body: dict[str, Any], record_id: str, promise: str) -> Response:
    """The department adds a step to a promise."""
    by = acting_official()
    return added(service.add_promised_step(record_id, promise, **body, official=by, now=now_utc()))


@routes.post("/records/<record_id>/promises/<promise>/steps/<int:step>/moves")
@guarded
@refuses(*OWN_PROMISE, RecordClosed, PromiseUnknown)
@routes.arguments(MovedStepIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def move_promised_step(body: dict[str, Any], record_id: str, promise: str, step: int) -> Response:
    """The department moves the day of a step and says why; the first day stays beside it."""
    by = acting_official()
    return added(service.move_step(record_id, promise, step, **body, official=by, now=now_utc()))


@routes.post("/records/<record_id>/promises/<promise>/steps/<int:step>/evidence")
@guarded
@refuses(*OWN_PROMISE, PromiseUnknown)
@routes.arguments(EvidenceIn)
@routes.response(201, EntryOut)
@routes.alt_response(200, schema=EntryOut, description="It stands there already")
def show_promised_step(body: dict[str, Any], record_id: str, promise: str, step: int) -> Response:
    """The department shows that a step was done, and where that can be seen."""
    by = acting_official()
    return added(service.show_step(record_id, promise, step, **body, official=by, now=now_utc()))
