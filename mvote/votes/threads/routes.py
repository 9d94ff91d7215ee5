"""Discussions over HTTP: read, post, withdraw, reply for an office, enter statements, tag."""

from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from mvote.installation import city_day
from mvote.votes.discussions.errors import (
    RecordClosed,
    RecordMoved,
    RecordOfOtherDepartment,
    RecordUnknown,
)
from mvote.votes.moderation.errors import NotTheAuthor, OtherTextMeant, TextRemovedForGood
from mvote.votes.participation.errors import ACT_REFUSALS
from mvote.votes.threads import service
from mvote.votes.threads.errors import (
    OnlyOneLevel,
    PostKindWrong,
    PostNotShown,
    PostUnknown,
    StatementNotSigned,
    TagNotValid,
    TooManyPosts,
    TooManyPostsToday,
)
from mvote.votes.threads.rules import Thread, shuffle_key
from mvote.votes.threads.rules_tags import spell_tag
from mvote.votes.threads.schemas import (
    ExpertOut,
    ExpertsOut,
    ExpertStatementIn,
    OfficeReplyIn,
    PostIn,
    PostOut,
    TagsIn,
    TagsOut,
    ThreadOut,
    ThreadsIn,
    ThreadsOut,
    TopicOut,
    TopicsIn,
    TopicsOut,
    WithdrawPostIn,
)
from mvote.web.access import acting_official
from mvote.web.acts import ActIn, body_of
from mvote.web.errors import CursorNotValid
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.paging import CursorIn, page_of
from mvote.web.problems import refuses

routes = Routes("threads", __name__, url_prefix="/api/v1", description="Discussions and topics")

RECORD = "/records/<string:record_id>"
POST = f"{RECORD}/posts/<string:post_id>"
OPEN = (RecordUnknown, RecordMoved, RecordClosed)
OWN = (*OPEN, RecordOfOtherDepartment)


@routes.get(f"{RECORD}/posts")
@guarded
@refuses(RecordUnknown, CursorNotValid)
@routes.arguments(ThreadsIn, location="query")
@routes.response(200, ThreadsOut)
def list_posts(asked: dict[str, Any], record_id: str) -> dict[str, Any]:
    """The discussion of a record in the order of the day, which is the same for everyone.

    Where the next page is asked for after midnight it goes on in the order of its own day.
    """
    service.head_of(record_id)
    day, after = read_place(asked["after"], today=city_day(_now()))
    listing = partial(service.list_threads, record_id, day=day, kind=asked["kind"])
    page = page_of(listing, partial(place_of, day), asked | {"after": after})
    items = [one.to_json() for one in page["items"]]
    return {**page, "day": day.isoformat(), "items": items}


@routes.get(POST)
@guarded
@refuses(RecordUnknown, PostUnknown)
@routes.response(200, ThreadOut)
def get_post(record_id: str, post_id: str) -> dict[str, Any]:
    """The thread in which a post or a reply stands."""
    service.head_of(record_id)
    return service.get_thread(record_id, post_id).to_json()


@routes.post(f"{RECORD}/posts")
@guarded
@refuses(*OPEN, PostKindWrong, PostUnknown, OnlyOneLevel, PostNotShown, NotTheAuthor)
@refuses(TooManyPosts, TooManyPostsToday, *ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(201, PostOut)
@routes.alt_response(200, schema=PostOut, description="It stands there already")
def write_post(raw: dict[str, Any], record_id: str) -> tuple[dict[str, Any], int]:
    """Write for, against, a question, a reply or an addition: the act ``post``."""
    body = body_of(raw, PostIn())
    post, new = service.write_post(record_id, raw=raw, body=body, now=_now())
    return post.to_json(), 201 if new else 200


@routes.post(f"{POST}/withdrawal")
@guarded
@refuses(RecordUnknown, PostUnknown, OtherTextMeant, NotTheAuthor, TextRemovedForGood)
@refuses(*ACT_REFUSALS)
@routes.arguments(ActIn())
@routes.response(200, PostOut)
def withdraw_post(raw: dict[str, Any], record_id: str, post_id: str) -> dict[str, Any]:
    """Withdraw one's own post: the act ``withdraw-post``.  Its place and its replies stay."""
    if body_of(raw, WithdrawPostIn())["post"] != post_id:
        raise OtherTextMeant()
    return service.withdraw_post(record_id, post_id, raw=raw, now=_now()).to_json()


@routes.post(f"{POST}/office-replies")
@guarded
@refuses(*OWN, PostUnknown, OnlyOneLevel, PostNotShown)
@routes.arguments(OfficeReplyIn)
@routes.response(201, PostOut)
@routes.alt_response(200, schema=PostOut, description="It stands there already")
def reply_for_office(
    body: dict[str, Any], record_id: str, post_id: str
) -> tuple[dict[str, Any], int]:
    """Reply to a post for the department in charge."""
    by, now = acting_official(), _now()
    made, new = service.reply_for_office(record_id, post_id, **body, official=by, now=now)
    return made.to_json(), 201 if new else 200


@routes.get(f"{RECORD}/expert-statements")
@guarded
@refuses(RecordUnknown)
@routes.response(200, ExpertsOut)
def list_expert_statements(record_id: str) -> dict[str, Any]:
    """What experts stated, with their declared interest."""
    service.head_of(record_id)
    return {"items": [one.to_json() for one in service.list_experts(record_id)]}


@routes.post(f"{RECORD}/expert-statements")
@guarded
@refuses(*OWN, StatementNotSigned)
@routes.arguments(ExpertStatementIn)
@routes.response(201, ExpertOut)
@routes.alt_response(200, schema=ExpertOut, description="It stands there already")
def enter_expert_statement(body: dict[str, Any], record_id: str) -> tuple[dict[str, Any], int]:
    """Enter an expert's statement, signed by the expert or on the office's word."""
    by, now = acting_official(), _now()
    made, new = service.enter_expert_statement(record_id, **body, official=by, now=now)
    return made.to_json(), 201 if new else 200


@routes.get(f"{RECORD}/tags")
@guarded
@refuses(RecordUnknown)
@routes.response(200, TagsOut)
def get_record_tags(record_id: str) -> dict[str, Any]:
    """The topics of a record."""
    service.head_of(record_id)
    return {"tags": service.list_tags("record", record_id)}


@routes.put(f"{RECORD}/tags")
@guarded
@refuses(*OWN, TagNotValid)
@routes.arguments(TagsIn)
@routes.response(200, TagsOut)
def tag_record(body: dict[str, Any], record_id: str) -> dict[str, Any]:
    """Say under which topics a record stands."""
    by, now = acting_official(), _now()
    return {"tags": service.tag_record(record_id, **body, official=by, now=now)}


@routes.get("/topics")
@guarded
@routes.arguments(TopicsIn, location="query")
@routes.response(200, TopicsOut)
def list_topics(asked: dict[str, Any]) -> dict[str, Any]:
    """All hashtags that anything stands under."""
    return page_of(service.list_topics, str, asked)


@routes.get("/topics/<string:tag>")
@guarded
@refuses(TagNotValid, CursorNotValid)
@routes.arguments(CursorIn, location="query")
@routes.response(200, TopicOut)
def get_topic(asked: dict[str, Any], tag: str) -> dict[str, Any]:
    """Records, proposals and posts under a hashtag."""
    kind, mark, item = asked["after"].partition(":")
    if asked["after"] and not mark:
        raise CursorNotValid()
    page = page_of(
        lambda *, after, limit: service.list_topic(tag, after=after, limit=limit),
        lambda one: f"{one.kind}:{one.item}",
        asked | {"after": (kind, item)},
    )
    return {**page, "tag": spell_tag(tag), "items": [one.to_json() for one in page["items"]]}


def place_of(day: date, thread: Thread) -> str:
    """The cursor of a discussion: the day whose order is read, and the place in it."""
    return f"{day.isoformat()}:{shuffle_key(day, thread.post.id)}"


def read_place(after: str, *, today: date) -> tuple[date, str]:
    """Raises CursorNotValid."""
    if not after:
        return today, ""
    spelled, _, key = after.partition(":")
    try:
        return date.fromisoformat(spelled), key
    except ValueError:
        raise CursorNotValid() from None


def _now() -> datetime:
    return datetime.now(UTC)
