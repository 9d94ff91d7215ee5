"""What officials may call, found in the program's own routes: no list of forms to keep."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import marshmallow as ma
from flask import Flask, current_app
from werkzeug.routing import Rule

from mvote.pages.office.words.acts import ACTS
from mvote.web.access import Access
from mvote.web.openapi import PREFIX

METHODS = frozenset(("GET", "POST", "PUT", "PATCH", "DELETE"))
OPEN_TO = ("official", "signed-in")


@dataclass(frozen=True, slots=True)
class Act:
    """A route that officials may call.

    ``name`` is its view's, ``path`` the names in its address; the schemas say what it takes
    as body, behind the address, in headers and as files.
    """

    name: str
    method: str
    rule: Rule
    access: Access
    path: tuple[str, ...] = ()
    schemas: Mapping[str, ma.Schema] = field(default_factory=dict)

    @property
    def reads(self) -> bool:
        return self.method == "GET"

    def open_to(self, duties: frozenset[str]) -> bool:
        """Whether one who has these duties may call it."""
        return not self.access.duties or not duties.isdisjoint(self.access.duties)

    def address(self, values: Mapping[str, Any]) -> str | None:
        """The path of the route; None where a value is no part of a path."""
        try:
            built = self.rule.build(dict(values), append_unknown=False)
        except (ValueError, TypeError):
            return None
        return built[1] if built else None


def find_acts(app: Flask) -> dict[str, Act]:
    """Every route of this process that the access matrix opens to officials, by name."""
    found: dict[str, Act] = {}
    for rule in app.url_map.iter_rules():
        access = getattr(app.view_functions[rule.endpoint], "_open_to", None)
        if access is None or access.name not in OPEN_TO or not rule.rule.startswith(PREFIX):
            continue
        act = _act(app, rule, access)
        found[act.name] = act
    return found


def acts() -> dict[str, Act]:
    """Those of the running app that have words, looked for once."""
    kept = current_app.extensions.get("mvote-office")
    if kept is None:
        app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]
        found = find_acts(app)
        kept = {name: found[name] for name in ACTS if name in found}
        current_app.extensions["mvote-office"] = kept
    return dict(kept)


def find_reading(name: str) -> Rule | None:
    """The address of a view of the interface, open to whomever; None where it is not here."""
    for rule in current_app.url_map.iter_rules():
        if rule.endpoint.rsplit(".", 1)[-1] == name and rule.rule.startswith(PREFIX):
            return rule
    return None


def _act(app: Flask, rule: Rule, access: Access) -> Act:
    said = getattr(app.view_functions[rule.endpoint], "_apidoc", {})
    taken = said.get("arguments", {}).get("parameters", ())
    [method] = (rule.methods or set()) & METHODS
    return Act(
        name=rule.endpoint.rsplit(".", 1)[-1],
        method=method,
        rule=rule,
        access=access,
        path=tuple(sorted(rule.arguments, key=rule.rule.index)),
        schemas={one["in"]: _made(one["schema"]) for one in taken},
    )


def _made(schema: Any) -> ma.Schema:
    made: ma.Schema = schema() if isinstance(schema, type) else schema
    return made
