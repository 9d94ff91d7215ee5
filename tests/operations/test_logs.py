"""What is logged, in which form, and what never stands there."""

import io
import json
import logging
from dataclasses import replace

import pytest

from mvote.operations.logs import blot, configure
from mvote.settings import Settings


@pytest.fixture
def said(settings: Settings, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest):
    """A log in the asked form; gives its stream."""
    stream = io.StringIO()
    monkeypatch.setattr("sys.stderr", stream)
    root, own = logging.getLogger(), logging.getLogger("mvote")
    monkeypatch.setattr(root, "handlers", list(root.handlers))
    before = own.level
    configure(replace(settings, log_format=request.param))
    yield stream
    own.setLevel(before)  # else later tests of this process would log more


def fail() -> None:
    secret = "a ballot"
    raise ValueError(f"no {len(secret)}")


def log_a_fault() -> None:
    try:
        fail()
    except ValueError:
        logging.getLogger("mvote.test").exception("it failed for %s", "010-1234-5678")


@pytest.mark.parametrize("said", ["json"], indirect=True)
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_json_log_has_one_object_a_line_without_values_or_numbers(said: io.StringIO) -> None:
    log_a_fault()
    [line] = said.getvalue().splitlines()
    event = json.loads(line)
    assert event["event"] == "it failed for […]"
    assert (event["level"], event["logger"]) == ("error", "mvote.test")
    assert event["exception"][0]["exc_type"] == "ValueError"
    assert "a ballot" not in line


@pytest.mark.parametrize("said", ["text"], indirect=True)
@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_text_log_has_the_traceback_once(said: io.StringIO) -> None:
    log_a_fault()
    text = said.getvalue()
    assert "ERROR mvote.test: it failed for […]" in text
    assert text.count("Traceback") == 1


@pytest.mark.parametrize(
    "private",
    [
        "203.0.113.77",
        "2001:db8:0:0:1:0:0:7",
        "+82-10-1234-5678",
        "010 1234 5678",
        "eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln",
    ],
)
def test_addresses_numbers_and_tokens_are_blotted_out(private: str) -> None:
    assert blot(f"from {private} today") == "from […] today"


@pytest.mark.parametrize(
    "plain", ["2026-11-21T22:57:55Z", "poll 7k3m9q2x5r8t1v4w", "12345 of 67890 rows", "3.11.7"]
)
def test_other_words_stay(plain: str) -> None:
    assert blot(plain) == plain
