"""What a phone does for a secret vote or an act, from one seed: the reference for every client.

Everything is derived from a seed of 32 random bytes, one per poll, that the phone stores
before it asks for anything; so a phone that lost all but the seed gets the same permit.

::

    HKDF-SHA-256(seed, salt "mvote-v1", info: label || 0x00 || ph (32 bytes) [|| kid])

    label         bytes   with kid   is
    ballot-key    32      no         the private Ed25519 key that signs the ballots
    pre           32      yes        the random prefix of the permit's message
    salt          48      yes        the salt of its encoding
    blind         k + 16  yes        as a number modulo n - 3, plus 2: what blinds it
    order         32      no         as base64url, the mark that orders the options shown

For acts within a scope the scope's hash stands in the place of ``ph``.

k is the length of the modulus n in bytes.  128 bits more than that make the number fair.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from mvote.core.canonical import JSON, b64u, b64u_decode
from mvote.core.secrecy import blind
from mvote.core.secrecy.act import write_act
from mvote.core.secrecy.ballot import Answers, write_secret_ballot
from mvote.core.secrecy.blind_permit import BlindPermit, permit_message
from mvote.core.secrecy.keys import raw_public

SALT: Final = b"mvote-v1"
SEED_LENGTH: Final = 32
EXCESS_BYTES: Final = 16


def derive(seed: bytes, label: str, ph: str, *, length: int, kid: str = "") -> bytes:
    """``length`` bytes for one purpose in one poll.  ``ph`` is 64 hexadecimal digits."""
    if len(seed) != SEED_LENGTH:
        raise ValueError(f"a seed has {SEED_LENGTH} bytes")
    info = label.encode() + b"\0" + bytes.fromhex(ph) + kid.encode()
    return HKDF(hashes.SHA256(), length, SALT, info).derive(seed)


@dataclass(frozen=True, slots=True)
class PollSecrets:
    """Everything that one voter keeps secret in one poll with one issuer."""

    seed: bytes = field(repr=False)
    poll: str
    ph: str
    kid: str
    issuer: RSAPublicKey

    @property
    def ballot_key(self) -> Ed25519PrivateKey:
        """The key that signs this voter's ballots."""
        raw = derive(self.seed, "ballot-key", self.ph, length=32)
        return Ed25519PrivateKey.from_private_bytes(raw)

    @property
    def mark(self) -> str:
        """What orders the options for this voter, see ``order.option_order``."""
        return b64u(derive(self.seed, "order", self.ph, length=32))

    def request_permit(self) -> dict[str, JSON]:
        """The body of the request for the permit; the same every time."""
        blinded, _ = self._blind()
        return {"kid": self.kid, "blinded_msg": b64u(blinded)}

    def finish_permit(self, blind_sig: str) -> BlindPermit:
        """The permit from what the issuer answered, base64url.  Raises BlindSignatureNotValid."""
        _, inverse = self._blind()
        try:
            answered = b64u_decode(blind_sig)
        except ValueError:
            raise blind.BlindSignatureNotValid() from None
        sig = blind.finalize(self.issuer, self._message(), answered, inverse)
        return BlindPermit(self.kid, self._pre(), sig)

    def make_ballot(self, permit: BlindPermit, answers: Answers, seq: int = 1) -> dict[str, JSON]:
        """A signed ballot with a fresh nonce; a retry has to send these bytes again."""
        return write_secret_ballot(
            poll=self.poll,
            ph=self.ph,
            answers=answers,
            permits=[permit],
            key=self.ballot_key,
            seq=seq,
        )

    def make_act(
        self, permit: BlindPermit, act: str, body: Mapping[str, JSON], seq: int
    ) -> dict[str, JSON]:
        """A signed act in a scope, whose id and hash stand in the place of the poll's.

        A retry has to send these bytes again.
        """
        return write_act(
            scope=self.poll,
            sh=self.ph,
            act=act,
            body=body,
            permit=permit,
            key=self.ballot_key,
            seq=seq,
        )

    def _derive(self, label: str, length: int) -> bytes:
        return derive(self.seed, label, self.ph, length=length, kid=self.kid)

    def _pre(self) -> bytes:
        return self._derive("pre", blind.PREFIX_LENGTH)

    def _message(self) -> bytes:
        return permit_message(self._pre(), self.ph, raw_public(self.ballot_key.public_key()))

    def _blind(self) -> tuple[bytes, int]:
        n = self.issuer.public_numbers().n
        wide = self._derive("blind", blind.modulus_bytes(self.issuer) + EXCESS_BYTES)
        r = int.from_bytes(wide, "big") % (n - 3) + 2
        salt = self._derive("salt", blind.SALT_LENGTH)
        return blind.blind(self.issuer, self._message(), salt, r)
