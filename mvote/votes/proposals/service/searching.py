"""How a text is kept so that both databases find words in it alike."""

import unicodedata


def searchable(text: str) -> str:
    """In small letters, which SQLite alone knows of ASCII only."""
    return unicodedata.normalize("NFC", text.casefold())
