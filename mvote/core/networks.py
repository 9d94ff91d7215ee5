"""Which addresses count as one: a line, and the lines around it that one customer may hold."""

from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

LINE_BITS: Final = {4: 32, 6: 64}
"""One line has a whole IPv6 /64 behind it."""
BLOCK_BITS: Final = {4: 24, 6: 48}
"""Up to an IPv6 /48 is handed out to one customer (RFC 6177)."""


def network_of(address: str) -> str:
    """What counts as one sender: an IPv4 address, or the network of an IPv6 address."""
    return _within(address, LINE_BITS)


def block_of(address: str) -> str:
    """An address with its neighbours."""
    return _within(address, BLOCK_BITS)


def _within(address: str, bits: dict[int, int]) -> str:
    """Empty where it is no address."""
    try:
        found = ip_address(address.partition("%")[0])
    except ValueError:
        return ""
    if isinstance(found, IPv6Address) and found.ipv4_mapped is not None:
        found = found.ipv4_mapped
    made = ip_network(f"{found}/{bits[found.version]}", strict=False)
    return str(found) if made.num_addresses == 1 else str(made)
