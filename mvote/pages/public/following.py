"""Pages on which somebody asks for e-mail, confirms, and leaves; each works without JavaScript."""

from datetime import UTC, datetime
from typing import Any

from flask import Blueprint, render_template, request

from mvote.channels.deliveries import service
from mvote.channels.deliveries.rules import ALL, DEPARTMENT_TOPIC, MAIL, TAG_TOPIC
from mvote.core.errors import Refusal
from mvote.core.text import Words
from mvote.installation import installation
from mvote.pages.public.routes import FOLDER, page
from mvote.votes.threads import service as threads
from mvote.web.guard import guarded
from mvote.web.language import reader_language
from mvote.web.problems import body_of

following_pages = Blueprint("following_pages", __name__, template_folder=str(FOLDER / "templates"))

EVERYTHING: Words = {"ko": "모든 소식", "en": "All news"}
ONE_CLICK = "List-Unsubscribe"
"""What a mail program posts by itself (RFC 8058 section 3.1)."""


@following_pages.get("/following")
@guarded
@page
def show_following() -> str:
    """How to follow, with or without an address."""
    return _form()


@following_pages.post("/following")
@guarded
@page
def ask_to_follow() -> str:
    """The form once more with what is wrong in it, or what comes next."""
    address = request.form.get("address", "").strip()
    topics = request.form.getlist("topics") or [ALL]
    most = installation().settings.topics_per_subscription
    language, now = reader_language(), datetime.now(UTC)
    try:
        with service.asking(MAIL, request.remote_addr or "", now=now):
            service.follow_by_mail(address, topics=topics[:most], language=language, now=now)
    except Refusal as refusal:
        return _form(address=address, chosen=topics, problem=body_of(refusal, reader_language()))
    return render_template("following_asked.html", address=address)


@following_pages.get("/following/<own>")
@guarded
@page
def show_follower(own: str) -> str:
    """What is sent to one address.  Opening it changes nothing: programs look ahead."""
    return _follower(own)


@following_pages.post("/following/<own>")
@guarded
@page
def change_follower(own: str) -> str:
    """Confirm, or leave: by the button, or by a mail program in one click."""
    if ONE_CLICK in request.form or request.form.get("act") == "leave":
        service.leave(own)
        return render_template("following_left.html")
    if request.form.get("act") == "confirm":
        service.confirm(own)
    return _follower(own)


def _form(**filled: Any) -> str:
    known = {"address": "", "chosen": [ALL], "problem": None, **filled}
    most = installation().settings.topics_per_subscription
    return render_template("following.html", topics=_topics(most), **known)


def _topics(most: int) -> dict[str, Words]:
    """What can be followed, with its name."""
    found: dict[str, Words] = {ALL: EVERYTHING}
    for code, name in service.list_departments().items():
        found[DEPARTMENT_TOPIC + code] = name
    for tag in threads.list_topics(limit=most):
        found[TAG_TOPIC + tag] = {"ko": f"#{tag}", "en": f"#{tag}"}
    return found


def _follower(own: str) -> str:
    follower, names = service.get_follower(own), service.list_departments()
    asked = follower.topics if follower.wanted is None else follower.wanted
    return render_template(
        "follower.html",
        follower=follower,
        own=own,
        topics=[_name_of(topic, names) for topic in asked],
    )


def _name_of(topic: str, departments: dict[str, Words]) -> Words:
    if topic == ALL:
        return EVERYTHING
    bare = topic.removeprefix(DEPARTMENT_TOPIC)
    if bare != topic:
        return departments.get(bare, {"ko": bare, "en": bare})
    tag = f"#{topic.removeprefix(TAG_TOPIC)}"
    return {"ko": tag, "en": tag}
