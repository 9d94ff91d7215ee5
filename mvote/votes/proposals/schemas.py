"""Calls, threshold sets and proposals on the wire."""

from typing import Any

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range, Regexp

from mvote.core.ids import ID_PATTERN
from mvote.core.official import DEPARTMENT
from mvote.core.proofs import PROOFS, ROLL_KEYS
from mvote.core.working_time import MOST_AMOUNT, UNITS
from mvote.installation import installation
from mvote.votes.discussions.rules import DECISIONS
from mvote.votes.proposals.rules import NEWEST, ORDERS, REPLIES, STATES
from mvote.votes.proposals.rules_calls import CALL_STATES, NONE, WAYS
from mvote.votes.proposals.rules_thresholds import (
    DUE_KINDS,
    MOST_DAYS,
    MOST_SOURCE,
    MOST_SUPPORTS,
    MOST_TITLE,
    NAME,
)
from mvote.web.fields import Body, Day, Id, Plain, Time, Words
from mvote.web.paging import CursorIn

MOST_REASON = 1_000
MOST_RULES = 4_000
MOST_NAME = 100
MOST_WINNERS = 100
MOST_PROMISE_DAYS = 365
FILTERS = (*STATES, "reached", "chosen")
STANDINGS = ("published", "waiting", "hidden", "removed", "withdrawn")


def _name(**given: Any) -> ma.fields.String:
    """What may be left out may be empty too."""
    pattern = f"({NAME.pattern})?" if given.get("load_default") == "" else NAME.pattern
    return ma.fields.String(validate=Regexp(rf"^{pattern}\Z"), **given)


def _department(**given: Any) -> ma.fields.String:
    pattern = f"({DEPARTMENT.pattern})?" if given.get("load_default") == "" else DEPARTMENT.pattern
    return ma.fields.String(validate=Regexp(rf"^{pattern}\Z"), **given)


def _whole(least: int, most: int, **given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(strict=True, validate=Range(least, most), **given)


def _check_many(found: list[Any]) -> None:
    if len(found) > (most := installation().settings.call_topics):
        raise ma.ValidationError(f"there may be {most}")


class CallTopicIn(Body):
    """``department`` takes the proposals on it; missing: that of the call."""

    id = _name(required=True)
    name = Words(required=True, most=MOST_NAME)
    department = _department(load_default=None, allow_none=True)


class CallDistrictIn(Body):
    id = _name(required=True)
    name = Words(required=True, most=MOST_NAME)


class CallIn(Body):
    """A call as it is frozen.

    ``opens`` missing is now, ``closes`` null no end; ``thresholds`` is the name of a set;
    ``audience`` null is everyone with a verified number.  ``way`` chooses at most ``winners``,
    each of which is promised an answer within ``promise_days``.
    """

    department = _department(required=True)
    title = Words(required=True, most=MOST_NAME)
    rules = Words(required=True, most=MOST_RULES, lines=True)
    opens = Time(load_default=None, allow_none=True)
    closes = Time(load_default=None, allow_none=True)
    topics = ma.fields.List(ma.fields.Nested(CallTopicIn), load_default=list, validate=_check_many)
    districts = ma.fields.List(
        ma.fields.Nested(CallDistrictIn), load_default=list, validate=_check_many
    )
    thresholds = _name(required=True)
    audience = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(), load_default=None, allow_none=True
    )
    proof = ma.fields.String(load_default="sms", validate=OneOf(PROOFS))
    roll_key = ma.fields.String(load_default="number", validate=OneOf(ROLL_KEYS))
    way = ma.fields.String(load_default=NONE, validate=OneOf(WAYS))
    winners = _whole(0, MOST_WINNERS, load_default=0)
    promise_days = _whole(1, MOST_PROMISE_DAYS, load_default=30)


class EndCallIn(Body):
    reason = Words(required=True, most=MOST_REASON, lines=True)


class ChoiceIn(Body):
    proposal = Id(required=True)
    reason = Words(required=True, most=MOST_REASON, lines=True)


class ChoicesIn(Body):
    """``jury`` says who decided."""

    jury = Words(required=True, most=MOST_REASON, lines=True)
    choices = ma.fields.List(
        ma.fields.Nested(ChoiceIn), required=True, validate=Length(max=MOST_WINNERS)
    )


class MergeProposalIn(EndCallIn):
    """``into`` is the proposal that stays."""

    into = Id(required=True)


class DraftPollIn(Body):
    """``opens`` missing is by hand, ``closes`` missing is two weeks later."""

    template = ma.fields.String(load_default="yes-no", validate=Length(1, 40))
    opens = Time(load_default=None, allow_none=True)
    closes = Time(load_default=None, allow_none=True)


class ProposalReplyIn(Body):
    """``decision`` is needed with an answer, and belongs to nothing else."""

    kind = ma.fields.String(required=True, validate=OneOf(REPLIES))
    decision = ma.fields.String(load_default=None, allow_none=True, validate=OneOf(DECISIONS))
    text = Words(required=True, most=lambda: installation().settings.text_characters, lines=True)


class WishIn(Body):
    """The body of the act ``propose``."""

    title = Plain(required=True, most=lambda: installation().settings.proposal_title_characters)
    text = Plain(
        required=True, most=lambda: installation().settings.proposal_characters, lines=True
    )
    topic = _name(load_default="")
    district = _name(load_default="")


class SupportIn(Body):
    """The body of the act ``support``; ``false`` takes one's support back."""

    support = ma.fields.Boolean(required=True, truthy={True}, falsy={False})


class TakeBackIn(Body):
    """The body of the act ``withdraw-proposal``."""

    proposal = Id(required=True)


class ProposalsIn(CursorIn):
    """``order`` by ``ending`` lists only what still collects."""

    order = ma.fields.String(load_default=NEWEST, validate=OneOf(ORDERS))
    call = ma.fields.String(load_default="", validate=Regexp(f"^$|{ID_PATTERN}"))
    topic = _name(load_default="")
    district = _name(load_default="")
    department = _department(load_default="")
    state = ma.fields.String(load_default="", validate=OneOf(("", *FILTERS)))
    words = Plain(
        load_default="", most=lambda: installation().settings.similar_characters, empty=True
    )


class SimilarIn(Body):
    text = Plain(required=True, most=lambda: installation().settings.similar_characters, lines=True)


class DueWithinIn(Body):
    kind = ma.fields.String(required=True, validate=OneOf(DUE_KINDS))
    amount = _whole(1, MOST_AMOUNT, required=True)
    unit = ma.fields.String(required=True, validate=OneOf(UNITS))


class ThresholdStageIn(Body):
    """``due`` null: the stage opens, and nothing is owed by a date."""

    id = _name(required=True)
    supports = _whole(1, MOST_SUPPORTS, required=True)
    name = Words(required=True, most=MOST_TITLE)
    due = ma.fields.Nested(DueWithinIn, load_default=None, allow_none=True)


class ThresholdsIn(Body):
    """A set of the city's own: stages by rising supports, collected for ``days``."""

    name = _name(required=True)
    title = Words(required=True, most=MOST_TITLE)
    source = Plain(required=True, most=MOST_SOURCE)
    days = _whole(1, MOST_DAYS, required=True)
    stages = ma.fields.List(ma.fields.Nested(ThresholdStageIn), required=True)


class DueWithinOut(ma.Schema):
    kind = ma.fields.String(required=True, validate=OneOf(DUE_KINDS))
    amount = ma.fields.Integer(required=True)
    unit = ma.fields.String(required=True, validate=OneOf(UNITS))


class ThresholdStageOut(ma.Schema):
    id = ma.fields.String(required=True)
    supports = ma.fields.Integer(required=True)
    name = Words(required=True)
    due = ma.fields.Nested(DueWithinOut, required=True, allow_none=True)


class FrozenThresholdsOut(ma.Schema):
    v = ma.fields.Integer(required=True)
    name = ma.fields.String(required=True)
    title = Words(required=True)
    source = ma.fields.String(required=True)
    days = ma.fields.Integer(required=True)
    stages = ma.fields.List(ma.fields.Nested(ThresholdStageOut), required=True)


class ThresholdsOut(FrozenThresholdsOut):
    """``digest`` is the SHA-256 of the rest but ``shipped``, in JCS form."""

    digest = ma.fields.String(required=True)
    shipped = ma.fields.Boolean(required=True)


class ThresholdSetsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ThresholdsOut), required=True)


class CallTopicOut(ma.Schema):
    id = ma.fields.String(required=True)
    name = Words(required=True)
    department = ma.fields.String(required=True, allow_none=True)


class CallDistrictOut(ma.Schema):
    id = ma.fields.String(required=True)
    name = Words(required=True)


class CallHeadOut(ma.Schema):
    """``closes`` is what was frozen, ``ends`` when it takes no more, null without an end."""

    id = Id(required=True)
    department = ma.fields.String(required=True)
    title = Words(required=True)
    opens = Time(required=True)
    closes = Time(required=True, allow_none=True)
    way = ma.fields.String(required=True, validate=OneOf(WAYS))
    state = ma.fields.String(required=True, validate=OneOf(CALL_STATES))
    ends = Time(required=True, allow_none=True)


class CallDefinitionOut(ma.Schema):
    v = ma.fields.Integer(required=True)
    call = Id(required=True)
    department = ma.fields.String(required=True)
    title = Words(required=True)
    rules = Words(required=True)
    opens = Time(required=True)
    closes = Time(required=True, allow_none=True)
    topics = ma.fields.List(ma.fields.Nested(CallTopicOut), required=True)
    districts = ma.fields.List(ma.fields.Nested(CallDistrictOut), required=True)
    thresholds = ma.fields.Nested(FrozenThresholdsOut, required=True)
    audience = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(), required=True, allow_none=True
    )
    proof = ma.fields.String(required=True, validate=OneOf(PROOFS))
    roll_key = ma.fields.String(required=True, validate=OneOf(ROLL_KEYS))
    way = ma.fields.String(required=True, validate=OneOf(WAYS))
    winners = ma.fields.Integer(required=True)
    promise_days = ma.fields.Integer(required=True)
    per_citizen = ma.fields.Integer(required=True)


class CallOut(CallHeadOut):
    """``digest`` is the SHA-256 of ``definition`` in JCS form, told in the log as it opened."""

    definition = ma.fields.Nested(CallDefinitionOut, required=True)
    digest = ma.fields.String(required=True)
    ended = Time(required=True, allow_none=True)
    ending = Words(required=True, allow_none=True)
    decided = Time(required=True, allow_none=True)
    decision = ma.fields.Dict(
        keys=ma.fields.String(), values=ma.fields.Raw(), required=True, allow_none=True
    )
    poll = ma.fields.String(required=True, allow_none=True)


class CallsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CallHeadOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ProposalOut(ma.Schema):
    """``title`` and ``text`` are null where they may not be shown; ``opened`` is a day."""

    id = Id(required=True)
    call = Id(required=True)
    department = ma.fields.String(required=True)
    topic = ma.fields.String(required=True, allow_none=True)
    district = ma.fields.String(required=True, allow_none=True)
    title = ma.fields.String(required=True, allow_none=True)
    text = ma.fields.String(required=True, allow_none=True)
    opened = Day(required=True)
    until = Time(required=True)
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    standing = ma.fields.String(required=True, validate=OneOf(STANDINGS))
    reason = Words(required=True, allow_none=True)
    supports = ma.fields.Integer(required=True)
    reached = ma.fields.Integer(required=True)
    chosen = ma.fields.Boolean(required=True)
    record = ma.fields.String(required=True, allow_none=True)
    merged_into = ma.fields.String(required=True, allow_none=True)


class ProposalsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ProposalOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class StageReachedOut(ThresholdStageOut):
    """``counted`` supports brought the proposal to stage ``number``."""

    number = ma.fields.Integer(required=True)
    counted = ma.fields.Integer(required=True)
    at = Time(required=True)


class MergedHereOut(ma.Schema):
    """Its supports are its own and stand in no other count."""

    id = Id(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    supports = ma.fields.Integer(required=True)


class WholeProposalOut(ProposalOut):
    stages = ma.fields.List(ma.fields.Nested(ThresholdStageOut), required=True)
    stages_reached = ma.fields.List(ma.fields.Nested(StageReachedOut), required=True)
    merged_here = ma.fields.List(ma.fields.Nested(MergedHereOut), required=True)
    merge_reason = Words(required=True, allow_none=True)
    polls = ma.fields.List(ma.fields.String(), required=True)


class DraftedPollOut(ma.Schema):
    """A draft that was begun, as ``GET /polls/{id}/draft`` gives it."""

    id = Id(required=True)
    state = ma.fields.String(required=True)
    revision = ma.fields.Integer(required=True)
    draft = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), required=True)


class ProposalReplyOut(ma.Schema):
    """Where the reply stands: an entry of the record, and its digest."""

    record = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True)
    version = ma.fields.Integer(required=True)
    at = Time(required=True)
    digest = ma.fields.String(required=True)


class SimilarOut(ma.Schema):
    id = Id(required=True)
    title = ma.fields.String(required=True, allow_none=True)
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    supports = ma.fields.Integer(required=True)
    percent = ma.fields.Integer(required=True)


class SimilarsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(SimilarOut), required=True)


class SupportOut(ma.Schema):
    """Whether the sender supports the proposal now, and how many do."""

    proposal = Id(required=True)
    supporting = ma.fields.Boolean(required=True)
    supports = ma.fields.Integer(required=True)
