"""Push messages: a browser's own address at its push service, and the city's key."""

from collections.abc import Collection
from datetime import datetime

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from mvote.channels.deliveries.errors import PushServiceNotKnown
from mvote.channels.deliveries.rules import PUSH
from mvote.channels.deliveries.rules_push import check_keys, is_service, public_point
from mvote.channels.deliveries.service.following import (
    find_row,
    new_row,
    read_topics,
    require_room,
    spell,
)
from mvote.core.canonical import canonical_bytes
from mvote.db import reading, transaction
from mvote.installation import city_day, installation
from mvote.secret_files import make_once, refuse_open_to_others

FILE = "push-key"
MOST_ENDPOINT = 1000


def follows(endpoint: str, *, p256dh: str, auth: str) -> bool:
    """Whether a phone follows already, and so takes none of a day's places for new ones.

    Raises PushServiceNotKnown.
    """
    with reading("votes") as session:
        return find_row(session, PUSH, _target(endpoint, p256dh, auth)) is not None


def follow_by_push(
    endpoint: str,
    *,
    p256dh: str,
    auth: str,
    topics: Collection[str],
    language: str,
    now: datetime,
) -> str:
    """What the phone has to keep to leave again.  Known already, its topics are these now.

    Raises PushServiceNotKnown, TopicUnknown, TooManyAsked.
    """
    target = _target(endpoint, p256dh, auth)
    kept, day, most = read_topics(topics), city_day(now), installation().settings.push_new_per_day
    with transaction("votes") as session:
        row = find_row(session, PUSH, target)
        if row is None:
            require_room(session, PUSH, most=most, day=day)
            row = new_row(PUSH, target, topics=kept, language=language, today=day)
            session.add(row)
        row.topics, row.language, row.failures = kept, language, 0
        return spell(row)


def _target(endpoint: str, p256dh: str, auth: str) -> str:
    """A phone as it is kept.  Raises PushServiceNotKnown."""
    known = is_service(endpoint, installation().settings.push_services)
    if not (known and len(endpoint) <= MOST_ENDPOINT and check_keys(p256dh, auth)):
        raise PushServiceNotKnown()
    return canonical_bytes({"endpoint": endpoint, "p256dh": p256dh, "auth": auth}).decode()


def push_key() -> ec.EllipticCurvePrivateKey:
    """The city's key (VAPID), made when it is first needed.

    Lost, phones have to ask anew; nothing else hangs on it.  Raises SettingsFault, OSError.
    """
    path = installation().settings.keys("votes") / FILE
    make_once(path, _fresh)
    refuse_open_to_others("MVOTE_VOTES_KEYS", path)
    key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    assert isinstance(key, ec.EllipticCurvePrivateKey)
    return key


def known_point() -> str:
    """The public half."""
    return public_point(push_key())


def _fresh() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    return key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
