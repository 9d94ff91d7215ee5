"""News reach those who follow, by counterparts that others wrote, once and as long as wanted."""

import email
import email.policy
import json
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import http_ece
import jwt
import pytest
from aiosmtpd.controller import Controller
from cryptography.hazmat.primitives.asymmetric import ec
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import func, select, update
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from mvote.channels.deliveries import service
from mvote.channels.deliveries.errors import (
    MailAddressNotValid,
    PushServiceNotKnown,
    TooManyAsked,
    TopicUnknown,
    WebhookAddressNotTaken,
)
from mvote.channels.deliveries.rules import LEASE, PUSH, is_address
from mvote.channels.deliveries.rules_push import encrypt, is_service, public_point, push_headers
from mvote.channels.deliveries.service.crowding import Crowd
from mvote.channels.deliveries.service.messages import push_payload, read_kept
from mvote.channels.deliveries.service.sending import send_due
from mvote.channels.deliveries.tables import DeliveryRow, FollowerRow
from mvote.core.canonical import b64u
from mvote.core.official import Official
from mvote.db import reading, transaction
from mvote.gateways.outbound import NO_ANSWER, is_target, post
from mvote.votes.discussions import service as records
from tests.pages.carried import MARKUP, carry
from tests.servers import free_port
from tests.votes import carrying

ADMINISTRATOR = Official("administrator-1", "roads", frozenset({"administrator"}))
READER = "reader@example.org"
SERVICES = "fcm.googleapis.com *.push.apple.com"
WAIT_SECONDS = 60.0


class Letters:
    """What a mail server was handed; ``refuses`` says that nobody lives at an address."""

    def __init__(self) -> None:
        self.taken: list[EmailMessage] = []
        self.refuses: str | None = None

    async def handle_RCPT(
        self, server: Any, session: Any, envelope: Any, address: str, options: Any
    ) -> str:
        if self.refuses is not None:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        made = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(made, EmailMessage)
        self.taken.append(made)
        return "250 OK"


@contextmanager
def listening(answers: list[int]) -> Iterator[tuple[str, list[tuple[dict[str, str], bytes]]]]:
    """A program of somebody else: it answers as told, the last answer again and again."""
    taken: list[tuple[dict[str, str], bytes]] = []
    one_by_one = threading.Lock()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            with one_by_one:
                taken.append((dict(self.headers.items()), body))
                status = answers.pop(0) if len(answers) > 1 else answers[0]
            self.send_response(status)
            self.send_header("Location", "http://127.0.0.1:1/elsewhere")
            self.end_headers()

        def log_message(self, *_: Any) -> None: ...

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/news", taken
    server.shutdown()
    server.server_close()


@pytest.fixture
def letters(app: Flask) -> Iterator[Letters]:
    """A real mail server, to which the installation hands its e-mail."""
    handler, port = Letters(), free_port()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=WAIT_SECONDS)
    controller.start()
    made = app.extensions["mvote"]
    given = {"mail_gateway": f"smtp+plain://127.0.0.1:{port}", "webhook_private": "yes"}
    settings = replace(made.settings, **given, delivery_timeout_seconds=WAIT_SECONDS)
    app.extensions["mvote"] = replace(made, settings=settings)
    yield handler
    controller.stop()


def rows(table: Any) -> int:
    with reading("votes") as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def link_in(letter: EmailMessage) -> str:
    found = re.search(r"http\S+(/following/\S+)", letter.get_content())
    assert found is not None
    return found[1]


def test_news_reach_a_reader_and_a_program_and_stop_when_they_leave(
    app: Flask, http: FlaskClient, letters: Letters
) -> None:
    with app.app_context(), listening([500, 200]) as (url, posted):
        asked = http.post("/following?lang=en", data={"address": READER, "topics": "all"})
        assert asked.status_code == 200
        now = carrying.now()
        assert service.send_due(now=now) == 1
        ask = letters.taken.pop()
        own = link_in(ask)
        assert (ask["To"], ask["Auto-Submitted"]) == (READER, "auto-generated")
        hook, secret = service.add_webhook(
            url, topics=["all"], language="ko", official=ADMINISTRATOR, now=now
        )

        city = carry()
        _told(0)  # what opening the address does is nothing
        assert b"Yes, send them" in http.get(own).data
        assert service.send_due(now=carrying.now() + timedelta(seconds=1)) > 0
        assert letters.taken == []
        assert http.post(own, data={"act": "confirm"}).status_code == 200

        first = json.loads(posted[0][1])
        again = carrying.now() + timedelta(seconds=30)
        service.send_due(now=again)
        ids = [headers["webhook-id"] for headers, _ in posted]
        assert ids.count(ids[0]) == 2  # refused once, sent again under its id
        for headers, body in posted:
            assert Webhook(secret).verify(body, headers) == json.loads(body)
        headers, body = posted[-1]
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(body.replace(b"record.", b"record,"), headers)
        assert first["type"].startswith("record.")
        assert {json.loads(body)["data"]["record"] for _, body in posted} >= {city.record}

        service.follow_by_mail(READER, topics=["all"], language="ko", now=again)
        with reading("votes") as session:  # whoever knows the address does not write in it
            reads = select(FollowerRow.language).where(FollowerRow.target == READER)
            assert session.scalars(reads).one() == "en"
        service.send_due(now=again)
        letters.taken.clear()
        _take_a_step(city.record)
        at = carrying.now() + timedelta(seconds=60)
        with ThreadPoolExecutor(4) as workers:
            list(workers.map(lambda _: _in(app, at), range(4)))
        assert len(letters.taken) == 1
        letter = letters.taken.pop()
        assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
        assert MARKUP in letter.get_content()
        assert letter.get_content_type() == "text/plain"
        leave = letter["List-Unsubscribe"].strip("<>").partition("/following/")[2]
        body = "List-Unsubscribe=One-Click"
        kind = "application/x-www-form-urlencoded"
        left = http.post(f"/following/{leave}", data=body, content_type=kind)
        assert left.status_code == 200
        assert http.get(f"/following/{leave}").status_code == 404
        service.remove_webhook(hook.id, official=ADMINISTRATOR, now=at)
        assert (rows(FollowerRow), rows(DeliveryRow)) == (0, 0)


def _told(least: int) -> None:
    carrying.seal("votes")
    assert service.queue_news() > least


def _take_a_step(record: str) -> None:
    records.add_step(
        record,
        text={"ko": MARKUP, "en": MARKUP},
        planned=None,
        done=None,
        official=Official("answerer-1", "roads", frozenset({"answerer"})),
        now=carrying.now(),
    )
    _told(0)


def _in(app: Flask, at: Any) -> None:
    with app.app_context():
        send_due(now=at)


ON_SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


@ON_SQLITE
def test_an_address_is_asked_a_few_times_and_one_that_is_not_there_goes(
    app: Flask, letters: Letters
) -> None:
    now = carrying.now()
    with app.app_context():
        for _ in range(3):
            service.follow_by_mail(READER, topics=["all"], language="ko", now=now)
        with pytest.raises(TooManyAsked):
            service.follow_by_mail(READER, topics=["all"], language="ko", now=now)
        letters.refuses = "451 later"
        assert service.send_due(now=now) == 3
        assert rows(DeliveryRow) == 3
        letters.refuses = "550 nobody here"
        assert service.send_due(now=now + timedelta(seconds=5)) == 3
        assert (rows(FollowerRow), rows(DeliveryRow)) == (0, 0)

        letters.refuses = None
        service.follow_by_mail(READER, topics=["all"], language="ko", now=now)
        with transaction("votes") as session:  # as a worker that was killed behind its claim
            session.execute(update(DeliveryRow).values(tries=1, next_at=now + LEASE))
        assert service.send_due(now=now) == 0
        assert service.send_due(now=now + LEASE) == 1
        assert service.forget_unconfirmed(now=now + timedelta(days=3)) == 0
        assert service.forget_unconfirmed(now=now + timedelta(days=5)) == 1
        assert rows(FollowerRow) == 0

        smuggled = "=?utf-8?q?victim=40example.org=2C?=@b.org"  # a header spells it as two
        wrongs = "nobody", "a@b@c", "a b@c.org", "a@c.org\nBcc: x@y.org", f"{'a' * 65}@b.org"
        for wrong in (*wrongs, smuggled, "a\0b@c.org", "a%c.org@b.org", "a@-", "a..b@c.org"):
            assert not is_address(wrong)
            with pytest.raises(MailAddressNotValid):
                service.follow_by_mail(wrong, topics=["all"], language="ko", now=now)
        for topic in ("poll:1", "department:nobody", "topic:", "everything"):
            with pytest.raises(TopicUnknown):
                service.follow_by_mail(READER, topics=[topic], language="ko", now=now)


@ON_SQLITE
def test_one_source_cannot_use_up_what_a_city_asks_in_a_day(app: Flask, http: FlaskClient) -> None:
    made = app.extensions["mvote"]
    few = replace(
        made.settings,
        mail_new_per_day=8,
        mail_network_per_day=1,
        push_network_per_day=1,
        one_source_percent=25,
    )
    app.extensions["mvote"] = replace(made, settings=few)
    for at, reader, status in [
        ("203.0.113.7", "not an address", 422),
        ("203.0.113.7", "a@a.org", 202),
        ("203.0.113.7", "b@b.org", 429),  # one a line
        ("2001:db8:1:1::1", "c@c.org", 202),
        ("2001:db8:1:1::2", "d@d.org", 429),
        ("2001:db8:1:2::1", "d@d.org", 202),
        ("2001:db8:1:3::1", "e@e.org", 429),  # two among neighbours
        ("2001:db8:2:1::1", "e@e.org", 202),
        ("198.51.100.1", "f@E.org", 202),
        ("192.0.2.1", "g@e.org", 429),  # two of a domain
        ("192.0.2.1", "g@sub.e.org", 202),  # what was refused did not count
    ]:
        answer = http.post(
            "/api/v1/mail-followers",
            json={"address": reader, "topics": ["all"]},
            environ_base={"REMOTE_ADDR": at},
        )
        assert answer.status_code == status, (at, reader, answer.get_json())
    crowd, day = Crowd(), carrying.now().date()
    for number in range(3):
        source = {("mail", f"198.51.{number}.9"): 1}
        crowd.take(source, day=day)
        crowd.give_back(source, day=day)
    assert len(crowd) == 0, "refusals fill no memory"
    page = http.post(
        "/following?lang=en",
        data={"address": "h@h.org", "topics": "all"},
        environ_base={"REMOTE_ADDR": "203.0.113.7"},
    )
    assert "Please try again tomorrow" in page.text
    point = public_point(ec.generate_private_key(ec.SECP256R1()))
    phone = {"topics": ["all"], "keys": {"p256dh": point, "auth": b64u(b"s" * 16)}}
    for name, status in (("one", 200), ("two", 429), ("one", 200)):  # who follows is not new
        body = {**phone, "endpoint": f"https://fcm.googleapis.com/fcm/send/{name}"}
        at = {"REMOTE_ADDR": "203.0.113.7"}
        answer = http.post("/api/v1/push-followers", json=body, environ_base=at)
        assert answer.status_code == status, answer.get_json()


@ON_SQLITE
def test_a_program_that_takes_nothing_gets_nothing_more(app: Flask, letters: Letters) -> None:
    made = app.extensions["mvote"]
    settings = replace(made.settings, delivery_tries=1, follower_failures=2)
    app.extensions["mvote"] = replace(made, settings=settings)
    with app.app_context(), listening([302]) as (url, posted):
        service.add_webhook(
            url, topics=["all"], language="ko", official=ADMINISTRATOR, now=carrying.now()
        )
        city = carry()
        _told(2)
        service.send_due(now=carrying.now() + timedelta(seconds=1))
        assert service.list_webhooks()[0].stopped
        assert rows(DeliveryRow) == 0
        before = len(posted)
        _take_a_step(city.record)
        assert service.send_due(now=carrying.now() + timedelta(days=1)) == 0
        assert len(posted) == before


@ON_SQLITE
def test_a_push_message_is_for_one_phone_and_goes_to_push_services_only(
    app: Flask, letters: Letters
) -> None:
    phone, secret = ec.generate_private_key(ec.SECP256R1()), b"s" * 16
    given = {"p256dh": public_point(phone), "auth": b64u(secret)}
    with app.app_context():
        keep = {"topics": ["all"], "language": "ko", "now": carrying.now()}
        endpoint = "https://fcm.googleapis.com/fcm/send/abc"
        own = service.follow_by_push(endpoint, **given, **keep)
        assert service.follow_by_push(endpoint, **given, **keep) == own
        for wrong in ("https://example.org/x", "http://fcm.googleapis.com/x", "https://[::1]/x"):
            with pytest.raises(PushServiceNotKnown):
                service.follow_by_push(wrong, **given, **keep)
        with pytest.raises(PushServiceNotKnown):
            service.follow_by_push(endpoint, p256dh=b64u(b"\4" * 65), auth=b64u(secret), **keep)
        carry()
        _told(0)
        with reading("votes") as session:
            kept = session.scalars(select(DeliveryRow.news).limit(1)).one()
            assert session.scalars(select(FollowerRow.channel)).one() == PUSH
        payload = push_payload(read_kept(kept), "en")
        assert set(json.loads(payload)) == {"title", "body", "link"}
        box = encrypt(payload, **given)
        opened = http_ece.decrypt(box, private_key=phone, auth_secret=secret, version="aes128gcm")
        assert opened == payload

        city_key = service.push_key()
        assert service.push_key().private_numbers() == city_key.private_numbers()
        at = int(carrying.now().timestamp())
        headers = push_headers(city_key, endpoint=endpoint, contact="mailto:a@b.org", at=at)
        token = re.fullmatch(r"vapid t=(\S+), k=(\S+)", headers["Authorization"])
        assert token is not None
        assert token[2] == public_point(city_key)
        audience = "https://fcm.googleapis.com"
        claims = jwt.decode(token[1], city_key.public_key(), ["ES256"], audience=audience)
        assert claims["sub"] == "mailto:a@b.org"
        service.leave(own)
        assert (rows(FollowerRow), rows(DeliveryRow)) == (0, 0)
    assert is_service("https://web.push.apple.com/x", SERVICES)
    assert not is_service("https://evil.org/push.apple.com", SERVICES)


@ON_SQLITE
def test_nothing_is_posted_into_the_citys_own_network(app: Flask) -> None:
    with app.app_context(), listening([200]) as (url, posted):
        with pytest.raises(WebhookAddressNotTaken):
            service.add_webhook(
                url, topics=["all"], language="ko", official=ADMINISTRATOR, now=carrying.now()
            )
        for inside in ("https://127.0.0.1/", "https://[::1]/", "https://localhost/"):
            assert is_target(inside, private=False)
            assert post(inside, b"{}", {}, timeout=2, private=False) == NO_ANSWER
        for wrong in ("https://a:b@c.org/", "https://c.org:8443/", "ftp://c.org/", "https:///x"):
            assert not is_target(wrong, private=False)
        assert posted == []


@ON_SQLITE
def test_an_administrator_names_and_ends_a_webhook_over_http(app: Flask, http: FlaskClient) -> None:
    """Its secret is told once."""
    with app.app_context():
        who = carrying.bearer(ADMINISTRATOR)
        body = {"url": "https://news.example.org/hook", "topics": ["all"], "language": "en"}
        made = http.post("/api/v1/webhooks", json=body, headers=who)
        assert made.status_code == 201, made.text
        hook = made.get_json()
        assert hook.pop("secret").startswith("whsec_")
        assert http.get("/api/v1/webhooks", headers=who).get_json() == {"items": [hook]}
        gone = http.delete(f"/api/v1/webhooks/{hook['id']}", headers=who)
        assert (gone.status_code, gone.data) == (204, b"")
        assert http.get("/api/v1/webhooks", headers=who).get_json() == {"items": []}
