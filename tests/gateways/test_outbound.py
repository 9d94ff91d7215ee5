"""What goes out leads into no network of the city's own, and waits for nobody for long."""

import socket
import threading
import time

import pytest

from mvote.channels.deliveries.rules_push import is_service
from mvote.gateways.outbound import NO_ANSWER, post


def test_no_way_of_spelling_an_address_leads_inside(caplog: pytest.LogCaptureFixture) -> None:
    """An IPv4 address stands in an IPv6 one in ways that routers and translators understand."""
    mapped = "::ffff:127.0.0.1", "::ffff:0:a00:1", "::a00:1", "64:ff9b::a00:1", "2002:a00:1::1"
    for inside in (*mapped, "64:ff9b:1::808:808", "fec0::1", "ff02::1"):
        caplog.clear()
        assert post(f"https://[{inside}]/", b"{}", {}, timeout=1, private=False) == NO_ANSWER
        assert "not posted to" in caplog.text, inside
    for no_name in (f"{'a' * 64}.push.apple.com", "a..push.apple.com"):  # known to no resolver
        assert is_service(f"https://{no_name}/x", "*.push.apple.com")
        assert post(f"https://{no_name}/x", b"", {}, timeout=1, private=False) == NO_ANSWER


def test_who_answers_letter_by_letter_holds_nobody_up() -> None:
    """Every letter would begin the wait anew; the whole exchange has one time."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        cut = threading.Event()
        dripping = threading.Thread(target=_drip, args=[server, cut])
        dripping.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        assert post(url, b"{}", {}, timeout=2, private=True) == NO_ANSWER
        assert cut.wait(60)
        dripping.join()


def _drip(server: socket.socket, cut: threading.Event) -> None:
    """Tell ``cut`` where the other side left before all was said."""
    taken, _ = server.accept()
    with taken:
        try:
            # Cut anywhere before the status, which a reader of HTTP would take for the answer.
            for letter in b"HTTP/1.1" + b" " * 600 + b"200 OK\r\n\r\n":
                taken.sendall(bytes([letter]))
                time.sleep(0.05)
        except OSError:
            cut.set()
