"""Fields of a form, made of a schema of the interface.

What a field has to be is the schema's to say and to check; here it only gets a control.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import marshmallow as ma

from mvote.pages.office.acts import Act
from mvote.web.fields import Plain, Time, Words

Kind = Literal[
    "text",
    "lines",
    "words",
    "number",
    "yes-no",
    "choice",
    "choices",
    "date",
    "time",
    "rows",
    "list",
    "group",
    "passkey",
    "password",
    "file",
    "map",
    "audience",
    "json",
]
LONG = 200
"""Characters above which a text gets several lines."""
PASSKEY = "PasskeyAnswerIn"
AUDIENCE = "audience"
"""A tree of conditions, which the registry of conditions describes and no schema."""
MAPS = frozenset(("config", "counting.options"))
"""Objects whose keys depend on what stands beside them: one control for each key."""
DEEPEST = 6
_BY_TYPE: tuple[tuple[Any, Kind], ...] = (
    (Time | ma.fields.AwareDateTime, "time"),
    (ma.fields.Date, "date"),
    (ma.fields.Boolean, "yes-no"),
)
PLACES = {"json": "b", "files": "f", "form": "b", "query": "q", "headers": "h"}


@dataclass(frozen=True, slots=True)
class Field:
    """``key`` is its name in the JSON, ``path`` the names from the top, without numbers."""

    key: str
    path: str
    kind: Kind
    required: bool = False
    nullable: bool = False
    most: int | None = None
    least: int | None = None
    lines: bool = False
    choices: tuple[str, ...] = ()
    inside: tuple["Field", ...] = field(default=())
    default: Any = None
    numeric: bool = False

    @property
    def fixed(self) -> bool:
        """Whether there is nothing to choose."""
        return self.kind == "choice" and self.required and len(self.choices) == 1


def fields_of(act: Act) -> dict[str, tuple[Field, ...]]:
    """The fields of an act by the place they are sent in: p(ath), q(uery), h(eaders), b(ody)."""
    found: dict[str, tuple[Field, ...]] = {
        "p": tuple(Field(name, name, "text", required=True) for name in act.path)
    }
    for place, schema in act.schemas.items():
        made = tuple(_inside(schema, "", ()))
        where = PLACES.get(place, place)
        found[where] = found.get(where, ()) + made
    return found


def leaves(fields: tuple[Field, ...]) -> Iterator[Field]:
    """Each field, and those inside it."""
    for one in fields:
        yield one
        yield from leaves(one.inside)


def _inside(schema: ma.Schema, path: str, above: tuple[type, ...]) -> Iterator[Field]:
    for name, one in schema.load_fields.items():
        key = one.data_key or name
        yield _field(one, key, f"{path}.{key}" if path else key, (*above, type(schema)))


def _field(one: ma.fields.Field[Any], key: str, path: str, above: tuple[type, ...]) -> Field:
    kind, more = _control(one, path, above)
    return Field(
        key,
        path,
        kind,
        required=one.required,
        nullable=one.allow_none,
        default=None if one.load_default is ma.missing else one.load_default,
        **more,
    )


def _control(
    one: ma.fields.Field[Any], path: str, above: tuple[type, ...]
) -> tuple[Kind, dict[str, Any]]:
    if path.rsplit(".", 1)[-1] == AUDIENCE:
        return "audience", _with((Field("room", f"{path}.room.room", "text"),))
    if isinstance(one, ma.fields.Nested):
        return _nested(one.schema, path, above)
    if isinstance(one, ma.fields.List):
        return _several(one, path, above)
    if isinstance(one, Words):
        most = one.most() if callable(one.most) else one.most
        return "words", {"most": most, "lines": one.lines}
    if isinstance(one, Plain):
        most = one.most() if callable(one.most) else one.most
        return ("lines" if one.lines else "text"), {"most": most}
    return _simple(one, path)


def _nested(schema: ma.Schema, path: str, above: tuple[type, ...]) -> tuple[Kind, dict[str, Any]]:
    if type(schema).__name__ == PASSKEY:
        return "passkey", {}
    if type(schema) in above or len(above) > DEEPEST or schema.unknown == ma.INCLUDE:
        return "json", {}
    inside = tuple(_inside(schema, path, above))
    return ("json", {}) if all(one.kind == "json" for one in inside) else ("group", _with(inside))


def _with(inside: tuple[Field, ...]) -> dict[str, Any]:
    return {"inside": inside}


def _several(
    one: ma.fields.List[Any], path: str, above: tuple[type, ...]
) -> tuple[Kind, dict[str, Any]]:
    inner = replace(_field(one.inner, "", path, above), required=True)
    if inner.kind == "choice":
        return "choices", {"choices": inner.choices}
    if inner.kind in ("text", "lines", "number"):
        return "rows", _with((inner,))
    return ("json", {}) if inner.kind == "json" else ("list", _with((inner,)))


def _simple(one: ma.fields.Field[Any], path: str) -> tuple[Kind, dict[str, Any]]:
    least, most = _lengths(one)
    chosen = _chosen(one)
    for types, kind in _BY_TYPE:
        if isinstance(one, types):
            return kind, {}
    if chosen:
        return "choice", {"choices": chosen, "numeric": isinstance(one, ma.fields.Integer)}
    if isinstance(one, ma.fields.Integer | ma.fields.Float):
        return "number", {"least": least, "most": most}
    if isinstance(one, ma.fields.String):
        return _text(path, most), {"least": least, "most": most}
    return _free(one, path), {}


def _free(one: ma.fields.Field[Any], path: str) -> Kind:
    """What the schema says nothing of."""
    if one.metadata.get("type") == "file":
        return "file"
    return "map" if path.split(".", 1)[-1] in MAPS else "json"


def _text(path: str, most: int | None) -> Kind:
    if path.rsplit(".", 1)[-1] == "password":
        return "password"
    return "lines" if most is not None and most > LONG else "text"


def _lengths(one: ma.fields.Field[Any]) -> tuple[int | None, int | None]:
    """The least and the most that its validators let pass: characters, or a number."""
    for check in one.validators:
        if isinstance(check, ma.validate.Length):
            return (check.equal or check.min), (check.equal or check.max)
        if isinstance(check, ma.validate.Range):
            return check.min, check.max
    return None, None


def _chosen(one: ma.fields.Field[Any]) -> tuple[str, ...]:
    for check in one.validators:
        if isinstance(check, ma.validate.OneOf):
            return tuple(str(each) for each in check.choices)
        if isinstance(check, ma.validate.Equal):
            return (str(check.comparable),)
    return ()
