"""An office of officials who speak to mvote over HTTP, and the people wing's answers to it."""

import hashlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mvote.app import create_app
from mvote.audit.rules import Entry
from mvote.audit.service import list_entries
from mvote.core.canonical import JSON
from mvote.db import engine, transaction
from mvote.exchange.service import list_documents, publish, take_documents
from mvote.installation import installation
from mvote.settings import Settings
from mvote.votes.polls import jobs
from mvote.web.tokens import CITIZEN, OFFICIAL, make_access
from tests.makers import make_poll_draft, words

REASON = {"reason": words("The hall is flooded.")}
REASONS = {"suspend": REASON, "cancel": REASON}


class Office:
    """Officials of the department ``roads`` unless another is named.

    ``ann`` drafts and ``bea`` decides; where it takes two, ``ann`` asks.

    They speak to an app that serves the votes wing alone; ``app`` serves both and
    stands for whatever makes tokens and documents on the other side.
    """

    def __init__(self, app: Flask, http: FlaskClient) -> None:
        self.app, self.http = app, http
        self.administrator = self.token("adam", "administrator", department="office")
        self.drafter = self.token("ann", "drafter")
        self.approver = self.token("bea", "approver")
        for code in ("roads", "parks"):
            body = {"code": code, "name": words(f"Department of {code}")}
            assert self.post("/departments", body, self.administrator).status_code == 201

    def token(
        self, account: str, *duties: str, department: str = "roads", fresh: bool = True
    ) -> str:
        with self.app.app_context():
            return make_access(
                account,
                audience=OFFICIAL,
                family="f",
                proof="password",
                fresh=fresh,
                department=department,
                duties=duties,
            )

    def citizen(self) -> str:
        with self.app.app_context():
            return make_access("c", audience=CITIZEN, family="f", proof="sms", fresh=True)

    def get(self, path: str, token: str | None = None, **headers: str) -> TestResponse:
        return self._send("GET", path, token, headers)

    def post(
        self, path: str, body: JSON = None, token: str | None = None, **headers: str
    ) -> TestResponse:
        return self._send("POST", path, token, headers, body)

    def delete(self, path: str, token: str | None = None) -> TestResponse:
        return self._send("DELETE", path, token, {})

    def put(self, path: str, body: JSON, token: str | None, **headers: str) -> TestResponse:
        return self._send("PUT", path, token, headers, body)

    def _send(
        self, method: str, path: str, token: str | None, headers: dict[str, str], body: JSON = None
    ) -> TestResponse:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if token:
            sent["Authorization"] = f"Bearer {token}"
        content = {} if body is None else {"json": body}
        return self.http.open(f"/api/v1{path}", method=method, headers=sent, **content)

    def draft(self, **changes: Any) -> str:
        """Draft a poll; returns its id."""
        answer = self.post("/polls", make_poll_draft(**changes), self.drafter)
        assert answer.status_code == 201, answer.json
        return str(answer.json["id"])

    def act(self, poll: str, act: str, token: str | None = None, **body: JSON) -> TestResponse:
        seen = {"If_Match": self.revision(poll)} if act == "approve" else {}
        sent = body or REASONS.get(act)
        return self.post(f"/polls/{poll}/{act}", sent, token or self.approver, **seen)

    def ask(self, poll: str, act: str, token: str | None = None, **body: JSON) -> str:
        """An official asks for an act that takes two; returns the request."""
        answer = self.act(poll, act, token or self.drafter, **body)
        assert answer.status_code == 202, answer.json
        return str(answer.json["id"])

    def together(self, poll: str, act: str, **body: JSON) -> TestResponse:
        """One official asks, and the other confirms."""
        return self.act(poll, act, pending=self.ask(poll, act, **body))

    def revision(self, poll: str) -> str:
        """The ETag of a draft, as one of its department reads it."""
        return self.get(f"/polls/{poll}/draft", self.approver).headers.get("ETag", '"1"')

    def must(self, poll: str, *acts: str) -> None:
        for act in acts:
            two = act == "close" or (act == "cancel" and self.state(poll) != "draft")
            answer = self.together(poll, act) if two else self.act(poll, act)
            assert answer.status_code == 200, answer.json

    def people_say(self, poll: str, kind: str, body: JSON) -> None:
        """The people wing sends a document and the votes wing takes what there is."""
        with self.app.app_context():
            with transaction("people") as session:
                publish(session, "people", kind=kind, poll=poll, body=body)
            take_documents("votes", jobs.HANDLERS, now=datetime.now(UTC))

    def issuer(self) -> JSON:
        with self.app.app_context():
            key = installation().keys["people"]["issuer"].jwk()
        return {
            "issuer": [{**key, "operator": "The city"}],
            "roll": {"mode": "growing", "eligible": None},
        }

    def freeze(self, poll: str) -> None:
        self.people_say(poll, "issuer", self.issuer())

    def frozen(self, **changes: Any) -> str:
        poll = self.draft(**changes)
        self.must(poll, "approve")
        self.freeze(poll)
        return poll

    def opened(self, **changes: Any) -> str:
        poll = self.frozen(**changes)
        self.must(poll, "open")
        return poll

    def send_issued_list(self, poll: str, issued: int = 3) -> None:
        sha256 = hashlib.sha256(b"permits").hexdigest()
        self.people_say(poll, "issued-list", {"issued": issued, "sha256": sha256})

    def at_work(self, work: Callable[..., Any], *given: Any, **facts: Any) -> Any:
        """Call a service as the worker does."""
        with self.app.app_context():
            return work(*given, **facts)

    def in_transaction(self, work: Callable[..., Any], *given: Any, **facts: Any) -> Any:
        with self.app.app_context(), transaction("votes") as session:
            return work(session, *given, **facts)

    def happened(self, poll: str) -> list[Entry]:
        with self.app.app_context():
            return list(list_entries("votes", subject=poll))

    def said(self, poll: str) -> list[JSON]:
        """What the votes wing said to the people wing about a poll."""
        with self.app.app_context():
            found = list_documents("votes", after=0, limit=1000)
        return [document for document in found if document["poll"] == poll]

    def state(self, poll: str) -> str:
        answer = self.get(f"/polls/{poll}/draft", self.drafter)
        return str(answer.json["state"])


@pytest.fixture
def office(app: Flask, settings: Settings) -> Iterator[Office]:
    votes = create_app("votes", settings)
    yield Office(app, votes.test_client())
    with votes.app_context():
        engine("votes").dispose()
