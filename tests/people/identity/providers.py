"""Providers of OpenID Connect: one written by others, and a hostile one that spoils its tokens."""

import hmac
import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookiejar import CookieJar
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

import urllib3
from joserfc import jwt
from joserfc.jwk import RSAKey

from mvote.core.canonical import b64u
from tests.servers import ask, free_port

HERE = Path(__file__).parent
START_SECONDS = 300
Spoil = Callable[[dict[str, Any], dict[str, Any]], None]


@contextmanager
def provider_by_others() -> Iterator[str]:
    """``oidc-provider-mock`` in a process of its own; gives its issuer."""
    port = free_port()
    command = [sys.executable, "-m", "oidc_provider_mock", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://localhost:{port}"
    try:
        await_provider(issuer, process)
        yield issuer
    finally:
        process.terminate()
        process.wait()


@contextmanager
def provider_from_npm(node: Path, callback: str) -> Iterator[str]:
    """npm's ``oidc-provider``, in a process of its own; gives its issuer."""
    port = free_port()
    command = [node, HERE / "provider.mjs", str(port), callback]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    issuer = f"http://localhost:{port}"
    try:
        await_provider(issuer, process)
        yield issuer
    finally:
        process.terminate()
        process.wait()


def walk_through(url: str, *, callback: str, subject: str) -> str:
    """Fill in the two forms of npm's provider; gives the address one is sent back to."""
    browser = build_opener(HTTPCookieProcessor(CookieJar()), _StopAt(callback))
    forms = ({"prompt": "login", "login": subject, "password": "any"}, {"prompt": "consent"})
    try:
        page = browser.open(url)
        for fields in forms:
            page = browser.open(page.url, urlencode(fields).encode())
    except _CameBack as back:
        return str(back)
    raise AssertionError(f"still at {page.url}")


class _CameBack(Exception):
    """The address of the app to which a provider sends the browser."""


class _StopAt(HTTPRedirectHandler):
    def __init__(self, callback: str) -> None:
        self.callback = callback

    def redirect_request(
        self, req: Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        if newurl.startswith(self.callback):
            raise _CameBack(newurl)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def await_provider(issuer: str, process: "subprocess.Popen[Any]") -> None:
    """Raises RuntimeError where it does not come up."""
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            ask("GET", f"{issuer}/.well-known/openid-configuration")
            return
        except urllib3.exceptions.HTTPError:
            time.sleep(0.1)
    raise RuntimeError("the provider does not come up")


def sign_in_there(url: str, *, subject: str = "", deny: bool = False) -> str:
    """What a person does at ``oidc-provider-mock``; gives the address one is sent back to."""
    fields = {"action": "deny"} if deny else {"sub": subject}
    answer = ask(
        "POST",
        url,
        body=urlencode(fields),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )
    assert answer.status == 302, answer.data
    return answer.headers["Location"]


@dataclass
class Hostile:
    """A provider in a thread.  ``spoil(header, claims)`` changes each token before it is signed.

    ``unsigned``, ``shared`` and ``foreign`` say how the token is signed instead of rightly;
    ``says`` changes the metadata.
    """

    port: int = 0
    spoil: Spoil = lambda _header, _claims: None
    signed: str = "rightly"
    says: Mapping[str, Any] = field(default_factory=dict)
    answer: bytes | None = None
    key: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    foreign: RSAKey = field(default_factory=lambda: RSAKey.generate_key(2048, {"kid": "one"}))
    nonce: str = ""
    asked: list[str] = field(default_factory=list)

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def come_back(self, url: str) -> dict[str, str]:
        """As a browser that signed in: the parameters it brings back."""
        asked = parse_qs(urlsplit(url).query)
        self.nonce = asked["nonce"][0]
        return {"state": asked["state"][0], "code": "a-code"}

    def metadata(self) -> dict[str, Any]:
        told = {
            "issuer": self.issuer,
            "authorization_endpoint": f"{self.issuer}/authorize",
            "token_endpoint": f"{self.issuer}/token",
            "jwks_uri": f"{self.issuer}/keys",
        }
        return told | dict(self.says)

    def token(self) -> str:
        now = int(time.time())
        header: dict[str, Any] = {"alg": "RS256", "kid": "one"}
        claims: dict[str, Any] = {
            "iss": self.issuer,
            "sub": "alice",
            "aud": "mvote",
            "iat": now,
            "exp": now + 300,
            "nonce": self.nonce,
        }
        self.spoil(header, claims)
        if self.signed == "not":
            return f"{_part({**header, 'alg': 'none'})}.{_part(claims)}."
        if self.signed == "with the public key":
            said = f"{_part({**header, 'alg': 'HS256'})}.{_part(claims)}"
            mac = hmac.digest(self.key.as_pem(private=False), said.encode(), "sha256")
            return f"{said}.{b64u(mac)}"
        key = self.foreign if self.signed == "by another" else self.key
        return jwt.encode(header, claims, key, algorithms=["RS256"])


def _part(value: Mapping[str, Any]) -> str:
    return b64u(json.dumps(dict(value)).encode())


@contextmanager
def hostile_provider() -> Iterator[Hostile]:
    hostile = Hostile()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            hostile.asked.append(self.path)
            told = {"/keys": {"keys": [hostile.key.as_dict(private=False)]}}
            self._answer(told.get(self.path) or hostile.metadata())

        def do_POST(self) -> None:
            hostile.asked.append(self.path)
            self.rfile.read(int(self.headers["Content-Length"]))
            self._answer({"access_token": "x", "token_type": "Bearer", "id_token": hostile.token()})

        def _answer(self, told: Mapping[str, Any]) -> None:
            body = json.dumps(told).encode() if hostile.answer is None else hostile.answer
            self.send_response(200)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    hostile.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield hostile
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
