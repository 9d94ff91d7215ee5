"""Pages about calls and proposals: search, filters, one proposal, one call."""

import re
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import marshmallow as ma
from flask import Blueprint, render_template, request

from mvote.core import eligibility
from mvote.core.fields import FieldsRefused
from mvote.core.scope import EVERYONE
from mvote.core.text import Words
from mvote.pages.public.routes import FOLDER, ON_A_PAGE, page, turn_to
from mvote.pages.public.views import department_names
from mvote.votes.moderation.rules import STATE_WORDS as STANDING_WORDS
from mvote.votes.proposals import service
from mvote.votes.proposals.errors import CallAltered
from mvote.votes.proposals.routes.showing import read_page
from mvote.votes.proposals.rules import ORDER_WORDS, STATE_WORDS, Proposal, Stage
from mvote.votes.proposals.rules_calls import (
    CALL_STATE_WORDS,
    OPEN,
    WAY_WORDS,
    Call,
)
from mvote.votes.proposals.schemas import ProposalsIn
from mvote.web.guard import guarded
from mvote.web.problems import by_field

proposal_pages = Blueprint("proposal_pages", __name__, template_folder=str(FOLDER / "templates"))

MOST_CALLS = 50
"""So many calls lend their topics and districts to the filters."""
FILTERS = ("words", "topic", "district", "state", "order", "call")
FILTER_WORDS: dict[str, Words] = {
    **STATE_WORDS,
    "reached": {"ko": "기준을 넘음", "en": "reached a stage"},
    "chosen": {"ko": "선정됨", "en": "chosen"},
}
HANGUL = re.compile("[\u1100-\u11ff\u3130-\u318f\uac00-\ud7a3]")


@proposal_pages.get("/proposals")
@guarded
@page
def show_proposals() -> str:
    """Proposals: search, filters, three orders that favour nobody."""
    asked = _asked()
    found = read_page(asked)
    calls = service.list_calls(after=None, limit=MOST_CALLS)
    kept = {name: asked[name] for name in FILTERS if asked[name]}
    return render_template(
        "proposals.html",
        proposals=found["items"],
        following={**kept, "after": found["next"]} if found["next"] else None,
        asked=asked,
        filtered=any(asked[name] for name in FILTERS if name != "order"),
        topics=_names(calls, "topics"),
        districts=_names(calls, "districts"),
        calls={one.id: one.definition.title for one in calls},
        filters=FILTER_WORDS,
        orders=ORDER_WORDS,
        stage_of=_stages(found["items"]),
        **_words(),
    )


@proposal_pages.get("/proposals/<proposal>")
@guarded
@page
def show_proposal(proposal: str) -> str:
    """One proposal, how far it has come, and what came of it."""
    whole = service.get_proposal(proposal)
    definition = service.get_call(whole.proposal.call).definition
    return render_template(
        "proposal.html",
        whole=whole,
        proposal=whole.proposal,
        reached={one.number: one for one in whole.reached},
        next_stage=whole.next_stage(),
        call=definition,
        topic=_name_in(definition.topics, whole.proposal.topic),
        district=_name_in(definition.districts, whole.proposal.district),
        **_words(),
    )


@proposal_pages.get("/calls")
@guarded
@page
def show_calls() -> str:
    """Calls for proposals, the last opened first."""
    shown, following = turn_to(
        service.list_calls, lambda one: (one.definition.opens, one.definition.id)
    )
    return render_template(
        "calls.html",
        calls=shown,
        now=_now(),
        next=following,
        **_words(),
    )


@proposal_pages.get("/calls/<call>")
@guarded
@page
def show_call(call: str) -> str:
    """One call: its rules as they were frozen, its proposals, its winners."""
    found, now = service.get_call(call), _now()
    newest = service.list_proposals(
        service.Asked(order="supported", call=found.id), after="", limit=ON_A_PAGE
    )
    winners = [one["proposal"] for one in (found.decision or {}).get("winners", ())]
    return render_template(
        "call.html",
        call=found,
        definition=found.definition,
        state=found.state(now),
        is_open=found.state(now) == OPEN,
        audience=eligibility.describe(found.definition.audience or EVERYONE),
        proposals=newest,
        winners={one: service.get_proposal(one).proposal for one in winners},
        stage_of=_stages(newest),
        ways=WAY_WORDS,
        **_words(),
    )


def _asked() -> dict[str, Any]:
    """What the reader asks for; a field left empty asks for nothing.  Raises FieldsRefused."""
    given = {name: said for name, said in request.args.items() if said and name != "lang"}
    try:
        asked: dict[str, Any] = ProposalsIn().load(given)
    except ma.ValidationError as fault:
        raise FieldsRefused(by_field(fault.messages)) from None
    return {**asked, "limit": min(asked["limit"], ON_A_PAGE)}


def _names(calls: Any, field: str) -> dict[str, Words]:
    """Topics or districts of several calls by their id, the newest call's name first."""
    found: dict[str, Words] = {}
    for call in calls:
        for one in getattr(call.definition, field):
            found.setdefault(one.id, one.name)
    return found


def _name_in(known: Any, wanted: str) -> Words | None:
    return next((one.name for one in known if one.id == wanted), None)


def _stages(proposals: Sequence[Proposal]) -> dict[str, Stage | None]:
    """By proposal, the stage that it reaches next."""
    stages = {call: _stages_of(call) for call in {one.call for one in proposals}}
    return {one.id: next(iter(stages[one.call][one.reached :]), None) for one in proposals}


def _stages_of(call: str) -> tuple[Stage, ...]:
    """Of a call that was altered none is shown, nor does any open; its own page says so."""
    try:
        return service.get_call(call).definition.thresholds.stages
    except CallAltered:
        return ()


def _words() -> dict[str, Any]:
    return {
        "states": STATE_WORDS,
        "standings": STANDING_WORDS,
        "call_states": CALL_STATE_WORDS,
        "departments": department_names(),
        "language_of": language_of,
        "state_of_call": _state_of_call,
    }


def language_of(proposal: Proposal) -> str:
    """A citizen writes in one language, which screen readers have to be told."""
    return "ko" if HANGUL.search(f"{proposal.title}{proposal.text}") else "en"


def _state_of_call(call: Call, now: datetime) -> str:
    return call.state(now)


def _now() -> datetime:
    return datetime.now(UTC)
