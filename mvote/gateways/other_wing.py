"""Fetch the other wing's documents over HTTP."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlsplit

import urllib3
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mvote.core.canonical import JSON, MalformedJson, parse
from mvote.core.errors import Unavailable
from mvote.core.wing_call import make_call

_pool = urllib3.PoolManager(maxsize=2, retries=False)


class OtherWingUnreachable(Unavailable):
    words = {
        "ko": "다른 쪽 서버에 연결할 수 없습니다: {reason}",
        "en": "The other side of the installation cannot be reached: {reason}",
    }


def fetch_documents(
    url: str, wing: str, key: Ed25519PrivateKey, *, after: int, timeout: float
) -> Sequence[JSON]:
    """The documents of ``wing`` after number ``after``.  Raises OtherWingUnreachable."""
    address = f"{url}/api/v1/{wing}/documents"
    word = make_call(key, path=urlsplit(address).path, now=datetime.now(UTC))
    try:
        answer = _pool.request(
            "GET",
            address,
            fields={"after": str(after)},
            headers={"Authorization": f"Wing {word}"},
            timeout=timeout,
        )
        if answer.status != 200:
            raise OtherWingUnreachable(reason=f"HTTP {answer.status}")
        items = parse(answer.data)["items"]
    except (urllib3.exceptions.HTTPError, MalformedJson, KeyError, TypeError) as error:
        raise OtherWingUnreachable(reason=type(error).__name__) from None
    if not isinstance(items, list):
        raise OtherWingUnreachable(reason="no list of documents")
    return items
