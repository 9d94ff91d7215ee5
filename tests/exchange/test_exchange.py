"""The wings tell each other signed documents: in order, exactly once, and to nobody else."""

import json
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import create_engine, insert, text
from sqlalchemy.orm import Session

from mvote.core.canonical import canonical_bytes
from mvote.core.document import Document, DocumentForged, make_document
from mvote.core.errors import Conflict
from mvote.db import reading, transaction
from mvote.exchange.errors import DocumentOutOfOrder, DocumentsForgotten
from mvote.exchange.service import last_taken, list_documents, publish, take_documents
from mvote.exchange.tables import PeopleInboxRow, VotesOutboxRow
from mvote.installation import installation
from mvote.jobs import Handler
from mvote.settings import Settings

NOW = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
POLL = "0123456789abcdef"

Take = Callable[[Session, Document, datetime], None]


class NotLiked(Conflict):
    words = {"ko": "받지 않습니다.", "en": "It is not taken."}


WORKERS = 4


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


def test_workers_that_listen_at_once_hear_each_document_once_and_none_stumbles(
    app: Flask,
) -> None:
    """The first to take one is slow about it, so the others find it untaken."""
    heard: list[object] = []
    together = Barrier(WORKERS)

    def take(_session: Session, document: Document, _now: datetime) -> None:
        heard.append(document.body["state"])
        time.sleep(0.05)

    def listen(_number: int) -> int:
        with app.app_context():
            together.wait()
            return hear(take)

    with app.app_context():
        say("open", "suspended", "open")
    with ThreadPoolExecutor(WORKERS) as pool:
        taken = list(pool.map(listen, range(WORKERS)))
    assert sum(taken) == 3
    assert heard == ["open", "suspended", "open"]


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
