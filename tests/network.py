"""No way out: a test that reaches for another machine fails."""

import ipaddress
import socket
from collections.abc import Iterator
from typing import Any

import pytest


class OutboundNetwork(BaseException):
    """A test reached for the network; not an OSError, so that no retry swallows it."""


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@pytest.fixture(scope="session", autouse=True)
def only_this_machine() -> Iterator[None]:
    """Sockets of this process connect to loopback and Unix sockets only."""

    def guarded(connect: Any) -> Any:
        def connect_here(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_this_machine(address[0]):
                raise OutboundNetwork(f"a test tried to reach {address}")
            return connect(self, address)

        return connect_here

    with pytest.MonkeyPatch.context() as patch:
        for name in ("connect", "connect_ex"):
            patch.setattr(socket.socket, name, guarded(getattr(socket.socket, name)))
        yield
