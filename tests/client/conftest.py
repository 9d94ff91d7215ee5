"""A tiny HTTP server that does as each test tells it: the client's counterpart on a real socket."""

import json
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from mvote.client.api import Api


@dataclass
class Asked:
    """A request that came in.  ``line`` is method and path."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    def json(self):
        return json.loads(self.body)


@dataclass
class Reply:
    status: int = 200
    body: object = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    cut: bool = False  # the connection breaks after half of the body


class Drop:
    """The connection breaks before any answer."""


Script = Callable[[Asked], "Reply | type[Drop]"]


class TinyServer(ThreadingHTTPServer):
    """Answers with ``script``; ``asked`` is what came in, ``connections`` how many were opened."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.script: Script = lambda asked: Reply()
        self.asked: list[Asked] = []
        self.connections = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def process_request(self, request, client_address) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def say(self, *replies: "Reply | type[Drop]") -> None:
        """Give these answers one after the other."""
        left = iter(replies)
        self.script = lambda asked: next(left)

    def lines(self) -> list[str]:
        return [asked.line for asked in self.asked]


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: TinyServer

    def answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        asked = Asked(f"{self.command} {self.path}", dict(self.headers), body)
        self.server.asked.append(asked)
        reply = self.server.script(asked)
        if isinstance(reply, Reply):
            self.send(reply)
        if not isinstance(reply, Reply) or reply.cut:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)

    def send(self, reply: Reply) -> None:
        raw = reply.body if isinstance(reply.body, bytes) else json.dumps(reply.body).encode()
        kind = "application/problem+json" if reply.status >= 400 else "application/json"
        self.send_response(reply.status)
        for name, value in {"Content-Type": kind, **reply.headers}.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(raw)))
        self.end_headers()
        self.wfile.write(raw[: len(raw) // 2] if reply.cut else raw)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, format, *args) -> None:
        """Say nothing."""


def problem(status: int, code: str, *, retry_after: int | None = None, **more: object) -> Reply:
    """A refusal as mvote sends it."""
    body = {
        "type": f"urn:mvote:refusal:{code}",
        "title": f"{code}.",
        "status": status,
        "code": code,
        "params": {},
        "sentence": {"ko": f"{code}입니다.", "en": f"{code}."},
        **more,
    }
    headers = {} if retry_after is None else {"Retry-After": str(retry_after)}
    return Reply(status, body, headers)


@pytest.fixture
def server() -> Iterator[TinyServer]:
    with TinyServer() as tiny:
        thread = threading.Thread(target=tiny.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield tiny
        tiny.shutdown()
        thread.join()


@pytest.fixture
def api(server: TinyServer) -> Iterator[Api]:
    made = Api(server.url)
    yield made
    made.close()


@pytest.fixture
def refuse() -> Callable[..., Reply]:
    return problem


@pytest.fixture
def reply() -> type[Reply]:
    return Reply


@pytest.fixture
def drop() -> type[Drop]:
    return Drop
