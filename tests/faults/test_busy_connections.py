"""Every connection of the process is in use: a clear refusal, in time, and nothing internal."""

from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy.exc import TimeoutError

from mvote.app import create_app
from mvote.db import engine
from mvote.settings import WINGS, Settings


@pytest.fixture
def hurried(settings: Settings) -> Iterator[Flask]:
    """An app that does not wait long for a connection."""
    made = create_app("both", replace(settings, database_wait_seconds=1, database_pool=2))
    yield made
    with made.app_context():
        for wing in WINGS:
            engine(wing).dispose()


def test_a_request_for_which_no_connection_is_left_is_told_to_come_again(hurried: Flask) -> None:
    with hurried.app_context(), ExitStack() as held:
        with suppress(TimeoutError):
            while True:
                held.enter_context(engine("votes").connect())
        for path in ("/api/v1/polls", "/"):
            answer = hurried.test_client().get(path)
            assert answer.status_code == 503
            assert "database-unavailable" in answer.text
