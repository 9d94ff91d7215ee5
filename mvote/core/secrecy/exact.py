"""Reading what another program sent: exactly these keys, exactly these types, one spelling.

Values come out of ``core.canonical.parse``.  Whatever signs or hashes them reads them
through here, so that nothing unsigned, unhashed or doubly spelled rides along.
"""

import re
from collections.abc import Container, Set
from typing import Final

from mvote.core.canonical import JSON, b64u_decode

IDENTIFIER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._/-]{0,63}")
KEY_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
SHA256_HEX: Final = re.compile(r"[0-9a-f]{64}")
_NOTHING: Final[frozenset[str]] = frozenset()


class Fault(ValueError):
    """One field is not what it has to be.  Readers turn it into their own refusal."""

    def __init__(self, field: str) -> None:
        super().__init__(field)
        self.field = field[:80]


def record(
    value: JSON, what: str, required: Set[str], optional: Set[str] = _NOTHING
) -> dict[str, JSON]:
    """An object with all of ``required`` and nothing beyond ``optional``.  Raises Fault."""
    if not isinstance(value, dict):
        raise Fault(what)
    for key in sorted((required - value.keys()) | (value.keys() - required - optional)):
        raise Fault(str(key))
    return value


def version(value: dict[str, JSON]) -> None:
    """The field ``v`` is the integer 1.  Raises Fault."""
    whole(value, "v", least=1, most=1)


def whole(value: dict[str, JSON], field: str, *, least: int, most: int) -> int:
    """An integer within bounds; ``true`` is none.  Raises Fault."""
    number = value[field]
    if type(number) is not int or not least <= number <= most:
        raise Fault(field)
    return number


def matching(value: dict[str, JSON], field: str, pattern: re.Pattern[str]) -> str:
    """A text that the pattern describes from end to end.  Raises Fault."""
    text = value[field]
    if not isinstance(text, str) or not pattern.fullmatch(text):
        raise Fault(field)
    return text


def raw(value: dict[str, JSON], field: str, *, length: int) -> bytes:
    """``length`` bytes in canonical base64url without padding.  Raises Fault."""
    return raw_of_any(value, field, lengths=(length,))


def raw_of_any(value: dict[str, JSON], field: str, *, lengths: Container[int]) -> bytes:
    """As many bytes as one of ``lengths``, like ``raw``.  Raises Fault."""
    text = value[field]
    if not isinstance(text, str):
        raise Fault(field)
    try:
        made = b64u_decode(text)
    except ValueError:
        raise Fault(field) from None
    if len(made) not in lengths:
        raise Fault(field)
    return made
