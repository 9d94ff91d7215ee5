"""Web Push: what is sent is encrypted for one browser (RFC 8291) and signed (VAPID, RFC 8292)."""

import secrets
from fnmatch import fnmatchcase
from typing import Any, Final
from urllib.parse import urlsplit

import http_ece
import jwt
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from mvote.core.canonical import b64u, b64u_decode

VALID_SECONDS: Final = 12 * 3600
KEEP_SECONDS: Final = 24 * 3600
"""How long a push service keeps a message for a phone that is off."""
MOST_PAYLOAD: Final = 3000
POINT_BYTES, AUTH_BYTES = 65, 16
SALT_BYTES: Final = 16


def is_service(endpoint: str, services: str) -> bool:
    """Whether an endpoint is HTTPS at one of these hosts; ``*`` stands for any name."""
    try:
        found = urlsplit(endpoint)
        port = found.port
    except ValueError:
        return False
    host = found.hostname or ""
    plain = found.scheme == "https" and port in (None, 443) and not found.username
    return plain and any(fnmatchcase(host, one) for one in services.split())


def check_keys(p256dh: str, auth: str) -> bool:
    """Whether they are a point of P-256 and a secret of 16 bytes, as canonical base64url."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(
            ec.SECP256R1(), b64u_decode(p256dh, length=POINT_BYTES)
        )
        b64u_decode(auth, length=AUTH_BYTES)
    except ValueError:
        return False
    return True


def public_point(key: ec.EllipticCurvePrivateKey) -> str:
    """What a browser is given as ``applicationServerKey``."""
    raw = key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    return b64u(raw)


def encrypt(payload: bytes, *, p256dh: str, auth: str) -> bytes:
    """One record of ``aes128gcm`` under a key made for this message alone."""
    encrypted: bytes = http_ece.encrypt(
        payload,
        salt=secrets.token_bytes(SALT_BYTES),
        private_key=ec.generate_private_key(ec.SECP256R1()),
        dh=b64u_decode(p256dh, length=POINT_BYTES),
        auth_secret=b64u_decode(auth, length=AUTH_BYTES),
        version="aes128gcm",
    )
    return encrypted


def push_headers(
    key: ec.EllipticCurvePrivateKey, *, endpoint: str, contact: str, at: int
) -> dict[str, str]:
    """``at`` in seconds since 1970; the token is for the push service's origin alone."""
    found = urlsplit(endpoint)
    claims: dict[str, Any] = {
        "aud": f"{found.scheme}://{found.netloc}",
        "exp": at + VALID_SECONDS,
        "sub": contact,
    }
    token = jwt.encode(claims, key, algorithm="ES256")
    return {
        "Authorization": f"vapid t={token}, k={public_point(key)}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(KEEP_SECONDS),
        "Urgency": "normal",
    }
