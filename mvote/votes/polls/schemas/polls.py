"""Polls on the wire: what everyone sees, and what officials see besides."""

from collections.abc import Sequence
from typing import Any

import marshmallow as ma

from mvote.core.phases import PHASES, PUBLIC
from mvote.core.poll import KINDS
from mvote.core.poll_notes import ABOUT, CHANGES
from mvote.core.quarantine import NAMES as QUARANTINE_RULES
from mvote.votes.polls import service
from mvote.votes.polls.rules import PendingAct, Poll
from mvote.votes.polls.schemas.acts import PendingActOut
from mvote.votes.polls.schemas.definition import Definition, QuarantineRule, one_of, whole
from mvote.votes.polls.schemas.told import ToldOut
from mvote.web.fields import Body, Id, Time, Words
from mvote.web.paging import CursorIn

MOST_PIXELS = 40


class PollHeadOut(ma.Schema):
    """``opens`` is what was frozen, ``closes`` too, moved by outages that were declared;
    ``opened``, ``closed`` … are when it happened.

    ``phase`` says the state in words, ``reason`` why it is suspended or cancelled.
    """

    id = Id(required=True)
    kind = one_of(KINDS)
    title = Words(required=True)
    department = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    state = one_of(PHASES)
    phase = Words(required=True)
    ph = ma.fields.String(required=True, allow_none=True)
    opens = Time(required=True, allow_none=True)
    closes = Time(required=True)
    opened = Time(required=True, allow_none=True)
    closed = Time(required=True, allow_none=True)
    published = Time(required=True, allow_none=True)
    cancelled = Time(required=True, allow_none=True)
    reason = Words(required=True, allow_none=True)
    link = ma.fields.String(required=True, allow_none=True)


class DeclaredOutage(ma.Schema):
    """The poll closes at ``closes`` because of it."""

    begin = Time(required=True)
    end = Time(required=True)
    closes = Time(required=True)


class RollChangeOut(ma.Schema):
    """One person was added to the roll or struck from it; ``raises``: by how many it grew."""

    change = one_of(CHANGES)
    day = ma.fields.String(required=True, metadata={"format": "date"})
    raises = whole(0)


class ReleaseOut(ma.Schema):
    """Two officials let the permits that a rule flags count as all others, or keep them apart."""

    rule = one_of(QUARANTINE_RULES)
    released = ma.fields.Boolean(required=True)


class NoteOut(ma.Schema):
    """What officials noted on a frozen poll; a later note may name it in ``corrects``."""

    number = whole(1)
    about = one_of(ABOUT)
    text = Words(required=True)
    corrects = ma.fields.Integer(required=True, allow_none=True)
    outage = ma.fields.Nested(DeclaredOutage, required=True, allow_none=True)
    roll = ma.fields.Nested(RollChangeOut, required=True, allow_none=True)
    quarantine = ma.fields.Nested(ReleaseOut, required=True, allow_none=True)
    at = Time(required=True)


class PollOut(PollHeadOut):
    definition = ma.fields.Nested(Definition, required=True)
    notes = ma.fields.List(ma.fields.Nested(NoteOut), required=True)
    told = ma.fields.Nested(ToldOut, required=True)


class OfficialPollOut(PollHeadOut):
    """What officials see besides: who wrote and approved it, by random account id.

    ``pending`` waits for a second official.
    """

    revision = whole(1)
    author = ma.fields.String(required=True)
    approver = ma.fields.String(required=True, allow_none=True)
    issued = ma.fields.Integer(required=True, allow_none=True)
    pending = ma.fields.List(ma.fields.Nested(PendingActOut), required=True)


class LoggedRuleOut(ma.Schema):
    """How many permits one rule flagged; ``note`` is the decision about them, if there was one."""

    rule = ma.fields.Nested(QuarantineRule, required=True)
    words = Words(required=True)
    permits = whole(0)
    released = ma.fields.Boolean(required=True)
    note = ma.fields.Nested(NoteOut, required=True, allow_none=True)


class QuarantineOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(LoggedRuleOut), required=True)


class PurgeStatementOut(ma.Schema):
    """The ``document`` that the people side signed, and the public ``key`` to check it with."""

    document = ma.fields.Dict(required=True)
    key = ma.fields.Dict(required=True)


class PollsIn(CursorIn):
    state = ma.fields.String(load_default=None, validate=ma.validate.OneOf(PUBLIC))


class PollsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PollHeadOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class OfficialPollsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OfficialPollOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class PictureIn(Body):
    """How many pixels wide each little square of the code is."""

    pixels = ma.fields.Integer(
        load_default=10, strict=False, validate=ma.validate.Range(1, MOST_PIXELS)
    )


def head_of(poll: Poll) -> dict[str, Any]:
    """What ``PollHeadOut`` shows of a poll."""
    return {
        "id": poll.id,
        "kind": poll.kind,
        "title": poll.title,
        "department": poll.department,
        "record": poll.record,
        "state": poll.state,
        "phase": poll.phase,
        "ph": poll.ph,
        "opens": poll.opens_at,
        "closes": poll.closes_at,
        "opened": poll.opened_at,
        "closed": poll.closing_at,
        "published": poll.published_at,
        "cancelled": poll.cancelled_at,
        "reason": poll.reason,
        "link": service.get_link(poll) if poll.public else None,
    }


def for_officials(poll: Poll, pending: Sequence[PendingAct]) -> dict[str, Any]:
    """What ``OfficialPollOut`` shows of a poll."""
    return head_of(poll) | {
        "revision": poll.revision,
        "author": poll.author,
        "approver": poll.approver,
        "issued": poll.issued,
        "pending": pending,
    }
