"""Which addresses count as one sender."""

import pytest

from mvote.core.networks import block_of, network_of


@pytest.mark.parametrize(
    ("address", "network", "block"),
    [
        ("203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("::ffff:203.0.113.7", "203.0.113.7", "203.0.113.0/24"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
        ("fe80::1%eth0", "fe80::/64", "fe80::/48"),
        ("", "", ""),
    ],
)
def test_a_line_and_its_neighbours_stand_for_an_address(
    address: str, network: str, block: str
) -> None:
    assert (network_of(address), block_of(address)) == (network, block)
