"""Figures, indicators and questions on the wire."""

import marshmallow as ma

from mvote.core.official import DEPARTMENT
from mvote.installation import installation
from mvote.votes.indicators.rules import BECAME, REPLIES
from mvote.votes.moderation.rules import STATES
from mvote.web.fields import Body, Id, Plain, Time, Words
from mvote.web.paging import CursorIn

CODE = ma.validate.Regexp(rf"^{DEPARTMENT.pattern}\Z")
MOST_PLACE = 40


class RateOut(ma.Schema):
    """``percent`` has two decimals, rounded half up; null of nothing."""

    part = ma.fields.Integer(required=True)
    whole = ma.fields.Integer(required=True)
    percent = ma.fields.String(required=True, allow_none=True)


class MattersOut(ma.Schema):
    adopted = ma.fields.Nested(RateOut, required=True)
    partly = ma.fields.Nested(RateOut, required=True)
    not_adopted = ma.fields.Nested(RateOut, required=True)


class PromisesOut(ma.Schema):
    """Steps: done in time, done late, late and not done, not due yet."""

    done = ma.fields.Integer(required=True)
    done_late = ma.fields.Integer(required=True)
    late = ma.fields.Integer(required=True)
    open = ma.fields.Integer(required=True)


class FiguresOut(ma.Schema):
    """Medians in days with one decimal; null where nothing was answered."""

    due = ma.fields.Integer(required=True)
    overdue = ma.fields.Integer(required=True)
    answered = ma.fields.Integer(required=True)
    answered_late = ma.fields.Integer(required=True)
    days_to_first_answer = ma.fields.String(required=True, allow_none=True)
    days_to_final_answer = ma.fields.String(required=True, allow_none=True)
    polls = ma.fields.Nested(MattersOut, required=True)
    proposals = ma.fields.Nested(MattersOut, required=True)
    promises = ma.fields.Nested(PromisesOut, required=True)


class DepartmentFiguresOut(FiguresOut):
    department = ma.fields.String(required=True)


class CityFiguresOut(ma.Schema):
    city = ma.fields.Nested(FiguresOut, required=True)
    departments = ma.fields.List(ma.fields.Nested(DepartmentFiguresOut), required=True)


class ValueOut(ma.Schema):
    """Decimal numbers as the city told them; ``version`` counts what it told for the period."""

    period = ma.fields.String(required=True)
    value = ma.fields.String(required=True)
    target = ma.fields.String(required=True, allow_none=True)
    source = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)


class IndicatorOut(ma.Schema):
    id = Id(required=True)
    department = ma.fields.String(required=True)
    name = Words(required=True)
    unit = Words(required=True)
    values = ma.fields.List(ma.fields.Nested(ValueOut), required=True)


class WholeIndicatorOut(IndicatorOut):
    """``told`` holds every version; ``scope`` is what questions are signed for."""

    told = ma.fields.List(ma.fields.Nested(ValueOut), required=True)
    scope = ma.fields.String(required=True, allow_none=True)


class IndicatorsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(IndicatorOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class QuestionIn(Body):
    """The body of the act ``question``; ``period`` is empty where it is about all."""

    indicator = Id(required=True)
    period = ma.fields.String(load_default="", validate=ma.validate.Length(max=10))
    text = Plain(
        required=True, most=lambda: installation().settings.question_characters, lines=True
    )


class QuestionsIn(CursorIn):
    indicator = ma.fields.String(load_default="", validate=ma.validate.Length(max=16))
    department = ma.fields.String(load_default=None, validate=CODE)
    became = ma.fields.String(load_default=None, validate=ma.validate.OneOf(BECAME))


class QuestionOut(ma.Schema):
    """``text`` is null unless it may be shown."""

    id = Id(required=True)
    indicator = Id(required=True)
    department = ma.fields.String(required=True)
    period = ma.fields.String(required=True, allow_none=True)
    text = ma.fields.String(required=True, allow_none=True)
    standing = ma.fields.String(required=True, validate=ma.validate.OneOf(STATES))
    became = ma.fields.String(required=True, validate=ma.validate.OneOf(BECAME))
    proposal = ma.fields.String(required=True, allow_none=True)
    record = ma.fields.String(required=True, allow_none=True)


class QuestionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(QuestionOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class AsProposalIn(Body):
    """The call in which it collects supports, and what that call asks for."""

    call = Id(required=True)
    topic = ma.fields.String(load_default="", validate=ma.validate.Length(max=MOST_PLACE))
    district = ma.fields.String(load_default="", validate=ma.validate.Length(max=MOST_PLACE))


class QuestionReplyIn(Body):
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(REPLIES))
    text = Words(required=True, most=lambda: installation().settings.text_characters, lines=True)


class QuestionReplyOut(ma.Schema):
    """The entry of the case's record: its number there, and its SHA-256."""

    record = Id(required=True)
    number = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    at = Time(required=True)
    digest = ma.fields.String(required=True)


class ImportOut(ma.Schema):
    """``new`` of its ``values`` said something new."""

    id = Id(required=True)
    sha256 = ma.fields.String(required=True)
    at = Time(required=True)
    values = ma.fields.Integer(required=True)
    new = ma.fields.Integer(required=True)


class ImportsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ImportOut), required=True)
