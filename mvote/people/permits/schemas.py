"""Permits and eligibility on the wire."""

import marshmallow as ma

from mvote.core.secrecy.permit import MAX_NAME
from mvote.web.fields import Body, Time, Words


class PermitIn(Body):
    name = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, MAX_NAME),
        metadata={"description": "At level open only: the name to publish beside the choice."},
    )


class PermitOut(ma.Schema):
    """A pseudonym permit, to be put into the ballot as it is."""

    v = ma.fields.Integer(required=True)
    ph = ma.fields.String(required=True, metadata={"description": "Hash of the frozen poll."})
    kid = ma.fields.String(required=True, metadata={"description": "The issuer key."})
    mark = ma.fields.String(
        required=True, metadata={"description": "The voter's pseudonym in this poll, base64url."}
    )
    name = ma.fields.String(metadata={"description": "At level open only."})
    sig = ma.fields.String(required=True, metadata={"description": "Ed25519, base64url."})


class ReasonOut(ma.Schema):
    code = ma.fields.String(required=True)
    sentence = Words(required=True)
    what_to_do = Words(required=True)


class EligibilityOut(ma.Schema):
    may_vote = ma.fields.Boolean(required=True)
    reasons = ma.fields.List(ma.fields.Nested(ReasonOut), required=True)
    poll_state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(
            ("approved", "frozen", "open", "suspended", "closed", "cancelled")
        ),
    )
    opens = Time(required=True, allow_none=True, metadata={"description": "Null: opens by hand."})
    closes = Time(required=True)
    permit = ma.fields.String(required=True, validate=ma.validate.OneOf(("none", "issued")))
