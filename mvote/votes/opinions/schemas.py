"""Opinions on the wire."""

import marshmallow as ma

from mvote.votes.opinions.rules import KINDS, STATES
from mvote.web.fields import Body, Id, Words
from mvote.web.paging import CursorIn

MOST_REASON = 1_000


class OpinionOut(ma.Schema):
    """``kind`` says whether it answers an open question or gives the reason of a choice."""

    id = Id(required=True)
    question = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    text = ma.fields.String(required=True)


class OpinionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OpinionOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class PooledOpinionOut(OpinionOut):
    """``reason`` is why it is hidden."""

    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    reason = Words(required=True, allow_none=True)


class PoolIn(CursorIn):
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))


class PoolOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PooledOpinionOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class HideIn(Body):
    reason = Words(required=True, most=MOST_REASON, lines=True)
