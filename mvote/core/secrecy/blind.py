"""Blind RSA signatures: the voter's half of RFC 9474, RSABSSA-SHA384-PSS-Randomized.

The voter blinds a message, the issuer signs what it cannot read, the voter takes the
blinding away.  What remains is an ordinary RSA-PSS signature (SHA-384, MGF1 with SHA-384,
a salt of 48 bytes) over a message whose first 32 bytes are the random prefix of the
``Randomized`` variant.

The text of RFC 9474 encodes with ``bit_len(n)`` bits; its test vectors, and PSS itself
(RFC 8017 section 8.1.1), take one bit less, and so does this module.
"""

import hashlib
import math
from typing import Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from mvote.core.canonical import JSON, b64u_decode
from mvote.core.errors import Invalid

ALGORITHM: Final = "RSABSSA-SHA384-PSS-Randomized"
MODULUS_BITS: Final = (2048, 3072, 4096)
PUBLIC_EXPONENT: Final = 65537
SALT_LENGTH: Final = 48
PREFIX_LENGTH: Final = 32
_HASH: Final = hashes.SHA384()
_HASH_NAME: Final = "sha384"
_TRAILER: Final = b"\xbc"


class BlindedMessageMalformed(Invalid):
    words = {
        "ko": "허가증을 신청하며 보낸 가려진 값이 올바르지 않습니다.",
        "en": "The blinded value is not one that the issuer's key can sign.",
    }


class BlindSignatureNotValid(Invalid):
    words = {
        "ko": "발급 기관이 돌려준 서명이 신청한 허가증의 서명이 아닙니다.",
        "en": "What the issuer gave back is no signature of the permit that was asked for.",
    }


def key_fault(public: rsa.RSAPublicKey) -> str | None:
    """Say what keeps a key from being an issuer's, or None: its ``n``, its ``e``."""
    numbers = public.public_numbers()
    if public.key_size not in MODULUS_BITS or numbers.n % 2 == 0:
        return "n"
    return None if numbers.e == PUBLIC_EXPONENT else "e"


def modulus_bytes(public: rsa.RSAPublicKey) -> int:
    """How many bytes a blinded value and a signature have."""
    return (public.key_size + 7) // 8


def encode_pss(message: bytes, em_bits: int, salt: bytes, *, hash_name: str = _HASH_NAME) -> bytes:
    """EMSA-PSS-ENCODE (RFC 8017 section 9.1.1), of ``em_bits`` bits.

    Raises ValueError where so few bits cannot hold the hash and the salt.
    """
    made = _digest(hash_name, message)
    length, hash_length = (em_bits + 7) // 8, len(made)
    padding_length = length - len(salt) - hash_length - 2
    if padding_length < 0:
        raise ValueError("the modulus is too short for this salt")
    hashed = _digest(hash_name, bytes(8) + made + salt)
    plain = bytes(padding_length) + b"\x01" + salt
    mask = _mgf1(hash_name, hashed, len(plain))
    masked = int.from_bytes(plain, "big") ^ int.from_bytes(mask, "big")
    masked &= (1 << (em_bits - 8 * (hash_length + 1))) - 1
    return masked.to_bytes(len(plain), "big") + hashed + _TRAILER


def blind(public: rsa.RSAPublicKey, message: bytes, salt: bytes, r: int) -> tuple[bytes, int]:
    """Hide a message: the value for the issuer, and the inverse that takes the blinding away.

    ``r`` is secret, random and below the modulus.  Raises ValueError where ``r`` or the
    encoded message shares a factor with the modulus, which nobody meets by chance.
    """
    numbers = public.public_numbers()
    n = numbers.n
    encoded = int.from_bytes(encode_pss(message, n.bit_length() - 1, salt), "big")
    if math.gcd(encoded, n) != 1:
        raise ValueError("the encoded message shares a factor with the modulus")
    inverse = pow(r, -1, n)
    hidden = encoded * pow(r, numbers.e, n) % n
    return hidden.to_bytes(modulus_bytes(public), "big"), inverse


def check_blinded(public: rsa.RSAPublicKey, blinded: bytes) -> None:
    """The value is one that a voter can have made by blinding: 1 < z < n - 1, gcd(z, n) = 1.

    To be called before a permit is noted as issued: a bad value must not use it up.
    Raises BlindedMessageMalformed.
    """
    n = public.public_numbers().n
    value = int.from_bytes(blinded, "big")
    if len(blinded) != modulus_bytes(public) or not 1 < value < n - 1 or math.gcd(value, n) != 1:
        raise BlindedMessageMalformed()


def read_blinded(public: rsa.RSAPublicKey, spelled: JSON) -> bytes:
    """Read a blinded value from canonical base64url and check it.

    Raises BlindedMessageMalformed.
    """
    if not isinstance(spelled, str):
        raise BlindedMessageMalformed()
    try:
        blinded = b64u_decode(spelled, length=modulus_bytes(public))
    except ValueError:
        raise BlindedMessageMalformed() from None
    check_blinded(public, blinded)
    return blinded


def finalize(
    public: rsa.RSAPublicKey,
    message: bytes,
    blind_sig: bytes,
    inverse: int,
    *,
    salt_length: int = SALT_LENGTH,
) -> bytes:
    """Take the blinding away and check what remains, as long as the modulus.

    Raises BlindSignatureNotValid.
    """
    n, length = public.public_numbers().n, modulus_bytes(public)
    value = int.from_bytes(blind_sig, "big")
    if len(blind_sig) != length or value >= n:
        raise BlindSignatureNotValid()
    signature = (value * inverse % n).to_bytes(length, "big")
    if not verify(public, message, signature, salt_length=salt_length):
        raise BlindSignatureNotValid()
    return signature


def verify(
    public: rsa.RSAPublicKey, message: bytes, signature: bytes, *, salt_length: int = SALT_LENGTH
) -> bool:
    """Whether it is the key's RSA-PSS signature over the message, prefix and all."""
    try:
        public.verify(signature, message, _padding(salt_length), _HASH)
    except InvalidSignature:
        return False
    return True


_OURS: Final = padding.PSS(padding.MGF1(_HASH), SALT_LENGTH)


def _padding(salt_length: int) -> padding.PSS:
    return _OURS if salt_length == SALT_LENGTH else padding.PSS(padding.MGF1(_HASH), salt_length)


def _mgf1(hash_name: str, seed: bytes, length: int) -> bytes:
    """MGF1 (RFC 8017 appendix B.2.1)."""
    made, counter = b"", 0
    while len(made) < length:
        made += _digest(hash_name, seed + counter.to_bytes(4, "big"))
        counter += 1
    return made[:length]


def _digest(hash_name: str, content: bytes) -> bytes:
    return hashlib.new(hash_name, content, usedforsecurity=False).digest()
