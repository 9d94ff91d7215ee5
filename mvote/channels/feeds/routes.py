"""The feeds over HTTP: the same for everyone, so that nobody tells which polls are theirs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, request

from mvote.channels.feeds import atom, json_feed
from mvote.channels.feeds.feed import (
    Feed,
    Span,
    current_span,
    older_span,
    permanent_id,
    read_span,
)
from mvote.channels.feeds.news import list_news
from mvote.channels.feeds.telling import tell_all
from mvote.core.text import LANGUAGES, Words
from mvote.installation import installation
from mvote.votes.discussions import service as records
from mvote.votes.discussions.errors import RecordUnknown
from mvote.web.caching import conditional
from mvote.web.guard import guarded
from mvote.web.language import reader_language

feeds = Blueprint("feeds", __name__)

ALL: Words = {"ko": "정책 토론 기록", "en": "Policy discussion records"}
ABOUT: Words = {
    "ko": "결과, 답변, 추진 상황, 종결 보고, 기한이 지난 답변",
    "en": "Results, answers, steps, closing reports and overdue answers",
}
EMPTY_SINCE = datetime(2000, 1, 1, tzinfo=UTC)
"""When a feed in which nothing stands yet was updated, which Atom asks for."""
Spell = Callable[[Feed], bytes]


@dataclass(frozen=True, slots=True)
class Subject:
    """What a feed is about: all records, or the one that ``record`` names."""

    id: str
    title: Words
    path: str
    record: str | None = None


@feeds.get("/feeds/records.atom")
@guarded
def get_records_atom() -> Response:
    """What came of all polls, as Atom."""
    return _respond(_all(), "atom", atom.spell_atom, atom.MEDIA_TYPE)


@feeds.get("/feeds/records.json")
@guarded
def get_records_json_feed() -> Response:
    """What came of all polls, as JSON Feed."""
    return _respond(_all(), "json", json_feed.spell_json_feed, json_feed.MEDIA_TYPE)


@feeds.get("/feeds/records/<record>.atom")
@guarded
def get_record_atom(record: str) -> Response:
    """What happened in one record, as Atom."""
    return _respond(_one(record), "atom", atom.spell_atom, atom.MEDIA_TYPE)


@feeds.get("/feeds/records/<record>.json")
@guarded
def get_record_json_feed(record: str) -> Response:
    """What happened in one record, as JSON Feed."""
    return _respond(_one(record), "json", json_feed.spell_json_feed, json_feed.MEDIA_TYPE)


def _all() -> Subject:
    address = installation().settings.public_url
    return Subject(permanent_id("all records", address), ALL, "/records")


def _one(record: str) -> Subject:
    """Raises RecordUnknown."""
    head = records.find_heads([record]).get(record)
    if head is None:
        raise RecordUnknown()
    return Subject(permanent_id("record", head.digest()), head.title, f"/records/{record}", record)


def _respond(subject: Subject, form: str, spell: Spell, media_type: str) -> Response:
    size = installation().settings.feed_entries
    return serve(_feed(subject, form, size=size), spell, media_type)


def serve(made: Feed, spell: Spell, media_type: str) -> Response:
    """A document of a feed as a response with its tag."""
    response = conditional(
        spell(made),
        content_type=f"{media_type}; charset=utf-8",
        max_age=installation().settings.feed_archive_seconds if made.archived else 0,
    )
    response.headers["Content-Language"] = made.language
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.vary.update(["Accept-Language"])
    return response


def _feed(subject: Subject, form: str, *, size: int) -> Feed:
    """The document that the address asks for.  Raises FeedPartUnknown."""
    language, settings = reader_language(), installation().settings
    news = list_news(subject.record)
    archive = request.args.get("archive")
    if archive is None:
        span = current_span(len(news), size)
    else:
        span = read_span(archive, total=len(news), size=size)
    shown, older = news[span.first - 1 : span.last], older_span(span, size)
    path = f"/feeds{subject.path}.{form}"
    return Feed(
        id=subject.id,
        title=f"{settings.city_ko if language == 'ko' else settings.city_en}: "
        f"{subject.title[language]}",
        about=ABOUT[language],
        city=settings.city_ko if language == "ko" else settings.city_en,
        language=language,
        page=address(subject.path),
        start=address(path),
        here=address(path, span if archive is not None else None),
        older=address(path, older) if older else None,
        archived=archive is not None,
        updated=max((one.at for one in shown), default=EMPTY_SINCE),
        entries=tell_all(shown, language=language, address=address),
    )


def address(path: str, archive: Span | None = None, **asked: str) -> str:
    """An absolute address that stays in the language that was asked for in this one."""
    bare, mark, fragment = path.partition("#")
    if archive is not None:
        asked["archive"] = str(archive)
    if request.args.get("lang") in LANGUAGES:
        asked["lang"] = request.args["lang"]
    behind = f"?{urlencode(asked)}" if asked else ""
    return f"{installation().settings.public_url}{bare}{behind}{mark}{fragment}"
