"""An office on the people side: officials who enrol and sign in with authenticators."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from mvote.audit.service import list_entries
from mvote.people.officials.service.accounts import invite_official
from mvote.settings import Settings
from tests.people.conftest import Phones
from tests.people.officials.authenticator import Authenticator


@dataclass(frozen=True)
class Office(Phones):
    """Officials of the department ``parks`` who sign in by passkey."""

    def invite(self, login: str, *duties: str) -> tuple[str, str]:
        """An official's account and the secret of the enrolment link."""
        with self.app.app_context():
            made, link = invite_official(
                login, department="parks", duties=duties, now=datetime.now(UTC)
            )
        return made.id, link.link.partition("#")[2]

    def enrol(self, secret: str, key: Authenticator, label: str = "blue key") -> Any:
        options = self.post("/officials/enrolment-challenges", {"secret": secret})
        assert options.status_code == 201, options.json
        sent = {"secret": secret, "passkey": key.create(options.json), "label": label}
        return self.post("/officials/enrolments", sent)

    def enrolled(self, login: str, *duties: str) -> tuple[str, Authenticator, str]:
        """Account, authenticator, and an access token, fresh."""
        account, secret = self.invite(login, *duties)
        key = Authenticator()
        made = self.enrol(secret, key)
        assert made.status_code == 201, made.json
        return account, key, str(made.json["access"])

    def challenge(self) -> dict[str, Any]:
        return dict(self.post("/officials/passkey-challenges").json)

    def sign_in(self, key: Authenticator) -> Any:  # type: ignore[override]
        return self.answer(key.get(self.challenge()))

    def answer(self, passkey: dict[str, Any]) -> Any:
        return self.post("/officials/passkey-tokens", {"passkey": passkey})

    def happened(self, name: str) -> list[dict[str, Any]]:
        with self.app.app_context():
            return [dict(e.body) for e in list_entries("people") if e.name == name]


@pytest.fixture
def office(app: Flask, settings: Settings) -> Office:
    return Office(app, Path(settings.sms_gateway.removeprefix("file:")))


def said(answer: Any) -> tuple[int, str]:
    """Status and code of an answer."""
    return answer.status_code, (answer.json or {}).get("code", "ok")
