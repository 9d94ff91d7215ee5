"""Who issues permits for a poll, and to how many: what the people wing adds before freezing."""

import re
from dataclasses import dataclass

from mvote.core.canonical import JSON, b64u_decode
from mvote.core.fields import Reader
from mvote.core.secrecy.exact import KEY_ID
from mvote.core.text import text_fault

ROLL_MODES = ("growing", "closed")
MOST_OPERATOR = 80
MOST_ISSUERS = 4
KEY_BYTES = 32

CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}")
KEY_ID_WORDS = "1 to 64 signs of base64url"
CODE_WORDS = "1 to 64 letters, digits, underscores or hyphens"


@dataclass(frozen=True, slots=True)
class Roll:
    """Who may vote, in number: ``eligible`` is None where the city cannot know it."""

    mode: str
    eligible: int | None

    def to_json(self) -> dict[str, JSON]:
        return {"mode": self.mode, "eligible": self.eligible}


@dataclass(frozen=True, slots=True)
class IssuerKey:
    """A public key that signs permits: Ed25519, ``x`` as base64url of 32 bytes (RFC 8037)."""

    kid: str
    x: str
    operator: str
    alg: str = "Ed25519"

    def to_json(self) -> dict[str, JSON]:
        return {"kid": self.kid, "alg": self.alg, "x": self.x, "operator": self.operator}


def read_roll(read: Reader) -> Roll:
    """The field ``roll`` of a document; faults are added to the reader's."""
    inner = Reader(read.object("roll"), read.faults, "roll")
    inner.only("mode", "eligible")
    if "eligible" not in inner.raw:
        inner.fault("eligible", "is missing")
    return Roll(inner.one_of("mode", ROLL_MODES), inner.optional_integer("eligible"))


def read_issuer(read: Reader) -> tuple[IssuerKey, ...]:
    """The field ``issuer`` of a document; faults are added to the reader's."""
    keys: list[IssuerKey] = []
    for place, raw in enumerate(read.items("issuer", least=1, most=MOST_ISSUERS)):
        inner = Reader(raw, read.faults, f"issuer[{place}]")
        inner.only("kid", "alg", "x", "operator")
        kid = inner.matching("kid", KEY_ID, KEY_ID_WORDS)
        if any(kid == key.kid for key in keys):
            inner.fault("kid", "stands twice")
        operator = inner.raw.get("operator")
        if not isinstance(operator, str) or text_fault(operator, most=MOST_OPERATOR):
            inner.fault("operator", f"has to be a text of 1 to {MOST_OPERATOR} characters")
        alg = inner.one_of("alg", ("Ed25519",))
        keys.append(IssuerKey(kid, read_key(inner, "x"), str(operator), alg))
    return tuple(keys)


def read_key(read: Reader, key: str) -> str:
    """A public key as canonical base64url."""
    value = read.raw.get(key)
    try:
        b64u_decode(value if isinstance(value, str) else "", length=KEY_BYTES)
    except ValueError:
        read.fault(key, f"has to be base64url of {KEY_BYTES} bytes")
        return ""
    return str(value)
