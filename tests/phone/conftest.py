"""The phone's module in Node and in Chromium: a test hands over cases and reads the answers."""

import json
import subprocess
import threading
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser import WAIT_MILLISECONDS
from tests.phone.city import city  # noqa: F401
from tests.require import ROOT, require
from tests.spec.conftest import npm_tools  # noqa: F401

HERE = Path(__file__).parent
NODE_SECONDS = 900

Call = tuple[str, dict[str, Any]]
Answers = list[Any]
Run = Callable[[Sequence[Call]], Answers]


class Refused(str):
    """The answer of a case that was refused: the code of the refusal."""


def answers_of(raw: list[dict[str, Any]]) -> Answers:
    return [Refused(one["refused"]) if "refused" in one else one["value"] for one in raw]


def in_node(calls: Sequence[Call], module: str = "cases.mjs") -> Answers:
    """Run cases in one process of Node.  Raises RuntimeError with what it printed."""
    done = subprocess.run(
        [require("node"), HERE / "in_node.mjs", HERE / module],
        input=json.dumps(calls),
        capture_output=True,
        text=True,
        check=False,
        timeout=NODE_SECONDS,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    return answers_of(json.loads(done.stdout))


class _Files(SimpleHTTPRequestHandler):
    """Files of the repository as any static host serves them, without a word in the log."""

    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}

    def log_message(self, format: str, *args: Any) -> None:
        pass


@pytest.fixture(scope="session")
def static_url() -> Iterator[str]:
    """Where the repository's files lie, served by the plainest host there is."""
    handler = partial(_Files, directory=str(ROOT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session", params=["node", "chromium"])
def phone(request: pytest.FixtureRequest) -> Iterator[Run]:
    """Runs cases by the phone's module, first in Node, then in Chromium."""
    if request.param == "node":
        yield in_node
        return
    browser: Browser = request.getfixturevalue("browser")
    url: str = request.getfixturevalue("static_url")
    with browser.new_context() as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = context.new_page()
        page.goto(f"{url}/tests/phone/blank.html")

        def in_chromium(calls: Sequence[Call]) -> Answers:
            script = "calls => import('./cases.mjs').then(module => module.run(calls))"
            return answers_of(page.evaluate(script, calls))

        yield in_chromium
