"""An issuer, a stranger, a board, and a permit of a small poll at level ``open``."""

import hashlib
from collections.abc import Mapping

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.secrecy import keys
from mvote.core.secrecy.permit import PseudonymPermit, make_permit, mark


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
