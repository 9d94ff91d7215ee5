"""Between two hosts: each side knows the other, and nobody in between can pass for it."""

import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.serving import make_server

from mvote.app import create_app
from mvote.core.canonical import b64u
from mvote.core.errors import Refusal
from mvote.core.wing_call import ANSWER_HEADER, AnswerForged, check_answer, make_call, sign_answer
from mvote.db import engines
from mvote.exchange.service import (
    check_exchange,
    last_taken,
    list_documents,
    note_look,
)
from mvote.gateways.other_wing import AnswerNotTrusted, OtherWingRefuses, OtherWingUnreachable
from mvote.installation import installation
from mvote.settings import Settings, SettingsFault, Wing
from mvote.worker import Worker
from tests.exchange.test_exchange import change_outbox, hear, listener, say, states

PATH = "/api/v1/votes/documents"
TARGET = f"{PATH}?after=0"

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)

Answer = tuple[int, dict[str, str], bytes]
Between = Callable[[str, str], Answer]
"""Target and authorization of a request to what is answered."""


def key(app: Flask, wing: Wing) -> Ed25519PrivateKey:
    with app.app_context():
        return installation().keys[wing]["exchange"].private


def word(
    app: Flask, *, wing: Wing = "people", target: str = TARGET, at: datetime | None = None
) -> str:
    return f"Wing {make_call(key(app, wing), target=target, now=at or datetime.now(UTC))}"


def test_the_other_wing_may_read_what_was_said(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        say("open", "suspended")
    said = http.get(TARGET, headers={"Authorization": word(app)})
    assert [one["seq"] for one in said.json["items"]] == [1, 2]
    assert said.json["last"] == 2
    later = f"{PATH}?after=1"
    said = http.get(later, headers={"Authorization": word(app, target=later)})
    assert [one["body"]["state"] for one in said.json["items"]] == ["suspended"]


def test_nobody_else_may_read_what_was_said(app: Flask, http: FlaskClient) -> None:
    now = datetime.now(UTC)
    stranger = make_call(Ed25519PrivateKey.generate(), target=TARGET, now=now)
    good = word(app)
    for authorization in (
        *(None, "", "Wing", "Wing .", "Wing ..", "Bearer x", good.replace("Wing", "Bearer")),
        *(good[:-1], good + "A", good + ".A", f"Wing {stranger}"),
        f"Wing 2030-01-01T00:00:00Z.{b64u(bytes(16))}.{b64u(bytes(64))}",
        word(app, wing="votes"),
        word(app, target="/api/v1/people/documents?after=0"),
        word(app, target=PATH),
        word(app, target=f"{PATH}?after=1"),
        word(app, at=now - timedelta(minutes=5)),
        word(app, at=now + timedelta(minutes=5)),
    ):
        headers = {} if authorization is None else {"Authorization": authorization}
        answer = http.get(TARGET, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (401, "wing-not-known"), authorization
        assert ANSWER_HEADER not in answer.headers
    assert http.get(TARGET, headers={"Authorization": good}).status_code == 200


def test_a_word_that_was_copied_is_good_for_nothing(app: Flask, http: FlaskClient) -> None:
    good = word(app)
    assert http.get(TARGET, headers={"Authorization": good}).status_code == 200
    for target in (TARGET, f"{PATH}?after=1", f"{PATH}?after=0&after=0"):
        again = http.get(target, headers={"Authorization": good})
        assert (again.status_code, again.json["code"]) == (401, "wing-not-known")


def test_an_answer_is_signed_for_the_call_the_status_and_every_byte(
    app: Flask, http: FlaskClient
) -> None:
    good = word(app)
    answer = http.get(TARGET, headers={"Authorization": good})
    signature, votes = answer.headers[ANSWER_HEADER], key(app, "votes").public_key()
    facts = {"word": good.removeprefix("Wing "), "status": 200, "body": answer.data}
    check_answer(signature, votes, **facts)
    for changed in (
        {"word": word(app).removeprefix("Wing ")},
        {"status": 503},
        {"body": answer.data[:-1]},
        {"body": b""},
    ):
        with pytest.raises(AnswerForged):
            check_answer(signature, votes, **(facts | changed))
    for wrong in ("", "A", b64u(bytes(64))):
        with pytest.raises(AnswerForged):
            check_answer(wrong, votes, **facts)


@contextmanager
def alone(settings: Settings, url: str, **more: object) -> Iterator[Flask]:
    """The people wing without the other's engine, and what it reaches as the votes wing."""
    made = create_app("people", replace(settings, votes_url=url, **more))
    with made.app_context():
        assert set(engines.engines) == {"people"}
        yield made
        for engine in engines.engines.values():
            engine.dispose()


@contextmanager
def somebody_between(answer: Between) -> Iterator[str]:
    """Whoever sits where the votes wing should be."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            status, headers, body = answer(self.path, self.headers["Authorization"])
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@contextmanager
def votes_host(settings: Settings) -> Iterator[str]:
    """The votes wing behind a port of its own, without the people wing's engine."""
    made = create_app("votes", settings)
    server = make_server("127.0.0.1", 0, made, threaded=False)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    with made.app_context():
        for engine in engines.engines.values():
            engine.dispose()


def passed_on(http: FlaskClient, target: str, authorization: str) -> Answer:
    said = http.get(target, headers={"Authorization": authorization})
    return said.status_code, {ANSWER_HEADER: said.headers.get(ANSWER_HEADER, "")}, said.data


def refusal_of(settings: Settings, between: Between, **more: object) -> Refusal:
    heard, take = listener()
    with somebody_between(between) as url, alone(settings, url, **more):
        with pytest.raises(Refusal) as caught:
            hear(take)
        assert last_taken("people") == 0
    assert heard == []
    return caught.value


def test_what_is_passed_on_unchanged_is_taken(
    app: Flask, http: FlaskClient, settings: Settings
) -> None:
    """The attacks below fail for what they change, not for the way they go."""
    heard, take = listener()
    with app.app_context():
        say("open", "suspended")
    with (
        somebody_between(lambda target, given: passed_on(http, target, given)) as url,
        alone(settings, url),
    ):
        assert [hear(take), hear(take)] == [2, 0]
    assert states(heard) == ["open", "suspended"]


def test_an_answer_that_was_changed_kept_or_made_elsewhere_is_not_taken(
    app: Flask, http: FlaskClient, settings: Settings
) -> None:
    with app.app_context():
        say("open", "suspended")
        items = list_documents("votes", after=0, limit=10)
    kept = passed_on(http, TARGET, word(app))
    stranger = Ed25519PrivateKey.generate()

    def cut_off(target: str, given: str) -> Answer:
        status, headers, body = passed_on(http, target, given)
        return status, headers, body[: len(body) // 2]

    def shortened(target: str, given: str) -> Answer:
        """Documents held back: what is left is whole JSON, and each document is signed."""
        status, headers, _ = passed_on(http, target, given)
        return status, headers, json.dumps({"items": items[:1], "last": 1}).encode()

    def refused(target: str, given: str) -> Answer:
        _, headers, body = passed_on(http, target, given)
        return 503, headers, body

    def of_another(target: str, given: str) -> Answer:
        body = json.dumps({"items": [], "last": 0}).encode()
        facts = {"word": given.removeprefix("Wing "), "status": 200, "body": body}
        return 200, {ANSWER_HEADER: sign_answer(stranger, **facts)}, body

    def of_oneself(target: str, given: str) -> Answer:
        body = json.dumps({"items": [], "last": 0}).encode()
        facts = {"word": given.removeprefix("Wing "), "status": 200, "body": body}
        return 200, {ANSWER_HEADER: sign_answer(key(app, "people"), **facts)}, body

    def replayed(target: str, given: str) -> Answer:
        return kept

    def elsewhere(target: str, given: str) -> Answer:
        return 302, {"Location": f"http://127.0.0.1:9{target}"}, b""

    attacks = (cut_off, shortened, refused, of_another, of_oneself, replayed, elsewhere)
    found = {attack.__name__: type(refusal_of(settings, attack)) for attack in attacks}
    assert found == {attack.__name__: AnswerNotTrusted for attack in attacks}


def test_an_answer_is_read_only_so_far_and_only_so_long(
    app: Flask, http: FlaskClient, settings: Settings
) -> None:
    def endless(target: str, given: str) -> Answer:
        return 200, {}, b" " * 5000

    long = refusal_of(settings, endless, exchange_bytes=4999)
    assert "MVOTE_EXCHANGE_BYTES" in long.sentence("en")
    with socket.create_server(("127.0.0.1", 0)) as dripping:

        def drip() -> None:
            wire, _ = dripping.accept()
            with wire:
                for byte in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 1000:
                    try:
                        wire.sendall(bytes([byte]))
                    except OSError:
                        return
                    time.sleep(0.05)

        threading.Thread(target=drip, daemon=True).start()
        url = f"http://127.0.0.1:{dripping.getsockname()[1]}"
        with alone(settings, url, exchange_seconds=1), pytest.raises(Refusal, match="slow"):
            hear(lambda *_: None)


def test_a_wing_that_is_away_is_named_and_asked_again(app: Flask, settings: Settings) -> None:
    """The public keys are there, the address answers nobody."""
    with alone(settings, "http://127.0.0.1:9"), pytest.raises(OtherWingUnreachable) as caught:
        hear(lambda *_: None)
    refusal: Refusal = caught.value
    assert refusal.status == 503
    assert "127.0.0.1" not in refusal.sentence("en")


def test_what_the_other_wing_itself_refuses_is_said_in_its_words(
    app: Flask, settings: Settings
) -> None:
    heard, take = listener()
    with app.app_context():
        say("open", "suspended")
    with votes_host(settings) as url, alone(settings, url):
        assert hear(take) == 2
        change_outbox(settings, "DELETE FROM exchange_outbox WHERE seq = 2")
        with pytest.raises(OtherWingRefuses, match="documents-forgotten"):
            hear(take)
    assert states(heard) == ["open", "suspended"]


def test_after_a_long_outage_everything_is_taken_once_and_in_order(
    app: Flask, settings: Settings
) -> None:
    """Over several answers, small ones as each may only be so large, one of them lost."""
    heard, take = listener()
    many = ["open", "suspended"] * 60
    with app.app_context():
        say(*many)
    small = replace(settings, exchange_documents=50, exchange_bytes=40_000)
    behind = create_app("votes", small)
    with votes_host(small) as votes:
        calls: list[str] = []

        def unsteady(target: str, given: str) -> Answer:
            calls.append(target)
            if len(calls) == 3:
                return 502, {}, b"<html>"
            return passed_on(behind.test_client(), target, given)

        with somebody_between(unsteady) as url, alone(small, url):
            with pytest.raises(AnswerNotTrusted):
                hear(take)
            assert 0 < len(heard) < 120
            hear(take)
            assert last_taken("people") == 120
        with alone(small, votes):
            assert hear(take) == 0
    with behind.app_context():
        engines.engines["votes"].dispose()
    assert states(heard) == many
    assert len(calls) > 4


def test_a_host_that_is_away_is_tried_less_and_less_and_at_once_when_it_is_back(
    app: Flask, settings: Settings
) -> None:
    start = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)
    tried: list[str] = []

    def away(target: str, given: str) -> Answer:
        tried.append(target)
        return 502, {}, b""

    with somebody_between(away) as url, alone(settings, url, exchange_pause_seconds=20) as made:
        worker = Worker(made, jobs=())
        for second in range(120):
            worker.round(start + timedelta(seconds=second))
        readings, wrong = check_exchange("people", start + timedelta(seconds=120))
    assert 6 <= len(tried) <= 20
    assert readings["worker_seconds"] <= settings.heartbeat_seconds
    assert any("cannot be read" in sentence for sentence in wrong)


def test_both_sides_tell_how_much_waits_and_since_when(app: Flask, settings: Settings) -> None:
    now = datetime.now(UTC)
    with app.app_context():
        say("open", "suspended", "open")
        note_look("votes", reached=True, now=now)
    with votes_host(settings) as url, alone(settings, url):
        with pytest.raises(RuntimeError):
            hear(stumble)
        note_look("people", reached=False, now=now)
        readings, wrong = check_exchange("people", now)
    asked = datetime.now(UTC)
    assert (readings["documents_taken"], readings["documents_waiting"]) == (0, 3)
    assert wrong == ["the documents of the other wing cannot be read; 3 or more wait"]
    votes = create_app("votes", settings)
    with votes.app_context():
        readings, wrong = check_exchange("votes", asked + timedelta(seconds=601))
        for engine in engines.engines.values():
            engine.dispose()
    since = round((asked - now).total_seconds()) + 1  # it asked somewhen in between
    assert 601 <= readings["asked_seconds"] <= 601 + since
    assert readings["documents_unheard"] == 3
    assert "the other wing does not ask for documents; 3 wait for it" in wrong


def stumble(*_: object) -> None:
    raise RuntimeError


def test_certificates_that_cannot_be_read_are_named(app: Flask, settings: Settings) -> None:
    missing = {"exchange_ca_file": settings.home / "nowhere.pem"}
    with alone(settings, "https://127.0.0.1:9", **missing), pytest.raises(SettingsFault) as caught:
        hear(lambda *_: None)
    assert "MVOTE_EXCHANGE_CA_FILE" in str(caught.value)
