"""Rolls on the wire."""

import marshmallow as ma

from mvote.core.eligibility.gender import GENDERS


class RegisterFactsOut(ma.Schema):
    """What the city's register holds of the number.  Null: nothing is held."""

    district = ma.fields.String(required=True, allow_none=True)
    birth_band = ma.fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "First of the five years in which the person was born."},
    )
    gender = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf(tuple(GENDERS))
    )


class MeOut(ma.Schema):
    """What the token says, and for citizens what the register holds."""

    account = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(("citizen", "official")))
    proof = ma.fields.String(required=True, metadata={"description": "How it was proved: sms …"})
    department = ma.fields.String(metadata={"description": "Officials only."})
    duties = ma.fields.List(ma.fields.String(), metadata={"description": "Officials only."})
    register = ma.fields.Nested(
        RegisterFactsOut,
        allow_none=True,
        metadata={"description": "Citizens only; null where the register has no such number."},
    )
