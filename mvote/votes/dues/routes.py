"""What is owed by when as data, and what officials do about it."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response

from mvote.core.canonical import JSON, canonical_bytes
from mvote.installation import installation
from mvote.votes.dues import service
from mvote.votes.dues.errors import (
    ClosureNotAhead,
    ClosureUnknown,
    DueOfOtherDepartment,
    DueOver,
    DuePast,
    DueUnknown,
    NamedDepartmentUnknown,
    NotForYouToSettle,
    OwnerSettled,
    PauseNotAhead,
    PausesUsedUp,
    PauseTooLong,
)
from mvote.votes.dues.rules import Due
from mvote.votes.dues.schemas import (
    CalendarOut,
    ClosureIn,
    ClosureOut,
    DueOut,
    DuesIn,
    DuesOut,
    OwnerIn,
    PauseIn,
    WithdrawClosureIn,
)
from mvote.web.access import acting_official
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid, NoSuchAddress
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import page_of, read_place, spell_place
from mvote.web.problems import refuses

routes = Routes("dues", __name__, url_prefix="/api/v1", description="What is owed by when")

JSON_TYPE = "application/json"
FIRST_YEAR, LAST_YEAR = 1970, 2100


@routes.get("/dues")
@guarded
@refuses(CursorNotValid)
@routes.arguments(DuesIn, location="query")
@routes.response(200, DuesOut)
def list_dues(asked: dict[str, Any]) -> Response:
    """What the city owes and owed, the earliest date first."""
    now, chosen = _now(), {name: asked[name] for name in ("department", "state", "told")}
    listing = partial(service.list_all_dues, now=now, **chosen)
    page = page_of(
        lambda *, after, limit: listing(after=read_place(after), limit=limit), _cursor, asked
    )
    return _respond({**page, "items": [one.to_json(now) for one in page["items"]]})


@routes.get("/dues/<string:due_id>")
@guarded
@refuses(DueUnknown)
@routes.response(200, DueOut)
def get_due(due_id: str) -> Response:
    """One due with its pauses, and with who owed it before."""
    return _respond(service.get_due(due_id).to_json(_now()))


@routes.post("/dues/<string:due_id>/pauses")
@guarded
@refuses(
    *(DueUnknown, DueOfOtherDepartment, DueOver, DuePast),
    *(PauseNotAhead, PausesUsedUp, PauseTooLong),
)
@routes.arguments(PauseIn)
@routes.response(201, DueOut)
@routes.alt_response(200, schema=DueOut, description="It is paused so already")
def pause_due(body: dict[str, Any], due_id: str) -> Response:
    """Stop the clock from now to a day, for a reason that everybody reads."""
    done = service.pause_due(due_id, **body, official=acting_official(), now=_now())
    return _changed(due_id, new=done[1])


@routes.post("/dues/<string:due_id>/refusals")
@guarded
@refuses(DueUnknown, DueOfOtherDepartment, DueOver, NamedDepartmentUnknown, OwnerSettled)
@routes.arguments(OwnerIn)
@routes.response(201, DueOut)
@routes.alt_response(200, schema=DueOut, description="It went on already")
def refuse_due(body: dict[str, Any], due_id: str) -> Response:
    """Say that it is not ours, and whose it is; the clock runs on."""
    done = service.refuse_due(due_id, **body, official=acting_official(), now=_now())
    return _changed(due_id, new=done[1])


@routes.post("/dues/<string:due_id>/owner")
@guarded
@refuses(DueUnknown, DueOver, NotForYouToSettle, NamedDepartmentUnknown, OwnerSettled)
@routes.arguments(OwnerIn)
@routes.response(201, DueOut)
@routes.alt_response(200, schema=DueOut, description="It is settled so already")
def assign_due(body: dict[str, Any], due_id: str) -> Response:
    """The coordinating department settles whose it is."""
    done = service.assign_due(due_id, **body, official=acting_official(), now=_now())
    return _changed(due_id, new=done[1])


@routes.get("/calendar/<int:year>")
@guarded
@refuses(NoSuchAddress)
@routes.response(200, CalendarOut)
def get_calendar(year: int) -> Response:
    """When the city works; outside of the years that are known, no day is named."""
    settings, known = installation().settings, FIRST_YEAR <= year <= LAST_YEAR
    holidays = service.list_holidays(year=year) if known else []
    closures = service.list_closures(year=year) if known else []
    return _respond(
        {
            "zone": settings.time_zone,
            "working_days": settings.working_days,
            "working_hours": settings.working_hours,
            "holidays": [{"day": day.isoformat(), "name": name} for day, name in holidays],
            "closures": [one.to_json() for one in closures],
        }
    )


@routes.post("/closures")
@guarded
@refuses(ClosureNotAhead)
@routes.arguments(ClosureIn)
@routes.response(201, ClosureOut)
def name_closure(body: dict[str, Any]) -> dict[str, JSON]:
    """Name days ahead on which the city does not work; dates already promised stay."""
    return service.name_closure(**body, official=acting_official(), now=_now()).to_json()


@routes.post("/closures/<string:closure_id>/withdraw")
@guarded
@refuses(ClosureUnknown)
@routes.arguments(WithdrawClosureIn)
@routes.response(200, ClosureOut)
def withdraw_closure(body: dict[str, Any], closure_id: str) -> dict[str, JSON]:
    """The city works after all; dates already promised stay."""
    official = acting_official()
    return service.withdraw_closure(closure_id, **body, official=official, now=_now()).to_json()


def _now() -> datetime:
    return datetime.now(UTC)


def _cursor(due: Due) -> str:
    return spell_place(due.due_at, due.id)


def _respond(value: JSON) -> Response:
    return conditional(canonical_bytes(value), content_type=JSON_TYPE)


def _changed(due_id: str, *, new: bool) -> Response:
    found = service.get_due(due_id).to_json(_now())
    return Response(canonical_bytes(found), status=201 if new else 200, content_type=JSON_TYPE)
