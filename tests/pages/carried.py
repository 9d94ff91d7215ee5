"""Polls and a record in every state that pages show, carried through the real services."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from mvote.core.official import Official
from mvote.core.outage import Outage
from mvote.votes.discussions import service as records
from mvote.votes.moderation import service as moderation
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from mvote.votes.threads import service as threads
from tests.makers import budget_question, words
from tests.votes import carrying
from tests.votes.acting import Actor, permit

ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))
PLACES = ("bridge", "library", "market", "stadium")
GRADES = [words(one) for one in ("Excellent", "Good", "Fair", "Poor")]
MARKUP = "<script>alert(1)</script> & more"


@dataclass(frozen=True)
class City:
    """Ids of polls in several states; ``record`` belongs to ``budget``, which is published."""

    budget: str
    running: str
    early: str
    cancelled: str
    record: str
    owed: str


def carry() -> City:
    """One poll published and answered, one running, one frozen, one cancelled."""
    budget = carrying.carry_to_close(
        {"park": 7, "pool": 3},
        question="projects",
        kind="budget",
        eligible=40,
        questions=[budget_question(100, {"park": 60, "pool": 50, "path": 30})],
    )
    results.publish_result(budget, now=carrying.now())
    _note(budget)
    rule = {"extend": True, "most_seconds": 7200}
    running = carrying.freeze(title=words(MARKUP), outage=rule)
    carrying.open_poll(running)
    _declare_outage(running)
    for _ in range(3):
        carrying.cast(running, {"q1": ["yes"]})
    early = carrying.freeze()
    cancelled = carrying.freeze()
    carrying.cancel(cancelled)
    carrying.seal("votes")
    records.follow_polls()
    record = polls.get_poll(budget).record
    _answer(record, budget)
    _discuss(record)
    return City(budget, running, early, cancelled, record, polls.get_poll(running).record)


def _note(poll: str) -> None:
    """Two notes, the second of which corrects the first."""
    for corrects in (None, 1):
        polls.write_note(
            poll,
            text=words(MARKUP),
            corrects=corrects,
            official=carrying.APPROVER,
            now=carrying.now(),
        )


def _declare_outage(poll: str) -> None:
    """From the opening on, for twenty minutes."""
    begin = polls.get_poll(poll).opened_at
    assert begin is not None
    asked = polls.declare_outage(
        poll,
        outage=Outage(begin, begin + timedelta(minutes=20)),
        reason=words("No power."),
        official=carrying.DRAFTER,
        now=carrying.now(),
    )
    polls.declare_outage(poll, pending=asked.id, official=carrying.APPROVER, now=carrying.now())


def _discuss(record: str) -> None:
    """A question with two replies and an expert's statement; a post that a moderator hid."""
    permit(record)

    def post(name: str, kind: str, text: str, reply_to: str | None = None) -> str:
        body = {"kind": kind, "text": text, "reply_to": reply_to}
        act = Actor.of(record, name).act("post", body)
        return threads.write_post(record, raw=act, body=body, now=carrying.now())[0].id

    asked = post("ada", "question", f"{MARKUP} #stream\nhttps://example.org/{'x' * 200}")
    post("bob", "reply", "I ask too.", asked)
    hidden = post("cho", "against", "Spam")
    by, now = ANSWERER, carrying.now()
    why = {"category": "spam", "reason": words("It advertises."), "official": ANSWERER}
    moderation.hide_text("post", hidden, **why, now=now)
    threads.reply_for_office(record, asked, text=words("In May."), official=by, now=now)
    said = {one: words(one.title()) for one in ("name", "role", "interest", "text")}
    threads.enter_expert_statement(record, **said, key="", signature="", official=by, now=now)


def _answer(record: str, poll: str) -> None:
    now = carrying.now()
    text = words("We listened.\nWe will build.")
    records.give_interim_answer(
        record, poll=poll, text=text, expected=now.date() + timedelta(9), official=ANSWERER, now=now
    )
    options = [
        {"question": "projects", "option": "park", "decision": "adopted", "reason": None},
        {
            "question": "projects",
            "option": "path",
            "decision": "not-adopted",
            "reason": words("It floods."),
        },
        {
            "question": "projects",
            "option": "pool",
            "decision": "partly",
            "reason": words("A small one fits."),
        },
    ]
    records.give_answer(record, poll=poll, options=options, text=text, official=ANSWERER, now=now)
    records.add_step(
        record, text=words("Dug."), planned=None, done=now.date(), official=ANSWERER, now=now
    )


def carry_kinds() -> str:
    """A published poll with a question of each layout; returns its id.

    ``place`` by instant run-off, ``order`` by Schulze, ``days`` a number, ``grade`` by
    majority judgment and ``share`` by points.
    """
    voters = [
        *[(["library", "bridge"], days, 3, 6) for days in (2, 2, 3, 4)],
        *[(["bridge", "market"], days, 2, 8) for days in (5, 5, 6)],
        *[(["market", "bridge"], days, 1, 5) for days in (8, 12)],
    ]
    poll = carrying.freeze(title=words("The square"), questions=_of_every_layout())
    carrying.open_poll(poll)
    for places, days, grade, points in voters:
        answers: dict[str, Any] = {
            "place": places,
            "order": places,
            "days": [days],
            "grade": [[places[0], grade], [places[1], 1]],
            "share": [[places[0], points], [places[1], 10 - points]],
        }
        carrying.cast(poll, answers)
    carrying.cast(poll, {one: [] for one in answers})
    carrying.close(poll, issued=len(voters) + 1)
    results.publish_result(poll, now=carrying.now())
    return poll


def _of_every_layout() -> list[dict[str, Any]]:
    days = {"least": 0, "most": 90, "unit": {"ko": "일", "en": "days"}}
    return [
        _about_places("place", "ranking", "irv"),
        _about_places("order", "ranking", "schulze"),
        _about_places("grade", "rating", "majority-judgment", config={"scale": GRADES}),
        _about_places("share", "points", "cumulative", config={"points": 10}),
        _about_places("days", "number", "number-summary", options=[], config=days, bins=5),
    ]


def _about_places(
    question: str, kind: str, method: str, *, options: Any = PLACES, config: Any = None, **how: Any
) -> dict[str, Any]:
    return {
        "id": question,
        "type": kind,
        "title": words(f"The {question}?"),
        "options": [{"id": one, "title": words(f"The {one}")} for one in options],
        "config": config or {},
        "counting": {"method": method, "options": how},
        "blank": True,
    }
