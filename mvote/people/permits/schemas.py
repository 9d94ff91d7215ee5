"""Permits and eligibility on the wire."""

import marshmallow as ma

from mvote.core.secrecy.permit import MAX_NAME
from mvote.web.fields import Body, Time, Words

MOST_BLINDED = 1024
"""Signs of base64url; the longest modulus has 683."""


class PermitIn(Body):
    name = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, MAX_NAME),
        metadata={"description": "At level open only: the name to publish beside the choice."},
    )
    kid = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, 64),
        metadata={"description": "At level secret only: the issuer key of the poll."},
    )
    blinded_msg = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, MOST_BLINDED),
        metadata={"description": "At level secret only: RFC 9474's blinded_msg, base64url."},
    )


class PermitOut(ma.Schema):
    """At level secret a blind signature; else a pseudonym permit, for the ballot as it is."""

    kid = ma.fields.String(required=True, metadata={"description": "The issuer key."})
    blind_sig = ma.fields.String(
        metadata={"description": "At level secret: RFC 9474's blind_sig, base64url."}
    )
    v = ma.fields.Integer(metadata={"description": "From here on at the other levels."})
    ph = ma.fields.String(metadata={"description": "Hash of the frozen poll."})
    mark = ma.fields.String(
        metadata={"description": "The voter's pseudonym in this poll, base64url."}
    )
    name = ma.fields.String(metadata={"description": "At level open only."})
    sig = ma.fields.String(metadata={"description": "Ed25519, base64url."})


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
