"""Who issues permits for a poll, and to how many: what the people wing adds before freezing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mvote.core.canonical import JSON, b64u_decode
from mvote.core.eligibility import is_closable
from mvote.core.fields import Reader
from mvote.core.secrecy import blind, keys
from mvote.core.secrecy.exact import KEY_ID
from mvote.core.secrecy.levels import takes_blind
from mvote.core.text import text_fault

GROWING, CLOSED = "growing", "closed"
ROLL_MODES = (GROWING, CLOSED)
MOST_OPERATOR = 80
MOST_ISSUERS = 4
KEY_BYTES = 32
MIN_SECRET_ELIGIBLE = 20
"""Where ballots are secret: with fewer, what is published would tell how one person voted."""

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
    """A public key that signs pseudonyms: Ed25519, ``x`` as base64url of 32 bytes (RFC 8037)."""

    kid: str
    x: str
    operator: str
    alg: str = keys.ALGORITHM

    def to_json(self) -> dict[str, JSON]:
        return {"kid": self.kid, "alg": self.alg, "x": self.x, "operator": self.operator}


@dataclass(frozen=True, slots=True)
class BlindIssuerKey:
    """A public key that signs blindly: RSA, ``n`` as base64url, ``kid`` its own name."""

    kid: str
    n: str
    operator: str
    e: int = blind.PUBLIC_EXPONENT
    alg: str = blind.ALGORITHM

    @classmethod
    def of(cls, key: RSAPublicKey, *, operator: str) -> "BlindIssuerKey":
        return cls(keys.kid_of(key), keys.modulus(key), operator)

    def to_json(self) -> dict[str, JSON]:
        return {**self._key(), "operator": self.operator}

    def public(self) -> RSAPublicKey:
        """Raises KeyMalformed."""
        return keys.load_blind(self._key())

    def _key(self) -> dict[str, JSON]:
        return {"kid": self.kid, "alg": self.alg, "n": self.n, "e": self.e}


Issuer = IssuerKey | BlindIssuerKey


def read_roll(read: Reader) -> Roll:
    """The field ``roll`` of a document; faults are added to the reader's."""
    inner = Reader(read.object("roll"), read.faults, "roll")
    inner.only("mode", "eligible")
    if "eligible" not in inner.raw:
        inner.fault("eligible", "is missing")
    return Roll(inner.one_of("mode", ROLL_MODES), inner.optional_integer("eligible"))


def read_roll_mode(read: Reader) -> str:
    """The field ``roll_mode`` of a draft; faults are added to the reader's."""
    return read.one_of("roll_mode", ROLL_MODES) if "roll_mode" in read.raw else GROWING


def check_roll_mode(read: Reader, values: Mapping[str, JSON]) -> None:
    """Everyone on a closed roll is known by a key beforehand."""
    if values["roll_mode"] != CLOSED:
        return
    if values["roll_key"] == "oidc":
        read.fault("roll_mode", "cannot be closed: nobody knows beforehand whom a provider knows")
    elif values["audience"] and not is_closable(values["audience"]):
        why = "a closed roll needs a targeted audience, which asks for a room only of everybody"
        read.fault("roll_mode", why)


def read_issuer(read: Reader) -> tuple[Issuer, ...]:
    """The field ``issuer`` of a document; faults are added to the reader's."""
    found: list[Issuer] = []
    for place, raw in enumerate(read.items("issuer", least=1, most=MOST_ISSUERS)):
        inner = Reader(raw, read.faults, f"issuer[{place}]")
        kid = inner.matching("kid", KEY_ID, KEY_ID_WORDS)
        if any(kid == key.kid for key in found):
            inner.fault("kid", "stands twice")
        operator = inner.raw.get("operator")
        if not isinstance(operator, str) or text_fault(operator, most=MOST_OPERATOR):
            inner.fault("operator", f"has to be a text of 1 to {MOST_OPERATOR} characters")
        found.append(_read_key_of_its_kind(inner, kid, str(operator)))
    return tuple(found)


def _read_key_of_its_kind(read: Reader, kid: str, operator: str) -> Issuer:
    if read.one_of("alg", (keys.ALGORITHM, blind.ALGORITHM)) != blind.ALGORITHM:
        read.only("kid", "alg", "x", "operator")
        return IssuerKey(kid, read_key(read, "x"), operator)
    read.only("kid", "alg", "n", "e", "operator")
    try:
        keys.load_blind({key: value for key, value in read.raw.items() if key != "operator"})
    except keys.KeyMalformed as refusal:
        read.fault(str(refusal.params["field"]), "is not that of an RSA key as it has to be")
    return BlindIssuerKey(kid, str(read.raw.get("n")), operator)


def check_fits_level(read: Reader, level: str, roll: Roll, issuers: tuple[Issuer, ...]) -> None:
    """The issuers' keys and the number of the eligible fit the level; faults are the reader's."""
    secret = takes_blind(level)
    if any(isinstance(key, BlindIssuerKey) != secret for key in issuers):
        read.fault("issuer", f"has keys that the level “{level}” does not take")
    if secret and len(issuers) > 1:
        read.fault("issuer", "has one key where permits are blind")
    if secret and roll.eligible is not None and roll.eligible < MIN_SECRET_ELIGIBLE:
        why = f"has to be at least {MIN_SECRET_ELIGIBLE} for the level “{level}”"
        read.fault("roll.eligible", why)


def read_key(read: Reader, key: str) -> str:
    """A public key as canonical base64url."""
    value = read.raw.get(key)
    try:
        b64u_decode(value if isinstance(value, str) else "", length=KEY_BYTES)
    except ValueError:
        read.fault(key, f"has to be base64url of {KEY_BYTES} bytes")
        return ""
    return str(value)
