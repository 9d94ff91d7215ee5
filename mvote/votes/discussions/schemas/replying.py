"""What citizens say of an answer, on the wire."""

import marshmallow as ma

from mvote.votes.discussions.rules_ratings import STARS
from mvote.web.fields import Body, Id, Plain

MOST_REPLY = 2_000


class RatingIn(Body):
    """``answer`` is the digest of the answer that was read."""

    poll = Id(required=True)
    answer = ma.fields.String(required=True, validate=ma.validate.Length(64, 64))
    stars = ma.fields.Integer(required=True, strict=True, validate=ma.validate.OneOf(STARS))
    reason = Plain(most=MOST_REPLY, lines=True, empty=True, load_default="")


class AskAgainIn(Body):
    """``reason`` says what the answer left open."""

    poll = Id(required=True)
    reason = Plain(most=MOST_REPLY, lines=True, empty=True, load_default="")


class ReplyReasonOut(ma.Schema):
    id = ma.fields.String(required=True)
    kind = ma.fields.String(required=True)
    text = ma.fields.String(required=True)


class RatingsOut(ma.Schema):
    """Of the newest answer, by its digest; numbers are null of fewer than ``fewest``.

    ``scope`` is the record for whose permits it is rated.
    """

    poll = ma.fields.String(required=True)
    answer = ma.fields.String(required=True)
    scope = ma.fields.String(required=True)
    fewest = ma.fields.Integer(required=True)
    ratings = ma.fields.Integer(required=True, allow_none=True)
    mean = ma.fields.String(required=True, allow_none=True)
    stars = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Integer(), required=True, allow_none=True
    )
    reasons = ma.fields.List(ma.fields.Nested(ReplyReasonOut), required=True)


class AskedOut(ma.Schema):
    """From ``needed`` askers on the department owes a second answer."""

    poll = ma.fields.String(required=True)
    scope = ma.fields.String(required=True)
    needed = ma.fields.Integer(required=True)
    askers_at_least = ma.fields.Integer(required=True)
    owed = ma.fields.Boolean(required=True)


class RepliesOut(ma.Schema):
    ratings = ma.fields.List(ma.fields.Nested(RatingsOut), required=True)
    asked = ma.fields.List(ma.fields.Nested(AskedOut), required=True)
