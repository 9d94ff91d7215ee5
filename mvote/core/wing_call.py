"""How the wings know each other when one calls the other over HTTP.

The caller sends a word in the Authorization header, ``Wing <at>.<nonce>.<signature>``,
signed for one address and one minute; it is good once.  The answer carries in
``Mvote-Wing-Answer`` a signature over that word, the status and the body: it comes from the
other wing, belongs to this very call, and nothing of it is missing.  All three signatures
of a wing (calls, answers, documents) are made with its exchange key, each under a label of
its own.

The documents themselves are signed too; the words keep strangers from reading drafts and
from learning how many permits were issued, and the answers keep them from hiding
documents behind an older answer.
"""

import hashlib
import secrets
import threading
from datetime import datetime, timedelta

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import b64u, b64u_decode
from mvote.core.errors import Unauthenticated
from mvote.core.times import iso, parse_iso

CALL = b"mvote-wing-call-v2\0"
ANSWER = b"mvote-wing-answer-v1\0"
ANSWER_HEADER = "Mvote-Wing-Answer"
NONCE_BYTES = 16


class WingNotKnown(Unauthenticated):
    words = {
        "ko": "다른 쪽 서버만 읽을 수 있는 주소입니다.",
        "en": "Only the other side of this installation may read this.",
    }


class AnswerForged(Exception):
    """Not the other wing's answer, not the answer to this call, or not the whole of it."""


class HeardWords:
    """The words that one process has let in: each is good once, however often it is sent.

    They are forgotten when they would be refused for their age anyway.  Threads share it;
    another process knows nothing of it, and gives a copied word the same answer once more.
    """

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}
        self._lock = threading.Lock()

    def hear(self, word: str, *, now: datetime, life: timedelta) -> None:
        """Raises WingNotKnown for a word that was heard before."""
        with self._lock:
            for old in [one for one, until in self._until.items() if until < now]:
                del self._until[old]
            if word in self._until:
                raise WingNotKnown()
            self._until[word] = now + 2 * life  # it may have come from a clock that is ahead


def make_call(key: Ed25519PrivateKey, *, target: str, now: datetime) -> str:
    """The word for one GET of ``target``, which is path and query."""
    at, nonce = iso(now), b64u(secrets.token_bytes(NONCE_BYTES))
    return f"{at}.{nonce}.{b64u(key.sign(_called(target, at, nonce)))}"


def check_call(
    word: str, key: Ed25519PublicKey, *, target: str, now: datetime, life: timedelta
) -> None:
    """Whether the other wing signed the word for this target just now.  Raises WingNotKnown."""
    try:
        at, nonce, signature = word.split(".")
        b64u_decode(nonce, length=NONCE_BYTES)
        if abs(parse_iso(at) - now) > life:
            raise WingNotKnown()
        key.verify(b64u_decode(signature, length=64), _called(target, at, nonce))
    except (ValueError, InvalidSignature):
        raise WingNotKnown() from None


def sign_answer(key: Ed25519PrivateKey, *, word: str, status: int, body: bytes) -> str:
    """What goes into the header of the answer to the call with ``word``."""
    return b64u(key.sign(_answered(word, status, body)))


def check_answer(
    signature: str, key: Ed25519PublicKey, *, word: str, status: int, body: bytes
) -> None:
    """Raises AnswerForged."""
    try:
        key.verify(b64u_decode(signature, length=64), _answered(word, status, body))
    except (ValueError, InvalidSignature):
        raise AnswerForged() from None


def _called(target: str, at: str, nonce: str) -> bytes:
    return CALL + b"\0".join(part.encode() for part in ("GET", target, at, nonce))


def _answered(word: str, status: int, body: bytes) -> bytes:
    said = b"\0".join((word.encode(), str(status).encode()))
    return ANSWER + said + b"\0" + hashlib.sha256(body).digest()
