"""What the templates lay out, put together from the votes wing."""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request

from mvote.core import decision, eligibility
from mvote.core.counting import METHODS
from mvote.core.phases import FROZEN, OPEN, SUSPENDED
from mvote.core.questions import QUESTIONS
from mvote.core.questions.telling import describe
from mvote.core.room_pass import RoomPassNeeded
from mvote.core.secrecy.levels import LEVELS
from mvote.core.secrecy.limits import Figures, figures_of, not_proved, privacy_sentence, proved
from mvote.core.text import LANGUAGES, Words
from mvote.installation import installation
from mvote.pages import labels
from mvote.pages.public.figure import figure
from mvote.pages.public.outcomes import view_outcome
from mvote.votes.ballots import service as ballots
from mvote.votes.opinions import service as opinions
from mvote.votes.polls import service as polls
from mvote.votes.polls.rules import Poll
from mvote.votes.results import service as results
from mvote.votes.results.rules import percent

MOST_TEXTS = 200
SHA256_DIGITS = re.compile(r"[0-9a-f]{1,64}")
LANGUAGE = re.compile("|".join(LANGUAGES))
RUNNING = (FROZEN, OPEN, SUSPENDED)
GROUPS: tuple[tuple[Words, tuple[str, ...]], ...] = (
    ({"ko": "지금 투표 중", "en": "Open now"}, ("open", "suspended")),
    ({"ko": "곧 시작합니다", "en": "Opening soon"}, ("frozen",)),
    ({"ko": "끝난 투표", "en": "Closed"}, ("closing", "closed", "published", "cancelled")),
)


def department_names() -> dict[str, Words]:
    """The departments' names by code."""
    return {one.code: one.name for one in polls.list_departments()}


def view_front(found: list[Poll]) -> dict[str, Any]:
    """Polls in groups by state."""
    groups = [
        (heading, [poll for poll in found if poll.state in states]) for heading, states in GROUPS
    ]
    return {"groups": groups, "empty": not found, "states": labels.POLL_STATES}


def view_poll(poll_id: str) -> dict[str, Any]:
    """A poll as it was frozen, and where it stands.  Raises PollUnknown, RoomPassNeeded."""
    poll = _public(poll_id)
    definition = polls.definition_of(poll_id)
    running = poll.state in RUNNING
    return {
        "poll": poll,
        "vote_at": _vote_at(poll_id),
        "definition": definition,
        "department": department_names().get(poll.department),
        "audience": eligibility.describe(definition.audience),
        "decision": decision.describe(definition.decision),
        "quarantine": [one.words for one in definition.quarantine],
        "level": LEVELS.get(definition.level),
        "privacy": privacy_sentence(definition.level, _figures()),
        "notes": polls.list_notes(poll_id),
        "running": running,
        "voters_at_least": ballots.turnout(poll_id).voters_at_least if running else 0,
        "questions": [
            {
                "title": question.title,
                "media": question.media,
                "options": question.options,
                "type_label": QUESTIONS.get(question.type).label,
                "method_label": METHODS.get(question.counting.method).label,
                "rules": describe(question, {one.id: one for one in definition.questions}),
            }
            for question in definition.questions
        ],
        "states": labels.POLL_STATES,
        "kinds": labels.POLL_KINDS,
        "media_kinds": labels.MEDIA_KINDS,
    }


def _vote_at(poll_id: str) -> str:
    """The app at this poll, with the beginning of the hash that stood in the reader's link."""
    given = {
        name: value
        for name, allowed in (("ph", SHA256_DIGITS), ("lang", LANGUAGE))
        if allowed.fullmatch(value := request.args.get(name, ""))
    }
    return f"/app/polls/{poll_id}/ballot" + (f"?{urlencode(given)}" if given else "")


def _public(poll_id: str) -> Poll:
    """A page carries no pass, so it shows nothing of a private poll."""
    poll = polls.get_public_poll(poll_id)
    if poll.private:
        raise RoomPassNeeded()
    return poll


def _figures() -> Figures:
    return figures_of(installation().settings)


def view_result(poll_id: str) -> dict[str, Any]:
    """A published result.  Raises PollUnknown, ResultNotPublished, RoomPassNeeded."""
    _public(poll_id)
    found = results.get_result(poll_id)
    document = found.document
    eligible, written = document["eligible"], _written(poll_id)
    return {
        "result": document,
        "notes": polls.list_notes(poll_id),
        "digest": found.digest,
        "level": LEVELS.get(document["level"]),
        "privacy": privacy_sentence(document["level"], _figures()),
        "proved": proved(document["level"], _figures()),
        "not_proved": not_proved(document["level"], _figures()),
        "command": results.verify_command(polls.definition_of(poll_id)),
        "quarantine": _apart(poll_id, document),
        "turnout": f"{percent(document['voters'], eligible)} %" if eligible else "",
        "questions": [
            {
                **view_outcome(question, set(document["decision"]["chosen"][question["id"]])),
                "written": written.get(question["id"], {}),
            }
            for question in document["questions"]
        ],
        "texts": bool(written),
    }


def _apart(poll_id: str, document: Mapping[str, Any]) -> dict[str, Any] | None:
    """Permits that are counted apart, with the count without them where there is one."""
    told = document.get("quarantine")
    if told is None:
        return None
    titles = {
        question["id"]: {one["id"]: one["title"] for one in question["options"]}
        for question in document["questions"]
    }
    without = told.get("without") or {"questions": ()}
    return {
        "rules": polls.list_quarantine(poll_id),
        "ballots": told.get("ballots"),
        "words": told["words"],
        "without": [
            [
                (titles[one["id"]].get(option, {"ko": option, "en": option}), figure(total))
                for option, total in one["totals"].items()
            ]
            for one in without["questions"]
        ],
    }


def _written(poll_id: str) -> dict[str, dict[str, list[str]]]:
    """Texts that moderators have published, by question and kind, as many as a page bears."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in opinions.list_published(poll_id, limit=MOST_TEXTS):
        found.setdefault(one.question, {}).setdefault(one.kind, []).append(one.text)
    return found


def view_records(found: list[Any], *, now: datetime) -> dict[str, Any]:
    """A page of the list of records."""
    return {
        "records": found,
        "now": now,
        "states": labels.RECORD_STATES,
        "departments": department_names(),
    }
