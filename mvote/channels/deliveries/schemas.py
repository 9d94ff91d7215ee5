"""Following on the wire."""

import marshmallow as ma

from mvote.channels.deliveries.rules import MOST_TOPIC
from mvote.channels.deliveries.service.pushing import MOST_ENDPOINT
from mvote.core.text import LANGUAGES
from mvote.gateways.outbound import MOST_URL
from mvote.installation import installation
from mvote.web.fields import Body

MOST_ADDRESS = 254
MOST_KEY = 100


def _few(topics: list[str]) -> None:
    most = installation().settings.topics_per_subscription
    if not 1 <= len(topics) <= most:
        raise ma.ValidationError(f"has to name 1 to {most} topics")


class _Following(Body):
    topics = ma.fields.List(
        ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_TOPIC)),
        required=True,
        validate=_few,
    )
    language = ma.fields.String(load_default="ko", validate=ma.validate.OneOf(LANGUAGES))


class MailFollowingIn(_Following):
    """``topics`` are ``all``, ``department:CODE`` or ``topic:TAG``."""

    address = ma.fields.String(required=True, validate=ma.validate.Length(3, MOST_ADDRESS))


class PushKeysIn(Body):
    """As ``PushSubscription.toJSON()`` gives them."""

    p256dh = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_KEY))
    auth = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_KEY))


class PushFollowingIn(_Following):
    endpoint = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_ENDPOINT))
    keys = ma.fields.Nested(PushKeysIn, required=True)


class FollowingOut(ma.Schema):
    """``own`` is the follower's secret, by which it leaves."""

    own = ma.fields.String(required=True)


class PushKeyOut(ma.Schema):
    """``key`` is the browser's ``applicationServerKey``; ``on`` is false where no push is sent."""

    key = ma.fields.String(required=True)
    on = ma.fields.Boolean(required=True)


class WebhookIn(_Following):
    url = ma.fields.String(required=True, validate=ma.validate.Length(1, MOST_URL))


class WebhookOut(ma.Schema):
    """``stopped``: it took nothing for so long that nothing more is sent."""

    id = ma.fields.String(required=True)
    url = ma.fields.String(required=True)
    topics = ma.fields.List(ma.fields.String(), required=True)
    failures = ma.fields.Integer(required=True)
    stopped = ma.fields.Boolean(required=True)


class NewWebhookOut(WebhookOut):
    """``secret`` is told this once."""

    secret = ma.fields.String(required=True)


class WebhooksOut(ma.Schema):
    items = ma.fields.List(ma.fields.Nested(WebhookOut), required=True)
