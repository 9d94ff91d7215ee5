"""Words in the city's languages: officials' own texts and ours, always ``{"ko": …, "en": …}``."""

import unicodedata
from collections.abc import Mapping
from typing import Any

LANGUAGES = ("ko", "en")

Words = Mapping[str, str]


def text_fault(value: str, *, most: int, lines: bool = False) -> str | None:
    """Say what is wrong with one text a person wrote, or None.

    It has to be Unicode in form NFC (UAX #15), at most ``most`` characters, not
    blank, and without control characters (line breaks only where ``lines``).
    """
    if not value.strip():
        return "blank"
    if len(value) > most:
        return f"longer than {most} characters"
    if unicodedata.normalize("NFC", value) != value:
        return "not in Unicode form NFC"
    allowed = {"\n"} if lines else set()
    if any(unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in allowed for c in value):
        return "holds a control character"
    return None


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
