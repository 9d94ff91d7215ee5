"""What a phone lets a server know while it looks for its ballot on a full board."""

import io
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert
from werkzeug.serving import make_server

from mvote.client.api import Api
from mvote.client.citizen import Citizen
from mvote.client.errors import Refused
from mvote.client.poll import fetch_poll
from mvote.core.canonical import b64u
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.receipt import tracker
from mvote.db import transaction
from mvote.operations.sms_file import SmsFile
from mvote.settings import Settings
from mvote.votes.ballots.tables import InboxRow
from mvote.votes.polls import service as polls
from mvote.worker import Worker
from tests.makers import make_poll_draft, words
from tests.votes.carrying import APPROVER, DRAFTER

HOUR = timedelta(hours=1)
NUMBER = "+821031415926"


@dataclass
class Listener:
    """Stands before the app and keeps everything that comes in: line, headers, body."""

    app: Flask
    heard: list[tuple[str, str, bytes]] = field(default_factory=list)

    def __call__(self, environ: dict[str, Any], start: Any) -> Any:
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        environ["wsgi.input"] = io.BytesIO(body)
        line = f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}?{environ['QUERY_STRING']}"
        headers = {name: value for name, value in environ.items() if name.startswith("HTTP_")}
        self.heard.append((line, str(headers), body))
        return self.app(environ, start)


@dataclass
class City:
    """A secret poll that is open, served by this process; time passes when ``work`` says so."""

    app: Flask
    now: datetime
    poll: str = ""

    def work(self, later: timedelta = timedelta()) -> None:
        self.now += later
        Worker(self.app).settle(self.now)

    def open(self) -> None:
        polls.add_department("roads", name=words("Roads"), by="test", now=self.now)
        draft = make_poll_draft(
            level="secret", closes=(self.now + 48 * HOUR).strftime("%Y-%m-%dT%H:%M:%SZ")
        )
        self.poll = polls.draft_poll(draft, official=DRAFTER, now=self.now).poll.id
        polls.approve_poll(self.poll, known={1}, official=APPROVER, now=self.now)
        self.work()
        polls.open_poll(self.poll, official=APPROVER, now=self.now)
        self.work()

    def cast_by_others(self, count: int) -> None:
        """A batch of ballots of which only the hashes matter."""
        drawn = secrets.token_bytes
        rows = [
            {"poll": self.poll, "leaf": drawn(32), "voter_key": drawn(32), "seq": 1, "body": "{}"}
            for _ in range(count)
        ]
        with transaction("votes") as session:
            session.execute(insert(InboxRow), rows)
        self.work(HOUR)


@pytest.fixture
def city(app: Flask) -> Iterator[City]:
    with app.app_context():
        made = City(app, datetime.now(UTC).replace(microsecond=0))
        made.open()
        yield made


@pytest.fixture
def listener(app: Flask) -> Listener:
    return Listener(app)


@pytest.fixture
def api(listener: Listener) -> Iterator[Api]:
    serving = make_server("127.0.0.1", 0, listener, threaded=True)
    thread = threading.Thread(target=serving.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    made = Api(f"http://127.0.0.1:{serving.server_port}")
    yield made
    made.close()
    serving.shutdown()
    thread.join()
    serving.server_close()


def test_a_phone_never_names_its_ballot_and_the_server_never_lets_it(
    city: City, listener: Listener, api: Api, settings: Settings
) -> None:
    sms = SmsFile(Path(settings.sms_gateway.removeprefix("file:")))
    citizen = Citizen(api, api, number=NUMBER)
    citizen.check_phone()
    citizen.enter_code(sms.code_of(NUMBER))
    poll = fetch_poll(api, city.poll)
    permit = citizen.get_permit(poll)
    leaf = citizen.cast(poll, {"q1": ["yes"]}).leaf
    listener.heard.clear()

    assert citizen.find_ballot(poll) is None
    city.cast_by_others(30)
    first = citizen.find_ballot(poll)
    city.cast_by_others(4200)
    assert citizen.find_ballot(poll) == first is not None

    board = f"GET /api/v1/polls/{city.poll}/board"
    assert [line for line, _, _ in listener.heard] == [
        *(f"{board}/checkpoint?", f"{board}/leaves?"),
        *(f"{board}/checkpoint?", f"{board}/consistency?from=1&to=32", f"{board}/leaves?"),
        f"{board}/checkpoint?",
        f"{board}/consistency?from=32&to=4232",
        f"{board}/leaves/{leaf.hex()[0]}?",
    ]
    assert isinstance(permit, BlindPermit)
    named = [leaf.hex()[:8], b64u(leaf)[:8], tracker(leaf)[:8], b64u(permit.pre)[:8], "Bearer"]
    for line, headers, body in listener.heard:
        told = f"{line} {headers} {body.decode()}"
        assert not [one for one in named if one in told]
    for digits in (2, 3, 8, 64):
        with pytest.raises(Refused, match="prefix-too-long") as refused:
            api.get(f"/polls/{city.poll}/board/leaves/{leaf.hex()[:digits]}")
        assert refused.value.params["most"] == 1
