"""Dues and closures on the wire."""

import marshmallow as ma

from mvote.core.official import DEPARTMENT
from mvote.installation import installation
from mvote.votes.dues.rules import ASSIGNED, KINDS, LEVELS, REFUSED, STATES
from mvote.web.fields import Body, Day, Id, Time, Words
from mvote.web.paging import CursorIn

CODE = rf"^{DEPARTMENT.pattern}\Z"


def _reason() -> Words:
    """Everybody reads it; how long it may be is a setting."""
    return Words(required=True, most=lambda: installation().settings.reason_characters, lines=True)


class DuesIn(CursorIn):
    """``told`` leaves what went so far past its date that this one was told of it."""

    department = ma.fields.String(load_default=None, validate=ma.validate.Regexp(CODE))
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(STATES))
    told = ma.fields.String(load_default=None, validate=ma.validate.OneOf(LEVELS))


class PauseIn(Body):
    """From now to the end of the day ``until``."""

    until = Day(required=True)
    reason = _reason()


class OwnerIn(Body):
    """``department`` is the one that should owe it."""

    department = ma.fields.String(required=True, validate=ma.validate.Regexp(CODE))
    reason = _reason()


class ClosureIn(Body):
    """Days on which the city does not work, the first and the last of them too."""

    first = Day(required=True)
    last = Day(required=True)
    reason = _reason()


class WithdrawClosureIn(Body):
    reason = _reason()


class PauseOut(ma.Schema):
    """``due_at`` is the date to which it was moved, ``by`` the department."""

    began_at = Time(required=True)
    until = Day(required=True)
    reason = Words(required=True)
    by = ma.fields.String(required=True)
    due_at = Time(required=True)


class MoveOut(ma.Schema):
    """``by`` named ``named``, and since then ``owner`` owes it."""

    at = Time(required=True)
    how = ma.fields.String(required=True, validate=ma.validate.OneOf((REFUSED, ASSIGNED)))
    by = ma.fields.String(required=True)
    named = ma.fields.String(required=True)
    owner = ma.fields.String(required=True)
    reason = Words(required=True)


class DueOut(ma.Schema):
    """What is owed by when for ``cause``, a poll or else; ``why`` says why that was lifted.

    ``within`` is what was promised, such as ``14 working-days``.  ``late``: it is overdue, or
    came after its date, by ``days`` whole days.  ``told`` is the highest who was told of it.
    """

    id = Id(required=True)
    record = ma.fields.String(required=True)
    cause = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=ma.validate.OneOf(KINDS))
    department = ma.fields.String(required=True)
    due_at = Time(required=True)
    set_at = Time(required=True)
    within = ma.fields.String(required=True, allow_none=True)
    met_at = Time(required=True, allow_none=True)
    lifted_at = Time(required=True, allow_none=True)
    why = Words(required=True, allow_none=True)
    overdue = ma.fields.Boolean(required=True)
    late = ma.fields.Boolean(required=True)
    days = ma.fields.Integer(required=True)
    told = ma.fields.String(
        required=True, allow_none=True, validate=ma.validate.OneOf((*LEVELS, None))
    )
    pauses = ma.fields.List(ma.fields.Nested(PauseOut), required=True)
    moves = ma.fields.List(ma.fields.Nested(MoveOut), required=True)


class DuesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(DueOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class HolidayOut(ma.Schema):
    """``name`` is as the country names it."""

    day = Day(required=True)
    name = ma.fields.String(required=True)


class ClosureOut(ma.Schema):
    id = Id(required=True)
    first = Day(required=True)
    last = Day(required=True)
    reason = Words(required=True)
    entered_at = Time(required=True)
    withdrawn_at = Time(required=True, allow_none=True)
    withdrawn_why = Words(required=True, allow_none=True)


class CalendarOut(ma.Schema):
    """When the city works, and the days of a year on which it does not."""

    zone = ma.fields.String(required=True)
    working_days = ma.fields.String(required=True)
    working_hours = ma.fields.String(required=True)
    holidays = ma.fields.List(ma.fields.Nested(HolidayOut), required=True)
    closures = ma.fields.List(ma.fields.Nested(ClosureOut), required=True)
