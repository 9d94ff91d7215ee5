"""Permits and eligibility on the wire."""

import marshmallow as ma

from mvote.core.ids import ID_PATTERN
from mvote.core.quarantine import NAMES
from mvote.core.secrecy.permit import MAX_NAME
from mvote.people.identity.rules import MOST_NUMBER
from mvote.people.permits.rules_roll import ADDED, REVIEW_STATES, STRUCK
from mvote.people.rolls.rules_counts import STATES
from mvote.web.fields import Body, Time, Words

MOST_BLINDED = 1024
"""Signs of base64url; the longest modulus has 683."""
MOST_ENTRY = 200
MOST_REASON = 1_000
MOST_REVIEW = 10_000
"""A city's setting allows less."""


class PermitIn(Body):
    name = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, MAX_NAME),
        metadata={"description": "At level open only: the name to publish beside the choice."},
    )
    kid = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, 64),
        metadata={"description": "At level secret only: the issuer key of the poll."},
    )
    blinded_msg = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, MOST_BLINDED),
        metadata={"description": "At level secret only: RFC 9474's blinded_msg, base64url."},
    )


class PermitOut(ma.Schema):
    """At level secret a blind signature; else a pseudonym permit, for the ballot as it is."""

    kid = ma.fields.String(required=True, metadata={"description": "The issuer key."})
    blind_sig = ma.fields.String(
        metadata={"description": "At level secret: RFC 9474's blind_sig, base64url."}
    )
    v = ma.fields.Integer(metadata={"description": "From here on at the other levels."})
    ph = ma.fields.String(metadata={"description": "Hash of the frozen poll."})
    mark = ma.fields.String(
        metadata={"description": "The voter's pseudonym in this poll, base64url."}
    )
    name = ma.fields.String(metadata={"description": "At level open only."})
    sig = ma.fields.String(metadata={"description": "Ed25519, base64url."})


class ReasonOut(ma.Schema):
    code = ma.fields.String(required=True)
    sentence = Words(required=True)
    what_to_do = Words(required=True)


class EligibilityOut(ma.Schema):
    may_vote = ma.fields.Boolean(required=True)
    reasons = ma.fields.List(ma.fields.Nested(ReasonOut), required=True)
    poll_state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(
            ("approved", "frozen", "open", "suspended", "closed", "cancelled")
        ),
    )
    opens = Time(required=True, allow_none=True, metadata={"description": "Null: opens by hand."})
    closes = Time(required=True)
    permit = ma.fields.String(required=True, validate=ma.validate.OneOf(("none", "issued")))


class EligibleCountOut(ma.Schema):
    """Never exact: rounded to tens, and changed only when many people came or went."""

    state = ma.fields.String(
        required=True,
        validate=ma.validate.OneOf(STATES),
        metadata={"description": "few: fewer than about 20; unknown: nobody can know."},
    )
    count = ma.fields.Integer(required=True, allow_none=True)


class PersonIn(Body):
    """Whom the official means; one of both."""

    entry = ma.fields.String(
        load_default=None,
        validate=ma.validate.Length(1, MOST_ENTRY),
        metadata={"description": "The city's own id of the person, as in its register."},
    )
    number = ma.fields.String(load_default=None, validate=ma.validate.Length(1, MOST_NUMBER))


class CorrectionIn(PersonIn):
    change = ma.fields.String(required=True, validate=ma.validate.OneOf((ADDED, STRUCK)))
    text = Words(
        required=True,
        most=MOST_REASON,
        lines=True,
        metadata={"description": "Why.  Everyone reads it: it may name nobody."},
    )


class CorrectionOut(ma.Schema):
    id = ma.fields.String(required=True, metadata={"pattern": ID_PATTERN})
    change = ma.fields.String(required=True, validate=ma.validate.OneOf((ADDED, STRUCK)))
    text = Words(required=True)
    review = ma.fields.String(required=True, allow_none=True)
    by = ma.fields.String(required=True)
    expires_at = Time(required=True)


class CorrectionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(CorrectionOut), required=True)


class QuarantineDecisionIn(Body):
    rule = ma.fields.String(required=True, validate=ma.validate.OneOf(NAMES))
    released = ma.fields.Boolean(
        required=True,
        truthy={True},
        falsy={False},
        metadata={"description": "True: all that the rule flags counts as every other permit."},
    )
    text = Words(
        required=True,
        most=MOST_REASON,
        lines=True,
        metadata={"description": "Why.  Everyone reads it: it may name nobody."},
    )


class QuarantineDecisionOut(ma.Schema):
    id = ma.fields.String(required=True, metadata={"pattern": ID_PATTERN})
    rule = ma.fields.String(required=True, validate=ma.validate.OneOf(NAMES))
    released = ma.fields.Boolean(required=True)
    text = Words(required=True)
    by = ma.fields.String(required=True)
    expires_at = Time(required=True)


class QuarantineDecisionsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(QuarantineDecisionOut), required=True)


class ReviewIn(Body):
    text = ma.fields.String(
        required=True,
        validate=[
            ma.validate.Length(1, MOST_REVIEW),
            ma.validate.Regexp(r"^[^\x00]*\Z"),
        ],
        metadata={"description": "Why; it goes when the poll is erased."},
    )


class OwnReviewOut(ma.Schema):
    id = ma.fields.String(required=True)
    poll = ma.fields.String(required=True)
    text = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=ma.validate.OneOf(REVIEW_STATES))
    due = Time(required=True)
    reason = Words(required=True, allow_none=True)


class ReviewOut(OwnReviewOut):
    """``correction`` waits for a second official."""

    overdue = ma.fields.Boolean(required=True)
    correction = ma.fields.String(required=True, allow_none=True)


class ReviewsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ReviewOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class DecisionIn(Body):
    granted = ma.fields.Boolean(required=True, truthy={True}, falsy={False})
    reason = Words(
        required=True,
        most=MOST_REASON,
        lines=True,
        metadata={"description": "For the citizen; granted, it is a public note: no names."},
    )


class ScopePermitAskedIn(Body):
    """RFC 9474's request for a blind signature under the scope's key."""

    kid = ma.fields.String(required=True, validate=ma.validate.Length(1, 64))
    blinded_msg = ma.fields.String(
        required=True,
        validate=ma.validate.Length(1, MOST_BLINDED),
        metadata={"description": "base64url."},
    )


class ScopePermitOut(ma.Schema):
    kid = ma.fields.String(required=True, metadata={"description": "The issuer key."})
    blind_sig = ma.fields.String(
        required=True, metadata={"description": "RFC 9474's blind_sig, base64url."}
    )


class ReleaseIn(Body):
    reason = Words(required=True, most=MOST_REASON, lines=True)


class ReleasedOut(ma.Schema):
    released = ma.fields.Integer(
        required=True, metadata={"description": "How many scopes give permits again."}
    )
