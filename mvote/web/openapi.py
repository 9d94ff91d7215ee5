"""The description of the interface: OpenAPI 3.1 through flask-smorest, refusals.json beside it."""

import re
from collections.abc import Collection, Mapping
from typing import Any

import marshmallow as ma
from apispec.ext.marshmallow import MarshmallowPlugin
from flask import Flask
from flask_smorest import Api, Blueprint

from mvote import __version__
from mvote.core.canonical import MalformedJson
from mvote.core.errors import DatabaseUnavailable, Refusal, all_refusals
from mvote.core.fields import FieldsRefused
from mvote.core.official import DUTIES, FOR_DEPARTMENT
from mvote.core.room_pass import HEADER, RoomPassNeeded
from mvote.core.text import LANGUAGES
from mvote.settings import Wing
from mvote.web.access import Access
from mvote.web.errors import (
    BodyTooLarge,
    InternalFault,
    MethodNotAllowed,
    NotJson,
    RequestNotReadable,
)
from mvote.web.fields import Time, Words, words_schema
from mvote.web.problems import MEDIA_TYPE

PREFIX = "/api/v1"
UNDESCRIBED = frozenset(
    {
        "/",
        "/polls/<poll>",
        "/polls/<poll>/result",
        "/polls/<string:poll_id>/checkpoint",
        "/polls/<string:poll_id>/tile/<string:level>/<path:place>",
        "/polls/<string:poll_id>/tile/entries/<path:place>",
        "/records",
        "/records/<record>",
        "/overdue",
        "/city",
        "/city/indicators/<indicator>",
        "/data/",
        "/data/<table>.csv",
        "/data/<table>.csv-metadata.json",
        "/data/catalog.jsonld",
        "/feeds/records/<record>/discussion.atom",
        "/feeds/records/<record>/discussion.json",
        "/following",
        "/following/<own>",
        "/mayor",
        "/moderation",
        "/pools",
        "/pools/<pool>",
        "/records/<record>/discussion",
        "/records/<record>/discussion/<post>",
        "/records/<record>/print",
        "/records/<record>/record.md",
        "/take-part/<path:place>.svg",
        "/topics",
        "/topics/<tag>",
        "/proposals",
        "/proposals/<proposal>",
        "/calls",
        "/calls/<call>",
        "/feeds/records.atom",
        "/feeds/records.json",
        "/feeds/records/<record>.atom",
        "/feeds/records/<record>.json",
        "/app/",
        "/app/<path:place>",
        "/design.css",
        "/icon.svg",
        "/office",
        "/office/acts",
        "/office/challenges/<purpose>",
        "/office/do/<name>",
        "/office/enrol",
        "/office/other",
        "/office/prove",
        "/office/returned",
        "/office/session",
        "/office/sign-in",
        "/office/sign-in/provider",
        "/office/sign-out",
        "/office/static/<name>",
        "/officials/enrol",
        "/healthz",
        "/readyz",
    }
)
"""Every address outside the specification: pages, feeds, boards as C2SP has them, and health."""
ROOM_PASS = {
    "name": HEADER,
    "in": "header",
    "required": False,
    "description": "Of a private poll only: what was given at the entry of its room.",
    "schema": {"type": "string"},
}
BODY_REFUSALS: tuple[type[Refusal], ...] = (
    FieldsRefused,
    MalformedJson,
    NotJson,
    BodyTooLarge,
    RequestNotReadable,
)
SECURITY_SCHEMES = {
    "identityToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "refreshToken": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"},
    "otherWing": {"type": "apiKey", "in": "header", "name": "Authorization"},
}
PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem details.",
    "required": ["type", "title", "status", "code", "params", "sentence"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "The sentence in the reader's language."},
        "status": {"type": "integer"},
        "code": {"type": "string", "description": "Stable; listed in refusals.json."},
        "params": {
            "type": "object",
            "description": "What the sentence speaks of, by name.",
            "additionalProperties": {"type": ["string", "integer"]},
        },
        "sentence": {"$ref": "#/components/schemas/Words"},
        "errors": {
            "type": "object",
            "description": "Which fields are at fault (`options[0].title`), and why.",
            "additionalProperties": {"type": "array", "items": {"type": "string"}},
        },
        "etag": {"type": "string", "description": "The revision that If-Match has to name now."},
        "by": {"type": "string", "description": "The account that saved that revision."},
        "changes": {
            "type": "array",
            "description": "What changed since the revision that was known: RFC 6901 pointers, "
            "and the old and new value where there is one.",
            "items": {
                "type": "object",
                "required": ["pointer"],
                "properties": {"pointer": {"type": "string"}, "old": {}, "new": {}},
            },
        },
        "changes_left": {"type": "integer", "description": "How many more there are."},
    },
}


class MvoteApi(Api):
    """flask-smorest without its own error shape: every error is a refusal (web/problems.py).

    Routes are described when the description is asked for, which no running server does.
    """

    def __init__(self, app: Flask, **given: Any) -> None:
        self._to_describe: list[Blueprint] = []
        super().__init__(app, **given)

    def register_blueprint(self, blp: Blueprint) -> None:
        self._app.extensions["flask-smorest"]["blp_name_to_api"][blp.name] = self
        self._app.register_blueprint(blp)
        self._to_describe.append(blp)

    def described(self) -> dict[str, Any]:
        """What flask-smorest says of the registered routes."""
        for routes in self._to_describe:
            routes.register_views_in_doc(
                self, self._app, self.spec, name=routes.name, parameters=None
            )
            self.spec.tag({"name": routes.name, "description": routes.description})
        self._to_describe.clear()
        document: dict[str, Any] = self.spec.to_dict()
        return document

    def _register_error_handlers(self) -> None:
        """Errors are answered by ``install_problems``."""

    def _register_responses(self) -> None:
        """Responses that refuse are written per route, from what the route refuses."""

    def _register_pagination_header(self) -> None:
        """Lists are paged by cursor, in the body."""


def install_api(app: Flask) -> MvoteApi:
    """Prepare the API; domains' routes are registered on what is returned."""
    app.config.update(
        API_TITLE="mvote",
        API_VERSION=__version__,
        OPENAPI_VERSION="3.1.0",
        JSON_SORT_KEYS=False,
    )
    plugin = MarshmallowPlugin(schema_name_resolver=_schema_name)
    api = MvoteApi(
        app,
        spec_kwargs={
            "marshmallow_plugin": plugin,
            "info": {
                "description": "Municipal polls, from the question to the city's answer.",
                "contact": {"name": "The people who write mvote"},
                "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            },
            "servers": [{"url": "/"}],
        },
    )
    assert plugin.converter is not None
    plugin.converter.add_attribute_function(_describe_field)  # type: ignore[no-untyped-call]
    api.spec.components.schema("Words", words_schema())
    api.spec.components.schema("Problem", PROBLEM)
    for name, scheme in SECURITY_SCHEMES.items():
        api.spec.components.security_scheme(name, scheme)
    return api


def describe(app: Flask, api: MvoteApi) -> dict[str, Any]:
    """The whole OpenAPI document, with every refusal of every route."""
    document = api.described()
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        path = document["paths"].get(_template(rule.rule))
        if path is None:
            continue
        for method in (rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}:
            _finish(path[method.lower()], rule.endpoint, view)
    return document


def undescribed(app: Flask, api: MvoteApi) -> set[str]:
    """The addresses that the app serves and the specification does not know."""
    described = api.described()["paths"]
    return {rule.rule for rule in app.url_map.iter_rules() if _template(rule.rule) not in described}


def describe_access(app: Flask, wings: Mapping[Wing, Collection[str]]) -> dict[str, Any]:
    """The access matrix, route by route; ``wings`` says which addresses each serves."""
    routes = []
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: (one.rule, one.endpoint)):
        view: Any = app.view_functions[rule.endpoint]
        access: Access = view._open_to
        for method in sorted((rule.methods or set()) & {"GET", "POST", "PUT", "DELETE"}):
            routes.append(
                {
                    "operation": rule.endpoint.rsplit(".", 1)[-1],
                    "method": method,
                    "path": _template(rule.rule),
                    "wings": [wing for wing, served in wings.items() if rule.rule in served],
                    "open_to": access.name,
                    **_facts_of(access),
                }
            )
    return {
        "duties": list(DUTIES),
        "duties_of_a_department": list(FOR_DEPARTMENT),
        "routes": routes,
    }


def describe_refusals() -> list[dict[str, Any]]:
    """Every refusal: code, status, both sentences, names of its parameters."""
    found = [
        {
            "code": kind.code(),
            "status": kind.status,
            "sentence": {language: kind.words[language] for language in LANGUAGES},
            "params": sorted(kind.parameters() | set(kind.optional)),
        }
        for kind in all_refusals()
    ]
    return sorted(found, key=lambda row: str(row["code"]))


def _finish(operation: dict[str, Any], endpoint: str, view: Any) -> None:
    access: Access = view._open_to
    operation["operationId"] = endpoint.rsplit(".", 1)[-1]
    operation["x-open-to"] = access.name
    told = operation.get("description") or operation.get("summary", "")
    operation["description"] = f"{told}\n\n{_open_to_words(access)}".strip()
    operation |= {f"x-{name.replace('_', '-')}": said for name, said in _facts_of(access).items()}
    if RoomPassNeeded in access.refusals:
        operation.setdefault("parameters", []).append(ROOM_PASS)
    takes_input = "requestBody" in operation or "parameters" in operation
    kinds = {
        *access.refusals,
        *getattr(view, "_refuses", ()),
        *((FieldsRefused, RequestNotReadable) if takes_input else ()),
        *(BODY_REFUSALS if "requestBody" in operation else ()),
        MethodNotAllowed,
        InternalFault,
        DatabaseUnavailable,
    }
    _add_refusals(operation, kinds)


def _add_refusals(operation: dict[str, Any], kinds: Collection[type[Refusal]]) -> None:
    """One response for each status, which names the codes."""
    responses = operation.setdefault("responses", {})
    responses.pop("default", None)
    by_status: dict[int, list[str]] = {}
    for kind in kinds:
        by_status.setdefault(kind.status, []).append(kind.code())
    for status, codes in sorted(by_status.items()):
        responses[str(status)] = {
            "description": "Refused: " + ", ".join(sorted(codes)),
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
    operation["responses"] = {key: responses[key] for key in sorted(responses, key=str)}


def _facts_of(access: Access) -> dict[str, Any]:
    """What beside its name is to be said of a way in, for programs."""
    found = {
        "duties": list(access.duties),
        "fresh": access.fresh,
        "own_department": access.own_department,
        "second_official": access.second,
        "reads": access.reads,
    }
    return {name: said for name, said in found.items() if said}


def _open_to_words(access: Access) -> str:
    """Who may call, in a sentence."""
    duties = " or ".join(f"“{duty}”" for duty in access.duties)
    said = [access.name.replace("-", " ") + (f" with the duty {duties}" if duties else "")]
    said += ["of the department"] * access.own_department
    said += ["freshly signed in"] * access.fresh
    said += ["together with a second official"] * access.second
    return f"Open to: {', '.join(said)}."


def _template(rule: str) -> str:
    return re.sub(r"<(?:[^<>]*:)?([^<>:]+)>", r"{\1}", rule)


def _schema_name(schema: Any) -> str:
    kind = schema if isinstance(schema, type) else type(schema)
    return kind.__name__.removesuffix("Schema")


def _describe_field(
    _self: Any, field: ma.fields.Field[Any], *, ret: dict[str, Any], **_: Any
) -> dict[str, Any]:
    """Our own fields; and patterns as ECMA-262 spells them, where ``$`` is the very end."""
    if isinstance(field, Words):
        reference = {"$ref": "#/components/schemas/Words"}
        return {"anyOf": [reference, {"type": "null"}]} if field.allow_none else reference
    if isinstance(field, Time):
        kind = ["string", "null"] if field.allow_none else "string"
        return {"type": kind, "format": "date-time"}
    pattern = ret.get("pattern")
    return {"pattern": pattern.replace(r"\Z", "$")} if pattern else {}
