"""The wings tell each other signed documents: in order, exactly once, and to nobody else."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from mvote.app import create_app
from mvote.core.canonical import b64u, canonical_bytes
from mvote.core.document import Document, DocumentForged, make_document
from mvote.core.errors import Conflict, Refusal
from mvote.core.wing_call import make_call
from mvote.db import engines, reading, transaction
from mvote.exchange.errors import DocumentOutOfOrder, DocumentsForgotten
from mvote.exchange.service import last_taken, list_documents, publish, take_documents
from mvote.exchange.tables import PeopleInboxRow, VotesOutboxRow
from mvote.gateways.other_wing import OtherWingUnreachable
from mvote.installation import installation
from mvote.jobs import Handler
from mvote.settings import Settings

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
POLL = "0123456789abcdef"
PATH = "/api/v1/votes/documents"

Take = Callable[[Session, Document, datetime], None]


class NotLiked(Conflict):
    words = {"ko": "받지 않습니다.", "en": "It is not taken."}


def say(*states: str) -> None:
    """The votes wing tells the people wing a poll's states, each in a document."""
    with transaction("votes") as session:
        for state in states:
            body = {"state": state, "at": "2030-01-02T03:04:05Z"}
            publish(session, "votes", kind="poll-state", poll=POLL, body=body)


def say_and_stumble() -> None:
    with transaction("votes") as session:
        body = {"state": "open", "at": "2030-01-02T03:04:05Z"}
        publish(session, "votes", kind="poll-state", poll=POLL, body=body)
        raise RuntimeError


def hear(take: Take) -> int:
    return take_documents("people", [Handler("poll-state", "people", take)], now=NOW)


def states(heard: list[Document]) -> list[object]:
    return [document.body["state"] for document in heard]


def put_into_outbox(seq: int, *, poll: str) -> None:
    """A document as a program other than ours would sign it."""
    body = {"state": "open", "at": "2030-01-02T03:04:05Z"}
    key = installation().keys["votes"]["exchange"].private
    said = make_document(key, seq=seq, kind="poll-state", poll=poll, body=body).to_json()
    row = {"seq": seq, "kind": "poll-state", "poll": "", "document": canonical_bytes(said).decode()}
    with transaction("votes") as session:
        session.execute(insert(VotesOutboxRow).values(**row))


def listener() -> tuple[list[Document], Take]:
    heard: list[Document] = []
    return heard, lambda session, document, now: heard.append(document)


def test_documents_are_heard_in_order_and_once(app: Flask) -> None:
    heard, take = listener()
    with app.app_context():
        say("open", "suspended")
        assert hear(take) == 2
        assert hear(take) == 0
        say("open")
        assert hear(take) == 1
        assert states(heard) == ["open", "suspended", "open"]
        assert last_taken("people") == 3
        assert last_taken("votes") == 0


def test_a_document_is_told_only_if_what_it_tells_came_true(app: Flask) -> None:
    with app.app_context():
        with pytest.raises(RuntimeError):
            say_and_stumble()
        say("closing")
        assert [one["seq"] for one in list_documents("votes", after=0, limit=10)] == [1]


def test_a_crash_while_taking_leaves_the_document_to_be_taken_again(app: Flask) -> None:
    heard, take = listener()

    def crash(session: Session, document: Document, now: datetime) -> None:
        session.execute(text("INSERT INTO listed (list, number_mac) VALUES ('x', 'y')"))
        raise RuntimeError("the power went")

    with app.app_context():
        say("open")
        with pytest.raises(RuntimeError):
            hear(crash)
        with reading("people") as session:
            assert session.scalar(text("SELECT count(*) FROM listed")) == 0
        assert hear(take) == 1
    assert states(heard) == ["open"]


@pytest.mark.parametrize("poll", ["0" * 64, "0" * 17, "M/28/XI", "ABCDEFGHIJKLMNOP"])
def test_a_poll_that_has_no_id_of_ours_is_refused_and_holds_nothing_up(
    app: Flask, poll: str
) -> None:
    heard, take = listener()
    with app.app_context():
        put_into_outbox(1, poll=poll)
        say("open")
        assert hear(take) == 2
        with reading("people") as session:
            kept = {row.seq: row.refusal for row in session.query(PeopleInboxRow)}
    assert kept == {1: "document-malformed", 2: None}
    assert [document.poll for document in heard] == [POLL]


def test_a_refused_document_is_kept_with_its_code_and_does_not_stop_the_next(app: Flask) -> None:
    heard: list[Document] = []

    def choosy(session: Session, document: Document, now: datetime) -> None:
        if document.body["state"] == "cancelled":
            raise NotLiked()
        heard.append(document)

    with app.app_context():
        say("cancelled", "open")
        assert hear(choosy) == 2
        with reading("people") as session:
            kept = {row.seq: row.refusal for row in session.query(PeopleInboxRow)}
    assert kept == {1: "not-liked", 2: None}
    assert states(heard) == ["open"]


def test_a_kind_that_nobody_takes_is_kept_as_not_wanted(app: Flask) -> None:
    with app.app_context():
        say("open")
        assert take_documents("people", [], now=NOW) == 1
        with reading("people") as session:
            assert session.query(PeopleInboxRow).one().refusal == "document-not-wanted"


def change_outbox(settings: Settings, statement: str, **values: object) -> None:
    engine = create_engine(settings.database_url("votes"))
    with engine.begin() as connection:
        assert connection.execute(text(statement), values).rowcount == 1
    engine.dispose()


def test_a_changed_document_is_not_taken(app: Flask, settings: Settings) -> None:
    heard, take = listener()
    with app.app_context():
        say("open")
        said = list_documents("votes", after=0, limit=1)[0]
        said["body"]["state"] = "cancelled"
        spelled = json.dumps(said)
        change_outbox(settings, "UPDATE exchange_outbox SET document = :spelled", spelled=spelled)
        with pytest.raises(DocumentForged):
            hear(take)
        assert last_taken("people") == 0
    assert heard == []


def test_a_document_of_one_wing_does_not_pass_for_one_of_the_other(
    app: Flask, settings: Settings
) -> None:
    """What the people wing signed itself is not heard as the word of the votes wing."""
    _, take = listener()
    with app.app_context():
        with transaction("people") as session:
            body = {"issued": 1, "sha256": "0" * 64}
            made = publish(session, "people", kind="issued-list", poll=POLL, body=body)
        say("open")
        spelled = canonical_bytes(made.to_json()).decode()
        change_outbox(settings, "UPDATE exchange_outbox SET document = :spelled", spelled=spelled)
        with pytest.raises(DocumentForged):
            hear(take)


def test_a_gap_is_not_passed_over(app: Flask, settings: Settings) -> None:
    heard, take = listener()
    with app.app_context():
        say("open", "suspended", "open")
        change_outbox(settings, "DELETE FROM exchange_outbox WHERE seq = 2")
        with pytest.raises(DocumentOutOfOrder):
            hear(take)
        assert last_taken("people") == 1
    assert len(heard) == 1


def test_a_restored_wing_that_forgot_what_it_said_is_found_out(
    app: Flask, settings: Settings
) -> None:
    """What it says next would get a number that was taken, and never be heard."""
    heard, take = listener()
    with app.app_context():
        say("open", "suspended")
        assert [hear(take), hear(take)] == [2, 0]
        change_outbox(settings, "DELETE FROM exchange_outbox WHERE seq = 2")
        with pytest.raises(DocumentsForgotten) as caught:
            hear(take)
        assert caught.value.params == {"taken": 2, "said": 1}
    assert states(heard) == ["open", "suspended"]


SQLITE_ONLY = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


def word(app: Flask, *, wing: str = "people", path: str = PATH, at: datetime | None = None) -> str:
    with app.app_context():
        key = installation().keys[wing]["exchange"].private  # type: ignore[index]
    return f"Wing {make_call(key, path=path, now=at or datetime.now(UTC))}"


@SQLITE_ONLY
def test_the_other_wing_may_read_what_was_said(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        say("open", "suspended")
    answer = http.get(PATH, headers={"Authorization": word(app)})
    assert [one["seq"] for one in answer.json["items"]] == [1, 2]
    answer = http.get(f"{PATH}?after=1", headers={"Authorization": word(app)})
    assert [one["body"]["state"] for one in answer.json["items"]] == ["suspended"]


@SQLITE_ONLY
def test_nobody_else_may_read_what_was_said(app: Flask, http: FlaskClient) -> None:
    now = datetime.now(UTC)
    stranger = make_call(Ed25519PrivateKey.generate(), path=PATH, now=now)
    good = word(app)
    for authorization in (
        None,
        "",
        "Wing",
        "Wing .",
        "Bearer x",
        good.replace("Wing", "Bearer"),
        good[:-1],
        good + "A",
        f"Wing {stranger}",
        f"Wing 2030-01-01T00:00:00Z.{b64u(bytes(64))}",
        word(app, wing="votes"),
        word(app, path="/api/v1/people/documents"),
        word(app, at=now - timedelta(minutes=5)),
        word(app, at=now + timedelta(minutes=5)),
    ):
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = http.get(PATH, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "wing-not-known"), authorization
    assert http.get(PATH, headers={"Authorization": good}).status_code == 200


@SQLITE_ONLY
def test_a_wing_that_is_away_is_named_and_asked_again(app: Flask, settings: Settings) -> None:
    """The public keys are there, the address answers nobody."""
    alone = create_app("people", replace(settings, votes_url="http://127.0.0.1:9"))
    with alone.app_context():
        with pytest.raises(OtherWingUnreachable) as caught:
            hear(lambda *_: None)
        for engine in engines.engines.values():
            engine.dispose()
    refusal: Refusal = caught.value
    assert refusal.status == 503
    assert "127.0.0.1" not in refusal.sentence("en")


@contextmanager
def somebody_between(said: bytes) -> Iterator[str]:
    """Whoever sits between the wings and gives one answer to whatever is asked."""

    class Between(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(said)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Between) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@SQLITE_ONLY
def test_documents_that_are_shown_again_and_again_hold_nothing_up(
    app: Flask, settings: Settings
) -> None:
    heard, take = listener()
    with app.app_context():
        say("open", "suspended")
        said = json.dumps({"items": list_documents("votes", after=0, limit=10)}).encode()
    with somebody_between(said) as url:
        alone = create_app("people", replace(settings, votes_url=url))
        with alone.app_context():
            assert [hear(take), hear(take)] == [2, 0]
            for engine in engines.engines.values():
                engine.dispose()
    assert states(heard) == ["open", "suspended"]


@SQLITE_ONLY
def test_documents_in_another_order_are_not_taken(app: Flask, settings: Settings) -> None:
    heard, take = listener()
    with app.app_context():
        say("open", "suspended")
        turned = list_documents("votes", after=0, limit=10)[::-1]
    with somebody_between(json.dumps({"items": turned}).encode()) as url:
        alone = create_app("people", replace(settings, votes_url=url))
        with alone.app_context():
            with pytest.raises(DocumentOutOfOrder):
                hear(take)
            for engine in engines.engines.values():
                engine.dispose()
    assert heard == []
