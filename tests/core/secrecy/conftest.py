"""An issuer, a stranger, a board, a permit at level ``open``, and a voter at level ``secret``."""

import hashlib
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey, generate_private_key

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.secrecy import keys
from mvote.core.secrecy.blind_permit import BlindPermit
from mvote.core.secrecy.blind_signing import BlindSigner
from mvote.core.secrecy.permit import PseudonymPermit, make_permit, mark
from mvote.core.secrecy.phone import PollSecrets


@pytest.fixture(scope="session")
def issuer() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([1]) * 32)


@pytest.fixture(scope="session")
def stranger() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([2]) * 32)


@pytest.fixture(scope="session")
def board() -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes([3]) * 32)


@pytest.fixture(scope="session")
def issuers(issuer: Ed25519PrivateKey) -> Mapping[str, Ed25519PublicKey]:
    return keys.load_issuers([{**keys.public_jwk(issuer), "operator": "City of Haneul"}])


@pytest.fixture(scope="session")
def ph() -> str:
    return hashlib.sha256(b"the poll").hexdigest()


@pytest.fixture(scope="session")
def permit(issuer: Ed25519PrivateKey, ph: str) -> PseudonymPermit:
    own = mark(bytes(range(32)), b"roll key of a voter")
    return make_permit(issuer, ph=ph, mark=own, level="open", name="김하늘")


@pytest.fixture(scope="session")
def signer() -> BlindSigner:
    return BlindSigner(generate_private_key(65537, 2048))


@pytest.fixture(scope="session")
def other_signer() -> BlindSigner:
    return BlindSigner(generate_private_key(65537, 2048))


@pytest.fixture(scope="session")
def blind_issuers(signer: BlindSigner) -> Mapping[str, RSAPublicKey]:
    entry = {**keys.blind_jwk(signer.public), "operator": "City of Haneul"}
    return keys.load_issuers([entry])


@pytest.fixture(scope="session")
def voter(signer: BlindSigner, ph: str) -> PollSecrets:
    kid = keys.kid_of(signer.public)
    return PollSecrets(bytes(range(32)), "0123456789abcdef", ph, kid, signer.public)


@pytest.fixture(scope="session")
def blind_permit(signer: BlindSigner, voter: PollSecrets) -> BlindPermit:
    return take_permit(voter, signer)


def take_permit(voter: PollSecrets, signer: BlindSigner) -> BlindPermit:
    """The whole exchange between a phone and the issuer."""
    asked = voter.request_permit()
    return voter.finish_permit(b64u(signer.sign(b64u_decode(str(asked["blinded_msg"])))))
