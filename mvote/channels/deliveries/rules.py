"""Topics, pauses between tries, and what the log says of webhooks."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from mvote.audit.rules import Happening
from mvote.channels.deliveries.errors import TopicUnknown
from mvote.core.official import DEPARTMENT

MAIL, WEBHOOK, PUSH = "mail", "webhook", "push"
ALL: Final = "all"
DEPARTMENT_TOPIC, TAG_TOPIC = "department:", "topic:"
MOST_TOPIC: Final = 80
PAUSES: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400)
)
"""Between tries, as Standard Webhooks recommends."""
LEASE: Final = timedelta(minutes=5)
"""How long a message belongs to the worker that took it; a killed one sends it no more."""
_ADDRESS: Final = re.compile(
    r"(?=[^@]{1,64}@)[\w#$&'*+/=^`{|}~-]+(\.[\w#$&'*+/=^`{|}~-]+)*"
    r"@[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*",
    re.ASCII,
)
"""A dot-atom of RFC 5322 at a host, without the signs of an encoded word (RFC 2047), which a
header spells as other addresses, and of routes through other hosts (``!`` and ``%``)."""


@dataclass(frozen=True, slots=True)
class WebhookAdded(Happening):
    """``subject`` is the webhook; its address is in no log."""

    official: str


class WebhookRemoved(WebhookAdded):
    """An official removed it."""


@dataclass(frozen=True, slots=True)
class WebhookStopped(Happening):
    """It took nothing for so long that nothing more is sent."""

    failures: int


@dataclass(frozen=True, slots=True)
class Webhook:
    """A webhook in a list; its secret is told once, when it is added."""

    id: str
    url: str
    topics: Sequence[str]
    failures: int
    stopped: bool


def pause_after(tries: int) -> timedelta:
    """How long to wait after so many tries, 1 at least."""
    return PAUSES[min(tries, len(PAUSES)) - 1]


def is_address(value: str) -> bool:
    """Whether it can be an e-mail address of ASCII; whether it is one only a message tells."""
    return len(value) <= 254 and value.isascii() and bool(_ADDRESS.fullmatch(value))


def check_topics(topics: Collection[str], *, departments: Collection[str]) -> list[str]:
    """``all``, ``department:CODE`` or ``topic:TAG``, each once, in order.  Raises TopicUnknown."""
    for topic in topics:
        code = topic.removeprefix(DEPARTMENT_TOPIC)
        named = code != topic and bool(DEPARTMENT.fullmatch(code)) and code in departments
        tag = topic.removeprefix(TAG_TOPIC)
        tagged = tag != topic and bool(tag.strip()) and len(topic) <= MOST_TOPIC
        if not (topic == ALL or named or tagged):
            raise TopicUnknown(topic=topic[:MOST_TOPIC])
    return sorted(set(topics))


def concerns(topics: Collection[str], *, department: str, tags: Collection[str]) -> bool:
    """Whether news of a department about a record with such tags is for who follows these."""
    about = {ALL, DEPARTMENT_TOPIC + department, *(TAG_TOPIC + tag for tag in tags)}
    return not about.isdisjoint(topics)
