"""Report, appeal, decide, and read every decision that was ever made."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from mvote.votes.moderation import service
from mvote.votes.moderation.errors import (
    AnswerOwedForText,
    AppealedBefore,
    AppealPending,
    DecidedOnAppeal,
    HideFirst,
    NeverModerated,
    NoAppealPending,
    NotHidden,
    NotTheAuthor,
    OtherTextMeant,
    OwnDecision,
    ReportedBefore,
    TextOfOtherDepartment,
    TextRemovedForGood,
    TextUnknown,
    TextWithdrawn,
)
from mvote.votes.moderation.rules import CATEGORY_WORDS, ILLEGAL, Queued
from mvote.votes.moderation.schemas import (
    AppealDecisionIn,
    AppealIn,
    BacklogsOut,
    CategoriesOut,
    DecidedOut,
    HideTextIn,
    PublishTextIn,
    QueueIn,
    QueueOut,
    RemoveTextIn,
    ReportIn,
    StandingOut,
    TextDecisionsIn,
    TextDecisionsOut,
)
from mvote.votes.participation.errors import ACT_REFUSALS
from mvote.web.access import acting_official
from mvote.web.acts import ActIn, body_of
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

routes = Routes("moderation", __name__, url_prefix="/api/v1", description="Moderation")

TEXT = "/moderation/<string:kind>/<string:item>"
ABOUT = (TextUnknown, NeverModerated, TextRemovedForGood, TextWithdrawn)


@routes.post(f"{TEXT}/reports")
@guarded
@refuses(*ABOUT, OtherTextMeant, ReportedBefore, *ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(200, StandingOut)
def report_text(raw: dict[str, Any], kind: str, item: str) -> dict[str, Any]:
    """Report a text: the act ``report`` in the scope in which it was written, once."""
    body = body_of(raw, ReportIn())
    return service.report_text(kind, item, raw=raw, body=body, now=_now()).to_json()


@routes.post(f"{TEXT}/appeals")
@guarded
@refuses(*ABOUT, OtherTextMeant, NotTheAuthor, NotHidden, AppealedBefore, *ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(200, StandingOut)
def appeal_for_text(raw: dict[str, Any], kind: str, item: str) -> dict[str, Any]:
    """Appeal, once, against the hiding of one's own text: the act ``appeal``."""
    body = body_of(raw, AppealIn())
    return service.appeal(kind, item, raw=raw, body=body, now=_now()).to_json()


@routes.get("/moderation/categories")
@guarded
@routes.response(200, CategoriesOut)
def list_moderation_categories() -> dict[str, Any]:
    """Why a text may be reported, hidden or removed."""
    items = [
        {"category": name, "words": said, "removable": name in ILLEGAL}
        for name, said in CATEGORY_WORDS.items()
    ]
    return {"items": items}


@routes.get("/moderation/decisions")
@guarded
@refuses(CursorNotValid)
@routes.arguments(TextDecisionsIn, location="query")
@routes.response(200, TextDecisionsOut)
def list_moderation_decisions(asked: dict[str, Any]) -> dict[str, Any]:
    """Every decision of moderators with its reason, the newest first, without the texts."""
    listing = partial(
        service.list_decisions, department=asked["department"], record=asked["record"]
    )
    page = page_of(
        lambda *, after, limit: listing(before=int(after) if after else None, limit=limit),
        lambda one: str(one.number),
        asked,
    )
    return {**page, "items": [one.to_json() for one in page["items"]]}


@routes.get("/moderation/backlogs")
@guarded
@routes.response(200, BacklogsOut)
def list_moderation_backlogs() -> dict[str, Any]:
    """What waits for moderators, since when, and which appeals are late, by department."""
    return {"items": [one.to_json() for one in service.list_backlogs(now=_now())]}


@routes.get("/moderation/queue")
@guarded
@refuses(CursorNotValid)
@routes.arguments(QueueIn, location="query")
@routes.response(200, QueueOut)
def list_moderation_queue(asked: dict[str, Any]) -> dict[str, Any]:
    """Texts that moderators of one's own department decide about."""
    listing = partial(service.list_queue, state=asked["state"], official=acting_official())
    page = page_of(
        lambda *, after, limit: listing(after=_place(after), limit=limit), _cursor, asked
    )
    return {**page, "items": [one.to_json() for one in page["items"]]}


@routes.get("/moderation/appeals")
@guarded
@refuses(CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, QueueOut)
def list_moderation_appeals(asked: dict[str, Any]) -> dict[str, Any]:
    """Appeals of all departments that one may decide, the soonest due first."""
    listing = partial(service.list_appeals, official=acting_official())
    page = page_of(
        lambda *, after, limit: listing(after=_due_place(after), limit=limit), _due_cursor, asked
    )
    return {**page, "items": [one.to_json() for one in page["items"]]}


@routes.get(TEXT)
@guarded
@refuses(TextUnknown, NeverModerated)
@routes.response(200, DecidedOut)
def get_moderated_text(kind: str, item: str) -> dict[str, Any]:
    """Where a text stands, and all that was decided about it."""
    standing, decided = service.get_standing(kind, item)
    return {"standing": standing.to_json(), "decisions": [one.to_json() for one in decided]}


@routes.post(f"{TEXT}/hide")
@guarded
@refuses(*ABOUT, TextOfOtherDepartment, AnswerOwedForText, AppealPending, DecidedOnAppeal)
@routes.arguments(HideTextIn)
@routes.response(200, StandingOut)
def hide_text(body: dict[str, Any], kind: str, item: str) -> dict[str, Any]:
    """Hide a text; its author may appeal once."""
    official = acting_official()
    return service.hide_text(kind, item, **body, official=official, now=_now()).to_json()


@routes.post(f"{TEXT}/publish")
@guarded
@refuses(*ABOUT, TextOfOtherDepartment, AppealPending)
@routes.arguments(PublishTextIn)
@routes.response(200, StandingOut)
def publish_text(body: dict[str, Any], kind: str, item: str) -> dict[str, Any]:
    """Show a text that waits or is hidden, or say that it stays; reports undo that no more."""
    official = acting_official()
    return service.publish_text(kind, item, **body, official=official, now=_now()).to_json()


@routes.post(f"{TEXT}/remove")
@guarded
@refuses(*ABOUT, TextOfOtherDepartment, HideFirst, AppealPending, OwnDecision)
@routes.arguments(RemoveTextIn)
@routes.response(200, StandingOut)
def remove_text(body: dict[str, Any], kind: str, item: str) -> dict[str, Any]:
    """Remove an illegal text for good that another official has hidden."""
    official = acting_official()
    return service.remove_text(kind, item, **body, official=official, now=_now()).to_json()


@routes.post(f"{TEXT}/appeal-decision")
@guarded
@refuses(*ABOUT, NoAppealPending, OwnDecision)
@routes.arguments(AppealDecisionIn)
@routes.response(200, StandingOut)
def decide_appeal(body: dict[str, Any], kind: str, item: str) -> dict[str, Any]:
    """Decide an appeal, as anyone but who hid the text."""
    official = acting_official()
    return service.decide_appeal(kind, item, **body, official=official, now=_now()).to_json()


def _now() -> datetime:
    return datetime.now(UTC)


def _cursor(one: Queued) -> str:
    return f"{one.kind}:{one.id}"


def _place(after: str) -> tuple[str, str]:
    """Raises CursorNotValid."""
    kind, mark, item = after.partition(":")
    if after and not mark:
        raise CursorNotValid()
    return kind, item


def _due_cursor(one: Queued) -> str:
    return f"{one.due}:{_cursor(one)}"


def _due_place(after: str) -> tuple[date, str, str] | None:
    """Raises CursorNotValid."""
    if not after:
        return None
    due, _, place = after.partition(":")
    try:
        return date.fromisoformat(due), *_place(place)
    except ValueError:
        raise CursorNotValid() from None
