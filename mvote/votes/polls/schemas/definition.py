"""Departments, and what a poll is about, on the wire."""

from collections.abc import Mapping
from typing import Any

import marshmallow as ma

from mvote.core.counting import METHODS
from mvote.core.decision import QUORUMS, SHOWING
from mvote.core.eligibility import CONDITIONS
from mvote.core.issuing import ROLL_MODES
from mvote.core.media import HREF
from mvote.core.media import KINDS as MEDIA_KINDS
from mvote.core.official import DEPARTMENT
from mvote.core.outage import LEAST_SECONDS as LEAST_OUTAGE
from mvote.core.outage import MOST_SECONDS as MOST_OUTAGE
from mvote.core.poll import KINDS, LEVEL_OF_CITY_POLLS
from mvote.core.proofs import PROOFS, ROLL_KEYS
from mvote.core.quarantine import NAMES as QUARANTINE_RULES
from mvote.core.question import ID, MOST_CATEGORIES
from mvote.core.questions import QUESTIONS
from mvote.core.secrecy.exact import SHA256_HEX
from mvote.core.secrecy.levels import LEVELS
from mvote.core.ties import TIE_RULES
from mvote.web.fields import Body, Id, Time, Words


def one_of(names: tuple[str, ...], **given: Any) -> ma.fields.String:
    return ma.fields.String(required=True, validate=ma.validate.OneOf(names), **given)


def whole(least: int = 0, **given: Any) -> ma.fields.Integer:
    return ma.fields.Integer(required=True, strict=True, validate=ma.validate.Range(least), **given)


class DepartmentIn(Body):
    code = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(f"^{DEPARTMENT.pattern}$"),
        metadata={"example": "parks"},
    )
    name = Words(required=True, most=100)


class DepartmentOut(ma.Schema):
    code = ma.fields.String(required=True)
    name = Words(required=True)


class DepartmentsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(DepartmentOut), required=True)


class Media(Body):
    """``alt`` says in words what is to be seen or heard; ``sha256`` fixes the file's bytes."""

    kind = one_of(MEDIA_KINDS)
    href = ma.fields.String(
        required=True,
        validate=ma.validate.Regexp(rf"^{HREF.pattern}\Z"),
        metadata={"example": "/a"},
    )
    alt = Words(required=True)
    sha256 = ma.fields.String(validate=ma.validate.Regexp(rf"^{SHA256_HEX.pattern}\Z"))


class Option(Body):
    """``cost`` is money as a whole number and belongs to projects only.

    ``categories`` are what it is about, by which a voter narrows a long list.
    """

    id = ma.fields.String(required=True, validate=ma.validate.Regexp(f"^{ID.pattern}$"))
    title = Words(required=True)
    cost = ma.fields.Integer(strict=True, validate=ma.validate.Range(0))
    text = Words()
    media = ma.fields.Nested(Media)
    categories = ma.fields.List(Words(), validate=ma.validate.Length(1, MOST_CATEGORIES))


class OnlyIf(Body):
    """Asked only of those who chose one of ``any_of`` in the earlier ``question``."""

    question = ma.fields.String(required=True)
    any_of = ma.fields.List(ma.fields.String(), required=True)


class Counting(Body):
    """The name of a counting method and what it wants to know."""

    method = one_of(METHODS.names())
    options = ma.fields.Dict(required=True)


class Question(Body):
    """``config`` depends on the type, see the question types; where options are always the
    same they may be left out.

    ``reason``: a voter may write why.  ``none``: “none of these” is among the options.
    ``shuffle``: each phone shows the options in an order of its own.
    """

    id = ma.fields.String(required=True, validate=ma.validate.Regexp(f"^{ID.pattern}$"))
    type = one_of(QUESTIONS.names())
    title = Words(required=True)
    options = ma.fields.List(ma.fields.Nested(Option), required=True)
    config = ma.fields.Dict(required=True)
    counting = ma.fields.Nested(Counting, required=True)
    blank = ma.fields.Boolean(required=True)
    only_if = ma.fields.Nested(OnlyIf)
    reason = ma.fields.Boolean()
    none = ma.fields.Boolean()
    shuffle = ma.fields.Boolean()
    media = ma.fields.Nested(Media)


class QuestionTypeOut(ma.Schema):
    """How a type is set up, shown and answered.

    ``widget`` names the phone's control; ``keyboard`` and ``screen_reader`` say how it works
    without touch and without sight.  ``form`` holds the fields of ``config``, ``example`` is
    an answer as a ballot carries it, ``methods`` are those that can count it.
    """

    name = ma.fields.String(required=True)
    label = Words(required=True)
    widget = ma.fields.String(required=True)
    keyboard = Words(required=True)
    screen_reader = Words(required=True)
    form = ma.fields.Dict(ma.fields.String(), Words(), required=True)
    example = ma.fields.List(ma.fields.Raw(), required=True)
    methods = ma.fields.List(ma.fields.String(), required=True)


class QuestionTypesOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(QuestionTypeOut), required=True)


class CountingMethodOut(ma.Schema):
    """``form`` holds the fields of the counting options."""

    name = ma.fields.String(required=True)
    version = ma.fields.Integer(required=True)
    label = Words(required=True)
    form = ma.fields.Dict(ma.fields.String(), Words(), required=True)


class CountingMethodsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CountingMethodOut), required=True)


class Quorum(Body):
    kind = one_of(QUORUMS)
    least = ma.fields.Integer(strict=True, validate=ma.validate.Range(1))


class Threshold(Body):
    """A winner needs more than this share of the valid votes."""

    numerator = whole()
    denominator = whole(1)


class DecisionRule(Body):
    """What the result decides; fixed before the poll opens."""

    weight_percent = ma.fields.Integer(
        required=True, strict=True, validate=ma.validate.Range(0, 100)
    )
    quorum = ma.fields.Nested(Quorum, required=True)
    threshold = ma.fields.Nested(Threshold, required=True, allow_none=True)
    ties = one_of(TIE_RULES.names())
    results = one_of(SHOWING)


class AudiencePart(ma.Schema):
    """A condition, with what else it holds, or a group: one of the three."""

    class Meta:
        unknown = ma.INCLUDE

    condition = ma.fields.String(validate=ma.validate.OneOf(CONDITIONS.names()))
    all = ma.fields.List(ma.fields.Nested("AudiencePart"))
    any = ma.fields.List(ma.fields.Nested("AudiencePart"))

    @ma.post_dump(pass_original=True)
    def _keep(self, told: dict[str, Any], kept: Mapping[str, Any], **_: Any) -> dict[str, Any]:
        """What else it holds is told as well: without it a draft read here could not be saved."""
        return {**kept, **told}


class Audience(Body):
    """Who may vote: whoever meets all of these, or any of them; one of both stands here."""

    all = ma.fields.List(ma.fields.Nested(AudiencePart))
    any = ma.fields.List(ma.fields.Nested(AudiencePart))


class Roll(Body):
    """``eligible`` is null where the city cannot know how many may vote."""

    mode = ma.fields.String(required=True)
    eligible = ma.fields.Integer(required=True, strict=True, allow_none=True)


class IssuerKey(Body):
    """An Ed25519 key has ``x``; one for blind permits, which is RSA, has ``n`` and ``e``."""

    kid = ma.fields.String(required=True)
    alg = ma.fields.String(required=True)
    x = ma.fields.String()
    n = ma.fields.String()
    e = ma.fields.Integer(strict=True)
    operator = ma.fields.String(required=True)


class OutageRule(Body):
    """Whether the closing moves by the length of a declared outage, and by how much in all."""

    extend = ma.fields.Boolean(required=True)
    most_seconds = ma.fields.Integer(
        strict=True, validate=ma.validate.Range(LEAST_OUTAGE, MOST_OUTAGE)
    )


class QuarantineRule(Body):
    """Which permits are counted apart; ``below`` stands at the rule about proofs only."""

    rule = one_of(QUARANTINE_RULES)
    below = ma.fields.String(validate=ma.validate.OneOf(PROOFS))


class DraftContent(Body):
    """What officials decide about a poll; ``opens`` null is by hand."""

    v = ma.fields.Integer(required=True, strict=True, validate=ma.validate.Equal(1))
    kind = one_of(KINDS)
    title = Words(required=True)
    summary = Words(required=True)
    department = ma.fields.String(required=True)
    record = ma.fields.String(
        metadata={"description": "A record of the department; a new one where it is missing."}
    )
    level = one_of(LEVELS.names())
    proof = one_of(PROOFS)
    roll_key = one_of(ROLL_KEYS)
    audience = ma.fields.Nested(Audience, required=True)
    questions = ma.fields.List(ma.fields.Nested(Question), required=True)
    decision = ma.fields.Nested(DecisionRule, required=True)
    opens = Time(required=True, allow_none=True)
    closes = Time(required=True)
    grace_seconds = whole()
    revote = ma.fields.Boolean(required=True)
    answer_days = whole(1)
    dispute_days = whole()
    turnout_step = whole(1)
    roll_mode = ma.fields.String(
        validate=ma.validate.OneOf(ROLL_MODES),
        metadata={"description": "Growing where it is missing."},
    )
    outage = ma.fields.Nested(OutageRule)
    quarantine = ma.fields.List(
        ma.fields.Nested(QuarantineRule),
        metadata={"description": "No permit is counted apart where it is missing."},
    )


class DraftIn(DraftContent):
    """Taken as it came: the core reads it and names every fault by its field."""

    level = ma.fields.String(
        validate=ma.validate.OneOf(LEVELS.names()),
        metadata={"description": f"Of a city poll {LEVEL_OF_CITY_POLLS} where it is missing."},
    )

    def load(self, data: Any, **_: Any) -> Any:
        return {} if data is ma.missing else data


class Definition(DraftContent):
    """The frozen poll.  SHA-256 of its RFC 8785 form is ``ph``."""

    poll = Id(required=True)
    methods = ma.fields.Dict(
        required=True,
        metadata={"description": "The versions of the counting methods by their names."},
    )
    roll = ma.fields.Nested(Roll, required=True)
    issuer = ma.fields.List(ma.fields.Nested(IssuerKey), required=True)
    board_key = ma.fields.String(required=True)
