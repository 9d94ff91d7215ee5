"""Bytes that were made once and are served with their ETag."""

import hashlib
from typing import cast

from flask import Response, request


def etag_of(content: bytes) -> str:
    """A strong entity tag: the first 128 bits of SHA-256."""
    return hashlib.sha256(content).hexdigest()[:32]


def conditional(
    content: bytes, *, content_type: str, etag: str | None = None, max_age: int = 0
) -> Response:
    """Answer 304 where the reader has these bytes already (RFC 9110 section 13).

    ``max_age`` in seconds; 0 means: keep it, but ask every time.
    """
    response = Response(content, content_type=content_type)
    response.set_etag(etag or etag_of(content))
    response.headers["Cache-Control"] = f"public, max-age={max_age}" if max_age else "no-cache"
    return cast(Response, response.make_conditional(request))
