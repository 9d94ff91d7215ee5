"""The votes wing as the people wing meets it: nothing but signed documents."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.core.canonical import b64u
from mvote.core.ids import new_id
from mvote.core.poll import ApprovedPoll, PollDefinition, PollDraft
from mvote.core.secrecy.keys import raw_public
from mvote.core.times import iso
from mvote.db import reading, transaction
from mvote.exchange.service import list_documents, publish, take_documents
from mvote.exchange.tables import INBOX
from mvote.installation import installation
from mvote.people.permits.jobs import HANDLERS
from tests.makers import make_poll_draft
from tests.people.conftest import Phones


@dataclass(frozen=True)
class VotesWing:
    """Says what a votes wing says.  Used inside the app's context."""

    now: datetime

    def say(self, kind: str, poll: str, body: Any) -> str | None:
        """Send a document, let it be taken; gives the code of the refusal, if it was refused."""
        with transaction("votes") as session:
            publish(session, "votes", kind=kind, poll=poll, body=body)
        take_documents("people", HANDLERS, now=self.now)
        inbox = INBOX["people"]
        with reading("people") as session:
            return session.scalars(select(inbox.refusal).order_by(inbox.seq.desc())).first()

    def heard(self, kind: str, poll: str) -> list[dict[str, Any]]:
        """The bodies of what the people wing said about a poll."""
        said = list_documents("people", after=0, limit=1000)
        return [one["body"] for one in said if (one["kind"], one["poll"]) == (kind, poll)]

    def approve(self, **changes: Any) -> ApprovedPoll:
        """An approved poll for which the people wing has named its issuer."""
        draft = PollDraft.from_json(make_poll_draft(record=new_id(), **changes))
        approved = draft.approved(poll=new_id())
        assert self.say("poll-approved", approved.poll, approved.to_json()) is None
        return approved

    def completed(self, approved: ApprovedPoll) -> PollDefinition:
        """The definition that the votes wing freezes, with what the people wing said."""
        [said] = self.heard("issuer", approved.poll)
        key = installation().keys["votes"]["board"].public
        added = {**said, "board_key": b64u(raw_public(key))}
        return PollDefinition.from_json({**approved.to_json(), **added})

    def freeze(self, **changes: Any) -> PollDefinition:
        frozen = self.completed(self.approve(**changes))
        assert self.say("poll-frozen", frozen.poll, frozen.to_json()) is None
        return frozen

    def enter(self, poll: str, state: str, **more: Any) -> str | None:
        return self.say("poll-state", poll, {"state": state, "at": iso(self.now), **more})

    def open(self, **changes: Any) -> PollDefinition:
        frozen = self.freeze(**changes)
        assert self.enter(frozen.poll, "open") is None
        return frozen


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def votes(inside: Flask, now: datetime) -> VotesWing:
    return VotesWing(now)


@pytest.fixture
def register(inside: Flask, now: datetime) -> Callable[..., None]:
    """Take these lines as the register."""
    from mvote.people.rolls.service.registers import import_register

    def take(*rows: str) -> None:
        header = "number,district,birth_year,gender"
        lines = [row + "\n" for row in (header, *rows)]
        import_register(lines, replace=True, now=now)

    return take


@pytest.fixture
def citizen(phones: Phones) -> str:
    """The access token of a citizen."""
    return str(phones.sign_in()["access"])


@pytest.fixture
def keepers(phones: Phones, add_official: Callable[..., str]) -> tuple[str, str]:
    """The access tokens of two officials who keep rolls."""
    for login in ("kim", "lee"):
        add_official(login, duties=("roll-keeper",))
    kim, lee = (phones.sign_in_official(login)["access"] for login in ("kim", "lee"))
    return kim, lee
