"""A citizen's own data on the wire."""

from typing import Any

import marshmallow as ma

from mvote.core.eligibility.birth_year import FIRST
from mvote.core.eligibility.condition import CODE
from mvote.core.eligibility.gender import GENDERS
from mvote.web.fields import Body, Day, Words


class ConsentTextOut(ma.Schema):
    purpose = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    digest = ma.fields.String(
        required=True,
        metadata={"description": "SHA-256 of the canonical text; kept with each consent."},
    )
    title = Words(required=True)
    text = Words(required=True)


class ConsentTextsOut(ma.Schema):
    needed = ma.fields.Boolean(
        required=True,
        metadata={"description": "Whether nobody is identified who has not agreed."},
    )
    items = ma.fields.List(ma.fields.Nested(ConsentTextOut), required=True)


class ConsentIn(Body):
    version = ma.fields.Integer(required=True, validate=ma.validate.Range(min=1), strict=True)


class ConsentOut(ma.Schema):
    purpose = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    digest = ma.fields.String(required=True)
    given = Day(required=True)
    withdrawn = Day(required=True, allow_none=True)


class ConsentsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ConsentOut), required=True)


class DeclarationIn(Body):
    district = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.Regexp(rf"^{CODE.pattern}\Z")
    )
    birth_year = ma.fields.Integer(
        load_default=None,
        allow_none=True,
        strict=True,
        validate=ma.validate.Range(FIRST, 2199),
        metadata={"description": "Only the five years in which it lies are kept."},
    )
    gender = ma.fields.String(
        load_default=None, allow_none=True, validate=ma.validate.OneOf(tuple(GENDERS))
    )


class DeclarationOut(ma.Schema):
    district = ma.fields.String(required=True, allow_none=True)
    birth_band = ma.fields.Integer(required=True, allow_none=True)
    gender = ma.fields.String(required=True, allow_none=True)


class HeldOut(ma.Schema):
    """Everything held about the caller.  Names of fields may be added."""

    class Meta:
        unknown = ma.INCLUDE

    v = ma.fields.Integer(required=True)
    at = ma.fields.String(required=True, metadata={"format": "date-time"})
    account = ma.fields.String(required=True)
    last_used_in = ma.fields.String(required=True, allow_none=True)
    keys = ma.fields.List(ma.fields.Dict(), required=True)
    sign_ins = ma.fields.List(ma.fields.Dict(), required=True)
    consents = ma.fields.List(ma.fields.Dict(), required=True)
    declared = ma.fields.Nested(DeclarationOut, required=True, allow_none=True)
    codes = ma.fields.List(ma.fields.Dict(), required=True)
    register = ma.fields.Nested(DeclarationOut, required=True, allow_none=True)
    lists = ma.fields.List(ma.fields.String(), required=True)
    permits = ma.fields.List(ma.fields.Dict(), required=True)
    scope_permits = ma.fields.List(ma.fields.Dict(), required=True)
    reviews = ma.fields.List(ma.fields.Dict(), required=True)
    desk_requests = ma.fields.List(ma.fields.Dict(), required=True)

    @ma.post_dump(pass_original=True)
    def whole(self, _dumped: dict[str, Any], original: dict[str, Any], **_: Any) -> dict[str, Any]:
        """Nothing that is held is left out because nobody listed it here."""
        return original


class StayingOut(ma.Schema):
    what = ma.fields.String(required=True, metadata={"description": "permit, register …"})
    why = Words(required=True)
    poll = ma.fields.String(required=True, allow_none=True)
    until = ma.fields.String(
        required=True, allow_none=True, metadata={"description": "Null: not known yet."}
    )


class LeftOut(ma.Schema):
    deleted = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Integer(),
        required=True,
        metadata={"description": "Rows by kind."},
    )
    stays = ma.fields.List(ma.fields.Nested(StayingOut), required=True)


class RetentionOut(ma.Schema):
    v = ma.fields.Integer(required=True)
    day = ma.fields.String(required=True, metadata={"format": "date"})
    deleted = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)
    months_without_use = ma.fields.Integer(required=True)
    sig = ma.fields.String(
        required=True,
        metadata={
            "description": "Ed25519 by the people side's key for documents over"
            " mvote-retention-v1, a zero byte and the canonical form of the rest."
        },
    )


class RetentionsIn(ma.Schema):
    before = Day(load_default=None, metadata={"description": "The day of the last statement seen."})


class RetentionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(RetentionOut), required=True)
