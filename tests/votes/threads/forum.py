"""A record under which citizens act, and what they send."""

from dataclasses import dataclass, field
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from mvote.core.official import Official
from mvote.db import transaction
from mvote.votes.discussions import service as records
from mvote.votes.polls import service as polls
from tests.makers import words
from tests.votes import carrying
from tests.votes.acting import Actor, permit

MODERATOR = Official("moderator-1", "roads", frozenset({"moderator"}))
OTHER_MODERATOR = Official("moderator-2", "parks", frozenset({"moderator"}))
SECOND_MODERATOR = Official("moderator-3", "roads", frozenset({"moderator"}))
ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))
FOREIGNER = Official("answerer-2", "parks", frozenset({"answerer"}))


@dataclass
class Forum:
    """A record of the department ``roads`` and whoever acts under it, by name."""

    app: Flask
    http: FlaskClient
    record: str
    actors: dict[str, Actor] = field(default_factory=dict)
    tokens: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def open(cls, app: Flask, http: FlaskClient) -> "Forum":
        with app.app_context():
            polls.add_department("roads", name=words("Roads"), by="test", now=carrying.now())
            with transaction("votes") as session:
                record = records.open_record(
                    session, department="roads", title=words("The bridge"), now=carrying.now()
                )
            permit(record)
        return cls(app, http, record)

    @property
    def api(self) -> str:
        return f"/api/v1/records/{self.record}"

    def send(self, name: str, path: str, act: str, body: Any) -> TestResponse:
        """What a citizen does, in an act of its own."""
        return self.http.post(path, json=self.actor(name).act(act, body))

    def actor(self, name: str) -> Actor:
        if name not in self.actors:
            with self.app.app_context():
                self.actors[name] = Actor.of(self.record, name)
        return self.actors[name]

    def post(self, name: str, kind: str, text: str, reply_to: str | None = None) -> TestResponse:
        body = {"kind": kind, "text": text, "reply_to": reply_to}
        return self.send(name, f"{self.api}/posts", "post", body)

    def said(self, name: str, kind: str, text: str, reply_to: str | None = None) -> str:
        """The id of a post that is taken."""
        answer = self.post(name, kind, text, reply_to)
        assert answer.status_code == 201, answer.get_json()
        return str(answer.get_json()["id"])

    def report(self, name: str, post: str, *categories: str, text: str = "") -> TestResponse:
        body = {"kind": "post", "item": post, "categories": list(categories), "text": text}
        return self.send(name, f"/api/v1/moderation/post/{post}/reports", "report", body)

    def decide(self, by: Official, post: str, verb: str, kind: str = "post", **body: Any) -> Any:
        """What a moderator decides: the status and the answer."""
        if by.id not in self.tokens:
            with self.app.app_context():
                self.tokens[by.id] = carrying.bearer(by)
        body.setdefault("reason", words("Because."))
        path = f"/api/v1/moderation/{kind}/{post}/{verb}"
        answer = self.http.post(path, json=body, headers=self.tokens[by.id])
        said = answer.get_json()
        return said["state"] if answer.status_code == 200 else said["code"]

    def read(self, path: str = "/posts", **asked: str) -> Any:
        answer = self.http.get(f"{self.api}{path}", query_string=asked)
        assert answer.status_code == 200, answer.get_json()
        return answer.get_json()
