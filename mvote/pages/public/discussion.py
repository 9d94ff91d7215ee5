"""Pages of discussions, topics and of what moderators decided."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request

from mvote.installation import city_day
from mvote.pages.public.routes import ON_A_PAGE, page
from mvote.pages.public.views import department_names
from mvote.votes.discussions import service as records
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.rules import CATEGORY_WORDS, DECISION_WORDS, STATE_WORDS
from mvote.votes.threads import service as threads
from mvote.votes.threads.routes import place_of, read_place
from mvote.votes.threads.rules import KIND_WORDS, TOP, Post, Thread
from mvote.votes.threads.rules_tags import find_tags, spell_tag
from mvote.web.errors import CursorNotValid
from mvote.web.guard import guarded

discussion = Blueprint("discussion", __name__)

TOPIC_KINDS = {
    "record": {"ko": "정책 토론 기록", "en": "Policy discussion record"},
    "proposal": {"ko": "제안", "en": "Proposal"},
    "post": {"ko": "토론 글", "en": "Post in a discussion"},
}
DIGITS = 9


@discussion.get("/records/<record>/discussion")
@guarded
@page
def show_discussion(record: str) -> str:
    """The discussion under a record, in the order of the day."""
    head, kind = threads.head_of(record), request.args.get("kind")
    kind = kind if kind in TOP else None
    day, after = read_place(request.args.get("after", ""), today=city_day(_now()))
    found = threads.list_threads(record, day=day, after=after, limit=ON_A_PAGE + 1, kind=kind)
    shown = found[:ON_A_PAGE]
    return render_template(
        "discussion.html",
        head=head,
        day=day,
        kind=kind,
        tops=TOP,
        first=not after,
        is_open=_is_open(record),
        experts=threads.list_experts(record) if not after and kind is None else [],
        next=place_of(day, shown[-1]) if len(found) > ON_A_PAGE else None,
        **_view(shown),
    )


@discussion.get("/records/<record>/discussion/<post>")
@guarded
@page
def show_post(record: str, post: str) -> str:
    """The thread in which a post stands."""
    head, found = threads.head_of(record), threads.get_thread(record, post)
    return render_template("post.html", head=head, chosen=post, **_view([found]))


@discussion.get("/topics")
@guarded
@page
def show_topics() -> str:
    """Hashtags by their letters."""
    after = _tag(request.args.get("after", ""))
    found = threads.list_topics(after=after, limit=ON_A_PAGE * 5 + 1)
    shown = found[: ON_A_PAGE * 5]
    following = shown[-1] if len(found) > len(shown) else None
    return render_template("topics.html", topics=shown, next=following)


@discussion.get("/topics/<tag>")
@guarded
@page
def show_topic(tag: str) -> str:
    """What stands under a hashtag."""
    kind, _, item = request.args.get("after", "").partition(":")
    if not (kind + item).isprintable():
        raise CursorNotValid()
    found = threads.list_topic(tag, after=(kind, item), limit=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    following = f"{shown[-1].kind}:{shown[-1].item}" if len(found) > ON_A_PAGE else None
    kinds = {one.kind for one in shown}
    return render_template(
        "topic.html",
        tag=spell_tag(tag),
        items=shown,
        kinds={one: TOPIC_KINDS.get(one, {"ko": one, "en": one}) for one in kinds},
        next=following,
    )


@discussion.get("/moderation")
@guarded
@page
def show_moderation() -> str:
    """Every decision of moderators with its reason, and what waits for them."""
    after, now = request.args.get("after", ""), _now()
    if after and not (after.isascii() and after.isdigit() and len(after) <= DIGITS):
        raise CursorNotValid()
    before = int(after) if after else None
    found = moderation.list_decisions(before=before, limit=ON_A_PAGE + 1)
    shown = found[:ON_A_PAGE]
    return render_template(
        "moderation.html",
        decisions=shown,
        backlogs=[] if after else moderation.list_backlogs(now=now),
        next=shown[-1].number if len(found) > ON_A_PAGE else None,
        departments=department_names(),
        decided=DECISION_WORDS,
        categories=CATEGORY_WORDS,
        kinds=TOPIC_KINDS,
    )


def _is_open(record: str) -> bool:
    """Whether citizens may write in its discussion."""
    summary = records.get_record(record).summary
    return summary.closed_at is None and not summary.merged_into


def _view(shown: list[Thread]) -> dict[str, Any]:
    """What the templates of threads need beside the threads."""
    return {
        "threads": shown,
        "names": _names(shown),
        "kinds": KIND_WORDS,
        "states": STATE_WORDS,
        "categories": CATEGORY_WORDS,
        "departments": department_names(),
        "tags_of": find_tags,
    }


def _names(shown: list[Thread]) -> dict[str, Any]:
    """Who wrote each post of a thread, to say who is answered."""
    return {
        one.id: one.author.label
        for thread in shown
        for one in (thread.post, *thread.replies)
        if isinstance(one, Post)
    }


def _tag(after: str) -> str:
    return spell_tag(after) if after else ""


def _now() -> datetime:
    return datetime.now(UTC)
