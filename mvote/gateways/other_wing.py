"""Fetch the other wing's documents over HTTP: surely from it, fresh and whole, or not at all.

Whoever sits in between may send anything: an old answer, half of one, one without an end,
a drop a minute, or the way to somewhere else.  So the answer has to be signed for this very
call, sizes and times are bounded as a whole, and no redirect is followed.
"""

import http.client
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from mvote.core.canonical import JSON, MalformedJson, parse
from mvote.core.errors import Unavailable
from mvote.core.wing_call import ANSWER_HEADER, AnswerForged, check_answer, make_call
from mvote.settings import Settings, SettingsFault, Wing

OK = 200


class OtherWingUnreachable(Unavailable):
    words = {
        "ko": "다른 쪽 서버에 연결할 수 없습니다: {reason}",
        "en": "The other side of the installation cannot be reached: {reason}",
    }


class OtherWingRefuses(Unavailable):
    """The other side itself says so: its signature holds."""

    words = {
        "ko": "다른 쪽 서버가 문서를 주지 않습니다: {code}",
        "en": "The other side of the installation gives no documents: {code}",
    }


class AnswerNotTrusted(Unavailable):
    """Whoever answers is not the other side, or what it said was changed on the way."""

    words = {
        "ko": "다른 쪽 서버의 답이라고 확인할 수 없습니다: HTTP {status}",
        "en": "What was answered does not carry the other side's signature: HTTP {status}",
    }


@dataclass(frozen=True, slots=True)
class Line:
    """How one wing reaches the other.  ``seconds`` bound a whole request, ``most`` its answer."""

    url: str
    other: Wing
    key: Ed25519PrivateKey
    other_keys: Sequence[Ed25519PublicKey]
    connect_seconds: float
    seconds: float
    most: int
    ca_file: Path

    @classmethod
    def of(
        cls,
        settings: Settings,
        other: Wing,
        key: Ed25519PrivateKey,
        other_keys: Sequence[Ed25519PublicKey],
    ) -> "Line":
        return cls(
            url=settings.wing_url(other),
            other=other,
            key=key,
            other_keys=other_keys,
            connect_seconds=settings.exchange_connect_seconds,
            seconds=settings.exchange_seconds,
            most=settings.exchange_bytes,
            ca_file=settings.exchange_ca_file,
        )


@dataclass(frozen=True, slots=True)
class Said:
    """Documents in order, and the number of the last one that the other wing has."""

    items: Sequence[JSON]
    last: int


def fetch_documents(line: Line, *, after: int) -> Said:
    """The documents behind number ``after``.

    Raises OtherWingUnreachable, OtherWingRefuses, AnswerNotTrusted.
    """
    target = f"{urlsplit(line.url).path}/api/v1/{line.other}/documents?after={after}"
    word = make_call(line.key, target=target, now=datetime.now(UTC))
    status, signature, body = _get(line, target, word)
    try:
        _check_answer(line, signature, word=word, status=status, body=body)
        told = parse(body)
        if status != OK:
            raise OtherWingRefuses(code=told["code"])
        said = Said(told["items"], told["last"])
    except AnswerForged:
        raise AnswerNotTrusted(status=status) from None
    except (MalformedJson, KeyError, TypeError):
        raise OtherWingUnreachable(reason="no documents") from None
    if not isinstance(said.items, list) or not isinstance(said.last, int):
        raise OtherWingUnreachable(reason="no list of documents")
    return said


def _check_answer(line: Line, signature: str, *, word: str, status: int, body: bytes) -> None:
    """Signed with any key of the other wing, which may be replacing one.  Raises AnswerForged."""
    current, *others = line.other_keys
    for key in others:
        with suppress(AnswerForged):
            return check_answer(signature, key, word=word, status=status, body=body)
    return check_answer(signature, current, word=word, status=status, body=body)


def tls_context(settings: Settings) -> ssl.SSLContext:
    """Which certificates are believed.  Raises SettingsFault."""
    return _context(settings.exchange_ca_file)


@cache
def _context(ca_file: Path) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=None if ca_file == Path() else str(ca_file))
    except (OSError, ssl.SSLError) as error:
        raise SettingsFault(
            f"MVOTE_EXCHANGE_CA_FILE: {ca_file} cannot be read as certificates:"
            f" {error.strerror or error}"
        ) from None


def _get(line: Line, target: str, word: str) -> tuple[int, str, bytes]:
    """Status, signature and body.  Raises OtherWingUnreachable."""
    headers = {"Authorization": f"Wing {word}", "Accept-Encoding": "identity"}
    try:
        with _connected(line) as connection:
            connection.request("GET", target, headers=headers)
            with connection.getresponse() as answer:
                body = answer.read(line.most + 1)
    except ssl.SSLCertVerificationError as error:
        raise OtherWingUnreachable(reason=f"certificate: {error.verify_message}") from None
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise OtherWingUnreachable(reason=type(error).__name__) from None
    if len(body) > line.most:
        raise OtherWingUnreachable(reason="the answer is longer than MVOTE_EXCHANGE_BYTES")
    return answer.status, answer.getheader(ANSWER_HEADER, ""), body


@contextmanager
def _connected(line: Line) -> Iterator[http.client.HTTPConnection]:
    """A connection that is cut when its time is over, however slowly the other end still sends.

    Raises OtherWingUnreachable where it had to be.
    """
    connection, late = _connection(line), threading.Event()
    connection.connect()
    wire: socket.socket = connection.sock
    wire.settimeout(line.seconds)
    cut = threading.Timer(line.seconds, _cut, [wire, late])
    cut.daemon = True
    cut.start()
    try:
        yield connection
    finally:
        cut.cancel()
        connection.close()
        if late.is_set():
            raise OtherWingUnreachable(reason="too slow (MVOTE_EXCHANGE_SECONDS)")


def _connection(line: Line) -> http.client.HTTPConnection:
    parts = urlsplit(line.url)
    host, port = parts.hostname or "", parts.port
    if parts.scheme == "https":
        return http.client.HTTPSConnection(
            host, port, timeout=line.connect_seconds, context=_context(line.ca_file)
        )
    return http.client.HTTPConnection(host, port, timeout=line.connect_seconds)


def _cut(wire: socket.socket, late: threading.Event) -> None:
    late.set()
    with suppress(OSError):
        wire.shutdown(socket.SHUT_RDWR)
