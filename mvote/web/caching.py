"""Bytes that were made once and are served with their ETag."""

import gzip
import hashlib
import re
from functools import lru_cache
from typing import Final, cast

from flask import Response, request

LEAST_PACKED: Final = 400
MOST_PACKED: Final = 1_000_000
"""Bytes: packing less is not worth it, packing more would hold others up."""
KEPT_PACKED: Final = 256
_PACKS: Final = re.compile(r"text/|image/svg|application/(.+\+)?(json|xml|javascript|manifest)")


def etag_of(content: bytes) -> str:
    """A strong entity tag: the first 128 bits of SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


def conditional(
    content: bytes, *, content_type: str, etag: str | None = None, max_age: int = 0
) -> Response:
    """Answer 304 where the reader has these bytes already (RFC 9110 section 13).

    ``max_age`` in seconds; 0 means: keep it, but ask every time.  Text is packed for who takes
    gzip.  Everything that is served so is public: no secret stands beside what somebody sent.
    """
    tag, packs = etag or etag_of(content), bool(_PACKS.match(content_type))
    packed = None
    if packs and request.accept_encodings.quality("gzip") > 0:
        packed = _packed(content)
    response = Response(content if packed is None else packed, content_type=content_type)
    response.set_etag(tag if packed is None else f"{tag}-gz")
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-cache"
    if packed is not None:
        response.headers["Content-Encoding"] = "gzip"
    if packs:
        response.vary.add("Accept-Encoding")
    return cast(Response, response.make_conditional(request))


@lru_cache(maxsize=KEPT_PACKED)
def _packed(content: bytes) -> bytes | None:
    """None where it is not worth it."""
    if not LEAST_PACKED <= len(content) <= MOST_PACKED:
        return None
    packed = gzip.compress(content, 9, mtime=0)
    return packed if len(packed) < len(content) * 9 // 10 else None
