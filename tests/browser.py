"""Fixtures for tests in the system's Chromium, driven by Playwright."""

import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from tests.require import require

# Chromium would otherwise speak to its maker; as root it has no sandbox.
ARGUMENTS = [
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
WAIT_MILLISECONDS = 120_000
"""A busy machine is no fault of a page."""


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests; Playwright's own downloads are not used."""
    chromium = require("chromium")
    sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=str(chromium), args=ARGUMENTS + sandbox, timeout=WAIT_MILLISECONDS
        )
        yield started
        started.close()


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page in a fresh profile.  An error in its scripts fails the test."""
    faults: list[str] = []
    with browser.new_context(locale="ko-KR", timezone_id="Asia/Seoul") as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        made = context.new_page()
        made.on("pageerror", lambda error: faults.append(str(error)))
        yield made
    assert faults == []
