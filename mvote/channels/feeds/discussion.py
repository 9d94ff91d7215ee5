"""The discussion under a record as a feed: Atom with replies (RFC 4685) and JSON Feed.

A post that was hidden or withdrawn keeps its place and loses its text, so the feed has pages
(RFC 5005 section 3) and no archives.  Of citizens' posts only the day is known.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from urllib.parse import quote

from flask import Blueprint, Response, request

from mvote.channels.feeds import atom, json_feed
from mvote.channels.feeds.feed import Feed, FeedEntry, permanent_id
from mvote.channels.feeds.routes import EMPTY_SINCE, Spell, address, serve
from mvote.core.ids import is_id
from mvote.core.text import Words
from mvote.installation import city_zone, installation
from mvote.votes.discussions.rules import Head
from mvote.votes.moderation.rules import STATE_WORDS
from mvote.votes.polls.service import list_departments
from mvote.votes.threads import service as threads
from mvote.votes.threads.rules import KIND_WORDS, Post, Reply
from mvote.web.errors import CursorNotValid
from mvote.web.guard import guarded
from mvote.web.language import reader_language

discussion_feeds = Blueprint("discussion_feeds", __name__)

TITLE: Words = {"ko": "토론", "en": "Discussion"}
ABOUT: Words = {
    "ko": "찬성, 반대, 질문과 답글. 어느 쪽이 몇 명인지는 알리지 않습니다.",
    "en": "Posts for and against, questions and replies. How many take which side is not told.",
}


@discussion_feeds.get("/feeds/records/<record>/discussion.atom")
@guarded
def get_discussion_atom(record: str) -> Response:
    """The discussion under a record, as Atom."""
    return _respond(record, "atom", atom.spell_atom, atom.MEDIA_TYPE)


@discussion_feeds.get("/feeds/records/<record>/discussion.json")
@guarded
def get_discussion_json_feed(record: str) -> Response:
    """The discussion under a record, as JSON Feed."""
    return _respond(record, "json", json_feed.spell_json_feed, json_feed.MEDIA_TYPE)


def _respond(record: str, form: str, spell: Spell, media_type: str) -> Response:
    """Raises RecordUnknown, CursorNotValid."""
    head = threads.head_of(record)
    most = installation().settings.feed_entries
    before = _place(request.args.get("before", ""))
    found = threads.list_newest(record, before=before, limit=most + 1)
    last = found[most - 1] if len(found) > most else None
    return serve(_feed(head, form, found[:most], last), spell, media_type)


def _place(before: str) -> tuple[date, str] | None:
    if not before:
        return None
    spelled, _, post = before.partition(":")
    try:
        if is_id(post):
            return date.fromisoformat(spelled), post
    except ValueError:
        pass
    raise CursorNotValid()


def _feed(head: Head, form: str, found: Sequence[Reply], last: Reply | None) -> Feed:
    language, settings = reader_language(), installation().settings
    city = settings.city_ko if language == "ko" else settings.city_en
    path = f"/feeds/records/{quote(head.id)}/discussion.{form}"
    before = request.args.get("before")
    following = address(path, before=f"{last.day.isoformat()}:{last.id}") if last else None
    names = {one.code: one.name for one in list_departments()}
    entries = [_entry(head, one, language, names) for one in found]
    return Feed(
        id=permanent_id("discussion", head.digest()),
        title=f"{TITLE[language]}: {head.title[language]}",
        about=ABOUT[language],
        city=city,
        language=language,
        page=address(f"/records/{quote(head.id)}/discussion"),
        start=address(path),
        here=address(path, before=before) if before else address(path),
        older=None,
        archived=False,
        updated=max((one.updated or one.at for one in entries), default=EMPTY_SINCE),
        entries=entries,
        following=following,
    )


def _entry(head: Head, one: Reply, language: str, names: dict[str, Words]) -> FeedEntry:
    author, text = _said(one, language, names)
    department = "" if isinstance(one, Post) else one.department
    facts: dict[str, Any] = {
        "kind": one.kind,
        "record": head.id,
        "poll": None,
        "department": department or None,
        "post": one.id,
        "reply_to": one.parent or None,
        "digest": one.digest,
    }
    parent = (_id(one.parent), address(_path(head.id, one.parent))) if one.parent else None
    return FeedEntry(
        id=_id(one.id),
        at=_begin(one.day) if isinstance(one, Post) else one.at,
        title=f"{KIND_WORDS[one.kind][language]}: {author}",
        text=text,
        link=address(_path(head.id, one.id)),
        department=department,
        author=author,
        facts=facts,
        updated=_begin(max(one.day, one.standing.since)) if isinstance(one, Post) else None,
        reply_to=parent,
    )


def _said(one: Reply, language: str, names: dict[str, Words]) -> tuple[str, str]:
    """Who says it, and what; where it is not shown, why."""
    if not isinstance(one, Post):
        name = names.get(one.department)
        return (name[language] if name else one.department), one.words[language]
    standing = one.standing
    if standing.text is not None:
        return one.author.label[language], standing.text
    why = standing.reason[language] if standing.reason else ""
    return one.author.label[language], f"[{STATE_WORDS[standing.state][language]}] {why}".strip()


def _begin(day: date) -> datetime:
    """When a day begins in the city."""
    return datetime.combine(day, time(), city_zone()).astimezone(UTC)


def _id(post: str) -> str:
    return permanent_id("post", post)


def _path(record: str, post: str) -> str:
    return f"/records/{quote(record)}/discussion/{quote(post)}"
