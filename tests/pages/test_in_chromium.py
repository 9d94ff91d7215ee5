"""The pages in a real browser: accessible, without scripts, on a phone, on paper."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from mvote.app import create_app
from mvote.db import engines
from mvote.settings import Settings
from tests.browser import WAIT_MILLISECONDS
from tests.pages.carried import City, carry
from tests.servers import Server, free_port

PHONE = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def settings(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """One installation for all pages, which nothing here changes."""
    home = tmp_path_factory.mktemp("pages") / "home"
    shutil.copytree(sqlite_template, home)
    return Settings(
        home=home,
        people_database_url=f"sqlite:///{home / 'people.db'}",
        votes_database_url=f"sqlite:///{home / 'votes.db'}",
    )


@pytest.fixture(scope="module")
def city(settings: Settings) -> City:
    app = create_app("both", settings)
    with app.app_context():
        made = carry()
        for engine in engines.engines.values():
            engine.dispose()
    return made


@pytest.fixture(scope="module")
def url(settings: Settings, city: City) -> Iterator[str]:
    server = Server(settings, settings.home / "serve.log", "--no-worker", port=free_port())
    try:
        server.await_ready()
        yield server.url
    finally:
        server.kill()


def paths(city: City) -> list[str]:
    return [
        "/",
        f"/polls/{city.running}",
        f"/polls/{city.budget}/result",
        "/records",
        f"/records/{city.record}",
        f"/records/{city.record}/discussion",
        "/moderation",
        "/topics/stream",
        "/overdue",
        "/polls/0000000000000000",
    ]


@pytest.mark.parametrize(("language", "scheme"), [("ko", "light"), ("en", "dark")])
def test_axe_finds_nothing_on_any_page(
    page: Page, url: str, city: City, language: str, scheme: str
) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    for path in paths(city):
        page.goto(f"{url}{path}?lang={language}")
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"


def test_pages_fit_a_small_phone_without_scrolling_sideways(
    page: Page, url: str, city: City
) -> None:
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    for path in paths(city):
        page.goto(url + path)
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], path


def test_a_result_is_read_without_javascript_and_its_chart_is_drawn(
    browser: Browser, url: str, city: City
) -> None:
    with browser.new_context(java_script_enabled=False, locale="ko-KR") as context:
        context.set_default_timeout(WAIT_MILLISECONDS)
        page = context.new_page()
        page.goto(f"{url}/polls/{city.budget}/result")
        assert page.locator("table tr.won th").inner_text() == "Project park (한)"
        bars = [bar.bounding_box() for bar in page.locator("ol.bars rect").all()]
        assert [bar["width"] > 0 for bar in bars if bar] == [True, True, False]
        assert bars[0]["width"] > 2 * bars[1]["width"]  # type: ignore[index]


def test_the_style_is_allowed_by_the_page_policy_and_arrives(
    page: Page, url: str, city: City
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.goto(f"{url}/polls/{city.running}")
    font = page.evaluate("getComputedStyle(document.body).fontFamily")
    assert "Noto Sans KR" in font
    assert page.locator(".qr img").evaluate("image => image.naturalWidth") > 0
    assert said == []
