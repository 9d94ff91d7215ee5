"""Signed acts as routes take them: the form here, the signature in ``votes.participation``."""

from collections.abc import Mapping
from typing import Any, cast

import marshmallow as ma
from marshmallow.validate import Length, Range, Regexp

from mvote.core.canonical import JSON
from mvote.core.fields import FieldsRefused
from mvote.core.secrecy.act import ACT
from mvote.core.secrecy.exact import IDENTIFIER, SHA256_HEX
from mvote.web.fields import Body
from mvote.web.problems import by_field

MOST_SEQ = 2**53 - 1


def _b64u(length: int) -> ma.fields.String:
    return ma.fields.String(required=True, validate=Regexp(rf"^[A-Za-z0-9_-]{{{length}}}\Z"))


class ScopePermitIn(Body):
    """A blind permit of the scope (core/secrecy/blind_permit.py)."""

    kid = ma.fields.String(required=True, validate=Length(1, 64))
    pre = _b64u(43)
    sig = ma.fields.String(required=True, validate=Regexp(r"^[A-Za-z0-9_-]{342,683}\Z"))


class ActIn(Body):
    """A signed act (core/secrecy/act.py).  What ``body`` holds is said by each route."""

    v = ma.fields.Integer(required=True, strict=True, validate=Range(1, 1))
    scope = ma.fields.String(required=True, validate=Regexp(rf"^{IDENTIFIER.pattern}\Z"))
    sh = ma.fields.String(required=True, validate=Regexp(rf"^{SHA256_HEX.pattern}\Z"))
    act = ma.fields.String(required=True, validate=Regexp(rf"^{ACT.pattern}\Z"))
    seq = ma.fields.Integer(required=True, strict=True, validate=Range(1, MOST_SEQ))
    bk = _b64u(43)
    nonce = _b64u(22)
    body = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(allow_none=True), required=True
    )
    permit = ma.fields.List(ma.fields.Nested(ScopePermitIn), required=True, validate=Length(1, 1))
    sig = _b64u(86)


def body_of(raw: Mapping[str, JSON], schema: ma.Schema) -> dict[str, Any]:
    """What an act says, read by the schema of the domain it is for.  Raises FieldsRefused."""
    try:
        return cast(dict[str, Any], schema.load(dict(raw["body"])))
    except ma.ValidationError as fault:
        raise FieldsRefused(by_field(fault.messages, "body")) from None
