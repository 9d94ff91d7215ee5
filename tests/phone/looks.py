"""How a screen of the app is looked at: by axe, on two sizes of phone, in both languages."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

USUAL = {"width": 360, "height": 740}
SMALLEST = {"width": 320, "height": 640}
SMALLEST_TARGET = 44
TYPE = "type => { document.documentElement.dataset.type = type }"
SMALL_TARGETS = """least => [...document.querySelectorAll(
  'button, .button, summary, select, textarea, .choice, .field > input, .site a')]
  .filter((one) => one.checkVisibility() && !one.matches('[type=checkbox], [type=radio]'))
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => Math.min(box.width, box.height) < least - 0.5)
  .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""
SETTLED = "Promise.allSettled(document.getAnimations().map(({ finished }) => finished))"
"""Colours fade into one another for a moment."""
CUT_OFF = """() => [...document.querySelectorAll('main, main *, header *')]
  .filter((one) => one.checkVisibility() && getComputedStyle(one).overflowX === 'visible'
    && one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== 'inline')
  .map((one) => one.outerHTML.slice(0, 80))"""


def look(page: Page, *, both: bool = True) -> None:
    """As it stands, in light; then in dark with large type on the smallest phone.

    ``both``: the second time in the other language, for which the screen is drawn anew; what
    is typed but not kept would be lost by that.
    """
    inspect(page)
    large = page.evaluate("document.documentElement.dataset.type ?? ''")
    if both:
        change_language(page)
    page.set_viewport_size(SMALLEST)
    page.emulate_media(color_scheme="dark")
    page.evaluate(TYPE, "large")
    inspect(page)
    page.evaluate(TYPE, large)
    page.emulate_media(color_scheme="light")
    page.set_viewport_size(USUAL)
    if both:
        change_language(page)


def change_language(page: Page) -> None:
    """By the button in the head."""
    button = page.locator("header .words button")
    other = button.get_attribute("lang")
    button.click()
    page.locator(f"html[lang={other}] main:not([aria-busy]) h1").wait_for()


def inspect(page: Page) -> None:
    """Axe finds nothing, there is one heading of the page, and everything is wide enough."""
    page.locator("main:not([aria-busy]) h1").wait_for()
    page.evaluate(SETTLED)
    found = Axe().run(page)
    assert found.violations_count == 0, f"{page.url}: {found.generate_report()}"
    width = page.evaluate("document.documentElement.scrollWidth")
    assert page.viewport_size is not None
    assert width <= page.viewport_size["width"], (page.url, page.evaluate(CUT_OFF))
    assert page.locator("h1").count() == 1, page.url
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == [], page.url
