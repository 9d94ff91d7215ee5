"""Ballots, receipts and boards on the wire."""

import marshmallow as ma
from marshmallow.validate import Length, Range, Regexp

from mvote.core.secrecy.ballot import MAX_SEQ
from mvote.core.secrecy.exact import IDENTIFIER, SHA256_HEX
from mvote.core.secrecy.permit import MAX_NAME
from mvote.web.fields import Body, Time

HEX = rf"^{SHA256_HEX.pattern}\Z"
POLL_ID = rf"^{IDENTIFIER.pattern}\Z"


def _b64u(length: int) -> ma.fields.String:
    """``length`` characters of base64url without padding."""
    return ma.fields.String(required=True, validate=Regexp(rf"^[A-Za-z0-9_-]{{{length}}}\Z"))


def _version() -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True, validate=Range(1, 1))


class SpentPermitIn(Body):
    """A pseudonym permit as the other side issued it (core/secrecy/permit.py)."""

    v = _version()
    ph = ma.fields.String(required=True, validate=Regexp(HEX))
    kid = ma.fields.String(required=True, validate=Length(1, 64))
    mark = _b64u(43)
    name = ma.fields.String(validate=Length(1, MAX_NAME))
    sig = _b64u(86)


class BallotIn(Body):
    """A ballot (core/secrecy/ballot.py).  ``ans`` holds the chosen option ids by question.

    Answers are read by the question types, so that a new type needs no new schema.
    """

    v = _version()
    poll = ma.fields.String(required=True, validate=Regexp(POLL_ID))
    ph = ma.fields.String(required=True, validate=Regexp(HEX))
    seq = ma.fields.Integer(required=True, strict=True, validate=Range(1, MAX_SEQ))
    nonce = _b64u(22)
    ans = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Raw(metadata={"type": "array", "items": {"type": "string"}}),
        required=True,
    )
    permit = ma.fields.Nested(SpentPermitIn(), required=True)


class ReceiptOut(ma.Schema):
    """The board's signed promise (core/secrecy/receipt.py)."""

    v = ma.fields.Integer(required=True)
    poll = ma.fields.String(required=True)
    leaf = ma.fields.String(required=True)
    include_by = ma.fields.String(required=True)
    origin = ma.fields.String(required=True)
    sig = ma.fields.String(required=True)


class TurnoutOut(ma.Schema):
    """``voters_at_least`` is rounded down to a multiple of ``step``; null: nothing counted yet."""

    voters_at_least = ma.fields.Integer(required=True)
    step = ma.fields.Integer(required=True)
    as_of = Time(required=True, allow_none=True)


class LineOut(ma.Schema):
    position = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True)
    leaf = ma.fields.String(required=True)


class BoardOut(ma.Schema):
    """Entries of a board by their hashes; what a ballot says cannot be told from its hash."""

    items = ma.fields.List(ma.fields.Nested(LineOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)
