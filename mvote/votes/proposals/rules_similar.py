"""How alike two texts are, by trigrams; written for Korean as much as for English.

Trigrams as PostgreSQL's pg_trgm has them: of each word in small letters, with two blanks before
and one behind.  A Korean syllable holds two or three letters and its endings change with
grammar, so syllables are taken apart first (Unicode NFKD): “자전거를” and “자전거” share most.

A sketch is a fixed number of bits, one set for each trigram: ten thousand proposals are sifted
by it in plain Python, and only the best of them are compared trigram by trigram.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b
from heapq import nlargest

TITLE_BITS, TEXT_BITS = 512, 1024
COMPARED_CHARACTERS = 300
"""Of a text, beside its title: what follows later fills the sketch and says little."""
IN_TITLE, IN_TEXT = 0.9, 0.6
"""What it counts that everything asked stands in the title, or somewhere."""


def trigrams(text: str) -> frozenset[str]:
    """Every trigram of a text's words."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    found: set[str] = set()
    for word in words:
        padded = f"  {word} "
        found.update(padded[place : place + 3] for place in range(len(padded) - 2))
    return frozenset(found)


def sketch_of(title: str, text: str) -> bytes:
    """What is kept of a proposal to find it again: bits of its title, then of the whole."""
    whole = f"{title}\n{text[:COMPARED_CHARACTERS]}"
    parts = ((title, TITLE_BITS), (whole, TEXT_BITS))
    return b"".join(_bits(one, size).to_bytes(size // 8, "big") for one, size in parts)


def _bits(text: str, size: int) -> int:
    """One bit for each trigram."""
    found = 0
    for one in trigrams(text):
        found |= 1 << _hashed(one) % size
    return found


@lru_cache(maxsize=65_536)
def _hashed(trigram: str) -> int:
    return int.from_bytes(blake2b(trigram.encode(), digest_size=2).digest(), "big")


def sift(asked: str, kept: Iterable[tuple[str, bytes]], *, most: int) -> list[str]:
    """The ids of the ``most`` that hold the largest share of what is asked, the best first.

    A title counts three times what the rest does, as in ``likeness`` it decides most.
    """
    title, whole = _bits(asked, TITLE_BITS), _bits(asked, TEXT_BITS)
    in_title, in_whole = 3 / max(1, title.bit_count()), 1 / max(1, whole.bit_count())
    cut, read = TITLE_BITS // 8, int.from_bytes
    scored = [
        (
            (title & read(bits[:cut], "big")).bit_count() * in_title
            + (whole & read(bits[cut:], "big")).bit_count() * in_whole,
            name,
        )
        for name, bits in kept
    ]
    return [name for score, name in nlargest(most, scored) if score]


def likeness(asked: str, title: str, text: str) -> int:
    """How alike, in percent: the best of three measures, so that one word finds, too.

    The share of trigrams in common with the title (``similarity`` of pg_trgm), and the share
    of what is asked that stands in the title, or somewhere in the proposal.
    """
    wanted = trigrams(asked)
    if not wanted:
        return 0
    heading = trigrams(title)
    whole = heading | trigrams(text[:COMPARED_CHARACTERS])
    same = len(wanted & heading) / len(wanted | heading)
    in_title = IN_TITLE * len(wanted & heading) / len(wanted)
    return round(100 * max(same, in_title, IN_TEXT * len(wanted & whole) / len(wanted)))


def rank(
    asked: str, found: Sequence[tuple[str, str, str]], *, least: int, most: int
) -> list[tuple[str, int]]:
    """From ids with title and text: those at least so alike in percent, the most alike first."""
    scored = [(likeness(asked, title, text), name) for name, title, text in found]
    best = sorted((one for one in scored if one[0] >= least), key=lambda one: (-one[0], one[1]))
    return [(name, percent) for percent, name in best[:most]]
