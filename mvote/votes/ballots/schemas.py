"""Ballots, receipts and boards on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, Range, Regexp

from mvote.core.secrecy.ballot import MAX_SEQ
from mvote.core.secrecy.exact import IDENTIFIER, SHA256_HEX
from mvote.core.secrecy.permit import MAX_NAME
from mvote.web.fields import Body, Time, Words

HEX = rf"^{SHA256_HEX.pattern}\Z"
MAX_SIZE = 2**53 - 1
POLL_ID = rf"^{IDENTIFIER.pattern}\Z"


def _b64u(length: int, *, required: bool = True) -> ma.fields.String:
    """``length`` characters of base64url without padding."""
    pattern = rf"^[A-Za-z0-9_-]{{{length}}}\Z"
    return ma.fields.String(required=required, validate=Regexp(pattern))


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


class BlindPermitIn(Body):
    """A permit that its issuer has never seen (core/secrecy/blind_permit.py)."""

    kid = ma.fields.String(required=True, validate=Length(1, 64))
    pre = _b64u(43)
    sig = ma.fields.String(required=True, validate=Regexp(r"^[A-Za-z0-9_-]{342,683}\Z"))


def _described(schema: type[Body]) -> dict[str, Any]:
    """A JSON schema of texts; what stands in an ``anyOf`` does not find its way into components."""
    fields = schema().fields
    return {
        "type": "object",
        "required": [name for name, field in fields.items() if field.required],
        "properties": {
            name: {"type": "integer" if isinstance(field, ma.fields.Integer) else "string"}
            for name, field in fields.items()
        },
        "additionalProperties": False,
    }


class PermitIn(ma.fields.Field[Any]):
    """What a ballot spends: an object is a pseudonym permit, a list holds blind ones."""

    def __init__(self, **given: Any) -> None:
        several = {"type": "array", "items": _described(BlindPermitIn), "minItems": 1}
        super().__init__(metadata={"anyOf": [_described(SpentPermitIn), several]}, **given)

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> Any:
        if isinstance(value, list):
            return [BlindPermitIn().load(one) for one in value]
        return SpentPermitIn().load(value)


class TextIn(Body):
    """A text beside a ballot (core/questions/private_texts.py)."""

    salt = _b64u(43)
    text = ma.fields.String(required=True)


class BallotIn(Body):
    """A ballot (core/secrecy/ballot.py).  ``ans`` holds the answers by question.

    Answers are read by the question types, so that a new type needs no new schema.  ``bk`` and
    ``sig`` stand where permits are blind.  ``texts`` is no part of the ballot: beside it, by
    question id (with ``.reason`` behind it for a reason), travel the texts whose hashes stand
    in its answers, SHA-256 over a salt of 32 bytes and the text.
    """

    v = _version()
    poll = ma.fields.String(required=True, validate=Regexp(POLL_ID))
    ph = ma.fields.String(required=True, validate=Regexp(HEX))
    seq = ma.fields.Integer(required=True, strict=True, validate=Range(1, MAX_SEQ))
    bk = _b64u(43, required=False)
    nonce = _b64u(22)
    ans = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Raw(metadata={"type": "array", "items": {}}),
        required=True,
    )
    permit = PermitIn(required=True)
    sig = _b64u(86, required=False)
    texts = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(metadata=_described(TextIn))
    )


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


class PlaceOut(ma.Schema):
    """``proof`` leads from the leaf to the root of the checkpoint (RFC 9162 section 2.1.3)."""

    position = ma.fields.Integer(required=True)
    leaf = ma.fields.String(required=True)
    proof = ma.fields.List(ma.fields.String(), required=True)


class LeavesOut(ma.Schema):
    size = ma.fields.Integer(required=True)
    checkpoint = ma.fields.String(required=True)
    prefix = ma.fields.String(required=True)
    leaves = ma.fields.List(ma.fields.Nested(PlaceOut), required=True)


class SizesIn(Body):
    """The sizes of an earlier and a later board."""

    first = ma.fields.Integer(required=True, data_key="from", validate=Range(1, MAX_SIZE))
    second = ma.fields.Integer(required=True, data_key="to", validate=Range(1, MAX_SIZE))


class ConsistencyOut(ma.Schema):
    first = ma.fields.Integer(required=True, data_key="from")
    second = ma.fields.Integer(required=True, data_key="to")
    proof = ma.fields.List(ma.fields.String(), required=True)


class ReceiptIn(Body):
    """A receipt as the board gave it; it is read by core/secrecy/receipt.py."""

    v = _version()
    poll = ma.fields.String(required=True)
    leaf = _b64u(43)
    include_by = ma.fields.String(required=True)
    origin = ma.fields.String(required=True)
    sig = _b64u(86)


class ComplaintIn(Body):
    """``ballot`` may come along: whether it would have counted is then told."""

    receipt = ma.fields.Nested(ReceiptIn(), required=True)
    ballot = ma.fields.Dict()


class SignedComplaintOut(ma.Schema):
    """What the board signs over its label and the JCS of the rest; ``size`` is of the board.

    ``complaint`` is the tracking number, ``ballot`` is none, valid or not-valid.
    """

    v = ma.fields.Integer(required=True)
    complaint = ma.fields.String(required=True)
    poll = ma.fields.String(required=True)
    receipt = ma.fields.Nested(ReceiptOut, required=True)
    size = ma.fields.Integer(required=True)
    ballot = ma.fields.String(required=True)
    filed = ma.fields.String(required=True)
    due = ma.fields.String(required=True)
    sig = ma.fields.String(required=True)


class ComplaintOut(ma.Schema):
    """A complaint and what became of it; null: not yet answered."""

    number = ma.fields.String(required=True)
    signed = ma.fields.Nested(SignedComplaintOut, required=True)
    due_at = Time(required=True)
    answered_at = Time(required=True, allow_none=True)
    upheld = ma.fields.Boolean(required=True, allow_none=True)
    answer = Words(required=True, allow_none=True)


class ComplaintsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ComplaintOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ComplaintAnswerIn(Body):
    """``upheld`` says whether the complaint was right."""

    upheld = ma.fields.Boolean(required=True, truthy={True}, falsy={False})
    answer = Words(required=True, most=2000, lines=True)


class StatementOut(ma.Schema):
    title = Words(required=True)
    text = Words(required=True)


class LevelOut(ma.Schema):
    """A privacy level; ``sentence`` is for whoever is about to vote."""

    name = ma.fields.String(required=True)
    label = Words(required=True)
    sentence = Words(required=True)
    proved = ma.fields.List(ma.fields.Nested(StatementOut), required=True)
    not_proved = ma.fields.List(ma.fields.Nested(StatementOut), required=True)


class LevelsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(LevelOut), required=True)
