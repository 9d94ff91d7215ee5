"""Calling the program's own interface within the process: the same guards, schemas, refusals.

A call goes through the whole application, as one that came over the network, and gets a
context of its own, so that nothing of the page that asks is seen by the route or left there.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from flask import current_app, request
from werkzeug.datastructures import FileStorage
from werkzeug.test import EnvironBuilder
from werkzeug.wrappers import Response

from mvote.core.canonical import JSON
from mvote.web.language import reader_language


@dataclass(frozen=True, slots=True)
class Answer:
    """What a route answered; ``body`` is None where it was no JSON, then it is in ``data``."""

    status: int
    body: Any = None
    etag: str = ""
    data: bytes = b""
    content_type: str = ""

    @property
    def done(self) -> bool:
        return self.status < 400

    @property
    def code(self) -> str:
        """The code of the refusal."""
        found = self.body.get("code", "") if isinstance(self.body, dict) else ""
        return str(found) if not self.done else ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a route is sent: ``body`` as JSON, or ``files`` beside plain fields."""

    query: Mapping[str, str] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)
    body: JSON = None
    has_body: bool = False
    files: Mapping[str, FileStorage] = field(default_factory=dict)


NOTHING = Sent()


def call(method: str, path: str, sent: Sent = NOTHING, *, token: str = "") -> Answer:
    """Call a route by its path; ``token`` is the identity token of who calls."""
    headers = {"Accept-Language": reader_language(), **sent.headers}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    built = EnvironBuilder(
        path=path,
        base_url=request.host_url,
        method=method,
        query_string=dict(sent.query),
        headers=list(headers.items()),
        environ_base={"REMOTE_ADDR": request.remote_addr or ""},
        **_content(sent),
    )
    try:
        environ = built.get_environ()
    finally:
        built.close()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    with app.app_context():
        response = Response.from_app(app.wsgi_app, environ, buffered=True)
    return _answer(response)


def _content(sent: Sent) -> dict[str, Any]:
    if sent.files:
        plain = sent.body if isinstance(sent.body, dict) else {}
        return {"data": {**{k: str(v) for k, v in plain.items()}, **sent.files}}
    if not sent.has_body:
        return {}
    spelled = json.dumps(sent.body, ensure_ascii=False).encode()
    return {"data": spelled, "content_type": "application/json"}


def _answer(response: Response) -> Answer:
    data, kind = response.get_data(), response.content_type or ""
    body = json.loads(data) if data and "json" in kind else None
    return Answer(response.status_code, body, response.headers.get("ETag", ""), data, kind)
