"""Who is calling, where a proxy stands in between: believed only from proxies that are named.

Werkzeug's ProxyFix counts proxies and asks nobody who they are, so whoever reaches the
server past the proxy may call himself what he likes.  Here the caller's own address has
to lie in a trusted network, and of the chain in X-Forwarded-For the last address that is
no trusted proxy counts: everything before it is hearsay.
"""

from collections.abc import Callable, Iterable, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from flask import Flask

from mvote.installation import Installation

Network = IPv4Network | IPv6Network
Address = IPv4Address | IPv6Address
Wsgi = Callable[[dict[str, Any], Any], Iterable[bytes]]

CHAIN = "HTTP_X_FORWARDED_FOR"
HEARSAY = (
    *(CHAIN, "HTTP_FORWARDED", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED_HOST"),
    *("HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_PORT", "HTTP_X_FORWARDED_PREFIX"),
)
"""What a request says about who sent it and how; nothing behind this module gets to read it."""


def install_proxies(app: Flask, made: Installation) -> None:
    """Give ``request.remote_addr`` the meaning "who called the outermost trusted proxy"."""
    networks = made.settings.trusted_networks()
    inner: Wsgi = app.wsgi_app

    def believe(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        said = environ.get(CHAIN, "")
        for name in HEARSAY:
            environ.pop(name, None)
        environ["REMOTE_ADDR"] = caller_of(environ.get("REMOTE_ADDR", ""), said, networks)
        return inner(environ, start_response)

    app.wsgi_app = believe  # type: ignore[method-assign]


def caller_of(peer: str, chain: str, networks: Sequence[Network]) -> str:
    """The address of who called: ``peer``, or what trusted proxies say in ``chain``.

    A part of the chain that is no address ends it; what stands before it counts for nothing.
    """
    found = _address(peer)
    if found is None:
        return peer
    for said in reversed(chain.split(",") if chain else []):
        if not _within(found, networks):
            break
        named = _address(said.strip())
        if named is None:
            break
        found = named
    return str(found)


def _address(spelled: str) -> Address | None:
    try:
        found = ip_address(spelled)
    except ValueError:
        return None
    mapped = getattr(found, "ipv4_mapped", None)
    return mapped or found


def _within(address: Address, networks: Sequence[Network]) -> bool:
    return any(address.version == one.version and address in one for one in networks)
