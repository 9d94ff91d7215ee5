"""The issuer's half of RFC 9474: sign a blinded value without seeing what is in it.

A signer uses the first back end of ``raw_rsa`` that is there and that passes the self-test.
Every signature is raised to the public exponent before it is given out: a signature gone
wrong in one prime would tell the key (Boneh, DeMillo, Lipton 1997).
"""

import hashlib
import logging
from functools import lru_cache
from typing import Final

from cryptography.hazmat.primitives.asymmetric import rsa

from mvote.core.secrecy import blind, blind_vector
from mvote.core.secrecy.raw_rsa import BACK_ENDS, BackEndFault, BackEndMissing

log: Final = logging.getLogger("mvote.permits")


class SigningFailed(RuntimeError):
    """A signature came out wrong and was thrown away.  The machine cannot be trusted to sign."""


class BlindSigner:
    """An issuer's private key, ready to sign.  Any number of threads may use one signer."""

    def __init__(self, key: rsa.RSAPrivateKey, back_end: str | None = None) -> None:
        """``back_end`` is a name of ``raw_rsa.BACK_ENDS``; None takes the best that works.

        Raises ValueError for a key that is no issuer's, BackEndMissing.
        """
        self.public: Final = key.public_key()
        if fault := blind.key_fault(self.public):
            raise ValueError(f"no issuer's key: its {fault}")
        self.back_end: Final = self_test()[0] if back_end is None else back_end
        self._raw = BACK_ENDS[self.back_end](key)

    def sign(self, blinded: bytes) -> bytes:
        """The blind signature; the same value gives the same bytes.

        Raises BlindedMessageMalformed, SigningFailed.
        """
        blind.check_blinded(self.public, blinded)
        try:
            made = self._raw.private(blinded)
            back = self._raw.public(made)
        except BackEndFault:
            raise SigningFailed(self.back_end) from None
        if back != blinded:
            raise SigningFailed(self.back_end)
        return made


@lru_cache(maxsize=1)
def self_test() -> tuple[str, ...]:
    """The back ends that are here and sign the RFC's vector, the best first; tested once.

    Raises SigningFailed where none does.
    """
    working = tuple(name for name in BACK_ENDS if _passes(name))
    if not working:
        raise SigningFailed("no back end signs the test vector of RFC 9474")
    return working


def _passes(name: str) -> bool:
    try:
        good = signs_the_vector(BlindSigner(vector_key(), name))
    except BackEndMissing as missing:
        log.debug("the back end %s for blind signatures is not here: %s", name, missing)
        return False
    except (SigningFailed, blind.BlindSignatureNotValid):
        good = False
    if not good:
        log.error("the back end %s for blind signatures fails its self-test", name)
    return good


def signs_the_vector(signer: BlindSigner) -> bool:
    """Blind, sign and finalise the RFC's vector, and compare every step.

    Raises SigningFailed, BlindSignatureNotValid.
    """
    public, vector = signer.public, blind_vector
    r = pow(vector.INVERSE, -1, public.public_numbers().n)
    blinded, inverse = blind.blind(public, vector.MESSAGE, vector.SALT, r)
    blind_signature = signer.sign(blinded)
    signature = blind.finalize(public, vector.MESSAGE, blind_signature, inverse)
    made = [hashlib.sha256(one).hexdigest() for one in (blinded, blind_signature, signature)]
    return made == [
        vector.BLINDED_SHA256,
        vector.BLIND_SIGNATURE_SHA256,
        vector.SIGNATURE_SHA256,
    ]


@lru_cache(maxsize=1)
def vector_key() -> rsa.RSAPrivateKey:
    """The key of the RFC's vector.  Everybody knows it."""
    p, q, e = blind_vector.P, blind_vector.Q, blind.PUBLIC_EXPONENT
    d = rsa.rsa_recover_private_exponent(e, p, q)
    return rsa.RSAPrivateNumbers(
        p=p,
        q=q,
        d=d,
        dmp1=rsa.rsa_crt_dmp1(d, p),
        dmq1=rsa.rsa_crt_dmq1(d, q),
        iqmp=rsa.rsa_crt_iqmp(p, q),
        public_numbers=rsa.RSAPublicNumbers(e, p * q),
    ).private_key()
