"""Refusals on the wire: RFC 9457 problem details, a stable code, a sentence in two languages."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import Flask, Response, current_app
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException

from mvote.core.errors import DatabaseUnavailable, Refusal
from mvote.core.fields import FieldsRefused
from mvote.web.errors import (
    BodyTooLarge,
    InternalFault,
    MethodNotAllowed,
    NoSuchAddress,
    NotJson,
    RequestNotReadable,
)
from mvote.web.language import reader_language

log = logging.getLogger("mvote.web")

MEDIA_TYPE = "application/problem+json"
View = TypeVar("View", bound=Callable[..., Any])


def refuses(*kinds: type[Refusal]) -> Callable[[View], View]:
    """Say which refusals a route may answer with; the specification lists them."""

    def mark(view: View) -> View:
        view._refuses = (*getattr(view, "_refuses", ()), *kinds)  # type: ignore[attr-defined]
        return view

    return mark


def body_of(refusal: Refusal, language: str) -> dict[str, Any]:
    """The problem details of a refusal; ``errors`` is there where single fields are at fault.

    What else the refusal tells machines stands beside them.
    """
    body: dict[str, Any] = {
        "type": f"urn:mvote:refusal:{refusal.code()}",
        "title": refusal.sentence(language),
        "status": refusal.status,
        "code": refusal.code(),
        "params": dict(refusal.params),
        "sentence": refusal.sentences(),
    }
    errors: Mapping[str, Any] | None = getattr(refusal, "errors", None)
    if errors is not None:
        body["errors"] = errors
    return {**refusal.details, **body}


def respond(refusal: Refusal) -> Response:
    """The response that carries a refusal."""
    language = reader_language()
    response = Response(
        json.dumps(body_of(refusal, language), ensure_ascii=False),
        status=refusal.status,
        content_type=MEDIA_TYPE,
    )
    response.headers["Content-Language"] = language
    response.headers["Cache-Control"] = "no-store"
    response.vary.update(["Accept-Language"])
    if "retry_after" in refusal.params:
        response.headers["Retry-After"] = str(refusal.params["retry_after"])
    if refusal.status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="mvote"'
    return response


def install_problems(app: Flask) -> None:
    """Answer every refusal, HTTP error and crash in one shape."""
    app.register_error_handler(Refusal, respond)
    app.register_error_handler(HTTPException, _respond_to_http)
    app.register_error_handler(OperationalError, _respond_to_database)
    app.register_error_handler(Exception, _respond_to_crash)


def refusal_of(error: HTTPException) -> Refusal:
    """The refusal that says what an HTTP error says."""
    data = getattr(error, "data", None) or {}
    if error.code == 422:
        found = data.get("messages", {}).values()
        return FieldsRefused({k: v for place in found for k, v in by_field(place).items()})
    if error.code == 413:
        return BodyTooLarge(most=current_app.config["MAX_CONTENT_LENGTH"])
    simple: dict[int | None, type[Refusal]] = {
        404: NoSuchAddress,
        405: MethodNotAllowed,
        415: NotJson,
    }
    if error.code in simple:
        return simple[error.code]()
    return RequestNotReadable() if (error.code or 500) < 500 else InternalFault()


def by_field(faults: Any, name: str = "") -> dict[str, list[str]]:
    """What marshmallow found, spelled as the core spells it: ``options[0].title``."""
    if not isinstance(faults, Mapping):
        return {name or "body": [str(fault) for fault in faults]}
    found: dict[str, list[str]] = {}
    for key, inner in faults.items():
        found |= by_field(inner, _below(name, key))
    return found


def _below(name: str, key: str | int) -> str:
    if isinstance(key, int):
        return f"{name}[{key}]"
    if key == "_schema":
        return name
    return f"{name}.{key}" if name else key


def _respond_to_http(error: HTTPException) -> Response:
    if error.code is not None and error.code < 400:
        return Response(status=error.code, headers=dict(error.get_headers()))
    response = respond(refusal_of(error))
    if error.code == 405 and (methods := getattr(error, "valid_methods", None)):
        response.headers["Allow"] = ", ".join(methods)
    return response


def _respond_to_database(error: OperationalError) -> Response:
    log.error("database: %s", type(error.orig).__name__)
    return respond(DatabaseUnavailable(retry_after=2))


def _respond_to_crash(error: Exception) -> Response:
    log.error("unexpected %s", type(error).__name__, exc_info=error)
    return respond(InternalFault())
