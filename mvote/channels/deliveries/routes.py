"""Follow by e-mail or push, leave, and name webhooks."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from flask import request

from mvote.channels.deliveries import service
from mvote.channels.deliveries.errors import (
    MailAddressNotValid,
    PushServiceNotKnown,
    SubscriptionUnknown,
    TooManyAsked,
    TooManyWebhooks,
    TopicUnknown,
    WebhookAddressNotTaken,
    WebhookKnown,
)
from mvote.channels.deliveries.rules import MAIL, PUSH
from mvote.channels.deliveries.schemas import (
    FollowingOut,
    MailFollowingIn,
    NewWebhookOut,
    PushFollowingIn,
    PushKeyOut,
    WebhookIn,
    WebhooksOut,
)
from mvote.channels.deliveries.service.pushing import known_point
from mvote.installation import installation
from mvote.web.access import acting_official
from mvote.web.fields import Routes
from mvote.web.guard import guarded
from mvote.web.problems import refuses

routes = Routes("following", __name__, url_prefix="/api/v1", description="News that are sent")


@routes.post("/mail-followers")
@guarded
@refuses(MailAddressNotValid, TopicUnknown, TooManyAsked)
@routes.arguments(MailFollowingIn)
@routes.response(202)
def follow_by_mail(body: dict[str, Any]) -> None:
    """Ask an address whether it wants e-mail about these topics; it has to confirm."""
    now = _now()
    with service.asking(MAIL, request.remote_addr or "", now=now):
        service.follow_by_mail(**body, now=now)


@routes.get("/push-key")
@guarded
@routes.response(200, PushKeyOut)
def get_push_key() -> dict[str, Any]:
    """The city's key for push messages (RFC 8292)."""
    return {"key": known_point(), "on": bool(installation().settings.push_services)}


@routes.post("/push-followers")
@guarded
@refuses(PushServiceNotKnown, TopicUnknown, TooManyAsked)
@routes.arguments(PushFollowingIn)
@routes.response(200, FollowingOut)
def follow_by_push(body: dict[str, Any]) -> dict[str, str]:
    """Send this phone push messages about these topics of the city, tied to no poll or account."""
    keys, now = body.pop("keys"), _now()
    known = service.follows(body["endpoint"], **keys)
    with service.asking(PUSH, request.remote_addr or "", known=known, now=now):
        return {"own": service.follow_by_push(**body, **keys, now=now)}


@routes.delete("/followers/<string:own>")
@guarded
@routes.response(204)
def stop_following(own: str) -> None:
    """Forget a follower; ``own`` is its secret."""
    service.leave(own)


@routes.get("/webhooks")
@guarded
@routes.response(200, WebhooksOut)
def list_webhooks() -> dict[str, Any]:
    """Where news are posted to."""
    return {"items": [asdict(one) for one in service.list_webhooks()]}


@routes.post("/webhooks")
@guarded
@refuses(WebhookAddressNotTaken, TopicUnknown, WebhookKnown, TooManyWebhooks)
@routes.arguments(WebhookIn)
@routes.response(201, NewWebhookOut)
def add_webhook(body: dict[str, Any]) -> dict[str, Any]:
    """Post news to an address, signed by the rules of Standard Webhooks."""
    made, secret = service.add_webhook(**body, official=acting_official(), now=_now())
    return {**asdict(made), "secret": secret}


@routes.delete("/webhooks/<string:webhook_id>")
@guarded
@refuses(SubscriptionUnknown)
@routes.response(204)
def remove_webhook(webhook_id: str) -> None:
    """Post nothing more there."""
    service.remove_webhook(webhook_id, official=acting_official(), now=_now())


def _now() -> datetime:
    return datetime.now(UTC)
