"""The files that a city puts around mvote do what they say, as far as it can be tried here."""

import os
import re
import shlex
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
import urllib3
from click.testing import CliRunner
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask, request
from werkzeug.serving import make_server

from mvote.app import create_app
from mvote.cli import cli
from mvote.client.errors import NotUnderstood
from mvote.gateways.other_wing import OtherWingUnreachable
from mvote.operations.hosting.command import hosting
from mvote.settings import Settings
from mvote.worker import Worker
from tests.exchange.test_exchange import hear, listener
from tests.exchange.test_wire import alone
from tests.makers import make_poll_draft
from tests.require import ROOT, require
from tests.servers import MVOTE, free_port
from tests.town import Town, settle_in

CITIZEN, FORGED = "127.0.0.9", "203.0.113.7"
STALLED = "/api/v1/phone-checks"
START_SECONDS = 300


def printed(*arguments: str) -> str:
    done = CliRunner().invoke(hosting, list(arguments))
    assert done.exit_code == 0, done.output
    return done.output


def make_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    certificate, private = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return certificate, private


class Nginx:
    """Debian's nginx with the printed configuration; only places and ports are others."""

    def __init__(self, folder: Path, upstream: int) -> None:
        self.folder, self.port = folder, free_port()
        self.certificate, private = make_certificate(folder)
        self.logs = folder / "logs"
        self.logs.mkdir()
        text = printed("nginx", "--port", str(upstream))
        for place, here in (
            ("listen 80;", f"listen 127.0.0.1:{free_port()};"),
            ("    listen [::]:80;\n", ""),
            ("listen 443 ssl", f"listen 127.0.0.1:{self.port} ssl"),
            ("    listen [::]:443 ssl http2;\n", ""),
            ("/etc/ssl/mvote/vote.city.example.pem", str(self.certificate)),
            ("/etc/ssl/mvote/vote.city.example.key", str(private)),
            ("/var/log/nginx/", f"{self.logs}/"),
        ):
            assert text.count(place) == 1, place
            text = text.replace(place, here)
        (folder / "mvote.conf").write_text(text)
        temporary = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        (folder / "nginx.conf").write_text(
            ("user root;\n" if os.getuid() == 0 else "")
            + f"daemon off;\nworker_processes 1;\npid {folder}/pid;\n"
            + f"error_log {self.logs}/main.log info;\nevents {{}}\nhttp {{\n"
            + f"access_log {self.logs}/access.log;\n"
            + "".join(f"{one}_temp_path {folder}/{one};\n" for one in temporary)
            + f"include {folder}/mvote.conf;\n}}\n"
        )
        self.command = [str(require("nginx")), "-p", str(folder), "-c", str(folder / "nginx.conf")]

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    @contextmanager
    def running(self) -> Iterator[None]:
        with subprocess.Popen(self.command, stderr=subprocess.PIPE) as process:
            try:
                self._await()
                yield
            finally:
                process.terminate()
        assert process.returncode == 0

    def _await(self) -> None:
        pause = threading.Event()
        for _ in range(START_SECONDS * 20):
            if (self.folder / "pid").exists() and (self.folder / "pid").read_text().strip():
                return
            pause.wait(0.05)
        raise AssertionError("nginx did not start")

    def logged(self) -> str:
        return "".join(path.read_text() for path in self.logs.iterdir())


@contextmanager
def served(app: Flask) -> Iterator[int]:
    """The app behind a port, with its worker."""
    server = make_server("127.0.0.1", free_port(), app, threaded=True)
    worker = Worker(app)
    threads = [threading.Thread(target=one) for one in (server.serve_forever, worker.run)]
    for thread in threads:
        thread.start()
    try:
        yield server.server_port
    finally:
        worker.stop()
        server.shutdown()
        for thread in threads:
            thread.join()
        server.server_close()


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_vote_goes_through_nginx_and_leaves_no_line_in_any_log(
    app: Flask, settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    require("nginx")
    settle_in(app)
    behind = create_app("both", replace(settings, trusted_proxies="127.0.0.1", worker_seconds=0.05))
    callers: list[tuple[str, str | None]] = []
    first = behind.before_request_funcs[None]  # in front of what waits for the body
    first.insert(0, lambda: callers.append((request.path, request.remote_addr)))
    folder = tmp_path / "nginx"
    folder.mkdir()
    with served(behind) as port:
        nginx = Nginx(folder, port)
        tried = subprocess.run([*nginx.command, "-t"], capture_output=True, text=True, check=False)
        assert (tried.returncode, "[warn]" in tried.stderr) == (0, False), tried.stderr
        monkeypatch.setenv("SSL_CERT_FILE", str(nginx.certificate))
        with nginx.running():
            town = Town.at(settings, nginx.url)
            poll = town.open_poll(make_poll_draft(level="secret"))
            citizen = town.citizen("+821012345678")
            citizen.get_permit(poll)
            assert citizen.cast(poll, {"q1": ["yes"]}).poll == poll.id
            assert_callers_arrive(nginx, callers, poll.id)
            assert_bodies_are_bounded(nginx, settings, poll.id)
            assert_a_body_that_stalls_stays_outside(nginx, callers)
            assert_the_sides_meet_through_it(nginx, settings)
            assert_readiness_is_for_this_host(nginx)
    with nginx.running(), pytest.raises(NotUnderstood, match="502"):
        citizen.cast(poll, {"q1": ["no"]})
    assert "/ballots" not in nginx.logged()
    assert poll.id not in nginx.logged()
    assert "127.0.0." not in nginx.logged()
    assert (nginx.logs / "access.log").read_text() == ""
    assert list((folder / "client_body").iterdir()) == []


def pool_of(nginx: Nginx, caller: str) -> urllib3.PoolManager:
    return urllib3.PoolManager(
        ca_certs=str(nginx.certificate), source_address=(caller, 0), retries=False
    )


def assert_callers_arrive(nginx: Nginx, callers: list[tuple[str, str | None]], poll: str) -> None:
    """The address is the one that nginx saw, whatever the caller says of himself."""
    callers.clear()
    told = dict.fromkeys(("X-Forwarded-For", "X-Real-IP", "Forwarded"), FORGED)
    with pool_of(nginx, CITIZEN) as pool:
        seen = pool.request("GET", f"{nginx.url}/api/v1/polls/{poll}", headers=told)
    assert seen.status == 200
    assert "max-age=" in seen.headers["Strict-Transport-Security"]
    assert [address for path, address in callers if path.endswith(poll)] == [CITIZEN]


def assert_bodies_are_bounded(nginx: Nginx, settings: Settings, poll: str) -> None:
    """What is a little too large is refused by mvote in words, what is far too large by nginx."""
    headers = {"Content-Type": "application/json"}
    with pool_of(nginx, CITIZEN) as pool:
        for size, kind in ((settings.body_bytes + 1, "application/problem+json"), (3_000_000, "")):
            answer = pool.request(
                "POST",
                f"{nginx.url}/api/v1/polls/{poll}/ballots",
                body=b" " * size,
                headers=headers,
            )
            assert (answer.status, kind in answer.headers["Content-Type"]) == (413, True)


def assert_a_body_that_stalls_stays_outside(
    nginx: Nginx, callers: list[tuple[str, str | None]]
) -> None:
    """mvote would wait for the rest of it without end, with one of its threads."""
    callers.clear()
    trusted = ssl.create_default_context(cafile=nginx.certificate)
    with (
        socket.create_connection(("127.0.0.1", nginx.port)) as line,
        trusted.wrap_socket(line, server_hostname="127.0.0.1") as stalled,
    ):
        stalled.sendall(
            f"POST {STALLED} HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\n{{".encode()
        )
        with pool_of(nginx, CITIZEN) as pool:
            assert pool.request("GET", f"{nginx.url}/healthz").status == 200
    assert callers == [("/healthz", CITIZEN)]


def assert_the_sides_meet_through_it(nginx: Nginx, settings: Settings) -> None:
    """By the certificates that the setting names, and by no others."""
    _, take = listener()
    with alone(settings, nginx.url, exchange_ca_file=nginx.certificate):
        hear(take)
    other, _ = make_certificate(nginx.logs.parent / "client_body")
    with (
        alone(settings, nginx.url, exchange_ca_file=other),
        pytest.raises(OtherWingUnreachable, match="certificate"),
    ):
        hear(take)
    for made in other.parent.iterdir():
        made.unlink()


def assert_readiness_is_for_this_host(nginx: Nginx) -> None:
    for caller, status in (("127.0.0.1", 200), (CITIZEN, 403)):
        with pool_of(nginx, caller) as pool:
            assert pool.request("GET", f"{nginx.url}/readyz").status == status


@pytest.mark.parametrize("side", ["both", "people", "votes"])
def test_the_units_are_sound_and_shut_in(side: str, tmp_path: Path) -> None:
    analyze = str(require("systemd-analyze"))
    printed("systemd", "--side", side, "--program", str(MVOTE), "--output", str(tmp_path))
    units = sorted(map(str, tmp_path.iterdir()))
    assert len(units) == 2
    # man pages and users of the real host are not looked for
    environ = {**os.environ, "SYSTEMD_UNIT_PATH": f"{tmp_path}:"}
    done = subprocess.run(
        [analyze, "verify", "--man=no", *units],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    rated = subprocess.run(
        [analyze, "security", "--offline=yes", "--threshold=30", "--no-pager", *units],
        capture_output=True,
        text=True,
        check=False,
    )
    assert rated.returncode == 0, rated.stdout[-300:]


@pytest.mark.parametrize("side", ["both", "people", "votes"])
def test_the_commands_in_the_files_are_ones_that_mvote_knows(side: str) -> None:
    container = printed("container", "--side", side)
    assert set(re.findall(r"^([A-Z]+) ", container, re.M)) <= {
        *("FROM", "WORKDIR", "COPY", "RUN", "ENV", "USER", "VOLUME", "EXPOSE"),
        *("HEALTHCHECK", "ENTRYPOINT", "CMD"),
    }
    arguments = re.findall(r'"([^"]+)"', re.findall(r"^CMD (.*)", container, re.M)[0])
    starts = re.findall(r"^ExecStart=\S+ (.*)", printed("systemd", "--side", side), re.M)
    for words in (arguments, *(start.split() for start in starts)):
        assert side in words
        assert CliRunner().invoke(cli, [*words, "--help"]).exit_code == 0, words
    assert (ROOT / "constraints.txt").is_file()


@pytest.mark.parametrize("side", ["both", "people", "votes"])
def test_the_settings_to_be_made_are_settings_and_belong_on_that_host(side: str) -> None:
    lines = [line for line in printed("settings", "--side", side).splitlines() if line[0] != "#"]
    made = Settings.from_env(dict(word.split("=", 1) for word in shlex.split("\n".join(lines))))
    for wing in {"people", "votes"} - {side} if side != "both" else ():
        assert made.credentials_of(wing) == []
        assert made.wing_url(wing)
    assert made.public_url.startswith("https://")
    known = {f"MVOTE_{one.name.upper()}" for one in fields(Settings)}
    assert {line.partition("=")[0] for line in lines} <= known
