"""Hashtags: how they are spelled, and which stand in a text."""

import re
import unicodedata

from mvote.votes.threads.errors import TagNotValid

MOST_TAG = 30
MOST_IN_A_TEXT = 10
_IN_TEXT = re.compile(r"(?<![\w&/#])#(\w{1,100})")
_TAG = re.compile(rf"\w{{1,{MOST_TAG}}}")


def spell_tag(raw: str) -> str:
    """A tag as it is kept: NFC (UAX #15), without ``#``, capitals folded.  Raises TagNotValid."""
    bare = unicodedata.normalize("NFC", raw.removeprefix("#")).casefold()
    tag = unicodedata.normalize("NFC", bare)
    if not _TAG.fullmatch(tag) or not any(c.isalpha() for c in tag):
        raise TagNotValid(most=MOST_TAG)
    return tag


def find_tags(text: str) -> list[str]:
    """The tags of a text in their order, each once; what is no tag is left alone."""
    found: dict[str, None] = {}
    for match in _IN_TEXT.finditer(text):
        try:
            found[spell_tag(match[1])] = None
        except TagNotValid:
            continue
    return list(found)[:MOST_IN_A_TEXT]
