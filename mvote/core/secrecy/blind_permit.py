"""Blind permits: "one eligible citizen, this poll", which even their issuer has never seen.

::

    {"kid":"<issuer key>", "pre":"<32 bytes>", "sig":"<as long as the modulus>"}

The issuer signs, blindly, ``pre || "mvote-permit-v1" || 0x00 || ph || bk``: ``pre`` is the
random prefix of RFC 9474, ``ph`` the 32 bytes of the poll hash and ``bk`` the public key
under which this voter's ballots of this poll are signed.  So a permit is worth nothing in
another poll, nor to whoever lacks the ballot key.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from mvote.core.canonical import JSON, b64u
from mvote.core.secrecy import blind, exact
from mvote.core.secrecy.keys import IssuerPublic
from mvote.core.secrecy.permit import PermitMalformed, PermitNotValid

LABEL: Final = b"mvote-permit-v1\0"
KEY_LENGTH: Final = 32
_KEYS: Final = frozenset({"kid", "pre", "sig"})
_SIGNATURE_LENGTHS: Final = frozenset(bits // 8 for bits in blind.MODULUS_BITS)


@dataclass(frozen=True, slots=True)
class BlindPermit:
    """``pre`` 32 bytes, ``sig`` as many bytes as the modulus of the issuer's key."""

    kid: str
    pre: bytes
    sig: bytes

    def to_json(self) -> dict[str, JSON]:
        return {"kid": self.kid, "pre": b64u(self.pre), "sig": b64u(self.sig)}


def permit_message(pre: bytes, ph: str, bk: bytes) -> bytes:
    """What the issuer signs.  ``pre`` and ``bk`` have 32 bytes, ``ph`` 64 hexadecimal digits.

    Raises ValueError where one has another length.
    """
    poll = bytes.fromhex(ph)
    if (len(pre), len(poll), len(bk)) != (blind.PREFIX_LENGTH, 32, KEY_LENGTH):
        raise ValueError("the prefix, the poll hash and the ballot key have 32 bytes each")
    return pre + LABEL + poll + bk


def read_blind_permit(value: JSON) -> BlindPermit:
    """Read the form of a permit strictly, without its signature.  Raises PermitMalformed."""
    try:
        fields = exact.record(value, "permit", _KEYS)
        return BlindPermit(
            kid=exact.matching(fields, "kid", exact.KEY_ID),
            pre=exact.raw(fields, "pre", length=blind.PREFIX_LENGTH),
            sig=exact.raw_of_any(fields, "sig", lengths=_SIGNATURE_LENGTHS),
        )
    except exact.Fault as fault:
        raise PermitMalformed(field=fault.field) from None


def verify_blind_permit(
    permit: BlindPermit,
    *,
    ph: str,
    bk: bytes,
    issuers: Mapping[str, IssuerPublic],
) -> None:
    """One of the poll's issuers signed it for this poll and this ballot key.

    ``issuers`` is ``keys.load_issuers`` of the frozen definition.  Raises PermitNotValid.
    """
    key = issuers.get(permit.kid)
    if not isinstance(key, RSAPublicKey):
        raise PermitNotValid()
    if not blind.verify(key, permit_message(permit.pre, ph, bk), permit.sig):
        raise PermitNotValid()
