"""A phone that proves its number, on whichever database the test runs."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from flask import Flask

from mvote.cli import cli
from mvote.core.errors import Refusal
from mvote.core.official import DUTIES
from mvote.settings import Settings

NUMBER = "+821023456789"
PASSWORD = "a password for tests"

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
"""For tests in which no database decides anything."""


@dataclass(frozen=True)
class Phones:
    """Speaks to the API in the app's own process; safe for threads."""

    app: Flask
    messages: Path

    def call(self, method: str, path: str, body: Any = None, *, token: str = "") -> Any:
        """A request under /api/v1; gives the response."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        sent = {} if body is None else {"json": body}
        return self.app.test_client().open(f"/api/v1{path}", method=method, headers=headers, **sent)

    def post(self, path: str, body: Any = None, *, token: str = "") -> Any:
        return self.call("POST", path, body, token=token)

    def ask(self, number: str = NUMBER, language: str = "ko") -> str:
        """The id of a new phone check."""
        asked = self.post("/phone-checks", {"number": number, "language": language})
        assert asked.status_code == 201, asked.json
        return str(asked.json["check"])

    def texts(self) -> list[dict[str, str]]:
        """Every message sent so far."""
        if not self.messages.exists():
            return []
        return [json.loads(line) for line in self.messages.read_text().splitlines()]

    def code(self, number: str = NUMBER) -> str:
        """The code in the last message to a number."""
        return [text["text"] for text in self.texts() if text["to"] == number][-1][-6:]

    def enter(self, check: str, code: str) -> Any:
        return self.post(f"/phone-checks/{check}/tokens", {"code": code})

    def sign_in(self, number: str = NUMBER) -> dict[str, Any]:
        """A citizen's tokens."""
        check = self.ask(number)
        made = self.enter(check, self.code(number))
        assert made.status_code == 201, made.json
        return dict(made.json)

    def sign_in_official(self, login: str, password: str = PASSWORD) -> dict[str, Any]:
        made = self.post("/officials/tokens", {"login": login, "password": password})
        assert made.status_code == 201, made.json
        return dict(made.json)


@pytest.fixture
def phones(app: Flask, settings: Settings) -> Phones:
    return Phones(app, Path(settings.sms_gateway.removeprefix("file:")))


@pytest.fixture
def add_official(app: Flask, now: Any) -> Callable[..., str]:
    """Adds an official with every duty and gives the account."""
    from mvote.people.officials.service.accounts import add_official

    def add(
        login: str = "kim", *, duties: tuple[str, ...] = DUTIES, department: str = "parks"
    ) -> str:
        with app.app_context():
            made = add_official(
                login, department=department, duties=duties, password=PASSWORD, now=now
            )
        return made.id

    return add


@pytest.fixture
def now() -> Any:
    from datetime import UTC, datetime

    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def run(app: Flask) -> Callable[..., Result]:
    """Run ``mvote …`` in this process, in the app of the test."""

    def run_in_app(*arguments: str, stdin: str | None = None) -> Result:
        runner = CliRunner()
        return runner.invoke(cli, arguments, obj=lambda _side: app, input=stdin)

    return run_in_app


def refused(result: Result, kind: type[Refusal]) -> bool:
    return isinstance(result.exception, kind)
