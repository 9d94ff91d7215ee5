"""Polls and a record in every state that pages show, carried through the real services."""

from dataclasses import dataclass
from datetime import timedelta

from mvote.core.official import Official
from mvote.votes.discussions import service as records
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from tests.makers import budget_question, words
from tests.votes import carrying

ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))
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
    running = carrying.freeze(title=words(MARKUP))
    carrying.open_poll(running)
    for _ in range(3):
        carrying.cast(running, {"q1": ["yes"]})
    early = carrying.freeze()
    cancelled = carrying.freeze()
    carrying.cancel(cancelled)
    carrying.seal("votes")
    records.follow_polls()
    record = polls.get_poll(budget).record
    _answer(record, budget)
    return City(budget, running, early, cancelled, record, polls.get_poll(running).record)


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
    ]
    records.give_answer(record, poll=poll, options=options, text=text, official=ANSWERER, now=now)
    records.add_step(
        record, text=words("Dug."), planned=None, done=now.date(), official=ANSWERER, now=now
    )
