"""Passwords: kept as Argon2id, checked a few at a time, whatever they open."""

import base64
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from threading import BoundedSemaphore
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from argon2.low_level import ARGON2_VERSION

from mvote.installation import installation
from mvote.people.identity.errors import TooBusyToSignIn

BUSY_SECONDS: Final = 2
_HASHER: Final = PasswordHasher()


def hash_password(password: str) -> str:
    """Argon2id, in the PHC string format."""
    return _HASHER.hash(password)


def hash_of_no_password() -> str:
    """What no password matches and takes as long to check as any.

    It is spelled, not hashed: every start of mvote would wait for that.
    """
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(size)).decode().rstrip("=")
        for size in (_HASHER.salt_len, _HASHER.hash_len)
    )
    return f"$argon2id$v={ARGON2_VERSION}${cost}${salt}${digest}"


def is_password(hashed: str, password: str) -> bool:
    """Whether a password is the one that was hashed.  Raises TooBusyToSignIn."""
    with one_of_few():
        try:
            return _HASHER.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


@contextmanager
def one_of_few() -> Iterator[None]:
    """Argon2 takes much memory by design, and anyone may make it run.  Raises TooBusyToSignIn."""
    slots = _slots(installation().settings.passwords_at_once)
    if not slots.acquire(timeout=BUSY_SECONDS):
        raise TooBusyToSignIn(retry_after=BUSY_SECONDS)
    try:
        yield
    finally:
        slots.release()


@cache
def _slots(most: int) -> BoundedSemaphore:
    return BoundedSemaphore(most)
