"""Moderation on the wire."""

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Regexp

from mvote.core.official import DEPARTMENT
from mvote.installation import installation
from mvote.votes.moderation.rules import (
    CATEGORIES,
    DECISIONS,
    HIDDEN,
    ILLEGAL,
    KINDS,
    PUBLISHED,
    STATES,
    WAITING,
)
from mvote.web.fields import Body, Plain, Time, Words
from mvote.web.paging import CursorIn

MOST_REASON = 2_000
QUEUES = (WAITING, PUBLISHED, HIDDEN)


def _kind() -> ma.fields.String:
    return ma.fields.String(required=True, validate=OneOf(KINDS))


def _said() -> int:
    return installation().settings.report_characters


class ReportIn(Body):
    """The body of the act ``report``: which text, why, and more in words where there is more."""

    kind = _kind()
    item = ma.fields.String(required=True, validate=Length(1, 64))
    categories = ma.fields.List(
        ma.fields.String(validate=OneOf(CATEGORIES)),
        required=True,
        validate=Length(1, len(CATEGORIES)),
    )
    text = Plain(load_default="", most=_said, lines=True, empty=True)


class AppealIn(Body):
    """The body of the act ``appeal``: which text, and why it should be shown."""

    kind = _kind()
    item = ma.fields.String(required=True, validate=Length(1, 64))
    text = Plain(required=True, most=_said, lines=True)


def _reason() -> Words:
    return Words(
        required=True,
        most=MOST_REASON,
        lines=True,
        metadata={"description": "Public, and kept for ever."},
    )


class HideTextIn(Body):
    """Why a text is hidden; the text itself must not be quoted."""

    category = ma.fields.String(required=True, validate=OneOf(CATEGORIES))
    reason = _reason()


class PublishTextIn(Body):
    """Why a text is shown, or stays."""

    reason = _reason()


class RemoveTextIn(Body):
    """What is illegal about a text that is removed for good."""

    category = ma.fields.String(required=True, validate=OneOf(ILLEGAL))
    reason = _reason()


class AppealDecisionIn(Body):
    """Whether the author was right, and why."""

    upheld = ma.fields.Boolean(required=True)
    reason = _reason()


class StandingOut(ma.Schema):
    """``reason`` is there while the text is hidden or removed; ``digest`` is salted."""

    kind = _kind()
    item = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    since = ma.fields.String(required=True, metadata={"description": "The day, in the city."})
    digest = ma.fields.String(required=True)
    reason = Words(required=True, allow_none=True)
    category = ma.fields.String(required=True, allow_none=True)


class TextDecisionOut(ma.Schema):
    """``digest`` is salted: it proves which text was meant and gives none away."""

    number = ma.fields.Integer(required=True)
    at = Time(required=True)
    kind = _kind()
    item = ma.fields.String(required=True)
    record = ma.fields.String(required=True, allow_none=True)
    department = ma.fields.String(required=True)
    decision = ma.fields.String(required=True, validate=OneOf(DECISIONS))
    category = ma.fields.String(required=True, allow_none=True)
    reason = Words(required=True)
    digest = ma.fields.String(required=True)


class DecidedOut(ma.Schema):
    """Where a text stands, and every decision about it."""

    standing = ma.fields.Nested(StandingOut, required=True)
    decisions = ma.fields.List(ma.fields.Nested(TextDecisionOut), required=True)


class TextDecisionsIn(CursorIn):
    after = ma.fields.String(load_default="", validate=Regexp(r"^[0-9]{0,9}\Z"))
    department = ma.fields.String(load_default=None, validate=Regexp(rf"^{DEPARTMENT.pattern}\Z"))
    record = ma.fields.String(load_default=None, validate=Regexp(r"^[A-Za-z0-9_-]{1,64}\Z"))


class TextDecisionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(TextDecisionOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class BacklogOut(ma.Schema):
    """What a department's moderators still have to do; ``overdue`` appeals are late."""

    department = ma.fields.String(required=True)
    waiting = ma.fields.Integer(required=True)
    oldest = ma.fields.String(required=True, allow_none=True)
    appeals = ma.fields.Integer(required=True)
    due = ma.fields.String(required=True, allow_none=True)
    overdue = ma.fields.Integer(required=True)


class BacklogsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(BacklogOut), required=True)


class QueueIn(CursorIn):
    """``published`` lists what was reported since a moderator last read it."""

    state = ma.fields.String(load_default=WAITING, validate=OneOf(QUEUES))


class ReportsOut(ma.Schema):
    category = ma.fields.String(required=True, validate=OneOf(CATEGORIES))
    reports = ma.fields.Integer(required=True)


class QueuedOut(ma.Schema):
    """``said`` is what reporters wrote, ``appeal`` what the author says, ``due`` by when.

    ``answer_owed``: the city owes an answer to it, so it cannot be hidden.
    """

    kind = _kind()
    item = ma.fields.String(required=True)
    record = ma.fields.String(required=True, allow_none=True)
    department = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    text = ma.fields.String(required=True)
    since = ma.fields.String(required=True)
    answer_owed = ma.fields.Boolean(required=True)
    reports = ma.fields.List(ma.fields.Nested(ReportsOut), required=True)
    said = ma.fields.List(ma.fields.String(), required=True)
    appeal = ma.fields.String(required=True, allow_none=True)
    due = ma.fields.String(required=True, allow_none=True)


class QueueOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(QueuedOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class CategoryOut(ma.Schema):
    """``removable``: a text may be removed for good because of it."""

    category = ma.fields.String(required=True, validate=OneOf(CATEGORIES))
    words = Words(required=True)
    removable = ma.fields.Boolean(required=True)


class CategoriesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CategoryOut), required=True)
