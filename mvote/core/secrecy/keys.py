"""Ed25519 keys (RFC 8032): their public form, their names, and signatures over labelled JSON.

A signature covers ``label || 0x00 || JCS(content)``.  The label names the kind of thing
that is signed, so that a signature under one kind is worth nothing under another.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import JSON, b64u, canonical_bytes
from mvote.core.errors import Invalid
from mvote.core.secrecy import exact

ALGORITHM: Final = "Ed25519"
KEY_LENGTH: Final = 32
SIGNATURE_LENGTH: Final = 64
KID_DIGITS: Final = 32
_PUBLIC_KEYS: Final = frozenset({"kid", "alg", "x"})
_ISSUER_KEYS: Final = _PUBLIC_KEYS | {"operator"}
MAX_OPERATOR: Final = 200


class KeyMalformed(Invalid):
    words = {
        "ko": "공개 키의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the public key is not what it has to be.",
    }


def raw_public(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes_raw()


def kid_of(key: Ed25519PublicKey) -> str:
    """The key's name: 128 bits of its JWK thumbprint (RFC 7638, RFC 8037), 32 hexadecimal digits.

    Hexadecimal, so that it starts with a letter or digit wherever identifiers have to.
    """
    thumbprint = canonical_bytes({"crv": ALGORITHM, "kty": "OKP", "x": b64u(raw_public(key))})
    return hashlib.sha256(thumbprint).hexdigest()[:KID_DIGITS]


def public_jwk(key: Ed25519PublicKey | Ed25519PrivateKey) -> dict[str, str]:
    """``{"kid", "alg", "x"}`` of a public key, or of the public half of a private one."""
    public = key.public_key() if isinstance(key, Ed25519PrivateKey) else key
    return {"kid": kid_of(public), "alg": ALGORITHM, "x": b64u(raw_public(public))}


def load_public(jwk: JSON) -> Ed25519PublicKey:
    """Read what ``public_jwk`` writes; the name has to be the key's own.  Raises KeyMalformed."""
    try:
        value = exact.record(jwk, "key", _PUBLIC_KEYS)
        key = _read_public(value)
        if value["kid"] != kid_of(key):
            raise exact.Fault("kid")
    except exact.Fault as fault:
        raise KeyMalformed(field=fault.field) from None
    return key


def load_raw(x: JSON, *, field: str = "x") -> Ed25519PublicKey:
    """Read a public key from its bare base64url, like a poll's ``board_key``.

    Raises KeyMalformed, which names ``field``.
    """
    try:
        raw = exact.raw({field: x}, field, length=KEY_LENGTH)
    except exact.Fault as fault:
        raise KeyMalformed(field=fault.field) from None
    return Ed25519PublicKey.from_public_bytes(raw)


def load_issuers(issuers: JSON) -> dict[str, Ed25519PublicKey]:
    """The issuer list of a frozen poll by ``kid``; each entry also names its ``operator``.

    The list is part of the poll hash, so a ``kid`` here may be any name.
    Raises KeyMalformed: also when the list is empty or a key's name stands in it twice.
    """
    if not isinstance(issuers, Sequence) or isinstance(issuers, str) or not issuers:
        raise KeyMalformed(field="issuer")
    loaded: dict[str, Ed25519PublicKey] = {}
    try:
        for entry in issuers:
            value = exact.record(entry, "issuer", _ISSUER_KEYS)
            operator = value["operator"]
            if not isinstance(operator, str) or not 0 < len(operator) <= MAX_OPERATOR:
                raise exact.Fault("operator")
            loaded[exact.matching(value, "kid", exact.KEY_ID)] = _read_public(value)
    except exact.Fault as fault:
        raise KeyMalformed(field=fault.field) from None
    if len(loaded) != len(issuers):
        raise KeyMalformed(field="kid")
    return loaded


def sign(key: Ed25519PrivateKey, label: str, content: JSON) -> str:
    """Sign ``label || 0x00 || JCS(content)``; base64url.  Deterministic."""
    return b64u(key.sign(_message(label, content)))


def is_signed(key: Ed25519PublicKey, label: str, content: JSON, signature: bytes) -> bool:
    """Whether ``signature`` is this key's over the labelled content."""
    try:
        key.verify(signature, _message(label, content))
    except InvalidSignature:
        return False
    return True


def _message(label: str, content: JSON) -> bytes:
    return label.encode("ascii") + b"\0" + canonical_bytes(content)


def _read_public(value: dict[str, JSON]) -> Ed25519PublicKey:
    if value["alg"] != ALGORITHM:
        raise exact.Fault("alg")
    return Ed25519PublicKey.from_public_bytes(exact.raw(value, "x", length=KEY_LENGTH))
