"""Identifiers: random, short enough to read aloud, in Crockford's base32 (no i, l, o, u)."""

import re
import secrets

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
ID_LENGTH = 16
ID_PATTERN = rf"^[{ALPHABET}]{{{ID_LENGTH}}}$"


def is_id(text: str) -> bool:
    """Whether it can be one of ours; other texts may hold what a database chokes on."""
    return bool(re.fullmatch(ID_PATTERN, text))


def crockford(raw: bytes) -> str:
    """Spell the first 80 bits of ``raw`` in 16 characters."""
    number = int.from_bytes(raw[:10], "big")
    return "".join(ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))


def uncrockford(spelled: str) -> bytes:
    """The 10 bytes that ``crockford`` spelled so."""
    number = 0
    for sign in spelled:
        number = number << 5 | ALPHABET.index(sign)
    return number.to_bytes(10, "big")


def new_id() -> str:
    """A random identifier of 80 bits, 16 characters."""
    return crockford(secrets.token_bytes(10))
