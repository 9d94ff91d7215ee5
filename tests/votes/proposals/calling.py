"""Calls, proposals and supporters for tests, as officials and citizens would send them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from mvote.audit.service import list_entries, seal
from mvote.core.ids import new_id
from mvote.core.official import Official
from mvote.core.times import iso
from mvote.db import transaction
from mvote.votes.polls import service as polls
from mvote.votes.proposals import service
from mvote.votes.proposals.tables import SupportChangeRow, SupportRow
from tests.makers import words
from tests.votes import carrying
from tests.votes.acting import Actor, permit

OFFICIAL = Official(
    "official-1",
    "roads",
    frozenset({"approver", "drafter", "answerer", "moderator", "administrator"}),
)
ELSEWHERE = Official("official-2", "parks", OFFICIAL.duties)
OWN_SET = {
    "name": "ours",
    "title": words("Three and six"),
    "source": "Ordinance 12",
    "days": 30,
    "stages": [
        {
            "id": "answer",
            "supports": 3,
            "name": words("The department answers"),
            "due": {"kind": "answer", "amount": 30, "unit": "days"},
        },
        {"id": "forum", "supports": 6, "name": words("A forum opens"), "due": None},
    ],
}


def call_body(**changes: Any) -> dict[str, Any]:
    return {
        "department": "roads",
        "title": words("Tell your wish"),
        "rules": words("One wish each.\nBe kind."),
        "thresholds": "ours",
        "topics": [
            {"id": "streets", "name": words("Streets")},
            {"id": "parks", "name": words("Parks"), "department": "parks"},
        ],
        "districts": [{"id": "mapo", "name": {"ko": "마포구", "en": "Mapo"}}],
        **changes,
    }


@dataclass
class Hall:
    """A city with two departments and a threshold set of its own, over HTTP."""

    app: Flask
    http: FlaskClient
    official: dict[str, str] = field(default_factory=dict)
    elsewhere: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for department in ("roads", "parks"):
            name = words(department)
            polls.add_department(department, name=name, by="test", now=carrying.now())
        self.official = carrying.bearer(OFFICIAL)
        self.elsewhere = carrying.bearer(ELSEWHERE)
        made = self.send("/threshold-sets", OWN_SET)
        assert made.status_code == 201, made.text

    def send(self, path: str, body: Any, *, by: dict[str, str] | None = None) -> Any:
        headers = self.official if by is None else by
        return self.http.post(f"/api/v1{path}", json=body, headers=headers)

    def act(self, path: str, body: Any) -> Any:
        """Sent without any identity."""
        return self.http.post(f"/api/v1{path}", json=body)

    def get(self, path: str) -> Any:
        return self.http.get(f"/api/v1{path}").get_json()

    def open_call(self, **changes: Any) -> str:
        made = self.send("/calls", call_body(**changes))
        assert made.status_code == 201, made.text
        call: str = made.get_json()["id"]
        permit(call)
        return call

    def propose(self, call: str, title: str, *, by: str = "Ada", **changes: Any) -> str:
        wish = {"title": title, "text": f"{title}, soon.", "topic": "streets", **changes}
        author = Actor.of(call, f"{by} {title}")
        made = self.act(f"/calls/{call}/proposals", author.act("propose", wish))
        assert made.status_code == 201, made.text
        proposal: str = made.get_json()["id"]
        permit(proposal)
        return proposal

    def support(self, proposal: str, *names: str) -> None:
        for name in names:
            body = Actor.of(proposal, name).act("support", {"support": True})
            done = self.act(f"/proposals/{proposal}/supports", body)
            assert done.status_code == 200, done.text

    def report(self, call: str, proposal: str) -> None:
        """By as many citizens as let a text wait for moderators."""
        said = {"kind": "proposal", "item": proposal, "categories": ["spam"], "text": ""}
        for number in range(self.app.extensions["mvote"].settings.reports_to_wait):
            act = Actor.of(call, f"reporter {number}").act("report", said)
            done = self.act(f"/moderation/proposal/{proposal}/reports", act)
            assert done.status_code == 200, done.text


def crowd(proposal: str, number: int) -> None:
    """So many supporters at once, as their acts leave them."""
    holders = [f"{n:064x}" for n in range(number)]
    with transaction("votes") as session:
        rows = [{"proposal": proposal, "holder": one} for one in holders]
        session.execute(insert(SupportRow), rows)
        changes = [{"proposal": proposal, "id": new_id(), "change": 1} for _ in holders]
        session.execute(insert(SupportChangeRow), changes)


def names_of(subject: str) -> list[str]:
    """What the audit log was told about something, by name."""
    return [entry.name for entry in list_entries("votes", subject=subject)]


def work(now: datetime | None = None) -> int:
    """One round of the domain's jobs."""
    at = now or carrying.now()
    seal("votes")
    done = service.follow_moderation() + service.count_supports(at) + service.end_calls(at)
    done += service.end_due(at) + service.choose_due(at)
    seal("votes")
    return done + service.follow_results()


def in_days(days: int) -> datetime:
    return carrying.now() + timedelta(days=days)


def iso_in(days: int) -> str:
    return iso(in_days(days))
