"""Keys: their public form, their names, and signatures over labelled JSON.

Everything is signed with Ed25519 (RFC 8032), but blind permits with RSA (``blind``).  A
signature over JSON covers ``label || 0x00 || JCS(content)``.  The label names the kind of thing
that is signed, so that a signature under one kind is worth nothing under another.
"""

import hashlib
from collections.abc import Sequence
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, RSAPublicNumbers

from mvote.core.canonical import JSON, b64u, canonical_bytes
from mvote.core.errors import Invalid
from mvote.core.secrecy import blind, exact

ALGORITHM: Final = "Ed25519"
KEY_LENGTH: Final = 32
SIGNATURE_LENGTH: Final = 64
KID_DIGITS: Final = 32
_PUBLIC_KEYS: Final = frozenset({"kid", "alg", "x"})
_BLIND_KEYS: Final = frozenset({"kid", "alg", "n", "e"})
_MODULUS_LENGTHS: Final = frozenset(bits // 8 for bits in blind.MODULUS_BITS)
MAX_OPERATOR: Final = 200
_PRIME: Final = 2**255 - 19
_WITHOUT_SIGN: Final = 2**255 - 1
_ORDER_8: Final = int.from_bytes(
    bytes.fromhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"), "little"
)
_SMALL_ORDER: Final = frozenset({0, 1, _PRIME - 1, _ORDER_8, _PRIME - _ORDER_8})
"""The y coordinates of the eight points whose order divides 8."""

_BEFORE_SIG, _AFTER_SIG = b',"sig":"', b'","v":1}'
_SIG_TAIL: Final = len(_BEFORE_SIG) + len(b64u(bytes(SIGNATURE_LENGTH))) + len(_AFTER_SIG)

IssuerPublic = Ed25519PublicKey | RSAPublicKey
"""Ed25519 signs pseudonym permits, RSA blind ones."""


class KeyMalformed(Invalid):
    words = {
        "ko": "공개 키의 ‘{field}’ 항목이 올바르지 않습니다.",
        "en": "The field “{field}” of the public key is not what it has to be.",
    }


def raw_public(key: Ed25519PublicKey) -> bytes:
    """The 32 bytes of a public key."""
    return key.public_bytes_raw()


def is_weak(raw: bytes) -> bool:
    """Whether 32 bytes spell an Ed25519 key that signatures fit which nobody made.

    Such a point has order 1, 2, 4 or 8.  A second spelling of a point (``y`` not below the
    field's prime) counts as weak too: verifiers differ on both, and two have to agree.
    """
    y = int.from_bytes(raw, "little") & _WITHOUT_SIGN
    return y >= _PRIME or y in _SMALL_ORDER


def kid_of(key: IssuerPublic) -> str:
    """The key's name: 128 bits of its JWK thumbprint (RFC 7638, RFC 8037), 32 hexadecimal digits.

    Hexadecimal, so that it starts with a letter or digit wherever identifiers have to.
    """
    if isinstance(key, RSAPublicKey):
        content = {"e": _spelled(key.public_numbers().e), "kty": "RSA", "n": modulus(key)}
    else:
        content = {"crv": ALGORITHM, "kty": "OKP", "x": b64u(raw_public(key))}
    return hashlib.sha256(canonical_bytes(content)).hexdigest()[:KID_DIGITS]


def modulus(key: RSAPublicKey) -> str:
    """``n`` as base64url, big-endian without leading zeros (RFC 7518 section 6.3.1.1)."""
    return _spelled(key.public_numbers().n)


def blind_jwk(key: RSAPublicKey) -> dict[str, JSON]:
    """``{"kid", "alg", "n", "e"}`` of a public key for blind permits; ``e`` is a number."""
    kid, e = kid_of(key), key.public_numbers().e
    return {"kid": kid, "alg": blind.ALGORITHM, "n": modulus(key), "e": e}


def load_blind(jwk: JSON) -> RSAPublicKey:
    """Read what ``blind_jwk`` writes; the name has to be the key's own.  Raises KeyMalformed."""
    try:
        return _read_blind(exact.record(jwk, "key", _BLIND_KEYS))
    except exact.Fault as fault:
        raise KeyMalformed(field=fault.field) from None


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


def load_issuers(issuers: JSON) -> dict[str, IssuerPublic]:
    """The issuer list of a frozen poll by ``kid``; each entry also names its ``operator``.

    The list is part of the poll hash, so the ``kid`` of an Ed25519 key may be any name here.
    Raises KeyMalformed: also when the list is empty or a key's name stands in it twice.
    """
    if not isinstance(issuers, Sequence) or isinstance(issuers, str) or not issuers:
        raise KeyMalformed(field="issuer")
    try:
        loaded = dict(_read_issuer(entry) for entry in issuers)
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


def carries_signature(canonical: bytes, *, key: bytes, label: str, signature: bytes) -> bool:
    """Whether JCS bytes, whose ``sig`` this is, are signed with a key, given by its 32 bytes.

    ``sig`` and ``"v":1`` are the last keys in canonical order, so the signed form is cut out.
    """
    signed = canonical[:-_SIG_TAIL] + _AFTER_SIG[1:]
    try:
        public = Ed25519PublicKey.from_public_bytes(key)
        public.verify(signature, label.encode() + b"\0" + signed)
    except InvalidSignature:
        return False
    return True


def _message(label: str, content: JSON) -> bytes:
    return label.encode("ascii") + b"\0" + canonical_bytes(content)


def _spelled(number: int) -> str:
    return b64u(number.to_bytes((number.bit_length() + 7) // 8, "big"))


def _read_issuer(entry: JSON) -> tuple[str, IssuerPublic]:
    if not isinstance(entry, dict):
        raise exact.Fault("issuer")
    is_blind = entry.get("alg") == blind.ALGORITHM
    known = _BLIND_KEYS if is_blind else _PUBLIC_KEYS
    value = exact.record(entry, "issuer", known | {"operator"})
    operator = value["operator"]
    if not isinstance(operator, str) or not 0 < len(operator) <= MAX_OPERATOR:
        raise exact.Fault("operator")
    kid = exact.matching(value, "kid", exact.KEY_ID)
    return kid, _read_blind(value) if is_blind else _read_public(value)


def _read_public(value: dict[str, JSON]) -> Ed25519PublicKey:
    if value["alg"] != ALGORITHM:
        raise exact.Fault("alg")
    return Ed25519PublicKey.from_public_bytes(exact.raw(value, "x", length=KEY_LENGTH))


def _read_blind(value: dict[str, JSON]) -> RSAPublicKey:
    if value["alg"] != blind.ALGORITHM:
        raise exact.Fault("alg")
    exact.whole(value, "e", least=blind.PUBLIC_EXPONENT, most=blind.PUBLIC_EXPONENT)
    n = int.from_bytes(exact.raw_of_any(value, "n", lengths=_MODULUS_LENGTHS), "big")
    if n.bit_length() not in blind.MODULUS_BITS or n % 2 == 0:
        raise exact.Fault("n")
    key = RSAPublicNumbers(blind.PUBLIC_EXPONENT, n).public_key()
    if value["kid"] != kid_of(key):
        raise exact.Fault("kid")
    return key
