"""Whatever answers in a city's place while somebody votes: what became of the vote is told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from playwright.sync_api import Browser, Route

from tests.phone.city import City, Phone, phone_of
from tests.phone.test_survives import choose, falsely, instead
from tests.phone.test_walk import fulfil

NOT_THE_CITY = "does not seem to come from the city's server"
NOT_VOTED = "You have not voted yet"
STRANGE: list[dict[str, Any]] = [
    {"status": 200, "content_type": "text/html", "body": "<h1>Free Wi-Fi</h1>"},
    {"status": 200, "content_type": "application/json", "body": '{"id": 1'},
    {"status": 200, "content_type": "application/json", "body": '{"items": {}}'},
    {"status": 200, "content_type": "application/json", "body": "[]"},
    {"status": 204},
    {"status": 500, "content_type": "text/html", "body": "<h1>Server Error</h1>"},
    {"status": 403, "content_type": "application/problem+json", "body": '{"code": 403}'},
]
"""What cafés, proxies and other servers say."""
NEWER: dict[str, Any] = {
    "content_type": "text/javascript",
    "body": "import { renamed } from '../state/store.js';",
}
"""A module of another version than those that the page has."""


class Impostor:
    """Answers requests in place of the city, or lets one wait; ``told`` is what is read of it.

    ``redrawn``: each answer leads to another screen, or the same one anew.
    """

    def __init__(self, phone: Phone, pattern: str, *told: str, redrawn: bool = True) -> None:
        self.phone, self.pattern, self.told, self.redrawn = phone, pattern, told, redrawn
        self.answer: Callable[[Route], Any] = partial(fulfil, STRANGE[0])

    @contextmanager
    def at_work(self) -> Iterator["Impostor"]:
        with instead(self.phone, self.pattern, self.hear):
            yield self

    def hear(self, route: Route) -> None:
        self.answer(route)

    @contextmanager
    def _new_screen(self) -> Iterator[None]:
        before = self.phone.page.locator("h1").element_handle()
        yield
        if self.redrawn:
            before.wait_for_element_state("hidden")

    def says(self, answer: Callable[[Route], Any], act: Callable[[], Any]) -> None:
        self.answer = answer
        with self._new_screen(), self.phone.page.expect_response(self.pattern):
            act()
        for said in self.told:
            self.phone.sees(said)

    def tries_everything(self, act: Callable[[], Any]) -> None:
        for answer in STRANGE:
            self.says(partial(fulfil, answer), act)
        self.phone.is_accessible()

    def lets_wait(self, act: Callable[[], Any], *told: str) -> None:
        """One request gets no answer for longer than the app waits; there is no way for others."""
        held: list[Route] = []
        self.answer = lambda route: route.abort() if held else held.append(route)
        with self._new_screen():
            with self.phone.page.expect_request(self.pattern):
                act()
            self.phone.page.clock.fast_forward("00:30")
        for said in told:
            self.phone.sees(said)


def test_whatever_answers_in_place_of_the_city_is_told_with_what_became_of_the_vote(
    browser: Browser, city: City
) -> None:
    with phone_of(city, browser) as phone:
        phone.context.clock.install()
        again = partial(phone.press, "Try again")
        with instead(phone, "**/settings.js", partial(fulfil, NEWER)):
            phone.at("/app/settings")
            phone.sees("A new version of the app is here.")
        again()
        phone.heading("Settings")
        sending = partial(phone.press, "Send it now")
        with Impostor(phone, "**/api/v1/polls/*", NOT_THE_CITY, NOT_VOTED).at_work() as other:
            phone.at(f"/app/polls/{city.bridge.id}/ballot")
            other.tries_everything(again)
            other.says(partial(falsely, lambda said: said["definition"].update(v=2)), again)
            other.says(partial(falsely, lambda said: said.update(told=None)), again)
            other.lets_wait(again, "cannot be reached", NOT_VOTED)
        again()
        prove_number_to_strangers(phone)
        with Impostor(phone, "**/permits", NOT_THE_CITY, NOT_VOTED).at_work() as other:
            phone.code.fill(phone.read_code())
            other.tries_everything(again)
            other.says(partial(falsely, lambda permit: permit.update(blind_sig="AAAA")), again)
            other.lets_wait(again, "cannot be reached", NOT_VOTED)
        again()
        choose(phone)
        phone.press("Review my answers")
        phone.heading("Vote like this?")
        with Impostor(phone, "**/ballots", "Your ballot is kept").at_work() as other:
            other.lets_wait(partial(phone.press, "Cast my vote"), "Your ballot is kept")
            other.tries_everything(sending)
            other.says(partial(falsely, lambda receipt: receipt.update(leaf="A" * 43)), sending)
        phone.page.reload()  # it goes by itself
        phone.heading("Counted")


def prove_number_to_strangers(phone: Phone) -> None:
    phone.heading("Check your phone number")
    phone.page.locator("input[type=tel]").fill(phone.number)
    asking, entering = partial(phone.press, "Send me a code"), partial(phone.press, "Continue")
    said = (NOT_THE_CITY, NOT_VOTED)
    with Impostor(phone, "**/phone-checks", *said, redrawn=False).at_work() as other:
        other.tries_everything(asking)
        other.lets_wait(asking, "cannot be reached", NOT_VOTED)
    asking()
    phone.heading("Enter the code")
    with Impostor(phone, "**/phone-checks/*/tokens", *said, redrawn=False).at_work() as other:
        phone.code.fill("123456")
        other.tries_everything(entering)
        other.lets_wait(entering, "cannot be reached", NOT_VOTED)
    phone.code.fill("")
