"""Who is calling is believed only of proxies that are named, and never beyond them."""

from dataclasses import replace

import pytest
from flask import Flask, request

from mvote.app import create_app
from mvote.db import engines
from mvote.settings import Settings, SettingsFault
from mvote.web.proxies import caller_of

NAMED = "10.0.0.0/8, 127.0.0.1, fd00::/8"
STRANGER, CITIZEN = "203.0.113.7", "198.51.100.23"


@pytest.mark.parametrize(
    ("peer", "chain", "caller"),
    [
        (STRANGER, "", STRANGER),
        (STRANGER, CITIZEN, STRANGER),
        (STRANGER, "127.0.0.1", STRANGER),
        ("127.0.0.1", "", "127.0.0.1"),
        ("127.0.0.1", CITIZEN, CITIZEN),
        ("127.0.0.1", f"{CITIZEN}, {STRANGER}", STRANGER),
        ("127.0.0.1", f"{CITIZEN}, {STRANGER}, 10.1.2.3", STRANGER),
        ("127.0.0.1", f"{CITIZEN}, unknown", "127.0.0.1"),
        ("127.0.0.1", f"{CITIZEN},", "127.0.0.1"),
        ("127.0.0.1", f"{CITIZEN}, 10.1.2.3:99", "127.0.0.1"),
        ("::ffff:127.0.0.1", CITIZEN, CITIZEN),
        ("fd00::1", "2001:db8::5", "2001:db8::5"),
        ("2001:db8::5", CITIZEN, "2001:db8::5"),
        ("127.0.0.1", "10.0.0.9, 10.0.0.8", "10.0.0.9"),
        ("", CITIZEN, ""),
        ("unix", CITIZEN, "unix"),
    ],
)
def test_the_last_address_that_is_no_trusted_proxy_counts(
    peer: str, chain: str, caller: str
) -> None:
    assert caller_of(peer, chain, Settings(trusted_proxies=NAMED).trusted_networks()) == caller


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_stranger_changes_nothing_by_what_the_request_says_of_itself(settings: Settings) -> None:
    told = {
        "X-Forwarded-For": CITIZEN,
        "X-Real-IP": CITIZEN,
        "Forwarded": f"for={CITIZEN}",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "evil.example",
        "X-Forwarded-Prefix": "/evil",
    }
    for trusted, peer, seen_as in (
        ("", "127.0.0.1", "127.0.0.1"),
        ("127.0.0.1", STRANGER, STRANGER),
        ("127.0.0.1", "127.0.0.1", CITIZEN),
    ):
        app = create_app("both", replace(settings, trusted_proxies=trusted))
        seen = what_arrives(app, told, peer)
        assert seen == {"address": seen_as, "scheme": "http", "host": "localhost", "left": []}
        with app.app_context():
            for engine in engines.engines.values():
                engine.dispose()


def what_arrives(app: Flask, told: dict[str, str], peer: str) -> dict[str, object]:
    seen: dict[str, object] = {}

    @app.before_request
    def note() -> None:
        left = [name for name, _ in request.headers if "forward" in name.lower() or "Real" in name]
        seen.update(address=request.remote_addr, scheme=request.scheme, host=request.host)
        seen["left"] = left

    http = app.test_client()
    assert http.get("/healthz", headers=told, environ_base={"REMOTE_ADDR": peer}).status_code == 200
    return seen


@pytest.mark.parametrize("named", ["nowhere", "10.0.0.1/8", "0.0.0.0/0", "10.0.0.0/8,::/0"])
def test_what_names_no_network_or_everybody_is_refused(named: str) -> None:
    with pytest.raises(SettingsFault, match="MVOTE_TRUSTED_PROXIES"):
        Settings.from_env({"MVOTE_TRUSTED_PROXIES": named})
