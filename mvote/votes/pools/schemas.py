"""Opinion pools on the wire."""

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Range

from mvote.core.ids import ID_PATTERN
from mvote.installation import installation
from mvote.votes.pools.rules import STATES, VOTES
from mvote.web.fields import Body, Id, Plain, Time, Words

MOST_TITLE, MOST_INTRO = 200, 4_000
MOST_SEEDS, MOST_VOTES = 100, 100
MOST_CONTEST = 2_000


def _statement_words() -> Words:
    return Words(most=lambda: installation().settings.pool_characters)


class PoolIn(Body):
    title = Words(required=True, most=MOST_TITLE)
    intro = Words(required=True, most=MOST_INTRO, lines=True)
    seeds = ma.fields.List(_statement_words(), required=True, validate=Length(1, MOST_SEEDS))
    closes = Time(
        load_default=None,
        allow_none=True,
        metadata={"description": "Null: in as many days as the city has set."},
    )
    votes_public = ma.fields.Boolean(
        load_default=True,
        truthy={True},
        falsy={False},
        metadata={"description": "Whether everyone gets how each pseudonym voted, afterwards."},
    )


class SeedsIn(Body):
    seeds = ma.fields.List(_statement_words(), required=True, validate=Length(1, MOST_SEEDS))


class PoolStatementIn(Body):
    """The body of the act ``pool-statement``."""

    text = Plain(required=True, most=lambda: installation().settings.pool_characters)


class PoolVotesIn(Body):
    """The body of the act ``pool-vote``: by statement 1 agree, 0 pass, -1 disagree."""

    votes = ma.fields.Dict(
        keys=ma.fields.String(validate=ma.validate.Regexp(ID_PATTERN)),
        values=ma.fields.Integer(strict=True, validate=OneOf(VOTES)),
        required=True,
        validate=Length(1, MOST_VOTES),
    )


class PoolContestIn(Body):
    """The body of the act ``pool-contest``."""

    statement = Id(required=True)
    text = Plain(required=True, most=MOST_CONTEST, lines=True)


class ContestAnswerIn(Body):
    text = Words(required=True, most=lambda: installation().settings.text_characters, lines=True)


class OpinionPoolOut(ma.Schema):
    id = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    department = ma.fields.String(required=True)
    title = Words(required=True)
    intro = Words(required=True)
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    opened_at = Time(required=True)
    closes = Time(required=True)
    votes_public = ma.fields.Boolean(required=True)
    participants = ma.fields.Integer(
        required=True, metadata={"description": "Rounded down to tens until it is frozen."}
    )
    statements = ma.fields.Integer(required=True)
    frozen_at = Time(required=True, allow_none=True)
    digest = ma.fields.String(required=True, allow_none=True)


class PoolsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(OpinionPoolOut), required=True)


class PoolPageOut(PoolsOut):
    next = ma.fields.String(required=True, allow_none=True)


class PoolStatementOut(ma.Schema):
    id = ma.fields.String(required=True)
    number = ma.fields.Integer(required=True, allow_none=True)
    by_city = ma.fields.Boolean(required=True)
    text = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.String(),
        required=True,
        allow_none=True,
        metadata={
            "description": "By language; what a citizen wrote is under und.  Null: not shown."
        },
    )


class SeedsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(PoolStatementOut), required=True)


class WeighedStatementOut(PoolStatementOut):
    weight = ma.fields.Integer(
        required=True,
        validate=Range(min=1),
        metadata={
            "description": "How much is learnt from a vote on it.  A phone draws what it shows "
            "next in proportion, among those it has not voted on."
        },
    )


class PoolStatementsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(WeighedStatementOut), required=True)


class PoolVotesOut(ma.Schema):
    votes = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Integer(), required=True)


class PoolResultOut(ma.Schema):
    """``digest`` is SHA-256 over the JCS form of ``result``."""

    digest = ma.fields.String(required=True)
    result = ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.Raw(), required=True)
    texts = ma.fields.Dict(
        keys=ma.fields.String(),
        values=ma.fields.Dict(keys=ma.fields.String(), values=ma.fields.String()),
        required=True,
        metadata={"description": "By statement, of those that may be shown today."},
    )


class ContestOut(ma.Schema):
    id = ma.fields.String(required=True)
    statement = ma.fields.String(required=True)
    text = ma.fields.String(required=True, allow_none=True)
    answer = Words(required=True, allow_none=True)
    answered_at = Time(required=True, allow_none=True)


class ContestsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ContestOut), required=True)
