"""Requests to one mvote server: strict JSON both ways, refusals as exceptions, bounded retries.

A retry sends the very same bytes.  What may not happen twice is sent again only where the
server surely never saw it or said that it did nothing (503, and 429 for a moment).
"""

import random
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode, urlsplit

import urllib3
from urllib3.exceptions import ConnectTimeoutError, HTTPError, NewConnectionError

from mvote.client.errors import NotUnderstood, Refused, Unreachable
from mvote.core.canonical import JSON, MalformedJson, canonical_bytes, parse
from mvote.core.text import LANGUAGES

ATTEMPTS: Final = 8
FIRST_PAUSE_SECONDS: Final = 0.1
LONGEST_PAUSE_SECONDS: Final = 5.0
LONGEST_RETRY_AFTER_SECONDS: Final = 30
CONNECT_SECONDS: Final = 10.0
READ_SECONDS: Final = 30.0
ROOT: Final = "/api/v1"
DID_NOTHING: Final = (429, 503)
NOT_MODIFIED: Final = 304
_JSON_TYPE: Final = "application/json"
_PROBLEM_TYPE: Final = "application/problem+json"
_NEVER_SENT: Final = (NewConnectionError, ConnectTimeoutError)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back with a status below 400.  ``etag`` as it was sent, quotes and all."""

    address: str
    status: int
    content: bytes
    content_type: str
    etag: str | None

    def json(self) -> JSON:
        """The content as strict JSON.  Raises NotUnderstood."""
        if self.content_type != _JSON_TYPE:
            raise NotUnderstood(self.address, f"{self.content_type or 'nothing'} in place of JSON")
        return _parse(self.address, self.content)

    def object(self) -> dict[str, JSON]:
        """The content as a JSON object.  Raises NotUnderstood."""
        value = self.json()
        if not isinstance(value, dict):
            raise NotUnderstood(self.address, "not an object")
        return value


@dataclass(frozen=True, slots=True)
class _Request:
    method: str
    path: str
    content: bytes | None
    headers: Mapping[str, str]
    repeat: bool


class Api:
    """One server behind ``url``.  Threads may share it; each keeps a connection of its own.

    ``connections`` is the most that are open at once; further callers wait.
    """

    def __init__(self, url: str, *, connections: int = 4, language: str = "en") -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ValueError(f"{url!r} is not an http(s) address")
        self.url = url.rstrip("/")
        self._root = parts.path.rstrip("/") + ROOT
        self._headers = {"Accept-Language": language, "Accept": f"{_JSON_TYPE}, */*;q=0.5"}
        self._pool = urllib3.connection_from_url(
            f"{parts.scheme}://{parts.netloc}",
            maxsize=connections,
            block=True,
            timeout=urllib3.Timeout(connect=CONNECT_SECONDS, read=READ_SECONDS),
        )

    def close(self) -> None:
        """Give the connections back."""
        self._pool.close()

    def get(self, path: str, *, token: str | None = None, **query: str | int) -> dict[str, JSON]:
        """The JSON object at an address.  Raises as ``call`` does."""
        return self.call(
            "GET", path + (f"?{urlencode(query)}" if query else ""), token=token
        ).object()

    def list_all(
        self, path: str, *, token: str | None = None, **query: str | int
    ) -> Iterator[JSON]:
        """Every item of a list that is given out by cursor.  Raises as ``call`` does."""
        page = self.get(path, token=token, **query)
        while True:
            try:
                items, after = page["items"], page["next"]
            except KeyError as missing:
                raise NotUnderstood(path, f"a page of a list without {missing}") from None
            yield from items
            if after is None:
                return
            page = self.get(path, token=token, **{**query, "after": after})

    def post(
        self, path: str, body: JSON, *, token: str | None = None, repeat: bool = False
    ) -> dict[str, JSON]:
        """Send JSON, get a JSON object.  Raises as ``call`` does."""
        return self.call("POST", path, body=body, token=token, repeat=repeat).object()

    def call(
        self,
        method: str,
        path: str,
        *,
        body: JSON = None,
        content: bytes | None = None,
        token: str | None = None,
        headers: Mapping[str, str] | None = None,
        repeat: bool | None = None,
    ) -> Answer:
        """Send one request, with ``body`` as JSON or with ``content`` as it is.

        ``repeat`` says that the request may be carried out twice without harm (default: GET
        and HEAD).  Raises Refused, Unreachable, NotUnderstood.
        """
        if body is not None:
            content = canonical_bytes(body)
        sent = {**self._headers, **(headers or {})}
        if content is not None:
            sent["Content-Type"] = _JSON_TYPE
        if token is not None:
            sent["Authorization"] = f"Bearer {token}"
        harmless = method in ("GET", "HEAD") if repeat is None else repeat
        return self._send(_Request(method, self._root + path, content, sent, harmless))

    def _send(self, request: _Request) -> Answer:
        address = f"{request.method} {request.path}"
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                response = self._once(request)
            except HTTPError as trouble:
                again = request.repeat or isinstance(trouble, _NEVER_SENT)
                if last or not again:
                    raise Unreachable(address, str(trouble)) from trouble
                pause = _pause(attempt)
            else:
                wanted = _seconds(response) if response.status in DID_NOTHING else None
                if last or wanted is None or wanted > LONGEST_RETRY_AFTER_SECONDS:
                    return _answer(address, response)
                pause = max(float(wanted), _pause(attempt))
            time.sleep(pause)
        raise AssertionError("the last attempt answers or raises")

    def _once(self, request: _Request) -> urllib3.BaseHTTPResponse:
        return self._pool.urlopen(
            request.method,
            request.path,
            body=request.content,
            headers=request.headers,
            retries=False,
            redirect=False,
        )


def _pause(attempt: int) -> float:
    """Longer each time, and never the same for two clients that failed together; in seconds."""
    most = min(FIRST_PAUSE_SECONDS * 2.0 ** (attempt - 1), LONGEST_PAUSE_SECONDS)
    return most * random.uniform(0.5, 1.0)


def _seconds(response: urllib3.BaseHTTPResponse) -> int | None:
    text = response.headers.get("Retry-After", "")
    return int(text) if text.isascii() and text.isdigit() else None


def _answer(address: str, response: urllib3.BaseHTTPResponse) -> Answer:
    content_type = response.headers.get("Content-Type", "").partition(";")[0].strip()
    if response.status >= 400:
        if content_type != _PROBLEM_TYPE:
            raise NotUnderstood(address, f"status {response.status} without problem details")
        raise _refused(address, response)
    if response.status >= 300 and response.status != NOT_MODIFIED:
        raise NotUnderstood(address, f"status {response.status} leads elsewhere")
    etag = response.headers.get("ETag")
    return Answer(address, response.status, response.data, content_type, etag)


def _refused(address: str, response: urllib3.BaseHTTPResponse) -> Refused:
    problem = _parse(address, response.data)
    try:
        return Refused(
            status=response.status,
            code=str(problem["code"]),
            sentences={language: str(problem["sentence"][language]) for language in LANGUAGES},
            params=dict(problem["params"]),
            errors=dict(problem["errors"]) if "errors" in problem else None,
            retry_after=_seconds(response),
        )
    except (KeyError, TypeError, ValueError) as fault:
        raise NotUnderstood(address, f"problem details without {fault}") from None


def _parse(address: str, content: bytes) -> JSON:
    try:
        return parse(content)
    except MalformedJson as fault:
        raise NotUnderstood(address, str(fault)) from None
