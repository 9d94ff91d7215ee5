"""The SMS gateway: every adapter against what it really writes to."""

import json
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from mvote.gateways import sms
from mvote.gateways.sms import ConsoleSms, FileSms, HttpSms, SmsNotSent, open_gateway, signature
from mvote.settings import Settings, SettingsFault

SECRET = b"shared with the provider"
NUMBER = "+821023456789"


@dataclass
class Provider:
    """A provider on this machine that checks signatures; ``answers`` are given first, then 202."""

    answers: list[int] = field(default_factory=list)
    seen: list[tuple[str, dict[str, str]]] = field(default_factory=list)
    url: str = ""

    def take(self, handler: BaseHTTPRequestHandler) -> int:
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        at = handler.headers["Mvote-Timestamp"]
        if handler.headers["Mvote-Signature"] != f"sha256={signature(SECRET, at, body)}":
            return 401
        self.seen.append((handler.headers["Idempotency-Key"], json.loads(body)))
        return self.answers.pop(0) if self.answers else 202


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setattr(sms, "FIRST_PAUSE_SECONDS", 0.001)
    made = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            status = made.take(self)
            if status == 0:  # hang up without an answer
                self.close_connection = True
                return
            self.send_response(status)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/messages"
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def gateway(provider: Provider, *, secret: bytes = SECRET, tries: int = 3) -> HttpSms:
    return HttpSms(provider.url, secret, tries, 60)


def test_a_provider_gets_a_signed_message(provider: Provider) -> None:
    gateway(provider).send(NUMBER, "인증번호 123456")
    assert [body for _, body in provider.seen] == [{"to": NUMBER, "text": "인증번호 123456"}]


def test_a_provider_that_fails_is_tried_again_under_one_key(provider: Provider) -> None:
    provider.answers = [503, 0]
    gateway(provider).send(NUMBER, "text")
    assert len(provider.seen) == 3
    assert len({key for key, _ in provider.seen}) == 1


def test_two_messages_have_two_keys(provider: Provider) -> None:
    for _ in range(2):
        gateway(provider).send(NUMBER, "text")
    assert len({key for key, _ in provider.seen}) == 2


def test_a_provider_that_keeps_failing_is_told_of(provider: Provider) -> None:
    provider.answers = [500, 429, 503, 202]
    with pytest.raises(SmsNotSent):
        gateway(provider).send(NUMBER, "text")
    assert len(provider.seen) == 3


@pytest.mark.parametrize("status", [400, 403, 301])
def test_a_no_of_the_provider_is_final(provider: Provider, status: int) -> None:
    provider.answers = [status]
    with pytest.raises(SmsNotSent):
        gateway(provider).send(NUMBER, "text")
    assert len(provider.seen) == 1


def test_a_wrong_secret_is_refused_by_the_provider(provider: Provider) -> None:
    with pytest.raises(SmsNotSent):
        gateway(provider, secret=b"another").send(NUMBER, "text")
    assert provider.seen == []


def test_a_provider_that_is_not_there_is_told_of(provider: Provider) -> None:
    with pytest.raises(SmsNotSent):
        HttpSms("http://127.0.0.1:1/", SECRET, 2, 1).send(NUMBER, "text")


def test_a_file_keeps_whole_lines_of_many_threads(tmp_path: Path) -> None:
    made = FileSms(tmp_path / "sms.jsonl")
    texts = [f"{number} " + "가" * 2000 for number in range(200)]
    with ThreadPoolExecutor(16) as pool:
        list(pool.map(lambda text: made.send(NUMBER, text), texts))
    lines = [json.loads(line) for line in made.path.read_text().splitlines()]
    assert sorted(line["text"] for line in lines) == sorted(texts)
    assert {line["to"] for line in lines} == {NUMBER}
    assert all(line["at"].endswith("Z") for line in lines)


def test_a_file_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    with pytest.raises(SmsNotSent):
        FileSms(tmp_path / "no folder" / "sms.jsonl").send(NUMBER, "text")


def test_a_full_disk_is_told_of() -> None:
    with pytest.raises(SmsNotSent):
        FileSms(Path("/dev/full")).send(NUMBER, "text")


def test_the_console_shows_number_and_text(capsys: pytest.CaptureFixture[str]) -> None:
    ConsoleSms().send(NUMBER, "Your code is 123456\n\n@vote.example #123456")
    shown = capsys.readouterr()
    assert shown.err == f"SMS to {NUMBER}: Your code is 123456 @vote.example #123456\n"
    assert shown.out == ""


def test_the_setting_chooses_the_gateway(tmp_path: Path) -> None:
    assert open_gateway(Settings()) == open_gateway(Settings(sms_gateway="console"))
    assert open_gateway(Settings(sms_gateway=f"file:{tmp_path}/a")) == FileSms(tmp_path / "a")
    named = Settings(sms_gateway="https://sms.example/send", sms_secret="s", sms_tries=0)
    assert open_gateway(named) == HttpSms("https://sms.example/send", b"s", 1, 5)


@pytest.mark.parametrize("named", ["", "pigeon", "file:", "ftp://sms.example"])
def test_an_unknown_gateway_is_a_fault_of_the_settings(named: str) -> None:
    with pytest.raises(SettingsFault):
        open_gateway(Settings(sms_gateway=named))
