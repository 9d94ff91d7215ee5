"""A running city with open polls, and phones that open the app in Chromium."""

import re
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page, Request, Route

from mvote.app import create_app
from mvote.client.poll import FrozenPoll, fetch_poll
from mvote.db import engines
from mvote.settings import Settings
from tests.browser import WAIT_MILLISECONDS
from tests.makers import make_poll_draft, words, yes_no_question
from tests.phone.looks import USUAL, look
from tests.servers import Server, free_port
from tests.town import APPROVER, DRAFTER, Town, settle_in

PHONE: dict[str, Any] = {
    "viewport": USUAL,
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DISTRICT = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
TOMORROW = """
const Real = Date, ahead = 26 * 3600 * 1000;
Date = class extends Real {
  constructor(...given) { given.length ? super(...given) : super(Real.now() + ahead); }
  static now() { return Real.now() + ahead; }
};
"""
"""The phone's clock is wrong by more than a day."""
WAIT_SECONDS = WAIT_MILLISECONDS / 1000
CONTROLLED = "navigator.serviceWorker.controller !== null"
KEPT = """async said => {
  const { get, names } = await import('/app/state/store.js');
  const kept = await Promise.all((await names()).map((name) => get(name)));
  return JSON.stringify(kept).includes(said);
}"""


@dataclass
class City:
    """A server, its town, and polls: ``bridge`` is secret with a reason and a second question
    for those who say yes, ``park`` confidential and without a change of mind, ``names`` open,
    ``others`` for a district in which no phone of these tests is."""

    url: str
    home: Path
    server: Server
    town: Town
    bridge: FrozenPoll
    park: FrozenPoll
    names: FrozenPoll
    others: FrozenPoll
    numbers: Iterator[int] = field(default_factory=lambda: count(20_000_001))

    def number(self) -> str:
        """Of a phone that nobody used yet."""
        return f"010{next(self.numbers)}"

    def await_scope(self, scope: str) -> None:
        """Until permits are given within it; a phone asks for that some seconds and no longer."""
        self._await(lambda: self.town.votes.get(f"/scopes/{scope}")["state"] == "open")

    def await_board(self, poll: FrozenPoll, *, size: int) -> None:
        """Until so many entries stand there; the worker puts ballots there a moment later."""
        path = f"/polls/{poll.id}/board/leaves"
        self._await(lambda: self.town.votes.get(path)["size"] >= size)

    @staticmethod
    def _await(holds: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not holds():
            assert time.monotonic() < end, "it did not come to that"
            time.sleep(0.05)

    def start(self) -> None:
        """The server again, at its address and with what it stored, after it was killed."""
        port = urlsplit(self.url).port or 0
        self.server = Server(self.server.settings, self.server.log, port=port)
        self.server.await_ready()


def second_question() -> dict[str, Any]:
    return yes_no_question(
        id="q2",
        title=words("With benches?"),
        blank=False,
        only_if={"question": "q1", "any_of": ["yes"]},
    )


@contextmanager
def open_city(template: Any, home: Any) -> Iterator[City]:
    shutil.copytree(template, home)
    port = free_port()
    settings = Settings(
        home=home,
        people_database_url=f"sqlite:///{home / 'people.db'}",
        votes_database_url=f"sqlite:///{home / 'votes.db'}",
        sms_gateway=f"file:{home / 'sms.jsonl'}",
        official_passwords="yes",
        public_url=f"http://127.0.0.1:{port}",
        worker_seconds=0.5,
        batch_ballots=1,
        batch_seconds=0,
        code_resend_seconds=1,
    )
    app = create_app("both", settings)
    settle_in(app)
    with app.app_context():
        for engine in engines.engines.values():
            engine.dispose()
    server = Server(settings, home / "serve.log", port=port)
    try:
        server.await_ready()
        town = Town.at(settings, server.url)
        made = City(server.url, home, server, town, *open_polls(town))
        try:
            yield made
        finally:
            made.server.kill()
    finally:
        server.kill()


def open_polls(town: Town) -> list[FrozenPoll]:
    """The polls of ``City``, in its order; each official signs in once."""
    questions = [yes_no_question(reason=True), second_question()]
    drafts = [
        make_poll_draft(level="secret", questions=questions),
        make_poll_draft(title=words("The park"), revote=False),
        make_poll_draft(title=words("Names"), level="open"),
        make_poll_draft(audience=DISTRICT, proof="register"),
    ]
    drafter, approver = town.official(DRAFTER), town.official(APPROVER)
    polls: list[str] = [drafter.create_poll(draft)["id"] for draft in drafts]
    for poll in polls:
        approver.approve(poll)
    for poll in polls:
        approver.wait_for(poll, "frozen")
        approver.open(poll)
    for poll in polls:
        town.await_permits(poll)
    return [fetch_poll(town.votes, poll) for poll in polls]


class Phone:
    """One citizen's phone: its browser, and what its pages asked of the interface."""

    def __init__(self, city: City, context: BrowserContext, number: str) -> None:
        self.city, self.context, self.number = city, context, number
        self.asked: list[str] = []
        self.faults: list[str] = []
        context.on("request", self._hear)
        self.page = self.open()

    def _hear(self, request: Request) -> None:
        if "/api/v1/" in request.url:
            path = request.url.partition("/api/v1")[2]
            self.asked.append(f"{request.method} {re.sub('[0-9a-z]{16}', 'ID', path)}")

    def open(self, path: str | None = None) -> Page:
        page = self.context.new_page()
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        if path:
            page.goto(self.city.url + path)
        return page

    def at(self, path: str) -> None:
        self.page.goto(self.city.url + path)

    def heading(self, said: str) -> None:
        """Wait for a screen by its heading."""
        self.page.get_by_role("heading", level=1, name=said, exact=True).wait_for()

    def press(self, said: str) -> None:
        """Press the button or follow the link."""
        found = self.page.get_by_role("button", name=said, exact=True)
        self.page.get_by_role("link", name=said, exact=True).or_(found).first.click()

    @property
    def code(self) -> Locator:
        return self.page.locator("input[autocomplete=one-time-code]")

    def check(self) -> None:
        """Prove the number, from the screen that asks for it on."""
        self.page.locator("input[type=tel]").fill(self.number)
        self.page.locator("main button[type=submit]").click()
        self.code.fill(self.read_code())

    def read_code(self) -> str:
        """The code in the message that came."""
        end = time.monotonic() + WAIT_SECONDS
        while True:
            try:
                return self.city.town.sms.code_of(f"+82{self.number[1:]}")
            except TimeoutError:
                if time.monotonic() > end:
                    raise

    def sees(self, said: str) -> None:
        self.page.get_by_text(said).first.wait_for()

    def keeps(self, said: str) -> None:
        """Wait until this lies on the phone: a draft is kept a moment after the last sign."""
        self._await(lambda: bool(self.page.evaluate(KEPT, said)))

    def keeps_the_app(self) -> None:
        """Wait until the page has all it needs from the phone itself, whatever the net does."""
        self._await(lambda: bool(self.page.evaluate(CONTROLLED)))

    def _await(self, holds: Callable[[], bool]) -> None:
        end = time.monotonic() + WAIT_SECONDS
        while not holds():
            assert time.monotonic() < end, "it did not come to that"
            self.page.wait_for_timeout(20)

    def tap_twice(self, found: Locator, pattern: str) -> None:
        """Both taps before the first is answered: the second may not hit what is shown then."""
        held: list[Route] = []

        def hold(route: Route) -> None:
            held.append(route)

        self.context.route(pattern, hold)
        found.dblclick()
        self._await(lambda: bool(held))
        for route in held:
            route.continue_()
        self.context.unroute(pattern, hold)  # what was held since then goes on by that

    def is_accessible(self) -> None:
        """As it stands, and in dark with large type on the smallest phone."""
        look(self.page, both=False)

    def tell(self) -> None:
        """What its windows show, for whoever reads of a failure."""
        said = [f"asked: {self.asked[-20:]}", f"faults: {self.faults}"]
        for page in self.context.pages:
            with suppress(Error):  # it may be the page itself that failed
                said.append(f"--- {page.url}\n{page.locator('body').inner_text(timeout=5000)}")
        sys.stdout.write("\n".join(said))

    @property
    def tracker(self) -> str:
        return self.page.locator("#tracker").inner_text()


@contextmanager
def phone_of(city: City, browser: Browser, **profile: Any) -> Iterator[Phone]:
    """A phone whose scripts may not fail."""
    with browser.new_context(**{**PHONE, "locale": "en-GB", **profile}) as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        made = Phone(city, context, city.number())
        try:
            yield made
        except BaseException:
            made.tell()
            raise
        finally:  # nobody waits for what is on its way, and its fault is no other test's
            context.unroute_all(behavior="ignoreErrors")
    assert made.faults == [], made.faults


@pytest.fixture(scope="session")
def city(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[City]:
    """One city for all walks; each brings its own phones."""
    with open_city(sqlite_template, tmp_path_factory.mktemp("walks") / "home") as made:
        yield made
