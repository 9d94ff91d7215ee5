"""How alike two texts are, by trigrams; written for Korean as much as for English.

Trigrams as PostgreSQL's pg_trgm has them: of each word in small letters, with two blanks before
and one behind.  A Korean syllable holds two or three letters and its endings change with
grammar, so syllables are taken apart first (Unicode NFKD): “자전거를” and “자전거” share most.

A sketch is a fixed number of bits, one set for each trigram: whole lists of proposals are sifted
by it in plain Python, and only the best are compared word by word.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from hashlib import blake2b

SKETCH_BITS = 2048
SKETCHED_CHARACTERS = 300
"""Of a text, beside its title: what follows later fills the sketch and says little."""
COMPARED_CHARACTERS = 1_000


def trigrams(text: str) -> frozenset[str]:
    """Every trigram of a text's words."""
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = "".join(c if c.isalnum() else " " for c in plain).split()
    found: set[str] = set()
    for word in words:
        padded = f"  {word} "
        found.update(padded[place : place + 3] for place in range(len(padded) - 2))
    return frozenset(found)


def sketch(text: str) -> bytes:
    """The bits of a text's trigrams, ``SKETCH_BITS`` / 8 bytes."""
    bits = 0
    for one in trigrams(text):
        bits |= 1 << _bit(one)
    return bits.to_bytes(SKETCH_BITS // 8, "big")


@lru_cache(maxsize=65_536)
def _bit(trigram: str) -> int:
    return int.from_bytes(blake2b(trigram.encode(), digest_size=2).digest(), "big") % SKETCH_BITS


def sketch_of(title: str, text: str) -> bytes:
    """What is kept of a proposal to find it again."""
    return sketch(f"{title}\n{text[:SKETCHED_CHARACTERS]}")


def sift(asked: str, kept: Iterable[tuple[str, bytes]], *, most: int) -> list[str]:
    """The ids of the ``most`` that hold the largest share of what is asked, the best first."""
    wanted = int.from_bytes(sketch(asked), "big")
    scored = [((wanted & int.from_bytes(bits, "big")).bit_count(), name) for name, bits in kept]
    scored.sort(reverse=True)
    return [name for score, name in scored[:most] if score]


def likeness(asked: str, title: str, text: str) -> int:
    """How alike, in percent: the better of two measures, so that one word finds, too.

    The share of trigrams in common with the title (as ``similarity`` of pg_trgm), and the
    share of what is asked that the proposal holds, which counts for nine tenths.
    """
    wanted = trigrams(asked)
    if not wanted:
        return 0
    heading = trigrams(title)
    whole = heading | trigrams(text[:COMPARED_CHARACTERS])
    same = len(wanted & heading) / len(wanted | heading)
    held = len(wanted & whole) / len(wanted)
    return round(100 * max(same, 0.9 * held))


def rank(
    asked: str, found: Sequence[tuple[str, str, str]], *, least: int, most: int
) -> list[tuple[str, int]]:
    """From ids with title and text: those at least so alike in percent, the most alike first."""
    scored = [(likeness(asked, title, text), name) for name, title, text in found]
    best = sorted((one for one in scored if one[0] >= least), key=lambda one: (-one[0], one[1]))
    return [(name, percent) for percent, name in best[:most]]
