"""Promises, their steps and what became of them, on the wire."""

import marshmallow as ma

from mvote.installation import installation
from mvote.votes.discussions.rules_promises import OUTCOMES, STEP_STATES
from mvote.votes.discussions.schemas.answering import EntryPlaceOut
from mvote.votes.discussions.schemas.parts import MOST_NAMED, REASON_CHARACTERS, spoken
from mvote.web.fields import Body, Day, Id, Words

MOST_LINK = 2_000


class ToldPromiseIn(Body):
    """What became of a promise; it is kept only when every step was done."""

    promise = Id(required=True)
    outcome = ma.fields.String(required=True, validate=ma.validate.OneOf(OUTCOMES))
    text = Words(required=True, most=REASON_CHARACTERS, lines=True)


class ClosingReportIn(Body):
    """Has to tell of every promise in the record."""

    text = spoken()
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
    text = spoken()
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
