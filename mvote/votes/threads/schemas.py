"""Discussions and topics on the wire."""

import marshmallow as ma
from marshmallow.validate import Length, OneOf, Regexp

from mvote.installation import installation
from mvote.votes.moderation.rules import STATES
from mvote.votes.threads.rules import KINDS, OFFICE, TOP
from mvote.votes.threads.rules_tags import MOST_TAG
from mvote.web.fields import Body, Id, Plain, Time, Words
from mvote.web.paging import CursorIn

MOST_NAME, MOST_INTEREST = 200, 2_000
MOST_TAGS = 20


class PostIn(Body):
    """The body of the act ``post``.  A reply or an addition says to which post, others to none."""

    kind = ma.fields.String(required=True, validate=OneOf(KINDS))
    reply_to = Id(load_default=None, allow_none=True)
    text = Plain(required=True, most=lambda: installation().settings.post_characters, lines=True)


class WithdrawPostIn(Body):
    """The body of the act ``withdraw-post``."""

    post = Id(required=True)


class OfficeReplyIn(Body):
    """What the department replies, in both languages."""

    text = Words(required=True, most=lambda: installation().settings.text_characters, lines=True)


def _b64u(length: int, meaning: str) -> ma.fields.String:
    return ma.fields.String(
        load_default="",
        validate=Regexp(rf"^([A-Za-z0-9_-]{{{length}}})?\Z"),
        metadata={"description": meaning},
    )


class ExpertStatementIn(Body):
    """What an expert states, who it is, and on whose behalf or to whose benefit.

    The expert may sign: Ed25519 over ``mvote-expert-v1``, a zero byte and the JCS form of
    ``{"v":1,"record":…,"name":…,"role":…,"interest":…,"text":…}``.
    """

    name = Words(required=True, most=MOST_NAME)
    role = Words(required=True, most=MOST_NAME)
    interest = Words(required=True, most=MOST_INTEREST, lines=True)
    text = Words(required=True, most=lambda: installation().settings.text_characters, lines=True)
    key = _b64u(43, "The expert's Ed25519 public key as base64url; empty without a signature.")
    signature = _b64u(86, "The expert's signature as base64url; empty: entered by the office.")


class TagsIn(Body):
    """Hashtags with or without ``#``; they take the place of those before."""

    tags = ma.fields.List(
        ma.fields.String(validate=Length(1, 2 * MOST_TAG)),
        required=True,
        validate=Length(max=MOST_TAGS),
    )


class AuthorOut(ma.Schema):
    """One citizen within this record, and nowhere else."""

    id = ma.fields.String(required=True)
    label = Words(required=True)


class AdditionOut(ma.Schema):
    """A citizen's ``text``, or the ``words`` of ``department``; neither where it is not shown.

    ``day`` is in the city.  ``digest`` stands in the record's summary when it closes; it covers
    SHA-256 of ``mvote-text-v1``, ``salt`` and ``text``, parted by zero bytes.
    """

    id = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    kind = ma.fields.String(required=True, validate=OneOf((*KINDS, OFFICE)))
    reply_to = ma.fields.String(required=True, allow_none=True)
    author = ma.fields.Nested(AuthorOut, required=True, allow_none=True)
    department = ma.fields.String(required=True, allow_none=True)
    day = ma.fields.String(required=True)
    state = ma.fields.String(required=True, validate=OneOf(STATES))
    text = ma.fields.String(required=True, allow_none=True)
    words = Words(required=True, allow_none=True)
    salt = ma.fields.String(required=True, allow_none=True)
    digest = ma.fields.String(required=True)
    reason = Words(required=True, allow_none=True)
    category = ma.fields.String(required=True, allow_none=True)


class PostOut(AdditionOut):
    """A post with what its author added to it."""

    additions = ma.fields.List(ma.fields.Nested(AdditionOut), required=True)


class ThreadOut(ma.Schema):
    post = ma.fields.Nested(PostOut, required=True)
    replies = ma.fields.List(ma.fields.Nested(PostOut), required=True)


class ThreadsIn(CursorIn):
    """``kind`` shows one kind of post only."""

    kind = ma.fields.String(load_default=None, validate=OneOf(TOP))


class ThreadsOut(ma.Schema):
    """In the order of ``day``: by SHA-256 of ``mvote-order-v1``, the day and a post's id."""

    day = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(ThreadOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class ExpertOut(ma.Schema):
    """``signature`` null: it is the office's word that the expert said so.

    ``fingerprint`` is SHA-256 of the key.
    """

    id = ma.fields.String(required=True)
    record = ma.fields.String(required=True)
    at = Time(required=True)
    department = ma.fields.String(required=True)
    name = Words(required=True)
    role = Words(required=True)
    interest = Words(required=True)
    text = Words(required=True)
    key = ma.fields.String(required=True, allow_none=True)
    signature = ma.fields.String(required=True, allow_none=True)
    fingerprint = ma.fields.String(required=True, allow_none=True)
    digest = ma.fields.String(required=True)


class ExpertsOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(ExpertOut), required=True)


class TagsOut(ma.Schema):
    tags = ma.fields.List(ma.fields.String(), required=True)


class TopicsIn(CursorIn):
    after = Plain(load_default="", most=MOST_TAG, empty=True)


class TopicsOut(ma.Schema):
    """In the order of their letters; how often each is used is not told."""

    items = ma.fields.List(ma.fields.String(), required=True)
    next = ma.fields.String(required=True, allow_none=True)


class TaggedOut(ma.Schema):
    """A record, a proposal, a post …; ``href`` is its page, ``begins`` how its text begins."""

    kind = ma.fields.String(required=True)
    item = ma.fields.String(required=True)
    record = ma.fields.String(required=True, allow_none=True)
    title = Words(required=True)
    href = ma.fields.String(required=True)
    begins = ma.fields.String(required=True, allow_none=True)


class TopicOut(ma.Schema):
    tag = ma.fields.String(required=True)
    items = ma.fields.List(ma.fields.Nested(TaggedOut), required=True)
    next = ma.fields.String(required=True, allow_none=True)
