"""Records with a published result, and what their departments and citizens do there."""

from typing import Any

from mvote.audit.service import seal
from mvote.core.official import Official
from mvote.votes.discussions import service as records
from mvote.votes.polls import service as polls
from mvote.votes.results.jobs import publish_closed
from tests.makers import words
from tests.votes.carrying import carry_to_close, now

ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))
FOREIGNER = Official("answerer-2", "parks", frozenset({"answerer"}))
ADOPTED = {"question": "q1", "option": "yes", "decision": "adopted", "reason": None}
NOT = {"question": "q1", "option": "no", "decision": "not-adopted", "reason": words("It lost.")}
TEXT = words("We build it.")
ON_SQLITE = {"argnames": "database_urls", "argvalues": ["sqlite"], "indirect": True}


def follow() -> None:
    seal("votes")
    records.follow_polls()


def published(**changes: Any) -> tuple[str, str]:
    """A poll that ``yes`` won, in its record; the record's id and the poll's."""
    poll = carry_to_close({"yes": 3, "no": 1}, **changes)
    publish_closed(now())
    follow()
    return polls.get_poll(poll).record, poll


def answer(record: str, poll: str, **changes: Any) -> records.Added:
    said: dict[str, Any] = {"options": [ADOPTED, NOT], "text": TEXT, "official": ANSWERER}
    return records.give_answer(record, poll=poll, now=now(), **said | changes)


def kinds(record: str) -> list[str]:
    return [entry.kind for entry in records.get_record(record).entries]
