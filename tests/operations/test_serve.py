"""``mvote serve`` starts whole, ends whole, and says in one sentence why it does not start."""

import os
import re
import signal
import socket
import time
from collections.abc import Callable
from dataclasses import fields, replace
from http.client import HTTPConnection
from pathlib import Path
from select import select
from urllib.parse import urlsplit

import pytest
import urllib3

from mvote.keys import open_keys
from mvote.settings import Settings, Wing
from tests.commands import on_sqlite, run_mvote
from tests.servers import Serve, Server, ask

WAIT_SECONDS = 300


def session_of(server: Server) -> dict[int, str]:
    """Process id → command line of everything that runs in the server's session."""
    found = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            told = (entry / "stat").read_text(errors="replace").rpartition(")")[2]
            command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        state, _parent, _group, session = told.split()[:4]
        if int(session) == server.process.pid and state != "Z":
            found[int(entry.name)] = command
    return found


def worker_of(server: Server) -> int | None:
    return next((pid for pid, command in session_of(server).items() if " worker " in command), None)


def await_that(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WAIT_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not come true"
        time.sleep(0.05)


def stopped_leaves_nothing(server: Server, number: int) -> None:
    await_that(lambda: worker_of(server) is not None)
    server.process.send_signal(number)
    assert server.process.wait(WAIT_SECONDS) == 0
    await_that(lambda: session_of(server) == {})


def get(server: Server, path: str) -> urllib3.BaseHTTPResponse:
    return ask("GET", server.url + path)


def test_a_server_is_up_and_ready(live_server: Server) -> None:
    assert get(live_server, "/healthz").data == b"up\n"
    assert get(live_server, "/readyz").json()["ready"] is True


HALF_SENT = {
    "a body nobody looks at": ("/api/v1/tokens/refresh", 401),
    "an address without a route": ("/api/v1/nothing", 404),
    "a body that is read": ("/api/v1/phone-checks", 422),
}
LATE_SECONDS = 1


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_no_answer_overtakes_its_request_and_the_connection_serves_the_next(
    live_server: Server, settings: Settings
) -> None:
    for kind, (path, status) in HALF_SENT.items():
        line = HTTPConnection(urlsplit(live_server.url).netloc, timeout=WAIT_SECONDS)
        for late in (0, LATE_SECONDS):
            line.putrequest("POST", path)
            line.putheader("Content-Type", "application/json")
            line.putheader("Content-Length", "2")
            line.endheaders()
            assert select([line.sock], [], [], late) == ([], [], []), kind
            line.send(b"{}")
            answer = line.getresponse()
            assert answer.read(), kind
            assert (answer.status, answer.getheader("Connection")) == (status, None), kind
        line.request("GET", "/healthz")
        assert line.getresponse().read() == b"up\n", kind
        line.close()
    assert_a_body_that_is_too_large_ends_its_connection(live_server, settings.body_bytes)


def assert_a_body_that_is_too_large_ends_its_connection(server: Server, most: int) -> None:
    """And the answer says so, whether its length was told or only shows."""
    told = {"Content-Type": "application/json"}
    for length, sent, status, ends in (
        (most, b" " * most, 400, None),
        (most + 1, b"", 413, "close"),
        (None, [b" " * (most - 1)], 400, None),
        (None, [b"{}", b" " * most], 413, "close"),
    ):
        line = HTTPConnection(urlsplit(server.url).netloc, timeout=WAIT_SECONDS)
        framing = {"Transfer-Encoding": "chunked"} if length is None else {"Content-Length": length}
        line.request("POST", "/api/v1/phone-checks", sent, told | framing, encode_chunked=True)
        answer = line.getresponse()
        assert (answer.status, answer.getheader("Connection")) == (status, ends), (length, status)
        line.close()


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_worker_comes_back_and_a_stopped_server_leaves_nothing_behind(
    live_server: Server,
) -> None:
    await_that(lambda: worker_of(live_server) is not None)
    first = worker_of(live_server)
    assert first
    os.kill(first, signal.SIGKILL)
    await_that(lambda: worker_of(live_server) not in (None, first))
    stopped_leaves_nothing(live_server, signal.SIGINT)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_killed_server_leaves_nothing_behind(live_server: Server) -> None:
    await_that(lambda: worker_of(live_server) is not None)
    live_server.process.kill()
    live_server.process.wait()
    await_that(lambda: session_of(live_server) == {})


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_log_of_a_server_names_no_address_and_no_request(live_server: Server) -> None:
    for path in ("/healthz", "/secret-path"):
        get(live_server, path)
    stopped_leaves_nothing(live_server, signal.SIGTERM)
    said = live_server.log.read_text().replace(live_server.url, "")
    assert "secret-path" not in said
    assert not re.search(r"\d+\.\d+\.\d+\.\d+", said)


def refusal_of(settings: Settings, *arguments: str) -> str:
    """The one sentence with which a command refuses."""
    done = run_mvote(settings, *arguments)
    assert done.returncode == 2, done.stderr
    assert done.stdout == ""
    assert done.stderr.startswith("mvote: ")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_server_without_databases_names_the_command_to_run(tmp_path: Path) -> None:
    assert "run `mvote db upgrade`" in refusal_of(on_sqlite(tmp_path), "serve")


def test_a_server_does_not_start_on_an_older_revision(settings: Settings) -> None:
    from sqlalchemy import create_engine, text

    engine = create_engine(settings.database_url("votes"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    said = refusal_of(settings, "serve")
    assert "the votes database is at revision 0000" in said


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_running_server_says_that_its_database_is_behind_and_without_a_worker_has_none(
    serve: Serve, settings: Settings
) -> None:
    from sqlalchemy import create_engine, text

    server = serve(settings, "--no-worker")
    assert worker_of(server) is None

    engine = create_engine(settings.database_url("people"))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '0000'"))
    engine.dispose()
    answer = get(server, "/readyz")
    assert answer.status == 503
    assert answer.json()["code"] == "not-ready"
    assert answer.json()["params"]["databases"] == "people"


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_server_says_that_its_port_is_taken(settings: Settings) -> None:
    with socket.create_server(("127.0.0.1", 0)) as held:
        port = str(held.getsockname()[1])
        assert f"port {port}: Address already in use" in refusal_of(
            settings, "serve", "--port", port
        )


@pytest.mark.parametrize("url", ["postgresql://nobody@127.0.0.1:1/none", "nonsense://here"])
def test_a_database_that_cannot_be_reached_is_named(tmp_path: Path, url: str) -> None:
    settings = replace(on_sqlite(tmp_path), people_database_url=url)
    assert "MVOTE_PEOPLE_DATABASE_URL" in refusal_of(settings, "serve")


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_damaged_key_is_named(settings: Settings) -> None:
    folder = settings.keys("votes")
    folder.mkdir()
    (folder / "board.pem").write_text("not a key")
    (folder / "board.pem").chmod(0o600)
    assert "board.pem does not hold an Ed25519 private key" in refusal_of(settings, "serve")


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("wing", "other"), [("people", "votes"), ("votes", "people")])
def test_one_side_asks_for_the_public_keys_of_the_other(
    settings: Settings, wing: Wing, other: Wing
) -> None:
    settings = replace(settings, **{f"{other}_database_url": ""})
    said = refusal_of(settings, "serve", "--side", wing)
    assert f"MVOTE_{other.upper()}_PUBLIC_KEYS" in said
    assert (settings.keys(wing) / "public.json").exists()
    assert not settings.keys(other).exists()


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("wing", "other"), [("people", "votes"), ("votes", "people")])
def test_one_side_does_not_start_with_a_credential_of_the_other(
    settings: Settings, wing: Wing, other: Wing
) -> None:
    """Nor does its worker; whoever means it says so by a setting."""
    bare = replace(settings, **{f"{other}_database_url": ""})
    open_keys(bare, other)
    sides = ("--side", wing)
    for held, name in (
        (settings, f"MVOTE_{other.upper()}_DATABASE_URL"),
        (bare, f"{other}-keys/exchange.pem"),
    ):
        said = refusal_of(held, "serve", *sides)
        assert name in said
        assert "MVOTE_BOTH_SIDES_HERE" in said
    assert f"{other}-keys/exchange.pem" in refusal_of(bare, "worker", "--once", *sides)
    assert not settings.keys(wing).exists()
    meant = replace(settings, both_sides_here="yes", **{f"{other}_url": "http://127.0.0.1:9"})
    done = run_mvote(meant, "worker", "--once", *sides)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr


def test_every_secret_among_the_settings_says_whose_it_is() -> None:
    secret = {"secret", "password", "key", "database_url"}
    named = {
        one.name: one.metadata["only"]
        for one in fields(Settings)
        if any(one.name.endswith(end) for end in secret)
    }
    assert len(named) >= 4
    assert [name for name, owner in named.items() if owner is None] == []
