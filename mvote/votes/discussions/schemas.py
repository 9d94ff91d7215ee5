"""Records on the wire."""

import marshmallow as ma

from mvote.core.official import DEPARTMENT
from mvote.installation import installation
from mvote.votes.discussions.rules import DECISIONS, KINDS, STATES
from mvote.votes.dues.rules import KINDS as DUE_KINDS
from mvote.web.fields import Body, Id, Time, Words
from mvote.web.paging import CursorIn

ID = ma.validate.Length(1, 64)
REASON_CHARACTERS = 4_000
MOST_OPTIONS = 10_000


def _text() -> Words:
    """What a department writes; how long it may be is a setting."""
    return Words(required=True, most=lambda: installation().settings.text_characters, lines=True)


class RecordsIn(CursorIn):
    department = ma.fields.String(
        load_default=None, validate=ma.validate.Regexp(rf"^{DEPARTMENT.pattern}\Z")
    )


class AnsweredOptionIn(Body):
    """What becomes of one option; ``reason`` is needed where it is not adopted."""

    question = ma.fields.String(required=True, validate=ID)
    option = ma.fields.String(required=True, validate=ID)
    decision = ma.fields.String(required=True, validate=ma.validate.OneOf(DECISIONS))
    reason = Words(load_default=None, allow_none=True, most=REASON_CHARACTERS, lines=True)


class AnswerIn(Body):
    """Has to speak of every winning option of the poll's result."""

    poll = Id(required=True)
    options = ma.fields.List(
        ma.fields.Nested(AnsweredOptionIn),
        required=True,
        validate=ma.validate.Length(max=MOST_OPTIONS),
    )
    text = _text()


class InterimAnswerIn(Body):
    """``expected`` is the day on which the answer is expected."""

    poll = Id(required=True)
    text = _text()
    expected = ma.fields.Date(required=True)


class StepIn(Body):
    """``planned`` and ``done`` are days."""

    text = _text()
    planned = ma.fields.Date(load_default=None, allow_none=True)
    done = ma.fields.Date(load_default=None, allow_none=True)


class ClosingReportIn(Body):
    text = _text()


class EntryOut(ma.Schema):
    """``digest`` covers the entry and ``previous``, the digest of the one before.

    ``by`` is the department that wrote it, null where it entered by itself; ``subject`` the id
    of what it is about, ``poll`` the same where that is a poll.
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


class DueOut(ma.Schema):
    """What is owed by when for ``cause``, a poll or else; ``why`` says why that was lifted.

    ``late``: it is overdue, or came after its date.
    """

    id = ma.fields.String(required=True)
    cause = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(DUE_KINDS))
    department = ma.fields.String(required=True)
    due_at = Time(required=True)
    within = ma.fields.String(required=True, allow_none=True)
    set_at = Time(required=True)
    met_at = Time(required=True, allow_none=True)
    lifted_at = Time(required=True, allow_none=True)
    why = Words(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True)
    late = ma.fields.Boolean(required=True)


class RecordSummaryOut(ma.Schema):
    """``due_at`` is the earliest date by which an answer is owed."""

    id = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    title = Words(required=True)
    opened_at = Time(required=True)
    closed_at = Time(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    due_at = Time(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True)


class RecordOut(RecordSummaryOut):
    dues = ma.fields.List(ma.fields.Nested(DueOut), required=True)
    entries = ma.fields.List(ma.fields.Nested(EntryOut), required=True)


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
