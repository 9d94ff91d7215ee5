"""Post to an address that somebody outside named, without being led into the city's own network.

A name is looked up once, and the connection goes to the address that was checked: a name that
points elsewhere a moment later leads nowhere.  Redirections are not followed.
"""

import logging
import socket
from collections.abc import Mapping
from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

import urllib3

log = logging.getLogger("mvote.outbound")

NO_ANSWER: Final = 0
MOST_URL: Final = 1000
MOST_READ: Final = 4096
"""Bytes of an answer that are read; nothing is made of them."""


def address_fault(url: str, *, private: bool) -> str | None:
    """Say why nothing is sent to an address, or None.  ``private``: this network's own may be."""
    try:
        found = urlsplit(url)
        port = found.port
    except ValueError:
        return "is no address"
    if len(url) > MOST_URL or not url.isascii() or not found.hostname:
        return "is no address"
    if found.scheme != "https" and not (private and found.scheme == "http"):
        return "has to begin with https://"
    if found.username or found.password or found.fragment:
        return "may hold neither a name, a password nor a fragment"
    if not private and port not in (None, 443):
        return "may name no port but 443"
    return None


def post(
    url: str, body: bytes, headers: Mapping[str, str], *, timeout: float, private: bool
) -> int:
    """The status of the answer, or NO_ANSWER where there was none or none was asked for."""
    if address_fault(url, private=private):
        return NO_ANSWER
    found = urlsplit(url)
    host = found.hostname or ""
    try:
        address = _resolve(host, found.port or (443 if found.scheme == "https" else 80), private)
    except OSError:
        return NO_ANSWER
    if address is None:
        log.warning("an address of this network is not posted to")
        return NO_ANSWER
    target = (found.path or "/") + (f"?{found.query}" if found.query else "")
    try:
        with _pool(found.scheme, address, host, timeout) as pool:
            answer = pool.request(
                "POST",
                target,
                body=body,
                headers={**headers, "Host": found.netloc},
                redirect=False,
                retries=False,
                preload_content=False,
            )
            answer.read(MOST_READ)
            return int(answer.status)
    except (urllib3.exceptions.HTTPError, OSError, ValueError) as error:
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
    one = ip_address(address)
    mapped = getattr(one, "ipv4_mapped", None)
    return bool((mapped or one).is_global and not one.is_multicast)


def _pool(
    scheme: str, address: tuple[str, int], host: str, timeout: float
) -> urllib3.HTTPConnectionPool:
    limits = urllib3.Timeout(total=timeout)
    if scheme == "http":
        return urllib3.HTTPConnectionPool(*address, timeout=limits)
    return urllib3.HTTPSConnectionPool(
        *address, timeout=limits, assert_hostname=host, server_hostname=host
    )
