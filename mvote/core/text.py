"""Words in the city's languages: officials' own texts and ours, always ``{"ko": …, "en": …}``."""

import unicodedata
from collections.abc import Mapping
from typing import Any

LANGUAGES = ("ko", "en")

Words = Mapping[str, str]

FORBIDDEN = frozenset(("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
"""Unicode categories: control characters, what is no character, other ways to break a line."""
TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They make the text behind them read backwards."""
FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")
"""Letters by their category that show nothing."""


def text_fault(value: str, *, most: int, lines: bool = False) -> str | None:
    """Say what is wrong with one text a person wrote, or None.

    It has to be Unicode in form NFC (UAX #15), at most ``most`` characters, not
    blank, and without control characters (line breaks only where ``lines``) or signs
    that turn the direction of writing.
    """
    if all(_shows_nothing(c) for c in value):
        return "blank"
    if len(value) > most:
        return f"longer than {most} characters"
    if unicodedata.normalize("NFC", value) != value:
        return "not in Unicode form NFC"
    allowed = {"\n"} if lines else set()
    if any(_is_forbidden(c) and c not in allowed for c in value):
        return "holds a control character"
    return None


def _shows_nothing(c: str) -> bool:
    return c.isspace() or c in FILLERS or unicodedata.category(c) == "Cf"


def _is_forbidden(c: str) -> bool:
    return c in TURNS or unicodedata.category(c) in FORBIDDEN


def words_fault(value: Any, *, most: int, lines: bool = False) -> str | None:
    """Say what is wrong with a text in both languages, or None."""
    if not isinstance(value, Mapping) or set(value) != set(LANGUAGES):
        return f"has to hold exactly {' and '.join(LANGUAGES)}"
    for language in LANGUAGES:
        if not isinstance(value[language], str):
            return f"{language}: not a text"
        if fault := text_fault(value[language], most=most, lines=lines):
            return f"{language}: {fault}"
    return None
