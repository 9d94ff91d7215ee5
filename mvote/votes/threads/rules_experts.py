"""What an expert's own key signs.

Ed25519 over ``"mvote-expert-v1" || 0x00 || JCS(content)``, where the content is
``{"v":1, "record":"…", "name":{…}, "role":{…}, "interest":{…}, "text":{…}}``.  So the name, the
declared interest and the record stand under the signature as well as the words.
"""

import hashlib

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from mvote.core.canonical import JSON, b64u_decode, canonical_bytes
from mvote.core.secrecy.keys import is_weak
from mvote.core.text import Words
from mvote.votes.threads.errors import StatementNotSigned

LABEL = b"mvote-expert-v1\0"


def content_of(
    record: str, *, name: Words, role: Words, interest: Words, text: Words
) -> dict[str, JSON]:
    """What is signed, and what the digest of a statement covers."""
    return {
        "v": 1,
        "record": record,
        "name": dict(name),
        "role": dict(role),
        "interest": dict(interest),
        "text": dict(text),
    }


def check_signature(content: JSON, *, key: str, signature: str) -> None:
    """``key`` and ``signature`` are base64url.  Raises StatementNotSigned."""
    try:
        raw = b64u_decode(key)
        if is_weak(raw):
            raise StatementNotSigned()
        public = Ed25519PublicKey.from_public_bytes(raw)
        public.verify(b64u_decode(signature), LABEL + canonical_bytes(content))
    except (ValueError, InvalidSignature):
        raise StatementNotSigned() from None


def fingerprint(key: str) -> str:
    """SHA-256 of the raw key, 64 hexadecimal digits in groups of four; empty without a key."""
    if not key:
        return ""
    spelled = hashlib.sha256(b64u_decode(key)).hexdigest()
    return " ".join(spelled[start : start + 4] for start in range(0, len(spelled), 4))
