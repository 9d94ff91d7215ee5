"""Records on the wire."""

import marshmallow as ma

from mvote.core.official import DEPARTMENT
from mvote.installation import installation
from mvote.votes.discussions.rules import DECISIONS, KINDS, STATES
from mvote.votes.discussions.rules_promises import OUTCOMES, STEP_STATES
from mvote.votes.discussions.rules_ratings import STARS
from mvote.votes.dues.rules import KINDS as DUE_KINDS
from mvote.web.fields import Body, Day, Id, Plain, Time, Words
from mvote.web.paging import CursorIn

ID = ma.validate.Length(1, 64)
REASON_CHARACTERS = 4_000
MOST_OPTIONS = 10_000
MOST_TITLE = 300
MOST_LINK = 2_000
MOST_REPLY = 2_000
MOST_NAMED = 1_000


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
    text = _text()


class InterimAnswerIn(Body):
    """``expected`` is the day on which the answer is expected."""

    poll = Id(required=True)
    text = _text()
    expected = Day(required=True)


class StepIn(Body):
    """``planned`` and ``done`` are days."""

    text = _text()
    planned = Day(load_default=None, allow_none=True)
    done = Day(load_default=None, allow_none=True)


class ToldPromiseIn(Body):
    """What became of a promise; it is kept only when every step was done."""

    promise = Id(required=True)
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
    text = Words(required=True, most=REASON_CHARACTERS, lines=True)


class ClosingReportIn(Body):
    """Has to tell of every promise in the record."""

    text = _text()
    promises = ma.fields.List(
        ma.fields.Nested(ToldPromiseIn),
        load_default=[],
        validate=ma.validate.Length(max=MOST_NAMED),
    )


class PromisedStepIn(Body):
    """``due`` is the day by which it is done."""

    text = Words(required=True, most=REASON_CHARACTERS, lines=True)
    due = Day(required=True)


class PromiseIn(Body):
    """``poll`` is the poll in this record on whose result it is made, where it is."""

    poll = Id(load_default=None, allow_none=True)
    text = _text()
    steps = ma.fields.List(
        ma.fields.Nested(PromisedStepIn),
        required=True,
        validate=ma.validate.Length(1, MOST_NAMED),
    )


class MovedStepIn(Body):
    """``due`` is the day by which it is done now, ``text`` says why."""

    due = Day(required=True)
    text = Words(required=True, most=REASON_CHARACTERS, lines=True)


class EvidenceIn(Body):
    """``done`` is the day on which the step was done; ``links`` lead to pages that show it."""

    text = Words(required=True, most=REASON_CHARACTERS, lines=True)
    done = Day(required=True)
    links = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, MOST_LINK)), load_default=[]
    )

    @ma.validates("links")
    def _few(self, links: list[str], **_: object) -> None:
        most = installation().settings.links_per_evidence
        if len(links) > most:
            raise ma.ValidationError(f"more than {most} links")


class ErratumIn(Body):
    """``entry`` is the number of the entry that is corrected."""

    entry = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(1, 10**6))
    text = _text()


class MergeIn(Body):
    """``into`` is the record in which this one goes on; ``text`` says why."""

    into = ma.fields.String(required=True, validate=ID)
    text = _text()


class SplitIn(Body):
    """``subjects`` are ids of polls, proposals, pools or promises that go on in a new record."""

    title = Words(required=True, most=MOST_TITLE)
    subjects = ma.fields.List(Id(), required=True, validate=ma.validate.Length(1, MOST_NAMED))
    text = _text()


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


class EntryPlaceOut(ma.Schema):
    """An entry, by its record and its number there."""

    record = ma.fields.String(required=True)
    entry = ma.fields.Integer(required=True)


class PromiseStepOut(ma.Schema):
    """``first_due`` is the day first promised; ``evidence`` are entries that show it is done."""

    step = ma.fields.Integer(required=True)
    text = Words(required=True)
    first_due = ma.fields.String(required=True)
    due = ma.fields.String(required=True)
    done = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(STEP_STATES))
    slipped = ma.fields.Boolean(required=True)
    evidence = ma.fields.List(ma.fields.Nested(EntryPlaceOut), required=True)


class PromiseOut(ma.Schema):
    """``entry`` is the number of the entry with which it was made, in ``record``."""

    promise = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    entry = ma.fields.Integer(required=True)
    poll = ma.fields.String(required=True, allow_none=True)
    department = ma.fields.String(required=True)
    text = Words(required=True)
    done = ma.fields.Boolean(required=True)
    steps = ma.fields.List(ma.fields.Nested(PromiseStepOut), required=True)


class RecordPromisesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PromiseOut), required=True)


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
