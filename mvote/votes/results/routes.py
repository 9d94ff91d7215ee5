"""Results as data: the same bytes for everyone, for good."""

from base64 import b64encode
from datetime import UTC, datetime
from typing import Any

from flask import Response, request, send_file

from mvote.core.phases import PollUnknown
from mvote.votes.ballots.errors import (
    BallotsNotOpen,
    BallotsNotPublished,
    BoardBehindCheckpoint,
    CountHiddenBeforeClose,
)
from mvote.votes.polls.errors import NotYourDepartment, OwnPoll
from mvote.votes.results.errors import NoTieToDecide, ResultNotPublished, TieOrderRefused
from mvote.votes.results.rules import RESULT_CSV, RESULT_JSON, ResultFile
from mvote.votes.results.schemas import (
    OpenTieOut,
    ResultOut,
    RunningCountOut,
    TieDecisionIn,
    TieDecisionOut,
)
from mvote.votes.results.service import (
    decide_tie,
    get_ballots_file,
    get_bundle,
    get_file,
    get_open_tie,
    get_running_count,
)
from mvote.web.access import acting_official
from mvote.web.caching import conditional
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("results", __name__, url_prefix="/api/v1", description="Published results of polls")

YEAR_SECONDS = 365 * 86400
CSV_TYPE = "text/csv; charset=utf-8; header=present"
ZIP_TYPE = "application/zip"
BUNDLE_SCHEMA = {"type": "string", "format": "binary", "description": "The recount bundle"}
CSV_SCHEMA = {"type": "string", "description": "RFC 4180, UTF-8 with a byte order mark"}


@routes.get("/polls/<poll_id>/result")
@guarded
@refuses(PollUnknown, ResultNotPublished)
@routes.response(200, ResultOut)
def get_poll_result(poll_id: str) -> Response:
    """The frozen result of a poll."""
    return _respond(get_file(poll_id, RESULT_JSON), "application/json")


@routes.get("/polls/<poll_id>/result.csv")
@guarded
@refuses(PollUnknown, ResultNotPublished)
@routes.response(200, CSV_SCHEMA, content_type="text/csv")
def get_poll_result_table(poll_id: str) -> Response:
    """The result as a table: a row for each question and option."""
    return _respond(get_file(poll_id, RESULT_CSV), CSV_TYPE, f"result-{poll_id}.csv")


@routes.get("/polls/<poll_id>/result/ballots.csv")
@guarded
@refuses(PollUnknown, ResultNotPublished, BallotsNotOpen)
@routes.response(200, CSV_SCHEMA, content_type="text/csv")
def get_poll_ballots_table(poll_id: str) -> Response:
    """Names and choices of an open poll."""
    return _respond(get_ballots_file(poll_id), CSV_TYPE, f"ballots-{poll_id}.csv")


@routes.get("/polls/<poll_id>/bundle")
@guarded
@refuses(PollUnknown, ResultNotPublished, BallotsNotPublished, BoardBehindCheckpoint)
@routes.response(200, BUNDLE_SCHEMA, content_type=ZIP_TYPE)
def get_poll_bundle(poll_id: str) -> Response:
    """Everything that a stranger needs to count a secret poll again.

    Check it with `python -m mvote.core.verify`; VERIFY.md inside says how.
    """
    path = get_bundle(poll_id)
    tag = f"bundle-{get_file(poll_id, RESULT_JSON).digest[:32]}"
    if tag in request.if_none_match:  # answered here, so that no file is opened for nothing
        response = Response(status=304)
        response.set_etag(tag)
    else:
        name = f"{poll_id}.zip"
        response = send_file(
            path, ZIP_TYPE, as_attachment=True, download_name=name, conditional=True, etag=tag
        )
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, must-revalidate"
    return response


@routes.get("/polls/<poll_id>/open-tie")
@guarded
@refuses(PollUnknown, NotYourDepartment, OwnPoll, NoTieToDecide)
@routes.response(200, OpenTieOut)
def get_poll_open_tie(poll_id: str) -> Any:
    """The tie for which the result waits, where the poll lets the chair decide."""
    return get_open_tie(poll_id, official=acting_official())


@routes.post("/polls/<poll_id>/tie-decisions")
@guarded
@refuses(PollUnknown, NotYourDepartment, OwnPoll, NoTieToDecide, TieOrderRefused)
@routes.arguments(TieDecisionIn)
@routes.response(201, TieDecisionOut)
def decide_poll_tie(asked: dict[str, Any], poll_id: str) -> Any:
    """Put the tied options in an order, the best first; the result follows by itself."""
    by, now = acting_official(), datetime.now(UTC)
    return decide_tie(poll_id, **asked, official=by, now=now).to_json()


@routes.get("/polls/<poll_id>/running-count")
@guarded
@refuses(PollUnknown, CountHiddenBeforeClose)
@routes.response(200, RunningCountOut)
def get_poll_running_count(poll_id: str) -> Any:
    """The provisional count of a poll whose rule shows it before the end."""
    return get_running_count(poll_id)


def _respond(file: ResultFile, content_type: str, name: str | None = None) -> Response:
    response = conditional(file.content, content_type=content_type, etag=file.digest)
    response.headers["Cache-Control"] = f"public, max-age={YEAR_SECONDS}, must-revalidate"
    response.headers["Repr-Digest"] = f"sha-256=:{b64encode(bytes.fromhex(file.digest)).decode()}:"
    if name is not None:
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
