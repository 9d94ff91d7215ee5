"""Public pages: what they show and how they are cached."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import cache, wraps
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, Response, render_template, request

import mvote.pages
from mvote.core.errors import Refusal
from mvote.pages.public import views
from mvote.pages.public.record import spell_markdown, view_record
from mvote.votes.discussions import service as records
from mvote.votes.polls import service as polls
from mvote.web.caching import conditional, etag_of
from mvote.web.guard import guarded
from mvote.web.language import reader_language
from mvote.web.paging import read_place, spell_place
from mvote.web.problems import body_of

FOLDER = Path(mvote.pages.__file__).parent
ASSET_SECONDS = 31_536_000
ON_A_PAGE = 20
POLICY = "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; form-action 'self'"
_FOR_READERS = re.compile(rb"/\*.*?\*/\n*|^[ \t]+", re.S | re.M)

pages = Blueprint("pages", __name__, template_folder=str(FOLDER / "templates"))
Page = Callable[..., str]
Item = TypeVar("Item")


def page(view: Page) -> Callable[..., Response]:
    """Serve what a view renders with its entity tag; a refusal becomes a page of its own."""

    @wraps(view)
    def served(**given: str) -> Response:
        try:
            content = view(**given)
        except Refusal as refusal:
            return _refused(refusal)
        response = conditional(content.encode(), content_type="text/html; charset=utf-8")
        return _finish(response)

    return served


def turn_to(
    listing: Callable[..., Sequence[Item]], place_of: Callable[[Item], tuple[datetime, str]]
) -> tuple[list[Item], str | None]:
    """What a page shows of a list that is ordered by time, and where the next one goes on.

    ``listing`` takes ``after`` and ``limit``.  Raises CursorNotValid.
    """
    place = read_place(request.args.get("after", ""))
    found = listing(after=place, limit=ON_A_PAGE + 1)
    shown = list(found[:ON_A_PAGE])
    return shown, spell_place(*place_of(shown[-1])) if len(found) > ON_A_PAGE else None


def _refused(refusal: Refusal) -> Response:
    problem = body_of(refusal, reader_language())
    response = Response(render_template("problem.html", problem=problem), status=refusal.status)
    response.headers["Cache-Control"] = "no-store"
    return _finish(response)


def _finish(response: Response) -> Response:
    response.headers["Content-Language"] = reader_language()
    response.headers["Content-Security-Policy"] = POLICY
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.vary.update(["Accept-Language"])
    return response


@cache
def asset(name: str) -> tuple[bytes, str]:
    """A file's content and the tag that stands in its address, which changes with it."""
    content = (FOLDER / "static" / name).read_bytes()
    if name.endswith(".css"):
        content = without_comments(content)
    return content, etag_of(content)


def without_comments(sheet: bytes) -> bytes:
    """A style sheet as browsers need it."""
    return _FOR_READERS.sub(b"", sheet)


@pages.app_context_processor
def _for_frames() -> dict[str, Any]:
    return {"tag_of": lambda name: asset(name)[1]}


@pages.get("/design.css")
@guarded
def design() -> Response:
    """The one style sheet."""
    content, tag = asset("design.css")
    return conditional(content, content_type="text/css", etag=tag, max_age=ASSET_SECONDS)


@pages.get("/icon.svg")
@guarded
def icon() -> Response:
    """The sign in the browser's tab."""
    content, tag = asset("icon.svg")
    return conditional(content, content_type="image/svg+xml", etag=tag, max_age=ASSET_SECONDS)


@pages.get("/")
@guarded
@page
def front() -> str:
    """Every public poll, the newest first."""
    shown, following = turn_to(
        polls.list_public_polls, lambda one: (one.frozen_at or one.closes_at, one.id)
    )
    return render_template("front.html", next=following, **views.view_front(shown))


@pages.get("/polls/<poll>")
@guarded
@page
def show_poll(poll: str) -> str:
    """A poll."""
    return render_template("poll.html", **views.view_poll(poll))


@pages.get("/polls/<poll>/result")
@guarded
@page
def show_result(poll: str) -> str:
    """A published result."""
    return render_template("result.html", **views.view_result(poll))


@pages.get("/records")
@guarded
@page
def show_records() -> str:
    """Every policy discussion record, the newest first."""
    shown, following = turn_to(records.list_records, lambda one: (one.head.opened_at, one.head.id))
    view = views.view_records(shown, now=_now())
    return render_template("records.html", next=following, **view)


@pages.get("/records/<record>")
@guarded
@page
def show_record(record: str) -> str:
    """One policy discussion record; ``kind`` behind the address narrows its time line."""
    view = view_record(record, now=_now(), group=request.args.get("kind", ""))
    return render_template("record.html", **view)


@pages.get("/records/<record>/print")
@guarded
@page
def print_record(record: str) -> str:
    """A record to print, or to keep as PDF: every entry with its digest."""
    return render_template("record_print.html", **view_record(record, now=_now()))


@pages.get("/records/<record>/record.md")
@guarded
def get_record_text(record: str) -> Response:
    """A record as Markdown, with every digest."""
    try:
        content = spell_markdown(record, reader_language())
    except Refusal as refusal:
        return _refused(refusal)
    kind = "text/markdown; charset=utf-8"
    return _finish(conditional(content.encode(), content_type=kind))


def _now() -> datetime:
    return datetime.now(UTC)
