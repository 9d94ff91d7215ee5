"""A city for tests that speak HTTP: its officials, its register, its phones."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from flask import Flask

from mvote.client.api import Api
from mvote.client.citizen import Citizen
from mvote.client.official import OfficialClient
from mvote.client.poll import FrozenPoll, fetch_poll
from mvote.operations.sms_file import SmsFile
from mvote.people.officials.service.accounts import add_official
from mvote.people.rolls.service.registers import import_register
from mvote.settings import Settings
from mvote.votes.polls.service import add_department

DEPARTMENT = "roads"
PASSWORD = "a long enough password"
WAIT_SECONDS = 300
WATCHER = "+821099999999"
DRAFTER, APPROVER = "drafter", "approver"


def settle_in(app: Flask, *, register: str = "") -> None:
    """The department, its two officials and the register, as the operator adds them."""
    now = datetime.now(UTC)
    with app.app_context():
        add_department(DEPARTMENT, name={"ko": "도로과", "en": "Roads"}, by="command", now=now)
        for login, duties in (
            (DRAFTER, ("drafter", "approver", "answerer", "moderator", "administrator")),
            (APPROVER, ("approver",)),
        ):
            add_official(login, department=DEPARTMENT, duties=duties, password=PASSWORD, now=now)
        if register:
            import_register(register.splitlines(), replace=False, now=now)


@dataclass
class Town:
    """Both wings as their citizens and officials reach them."""

    people: Api
    votes: Api
    sms: SmsFile

    @classmethod
    def at(cls, settings: Settings, people_url: str, votes_url: str | None = None) -> "Town":
        people = Api(people_url, connections=16)
        votes = Api(votes_url, connections=16) if votes_url else people
        return cls(people, votes, SmsFile(Path(settings.sms_gateway.removeprefix("file:"))))

    def official(self, login: str) -> OfficialClient:
        made = OfficialClient(self.people, self.votes, login=login, password=PASSWORD)
        made.sign_in()
        return made

    def citizen(self, number: str) -> Citizen:
        """Signed in by the code that came to the number."""
        made = Citizen(self.people, self.votes, number=number)
        made.check_phone()
        made.enter_code(self.sms.code_of(number))
        return made

    def open_poll(self, draft: Mapping[str, Any]) -> FrozenPoll:
        """Drafted by one official, approved and opened by the other."""
        drafter, approver = self.official(DRAFTER), self.official(APPROVER)
        poll: str = drafter.create_poll(draft)["id"]
        approver.approve(poll)
        approver.wait_for(poll, "frozen", seconds=WAIT_SECONDS)
        approver.open(poll)
        self.await_permits(poll)
        return fetch_poll(self.votes, poll)

    def await_permits(self, poll: str) -> None:
        """Until citizens get permits for a poll; who looks is checked once, as codes are few."""
        self._watcher.refresh()
        self._watcher.await_permits(poll, seconds=WAIT_SECONDS)

    @cached_property
    def _watcher(self) -> Citizen:
        return self.citizen(WATCHER)

    def close(self, poll: FrozenPoll) -> dict[str, Any]:
        """Close by two officials, wait for the result, and for it to enter the record."""
        drafter, approver = self.official(DRAFTER), self.official(APPROVER)
        approver.confirm(poll.id, drafter.close(poll.id))
        approver.wait_for(poll.id, "published", seconds=WAIT_SECONDS)
        end = time.monotonic() + WAIT_SECONDS
        while approver.record(poll.definition["record"])["state"] == "awaiting-result":
            assert time.monotonic() < end, "the result did not enter the record"
            time.sleep(0.05)
        return approver.result(poll.id)
