"""Bytes that were made once and are served with their ETag."""

import base64
import gzip
import hashlib
import re
from functools import lru_cache
from typing import Final, cast

import brotli
from flask import Response, request

LEAST_PACKED: Final = 400
MOST_PACKED: Final = 1_000_000
"""Bytes: packing less is not worth it, packing more would hold others up."""
MOST_BROTLI: Final = 100_000
"""Bytes: Brotli makes a sixth less of small files than gzip, and takes too long for large ones."""
KEPT_PACKED: Final = 512
_PACKS: Final = re.compile(r"text/|image/svg|application/(.+\+)?(json|xml|javascript|manifest)")


def etag_of(content: bytes) -> str:
    """A strong entity tag: the first 96 bits of SHA-256, in few characters."""
    return base64.urlsafe_b64encode(hashlib.sha256(content).digest())[:16].decode()


def conditional(
    content: bytes, *, content_type: str, etag: str | None = None, max_age: int = 0
) -> Response:
    """Answer 304 where the reader has these bytes already (RFC 9110 section 13).

    ``max_age`` in seconds; 0 means: keep it, but ask every time.  Text is packed for who takes
    Brotli or gzip.  Everything that is served so is public: no secret stands beside what
    somebody sent.
    """
    tag, packs = etag or etag_of(content), bool(_PACKS.match(content_type))
    coding = _coding(len(content)) if packs else None
    packed = None if coding is None else _packed(content, coding)
    response = Response(content if packed is None else packed, content_type=content_type)
    response.set_etag(tag if packed is None else f"{tag}-{coding}")
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-cache"
    if packed is not None:
        response.headers["Content-Encoding"] = cast(str, coding)
    if packs:
        response.vary.add("Accept-Encoding")
    return cast(Response, response.make_conditional(request))


def _coding(length: int) -> str | None:
    """How these bytes may be packed for who asked (RFC 9110 section 12.5.3); None: not at all."""
    if not LEAST_PACKED <= length <= MOST_PACKED:
        return None
    taken = request.accept_encodings
    if length <= MOST_BROTLI and taken.quality("br") > 0:
        return "br"
    return "gzip" if taken.quality("gzip") > 0 else None


@lru_cache(maxsize=KEPT_PACKED)
def _packed(content: bytes, coding: str) -> bytes | None:
    """None where it is not worth it."""
    if coding == "br":
        packed = cast(bytes, brotli.compress(content, mode=brotli.MODE_TEXT))
    else:
        packed = gzip.compress(content, 9, mtime=0)
    return packed if len(packed) < len(content) * 9 // 10 else None
