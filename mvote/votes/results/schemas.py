"""A result on the wire; totals are texts because they are exact (``12``, ``7/3``)."""

import marshmallow as ma

from mvote.core.counted_apart import CHANGES
from mvote.core.quarantine import NAMES
from mvote.core.question import MOST_OPTIONS
from mvote.web.fields import Body, Id, Time, Words

MOST_REASON = 1_000


def _texts() -> ma.fields.List[str]:
    return ma.fields.List(ma.fields.String(), required=True)


class TieOut(ma.Schema):
    """Options tied for a place, and how the poll's tie rule ordered them (empty: not at all)."""

    options = _texts()
    place = ma.fields.Integer(required=True)
    rule = ma.fields.String(required=True)
    order = _texts()
    stage = ma.fields.Integer()


class TransferOut(ma.Schema):
    """Votes that went from one option to others, by option id."""

    option = ma.fields.String(required=True)
    reason = ma.fields.String(required=True)
    to = ma.fields.Dict(ma.fields.String(), ma.fields.String(), required=True)


class RoundOut(ma.Schema):
    """One step of a count: what became of one ``option``, or one stage with all ``totals``.

    ``exhausted`` is the weight that counts for nobody any more, ``quota`` what elects.
    """

    option = ma.fields.String()
    total = ma.fields.String()
    result = ma.fields.String()
    why = Words()
    cost = ma.fields.Integer()
    left = ma.fields.Integer()
    totals = ma.fields.Dict(ma.fields.String(), ma.fields.String())
    elected = ma.fields.List(ma.fields.String())
    eliminated = ma.fields.List(ma.fields.String())
    exhausted = ma.fields.String()
    quota = ma.fields.String()
    transfers = ma.fields.List(ma.fields.Nested(TransferOut))


class OutcomeOut(ma.Schema):
    """``ballots`` = ``valid`` + ``blank``; ``winners`` in the order of their election.

    ``pairwise[a][b]`` is how many ranked a above b; ``figures`` is what else a method found.
    """

    method = ma.fields.String(required=True)
    ballots = ma.fields.Integer(required=True)
    valid = ma.fields.Integer(required=True)
    blank = ma.fields.Integer(required=True)
    totals = ma.fields.Dict(ma.fields.String(), ma.fields.String(), required=True)
    winners = _texts()
    ties = ma.fields.List(ma.fields.Nested(TieOut), required=True)
    rounds = ma.fields.List(ma.fields.Nested(RoundOut), required=True)
    explanation = Words(required=True)
    pairwise = ma.fields.Dict(
        ma.fields.String(), ma.fields.Dict(ma.fields.String(), ma.fields.Integer())
    )
    figures = ma.fields.Dict()


class ApartRuleOut(ma.Schema):
    rule = ma.fields.String(required=True, validate=ma.validate.OneOf(NAMES))
    permits = ma.fields.Integer(required=True)
    released = ma.fields.Boolean(required=True)


class WithoutQuestionOut(ma.Schema):
    id = ma.fields.String(required=True)
    totals = ma.fields.Dict(ma.fields.String(), ma.fields.String(), required=True)
    winners = _texts()
    chosen = _texts()


class WithoutOut(ma.Schema):
    """The count without the ballots that are held apart."""

    voters = ma.fields.Integer(required=True)
    questions = ma.fields.List(ma.fields.Nested(WithoutQuestionOut), required=True)


class ApartOut(ma.Schema):
    """Permits counted apart, all of whose ballots stand in the result; ``held`` are not released.

    ``ballots`` and ``without`` are there where it may be told which they are, ``without`` null
    where that count would wait for the chair.
    """

    rules = ma.fields.List(ma.fields.Nested(ApartRuleOut), required=True)
    held = ma.fields.Integer(required=True)
    ballots = ma.fields.Integer()
    without = ma.fields.Nested(WithoutOut, allow_none=True)
    changes = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(CHANGES),
        metadata={"description": "Whether the result would be another without them."},
    )
    words = Words(required=True)


class ResultOptionOut(ma.Schema):
    id = ma.fields.String(required=True)
    title = Words(required=True)
    cost = ma.fields.Integer(required=True, allow_none=True)


class ResultCountingOut(ma.Schema):
    method = ma.fields.String(required=True)
    options = ma.fields.Dict(required=True)


class AskedOnlyIfOut(ma.Schema):
    question = ma.fields.String(required=True)
    any_of = _texts()


class ResultQuestionOut(ma.Schema):
    """``config`` is there where answers are no choices: their scale, points, range or length."""

    id = ma.fields.String(required=True)
    type = ma.fields.String(required=True)
    title = Words(required=True)
    options = ma.fields.List(ma.fields.Nested(ResultOptionOut), required=True)
    counting = ma.fields.Nested(ResultCountingOut, required=True)
    outcome = ma.fields.Nested(OutcomeOut, required=True)
    config = ma.fields.Dict()
    only_if = ma.fields.Nested(AskedOnlyIfOut)


class DecisionOut(ma.Schema):
    """What the decision rule made of the outcomes, by question id."""

    quorum_met = ma.fields.Boolean(required=True)
    threshold_met = ma.fields.Dict(ma.fields.String(), ma.fields.Boolean(), required=True)
    chosen = ma.fields.Dict(ma.fields.String(), _texts(), required=True)
    words = Words(required=True)


class ResultOut(ma.Schema):
    """The frozen result, in RFC 8785 form; its SHA-256 is the digest in the record."""

    v = ma.fields.Integer(required=True)
    poll = Id(required=True)
    ph = ma.fields.String(required=True)
    title = Words(required=True)
    kind = ma.fields.String(required=True)
    level = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    closed_at = Time(required=True)
    published_at = Time(required=True)
    eligible = ma.fields.Integer(required=True, allow_none=True)
    issued = ma.fields.Integer(required=True)
    voters = ma.fields.Integer(required=True)
    ballots = ma.fields.Integer(required=True)
    superseded = ma.fields.Integer(required=True)
    questions = ma.fields.List(ma.fields.Nested(ResultQuestionOut), required=True)
    rule = ma.fields.Dict(required=True)
    decision = ma.fields.Nested(DecisionOut, required=True)
    tie_decisions = ma.fields.List(ma.fields.Nested("TieDecisionOut"))
    quarantine = ma.fields.Nested(ApartOut)


class OpenTieOut(ma.Schema):
    """The options of one question that wait for the chair."""

    poll = Id(required=True)
    question = ma.fields.String(required=True)
    options = _texts()


class TieDecisionIn(Body):
    """``order`` names each tied option once, the best first."""

    order = ma.fields.List(
        ma.fields.String(validate=ma.validate.Length(1, 64)),
        required=True,
        validate=ma.validate.Length(2, MOST_OPTIONS),
    )
    reason = Words(required=True, most=MOST_REASON, lines=True)


class TieDecisionOut(ma.Schema):
    """What the chair decided about a tie; part of the result."""

    question = ma.fields.String(required=True)
    order = _texts()
    reason = Words(required=True)
    decided_at = Time(required=True)


class RunningQuestionOut(ma.Schema):
    id = ma.fields.String(required=True)
    ballots = ma.fields.Integer(required=True)
    blank = ma.fields.Integer(required=True)
    totals = ma.fields.Dict(ma.fields.String(), ma.fields.String(), required=True)


class RunningCountOut(ma.Schema):
    """What lies on the board so far; it decides nothing."""

    poll = Id(required=True)
    provisional = ma.fields.Boolean(required=True)
    questions = ma.fields.List(ma.fields.Nested(RunningQuestionOut), required=True)
