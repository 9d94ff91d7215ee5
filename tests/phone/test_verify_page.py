"""The page that recounts a vote, on a plain static host, in Chromium."""

import json
import random
from collections.abc import Iterator
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from tests.browser import WAIT_MILLISECONDS
from tests.makers import budget_question, yes_no_question
from tests.phone.bundles import Vote, random_answers, zipped

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def voted() -> tuple[Vote, bytes, str]:
    """A vote, its bundle, and the receipt of one ballot."""
    parks = budget_question(50, {"park": 30, "path": 25, "pool": 20}, blank=True)
    vote = Vote(questions=[yes_no_question(), parks])
    leaves = [
        vote.cast(f"voter {number}", given)
        for number, given in zip(
            range(8), random_answers(vote.definition, random.Random(1)), strict=False
        )
    ]
    return vote, zipped(vote.close()), vote.receipt(leaves[3])


@pytest.fixture(params=["ko-KR", "en-GB"])
def verify_page(
    request: pytest.FixtureRequest, browser: Browser, static_url: str
) -> Iterator[Page]:
    """The page in one of its languages; what it says on the console or fetches is kept."""
    scheme: Any = "dark" if request.param == "en-GB" else "light"
    with browser.new_context(locale=request.param, color_scheme=scheme) as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda sent: asked.append(f"{sent.method} {sent.url}"))
        page.goto(f"{static_url}/mvote/phone/verify.html")
        yield page
    assert said == []
    assert [one for one in asked if not one.startswith(f"GET {static_url}/mvote/phone/")] == []


def give(page: Page, name: str, content: bytes | str) -> None:
    raw = content.encode() if isinstance(content, str) else content
    page.set_input_files(f"#{name}", {"name": name, "mimeType": "", "buffer": raw})


def states(page: Page) -> dict[str, str]:
    rows = page.locator("#checks tbody tr")
    return {row.locator("code").inner_text(): str(row.get_attribute("class")) for row in rows.all()}


def verdict(page: Page) -> str:
    page.click("button.main")
    page.wait_for_selector("#report:not([hidden])")
    return page.locator("#verdict").inner_text()


def test_a_bundle_is_recounted_with_everything_beside_it_and_axe_finds_nothing(
    verify_page: Page, voted: tuple[Vote, bytes, str]
) -> None:
    vote, bundle, receipt = voted
    before = Axe().run(verify_page)
    assert before.violations_count == 0, before.generate_report()
    give(verify_page, "bundle", bundle)
    give(verify_page, "receipt", receipt)
    give(verify_page, "earlier", vote.checkpoint(4))
    verify_page.fill("#board-key", vote.definition.board_key)
    korean = verify_page.locator("html").get_attribute("lang") == "ko"
    assert verdict(verify_page) == ("이상이 없습니다 (0)" if korean else "Sound (0)")
    assert verify_page.evaluate("document.activeElement.id") == "verdict"
    assert set(states(verify_page).values()) == {"passed"}
    limits = verify_page.locator("#limits li")
    assert limits.count() == 7
    assert (
        "강요" in limits.all_inner_texts()[3]
        if korean
        else "coercion" in limits.all_inner_texts()[3]
    )
    found = Axe().run(verify_page)
    assert found.violations_count == 0, found.generate_report()


def test_the_page_fits_a_small_phone_and_speaks_both_languages(
    page: Page, static_url: str, voted: tuple[Vote, bytes, str]
) -> None:
    _, bundle, receipt = voted
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{static_url}/mvote/phone/verify.html?lang=en")
    give(page, "bundle", bundle)
    forged = {**json.loads(receipt), "sig": "A" * 86}
    give(page, "receipt", json.dumps(forged))
    assert verdict(page) == "Not sound (1)"
    assert {code for code, state in states(page).items() if state == "failed"} == {"receipt"}
    page.click("[data-language=ko]")
    assert page.locator("#verdict").inner_text() == "이상이 있습니다 (1)"
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    give(page, "bundle", b"no bundle")
    assert verdict(page) == "읽을 수 없습니다 (2)"
    assert page.locator("#checks table").count() == 0


def test_a_page_opened_as_a_file_says_what_to_do(page: Page, static_url: str) -> None:
    page.route("**/verify-page.js", lambda route: route.abort())
    page.goto(f"{static_url}/mvote/phone/verify.html")
    assert page.locator("#not-started").is_visible()
    assert not page.locator("#given").is_visible()
