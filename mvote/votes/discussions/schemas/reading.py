"""Records and what is owed in them, on the wire."""

import marshmallow as ma

from mvote.core.official import DEPARTMENT
from mvote.votes.discussions.rules import KINDS, STATES
from mvote.votes.dues.rules import KINDS as DUE_KINDS
from mvote.web.fields import Time, Words
from mvote.web.paging import CursorIn


class RecordsIn(CursorIn):
    department = ma.fields.String(
        load_default=None, validate=ma.validate.Regexp(rf"^{DEPARTMENT.pattern}\Z")
    )


class EntryOut(ma.Schema):
    """``digest`` covers the entry and ``previous``, the digest of the one before.

    ``by`` is the department that wrote it, null where it entered by itself; ``subject`` the id
    of what it is about, ``poll`` the same where that is a poll.  ``withheld``: ``body`` leaves
    words of a citizen out that moderators do not show; the digest covers them.
    """

    number = ma.fields.Integer(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    poll = ma.fields.String(required=True, allow_none=True)
    subject = ma.fields.String(required=True, allow_none=True)
    version = ma.fields.Integer(required=True)
    at = Time(required=True)
    by = ma.fields.String(required=True, allow_none=True)
    body = ma.fields.Dict(required=True)
    previous = ma.fields.String(required=True)
    digest = ma.fields.String(required=True)
    withheld = ma.fields.Boolean()


class RecordDueOut(ma.Schema):
    """What is owed by when for ``cause``, a poll or else; whole under ``/api/v1/dues/{id}``.

    ``why`` says why it was lifted.  ``late``: it is overdue, or came after its date, by ``days``
    whole days.  ``told`` is the highest who was told of it.
    """

    id = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    days = ma.fields.Integer(required=True)
    told = ma.fields.String(required=True, allow_none=True)
    cause = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(DUE_KINDS))
    department = ma.fields.String(required=True)
    within = ma.fields.String(required=True, allow_none=True)
    set_at = Time(required=True)
    due_at = Time(required=True)
    met_at = Time(required=True, allow_none=True)
    lifted_at = Time(required=True, allow_none=True)
    why = Words(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True)
    late = ma.fields.Boolean(required=True)
    pauses = ma.fields.List(ma.fields.Dict(), required=True)
    moves = ma.fields.List(ma.fields.Dict(), required=True)


class RecordSummaryOut(ma.Schema):
    """``due_at`` is the earliest date by which an answer is owed.

    ``merged_into`` is the record in which it goes on, if it was merged.  ``withheld``: moderators
    do not show the title, and a sentence stands in its place.
    """

    id = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    title = Words(required=True)
    opened_at = Time(required=True)
    closed_at = Time(required=True, allow_none=True)
    merged_into = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    due_at = Time(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True)
    withheld = ma.fields.Boolean()


class RecordOut(RecordSummaryOut):
    dues = ma.fields.List(ma.fields.Nested(RecordDueOut), required=True)
    entries = ma.fields.List(ma.fields.Nested(EntryOut), required=True)


class RecordFileOut(ma.Schema):
    """``head`` and ``entries`` hold exactly what their digests cover.

    But for those with ``withheld``, which leave words out that moderators do not show.
    """

    format = ma.fields.String(required=True)
    v = ma.fields.Integer(required=True)
    head = ma.fields.Dict(required=True)
    entries = ma.fields.List(ma.fields.Dict(), required=True)
    chain = ma.fields.String(required=True)


class RecordsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(RecordSummaryOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class OverdueAnswerOut(ma.Schema):
    """``days`` since the due date; ``interim`` says whether there is an interim answer."""

    record = ma.fields.String(required=True)
    title = Words(required=True)
    due = ma.fields.String(required=True)
    cause = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(DUE_KINDS))
    due_at = Time(required=True)
    days = ma.fields.Integer(required=True)
    interim = ma.fields.Boolean(required=True)


class OverdueDepartmentOut(ma.Schema):
    department = ma.fields.String(required=True)
    name = Words(required=True)
    overdue = ma.fields.List(ma.fields.Nested(OverdueAnswerOut), required=True)


class OverdueOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OverdueDepartmentOut), required=True)
