"""Post to an address that somebody outside named, without being led into the city's own network.

A name is looked up once, and the connection goes to the address that was checked: a name that
points elsewhere a moment later leads nowhere.  Redirections are not followed.
"""

import http.client
import logging
import socket
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network
from typing import Final
from urllib.parse import quote, urlsplit

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

log = logging.getLogger("mvote.outbound")

NO_ANSWER: Final = 0
MOST_URL: Final = 1000
_KEPT: Final = "/?&=%:@!$'()*+,;~-._[]|"
"""Signs of an address that go as they stand; all others are spelled out."""
_EMBEDDING: Final = tuple(map(ip_network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
_OWN_NAT64: Final = ip_network("64:ff9b:1::/48")


def is_target(url: str, *, private: bool) -> bool:
    """Whether an address is spelled as one that may be told of; where it leads shows later.

    ``private``: one without TLS or of another port may be, too.
    """
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return False
    if len(url) > MOST_URL or not url.isascii() or not found.hostname:
        return False
    if found.scheme != "https" and not (private and found.scheme == "http"):
        return False
    if found.username or found.password or found.fragment:
        return False
    return private or port in (None, 443)


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, private: bool
) -> int:
    """The status of the answer, or NO_ANSWER where there was none or none was asked for."""
    if not is_target(url, private=private):
        return NO_ANSWER
    found = urlsplit(url)
    host = found.hostname or ""
    try:
        address = _resolve(host, found.port or (443 if found.scheme == "https" else 80), private)
    except (OSError, UnicodeError):  # a name that no name can be is no OSError
        return NO_ANSWER
    if address is None:
        log.warning("an address of this network is not posted to")
        return NO_ANSWER
    target = quote((found.path or "/") + (f"?{found.query}" if found.query else ""), safe=_KEPT)
    try:
        with _connected(found.scheme, address, host, timeout) as connection:
            told = {**headers, "Host": found.netloc}
            connection.request("POST", target, body=body, headers=told, preload_content=False)
            return int(connection.getresponse().status)
    except (HTTPError, http.client.HTTPException, OSError, ValueError) as error:
        log.info("an address does not answer: %s", type(error).__name__)
        return NO_ANSWER


def _resolve(host: str, port: int, private: bool) -> tuple[str, int] | None:
    """The first address of a host; None where any of them is not one of the public network."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]).partition("%")[0] for one in found]
    if not private and not all(_is_public(one) for one in addresses):
        return None
    return addresses[0], port


def _is_public(address: str) -> bool:
    """Whether it lies in the public network, and the IPv4 address that it may hold as well."""
    one = ip_address(address)
    held = _held(one) if isinstance(one, IPv6Address) else None
    return all(
        each.is_global and not each.is_multicast and not getattr(each, "is_site_local", False)
        for each in ((held,) if held is not None else (one,))
    )


def _held(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address to which routers or translators may carry what is sent to an IPv6 one.

    Mapped and compatible (RFC 4291 section 2.5.5), translated (RFC 2765), 6to4 (RFC 3056),
    NAT64 (RFC 6052); of a network's own NAT64 (RFC 8215) nobody knows, so it counts as inside.
    """
    if address.ipv4_mapped or address.sixtofour:
        return address.ipv4_mapped or address.sixtofour
    if address in _OWN_NAT64:
        return IPv4Address(0)
    inside = any(address in network for network in _EMBEDDING)
    return IPv4Address(int(address) % 2**32) if inside else None


@contextmanager
def _connected(
    scheme: str, address: tuple[str, int], host: str, timeout: float
) -> Iterator[HTTPConnection]:
    """A connection that is cut off when its time is over, however slowly somebody answers."""
    made = (
        HTTPConnection(*address, timeout=timeout)
        if scheme == "http"
        else HTTPSConnection(*address, timeout=timeout, assert_hostname=host, server_hostname=host)
    )
    clock = threading.Timer(timeout, _cut, [made])
    clock.start()
    try:
        yield made
    finally:
        clock.cancel()
        made.close()


def _cut(connection: HTTPConnection) -> None:
    with suppress(OSError, AttributeError, TypeError):
        socket.socket.shutdown(connection.sock, socket.SHUT_RDWR)
