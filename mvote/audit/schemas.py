"""The log on the wire."""

import marshmallow as ma

from mvote.web.fields import Time
from mvote.web.paging import CursorIn

MOST = 80
MOST_DIGITS = 18


class LogIn(CursorIn):
    after = ma.fields.String(
        load_default="0", validate=ma.validate.Regexp(rf"^[0-9]{{1,{MOST_DIGITS}}}\Z")
    )
    subject = ma.fields.String(
        load_default="",
        validate=ma.validate.Regexp(rf"^[^\x00]{{0,{MOST}}}\Z"),
        metadata={"description": "Only what happened to this poll, record, official or list."},
    )
    kind = ma.fields.String(
        load_default="",
        validate=ma.validate.Regexp(rf"^[A-Za-z]{{0,{MOST}}}\Z"),
        metadata={"description": "Only happenings of this kind, as PollFrozen."},
    )


class HappeningOut(ma.Schema):
    id = ma.fields.Integer(required=True)
    at = Time(required=True)
    kind = ma.fields.String(required=True, attribute="name")
    subject = ma.fields.String(required=True)
    body = ma.fields.Dict(required=True)


class LogOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(HappeningOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)
