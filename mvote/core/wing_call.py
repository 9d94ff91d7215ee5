"""How one wing shows the other that it is calling: a signed word in the Authorization header.

The documents themselves are signed too; this keeps strangers from reading
drafts and from learning how many permits were issued.
"""

from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.errors import Unauthenticated
from mvote.core.times import iso, parse_iso

CONTEXT = b"mvote-wing-call-v1\0"
LIFE = timedelta(seconds=60)


class WingNotKnown(Unauthenticated):
    words = {
        "ko": "다른 쪽 서버만 읽을 수 있는 주소입니다.",
        "en": "Only the other side of this installation may read this.",
    }


def make_call(key: Ed25519PrivateKey, *, path: str, now: datetime) -> str:
    """The word for one path, good for a minute around ``now``."""
    at = iso(now)
    return f"{at}.{b64u(key.sign(_said(path, at)))}"


def check_call(word: str, key: Ed25519PublicKey, *, path: str, now: datetime) -> None:
    """Raises WingNotKnown."""
    at, _, signature = word.partition(".")
    try:
        if abs(parse_iso(at) - now) > LIFE:
            raise WingNotKnown()
        key.verify(b64u_decode(signature, length=64), _said(path, at))
    except (ValueError, InvalidSignature):
        raise WingNotKnown() from None


def _said(path: str, at: str) -> bytes:
    return CONTEXT + path.encode() + b"\0" + at.encode()
