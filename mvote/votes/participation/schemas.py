"""Scopes on the wire."""

import marshmallow as ma
from marshmallow.validate import OneOf

from mvote.core.scope import KINDS
from mvote.votes.participation.rules import STATES
from mvote.web.fields import Time


class ScopeDefinitionOut(ma.Schema):
    v = ma.fields.Integer(required=True)
    scope = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    audience = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), required=True)
    proof = ma.fields.String(required=True)
    roll_key = ma.fields.String(required=True)
    closes = Time(required=True)


class ScopeKeyOut(ma.Schema):
    kid = ma.fields.String(required=True)
    alg = ma.fields.String(required=True)
    n = ma.fields.String(required=True)
    e = ma.fields.Integer(required=True)
    operator = ma.fields.String(required=True)


class ScopeOut(ma.Schema):
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    sh = ma.fields.String(
        required=True, metadata={"description": "SHA-256 of the definition in JCS form."}
    )
    definition = ma.fields.Nested(ScopeDefinitionOut, required=True)
    issuer = ma.fields.List(
        ma.fields.Nested(ScopeKeyOut),
        required=True,
        metadata={"description": "Keys that sign its permits; ask for a permit of the last one."},
    )
