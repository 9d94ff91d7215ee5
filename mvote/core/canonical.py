"""Strict JSON in, canonical JSON out, digests.

What is hashed or signed is the RFC 8785 (JCS) form of what was parsed, so white
space and key order are free.  Parsing refuses everything that two readers could
understand differently: duplicate keys, floats, integers outside ±(2^53 − 1),
strings that are not NFC, NUL, lone surrogates, trailing bytes.
"""

import binascii
import contextlib
import hashlib
import json
import unicodedata
from typing import Any, NoReturn

import rfc8785

from mvote.core.errors import Malformed

JSON = Any

MAX_SAFE_INTEGER = 2**53 - 1
MAX_DEPTH = 16


class MalformedJson(Malformed):
    words = {
        "ko": "보낸 내용을 JSON으로 읽을 수 없습니다: {reason}",
        "en": "The content cannot be read as JSON: {reason}",
    }


def parse(raw: bytes | str, *, max_depth: int = MAX_DEPTH) -> JSON:
    """Read strict JSON.  Raises MalformedJson."""
    try:
        text = raw.decode("utf-8") if isinstance(raw, bytes) else raw
    except UnicodeDecodeError:
        raise MalformedJson(reason="not UTF-8") from None
    _check_depth(text, max_depth)
    try:
        value = json.loads(
            text,
            object_pairs_hook=_no_duplicates,
            parse_float=_no_float,
            parse_constant=_no_float,
            parse_int=_safe_integer,
        )
    except json.JSONDecodeError as error:
        raise MalformedJson(reason=f"{error.msg} at character {error.pos}") from None
    _check_strings(value)
    return value


def canonical_bytes(value: JSON) -> bytes:
    """The RFC 8785 form, UTF-8.  Decimals travel as scaled integers, so no float comes here.

    Python's own encoder spells the same where keys are ASCII and numbers whole, and is faster.
    """
    if _is_plain(value):
        with contextlib.suppress(UnicodeEncodeError):
            return _PLAIN.encode(value).encode()
    return rfc8785.dumps(value)


_PLAIN = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _is_plain(value: JSON) -> bool:
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        return all(
            type(key) is str and key.isascii() and _is_plain(item) for key, item in value.items()
        )
    if kind is list:
        return all(_is_plain(item) for item in value)
    return kind is int and abs(value) <= MAX_SAFE_INTEGER


def digest(value: JSON) -> str:
    """SHA-256 of the canonical form, 64 hexadecimal digits."""
    return hashlib.sha256(canonical_bytes(value)).hexdigest()


_TO_URL = bytes.maketrans(b"+/", b"-_")
_FROM_URL = bytes.maketrans(b"-_", b"+/")


def b64u(raw: bytes) -> str:
    """Base64url without padding (RFC 4648 section 5)."""
    return _encoded(raw).decode("ascii")


def b64u_decode(text: str, *, length: int | None = None) -> bytes:
    """Decode canonical base64url without padding; other spellings of the same bytes are refused.

    Raises ValueError, also when ``length`` is given and the bytes are not that many.
    """
    try:
        spelled = text.encode("ascii")
        padded = spelled.translate(_FROM_URL) + b"=" * (-len(spelled) % 4)
        raw = binascii.a2b_base64(padded, strict_mode=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("not base64url") from None
    if _encoded(raw) != spelled:
        raise ValueError("not canonical base64url")
    if length is not None and len(raw) != length:
        raise ValueError(f"not {length} bytes")
    return raw


def _encoded(raw: bytes) -> bytes:
    return binascii.b2a_base64(raw, newline=False).translate(_TO_URL).rstrip(b"=")


def _check_depth(text: str, most: int) -> None:
    """Bound the nesting before the parser recurses; brackets inside strings do not count."""
    if text.count("[") + text.count("{") <= most:
        return
    depth, in_string, skip = 0, False, False
    for c in text:
        if in_string:
            if skip:
                skip = False
            elif c == "\\":
                skip = True
            elif c == '"':
                in_string = False
        elif c == '"':
            in_string = True
        elif c in "[{":
            depth += 1
            if depth > most:
                raise MalformedJson(reason=f"nested deeper than {most}")
        elif c in "]}":
            depth -= 1


def _no_duplicates(pairs: list[tuple[str, JSON]]) -> dict[str, JSON]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise MalformedJson(reason="a key stands twice in one object")
    return made


def _no_float(spelled: str) -> NoReturn:
    raise MalformedJson(reason=f"{spelled[:20]} is not an integer")


def _safe_integer(spelled: str) -> int:
    if len(spelled) > 17 or abs(int(spelled)) > MAX_SAFE_INTEGER or spelled == "-0":
        raise MalformedJson(reason=f"{spelled[:20]} is not a safe integer")
    return int(spelled)


def _check_strings(value: JSON) -> None:
    if isinstance(value, str):
        ascii_only = value.isascii()
        if not ascii_only and unicodedata.normalize("NFC", value) != value:
            raise MalformedJson(reason="a text is not in Unicode form NFC")
        if "\0" in value or (not ascii_only and any("\ud800" <= c <= "\udfff" for c in value)):
            raise MalformedJson(reason="a text holds NUL or half a character")
    elif isinstance(value, dict):
        for key, item in value.items():
            _check_strings(key)
            _check_strings(item)
    elif isinstance(value, list):
        for item in value:
            _check_strings(item)
