"""Figures and indicators as data, and what citizens and officials do about them."""

from datetime import UTC, datetime
from functools import partial
from typing import Any

from flask import Response

from mvote.core.canonical import JSON, canonical_bytes
from mvote.core.ids import is_id
from mvote.core.times import iso
from mvote.votes.indicators import service
from mvote.votes.indicators.errors import (
    IndicatorUnknown,
    NothingToQuestion,
    QuestionNoCase,
    QuestionNotShown,
    QuestionOfOtherDepartment,
    QuestionTakenUp,
    QuestionUnknown,
    TooManyQuestions,
)
from mvote.votes.indicators.rules import Indicator, Question
from mvote.votes.indicators.schemas import (
    AsProposalIn,
    CityFiguresOut,
    ImportsOut,
    IndicatorsOut,
    QuestionIn,
    QuestionOut,
    QuestionReplyIn,
    QuestionReplyOut,
    QuestionsIn,
    QuestionsOut,
    WholeIndicatorOut,
)
from mvote.votes.participation.errors import ACT_REFUSALS
from mvote.votes.proposals.errors import CallAltered, CallNotOpen, CallUnknown, ProposalRefused
from mvote.web.access import acting_official
from mvote.web.acts import ActIn, body_of
from mvote.web.caching import conditional
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

routes = Routes("indicators", __name__, url_prefix="/api/v1", description="How the city does")

JSON_TYPE = "application/json"
QUESTION = "/indicator-questions/<string:question_id>"
TAKING_UP = (QuestionUnknown, QuestionOfOtherDepartment, QuestionNotShown, QuestionTakenUp)
IMPORTS_SHOWN = 100


@routes.get("/figures")
@guarded
@routes.response(200, CityFiguresOut)
def get_city_figures() -> Response:
    """What the city owes, answered, adopted and kept, by department."""
    return _respond(service.get_figures(now=_now()).to_json())


@routes.get("/indicators")
@guarded
@refuses(CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, IndicatorsOut)
def list_indicators(asked: dict[str, Any]) -> Response:
    """What the city measures, with the newest version of each value."""
    page = page_of(service.list_indicators, _by_id, _checked(asked))
    return _respond({**page, "items": [one.to_json() for one in page["items"]]})


@routes.get("/indicators/imports")
@guarded
@routes.response(200, ImportsOut)
def list_indicator_imports() -> Response:
    """Files from which values came, the newest first."""
    found = service.list_imports(limit=IMPORTS_SHOWN)
    return _respond({"items": [one.to_json() for one in found]})


@routes.get("/indicators/<string:indicator_id>")
@guarded
@refuses(IndicatorUnknown)
@routes.response(200, WholeIndicatorOut)
def get_indicator(indicator_id: str) -> Response:
    """One indicator, with every version of its values."""
    found, told = service.get_indicator(indicator_id)
    more = {"told": [one.to_json() for one in told], "scope": service.find_current()}
    return _respond({**found.to_json(), **more})


@routes.post("/indicators/<string:indicator_id>/questions")
@guarded
@refuses(*ACT_REFUSALS, IndicatorUnknown, NothingToQuestion, TooManyQuestions)
@routes.arguments(ActIn())
@routes.response(200, QuestionOut)
def question_indicator(raw: dict[str, Any], indicator_id: str) -> dict[str, JSON]:
    """Ask about an indicator by the act ``question``, for the scope that it names."""
    body = body_of(raw, QuestionIn())
    if body.pop("indicator") != indicator_id:
        raise IndicatorUnknown()
    return service.ask(indicator_id, raw=raw, **body, now=_now()).to_json()


@routes.get("/indicator-questions")
@guarded
@refuses(CursorNotValid)
@routes.arguments(QuestionsIn, location="query")
@routes.response(200, QuestionsOut)
def list_indicator_questions(asked: dict[str, Any]) -> Response:
    """What was asked, in no order that means anything."""
    chosen: dict[str, Any] = {
        name: asked[name] or "" for name in ("indicator", "department", "became")
    }
    if chosen["indicator"] and not is_id(chosen["indicator"]):
        return _respond({"items": [], "next": None})
    page = page_of(partial(service.list_questions, **chosen), _by_id, _checked(asked))
    return _respond({**page, "items": [one.to_json() for one in page["items"]]})


@routes.get(QUESTION)
@guarded
@refuses(QuestionUnknown)
@routes.response(200, QuestionOut)
def get_indicator_question(question_id: str) -> Response:
    """A question, and what became of it."""
    return _respond(service.get_question(question_id).to_json())


@routes.post(f"{QUESTION}/case")
@guarded
@refuses(*TAKING_UP)
@routes.response(200, QuestionOut)
def take_question_as_case(question_id: str) -> dict[str, JSON]:
    """Open a record for it, with dates for a first reply and an answer; once."""
    official = acting_official()
    return service.make_case(question_id, official=official, now=_now()).to_json()


@routes.post(f"{QUESTION}/proposal")
@guarded
@refuses(*TAKING_UP, CallUnknown, CallAltered, CallNotOpen, ProposalRefused)
@routes.arguments(AsProposalIn)
@routes.response(200, QuestionOut)
def take_question_as_proposal(body: dict[str, Any], question_id: str) -> dict[str, JSON]:
    """Let it collect supports as a proposal of a call; once."""
    official = acting_official()
    return service.make_proposal(question_id, **body, official=official, now=_now()).to_json()


@routes.post(f"{QUESTION}/replies")
@guarded
@refuses(QuestionUnknown, QuestionOfOtherDepartment, QuestionNoCase)
@routes.arguments(QuestionReplyIn)
@routes.response(201, QuestionReplyOut)
@routes.alt_response(200, schema=QuestionReplyOut, description="It stands there already")
def reply_to_question(body: dict[str, Any], question_id: str) -> Response:
    """Reply to a case: first, in between, or in full."""
    entry, new = service.reply_to_case(question_id, **body, official=acting_official(), now=_now())
    said = {"record": entry.record, "number": entry.number, "version": entry.version}
    content = canonical_bytes({**said, "at": iso(entry.at), "digest": entry.digest})
    return Response(content, status=201 if new else 200, content_type=JSON_TYPE)


def _checked(asked: dict[str, Any]) -> dict[str, Any]:
    if asked["after"] and not is_id(asked["after"]):
        raise CursorNotValid()
    return asked


def _by_id(one: Indicator | Question) -> str:
    return one.id


def _now() -> datetime:
    return datetime.now(UTC)


def _respond(value: JSON) -> Response:
    return conditional(canonical_bytes(value), content_type=JSON_TYPE)
