"""What a department answers and does with a record, on the wire."""

import marshmallow as ma

from mvote.votes.discussions.rules import DECISIONS
from mvote.votes.discussions.schemas.parts import MOST_NAMED, REASON_CHARACTERS, spoken
from mvote.web.fields import Body, Day, Id, Time, Words

ID = ma.validate.Length(1, 64)
MOST_OPTIONS = 10_000
MOST_TITLE = 300


class AnsweredOptionIn(Body):
    """What becomes of one option; ``reason`` is needed where it is not adopted."""

    question = ma.fields.String(required=True, validate=ID)
    option = ma.fields.String(required=True, validate=ID)
    decision = ma.fields.String(required=True, validate=ma.validate.OneOf(DECISIONS))
    reason = Words(load_default=None, allow_none=True, most=REASON_CHARACTERS, lines=True)


class MinorityAnswerIn(Body):
    """What the city says to the strongest reason of those who did not win, by its id."""

    reason = ma.fields.String(required=True, validate=ma.validate.Length(64, 64))
    text = Words(required=True, most=REASON_CHARACTERS, lines=True)


class AnswerIn(Body):
    """Has to speak of what ``GET /records/{id}/to-answer`` names.

    That is every winning option, and ``minority`` or, where there is no such reason, the
    runner-up of each question.
    """

    poll = Id(required=True)
    options = ma.fields.List(
        ma.fields.Nested(AnsweredOptionIn),
        required=True,
        validate=ma.validate.Length(max=MOST_OPTIONS),
    )
    minority = ma.fields.Nested(MinorityAnswerIn, load_default=None, allow_none=True)
    text = spoken()


class InterimAnswerIn(Body):
    """``expected`` is the day on which the answer is expected."""

    poll = Id(required=True)
    text = spoken()
    expected = Day(required=True)


class StepIn(Body):
    """``planned`` and ``done`` are days."""

    text = spoken()
    planned = Day(load_default=None, allow_none=True)
    done = Day(load_default=None, allow_none=True)


class ErratumIn(Body):
    """``entry`` is the number of the entry that is corrected."""

    entry = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 10**6))
    text = spoken()


class MergeIn(Body):
    """``into`` is the record in which this one goes on; ``text`` says why."""

    into = ma.fields.String(required=True, validate=ID)
    text = spoken()


class SplitIn(Body):
    """``subjects`` are ids of polls, proposals, pools or promises that go on in a new record."""

    title = Words(required=True, most=MOST_TITLE)
    subjects = ma.fields.List(Id(), required=True, validate=ma.validate.Length(1, MOST_NAMED))
    text = spoken()


class EntryPlaceOut(ma.Schema):
    """An entry, by its record and its number there."""

    record = ma.fields.String(required=True)
    entry = ma.fields.Integer(required=True)


class NamedOptionOut(ma.Schema):
    question = ma.fields.String(required=True)
    option = ma.fields.String(required=True)
    title = Words(required=True)


class MinorityReasonOut(NamedOptionOut):
    """Why voters chose an option that did not win; ``id`` names the reason in an answer."""

    id = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    voters_at_least = ma.fields.Integer(required=True)


class ToAnswerOut(ma.Schema):
    """What the answer about a poll has to speak of; ``again``: citizens asked once more.

    ``unread``: it has to wait until moderators have read a reason that many voters gave.
    """

    poll = ma.fields.String(required=True)
    title = Words(required=True)
    result = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    winners = ma.fields.List(ma.fields.Nested(NamedOptionOut), required=True)
    minority = ma.fields.Nested(MinorityReasonOut, required=True, allow_none=True)
    runners_up = ma.fields.List(ma.fields.Nested(NamedOptionOut), required=True)
    unread = ma.fields.Boolean(required=True)
    answered = ma.fields.Boolean(required=True)
    again = ma.fields.Boolean(required=True)
    due_at = Time(required=True, allow_none=True)


class ToAnswersOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ToAnswerOut), required=True)
