"""Every widget in a browser: by keys alone, as assistive technology finds it, on a small phone.

The widgets are served as files; what they answer is read by the core.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from mvote.core.canonical import b64u_decode
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS, read_answers
from mvote.core.questions.private_texts import read_texts
from tests.browser import WAIT_MILLISECONDS
from tests.core.questions.samples import CASES, sample

PHONE = {"width": 360, "height": 740}
SMALLEST_TARGET = 44
PICTURE = {
    "kind": "picture",
    "href": "/mvote/pages/static/icon.svg",
    "alt": {"ko": "말풍선 안의 체크 표시", "en": "A check mark in a speech bubble"},
}
FILM = {**PICTURE, "kind": "video", "href": "https://video.example/1"}


TREES = {"ko": "나무", "en": "Trees"}


def projects(count: int, **config: Any) -> Question:
    """A budget question as long as a real one."""
    options = [
        {
            "id": f"p{n}",
            "title": {"ko": f"{n}번 공원 사업", "en": f"Park project {n}"},
            "cost": n * 1000,
            "text": {"ko": "설명 " * 60, "en": "More of it. " * 20},
            "categories": [{"ko": "문화", "en": "Culture"}] if n % 2 else [TREES],
        }
        for n in range(1, count + 1)
    ]
    return sample("budget", id="projects", options=options, config=config or {"limit": 100_000})


def all_questions() -> list[Question]:
    """Every type as it can look, one with pictures, and a long list."""
    alike = {("yes-no", 0), ("budget", 1), ("rating", 2), ("points", 0), ("points", 2)}
    made = [sample(*case, id=".".join(map(str, case))) for case in CASES if case not in alike]
    pictured = [
        {"id": "a", "title": {"ko": "가", "en": "A"}, "media": PICTURE},
        {"id": "b", "title": {"ko": "나", "en": "B"}, "media": FILM},
    ]
    made.append(sample("single-choice", id="pictured", options=pictured, media=PICTURE))
    fixed = [
        {**one, "id": name, "text": PICTURE["alt"]}
        for one, name in zip(pictured, ("yes", "no"), strict=True)
    ]
    made.append(sample("yes-no", id="told", options=fixed))
    made.append(projects(14))
    return made


@pytest.fixture(scope="module")
def page(browser: Browser, static_url: str) -> Iterator[Page]:
    """The one page on which all widgets are put, under a strict policy, on a small phone."""
    said: list[str] = []
    with browser.new_context(viewport=PHONE, locale="ko-KR", has_touch=True) as context:  # type: ignore[arg-type]
        context.set_default_timeout(WAIT_MILLISECONDS)
        made = context.new_page()
        made.on("console", lambda message: said.append(message.text))
        made.on("pageerror", lambda error: said.append(str(error)))
        made.goto(f"{static_url}/tests/phone/widgets.html")
        made.wait_for_function("window.ready")
        yield made
    assert said == []


def show(page: Page, *questions: Question, language: str = "en", **given: Any) -> None:
    raw = [question.to_json() for question in questions]
    page.evaluate("given => show(given)", {"questions": raw, "language": language, **given})


def press(page: Page, *keys: str) -> None:
    for key in keys:
        if key.startswith("type "):
            page.keyboard.type(key.removeprefix("type "))
        else:
            page.keyboard.press(key)


def said(page: Page) -> str:
    """What was put where a screen reader reads changes."""
    return "\n".join(page.locator("[role=status]").all_inner_texts())


@dataclass(frozen=True)
class Walk:
    """``keys`` from the title on give ``answer``; ``heard`` is read aloud, ``tree`` is found.

    Keys are parted by bars; what stands behind ``type`` is typed.
    """

    number: int
    keys: str
    answer: list[Any]
    heard: str
    tree: tuple[str, ...]


WALKS = {
    "yes-no": Walk(
        1,
        "Tab|Space|Tab|Space",
        ["no"],
        "“No” is chosen.",
        ('button "Yes"', 'button "No" [pressed]', 'button "None of these"'),
    ),
    "statement": Walk(
        0,
        "Tab|Tab|Tab|Space",
        ["pass"],
        "“Pass”",
        ('button "Pass" [pressed]',),
    ),
    "single-choice": Walk(
        0,
        "Tab|Space|ArrowDown|ArrowDown",
        ["c"],
        "“The c” is chosen.",
        ('radio "The a"', 'radio "The c" [checked]'),
    ),
    "multiple-choice": Walk(
        0,
        "Tab|Space|Tab|Space|Tab|Space|Tab|Space",
        ["a", "b", "c"],
        "You can choose at most 3.",
        ('checkbox "The c" [checked]', 'checkbox "The d" [disabled]'),
    ),
    "budget": Walk(
        0,
        "Tab|Space|Tab|Tab|Tab|Space|Tab|Space",
        ["a", "d"],
        "“The e” costs 40 more than is left.",
        ('checkbox "The a 10" [checked]', 'checkbox "The e 50 40 more than is left" [disabled]'),
    ),
    "ranking": Walk(
        1,
        "Tab|Space|Space|Space|Shift+Tab|Shift+Tab|Shift+Tab|ArrowUp|Tab|Tab|Space",
        [["a", "c"], "b"],
        "“The c” is now rank 1, shared with The a. 3 ranked.",
        (
            'list "My ranking"',
            "Rank 1 The c",
            'button "The c: No longer share the rank"',
            'button "The b: Move down" [disabled]',
            'button "The b: Take out"',
            'button "The e"',
        ),
    ),
    "rating": Walk(
        0,
        "Tab|Space|ArrowRight|ArrowRight|Tab|Tab|Space|Tab|Tab|Space|ArrowRight|Delete",
        [["a", 3], ["b", 1]],
        "2 of 5 rated.",
        ('radiogroup "The a"', 'radio "3" [checked]', 'button "The a: Clear"'),
    ),
    "matrix": Walk(
        1,
        "Tab|Space|ArrowDown|ArrowRight|Space|ArrowDown|Space|Delete",
        [["a", 1], ["b", 2]],
        "2 of 5 rated.",
        ("table", 'rowheader "The b"', 'radio "The b: 2" [checked]'),
    ),
    "points": Walk(
        1,
        "Tab|ArrowUp|ArrowUp|ArrowUp|Tab|type 2|Tab|PageUp|Tab|type 1|ArrowDown|ArrowUp|ArrowUp",
        [["a", 2], ["b", 2], ["c", 2], ["d", 2]],
        "2 of 10 points left",
        ('spinbutton "The a"', 'spinbutton "The d"'),
    ),
    "number": Walk(
        1,
        "Tab|type 1.2|ArrowUp|ArrowUp",
        [122],
        "",
        ('spinbutton "The question (Grade A)"',),
    ),
    "open-text": Walk(
        1,
        "Tab|type More trees, please.",
        ["More trees, please."],
        "",
        ('textbox "The question"',),
    ),
}


def test_every_type_is_walked_through() -> None:
    assert set(WALKS) == set(QUESTIONS.names())


def test_every_widget_is_answered_by_keys_alone_and_found_by_assistive_technology(
    page: Page,
) -> None:
    for name, walk in WALKS.items():
        question = sample(name, walk.number)
        show(page, question)
        page.evaluate("focusOn('q1')")
        press(page, *walk.keys.split("|"))
        assert page.evaluate("answers().q1") == walk.answer, name
        assert page.evaluate("faults().q1") == ([] if name != "points" else [PAY_ALL]), name
        assert walk.heard in said(page), name
        tree = page.locator("main").aria_snapshot()
        assert 'group "The question"' in tree, name
        assert 'heading "The question" [level=2]' in tree, name
        for part in walk.tree:
            assert part in tree, (name, tree)
        assert page.evaluate("document.activeElement !== document.body"), name
        assert page.evaluate("changes()") > 0, name
        press(page, "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab", "Tab")
        clear = page.get_by_role("button", name="Clear the answer")
        if name != "open-text":
            clear.focus()
            press(page, "Enter")
            assert page.evaluate("answers().q1") == [], name
            assert page.evaluate("document.activeElement !== document.body"), name


PAY_ALL = "Give the 2 points that are left, too."


def test_answers_reasons_and_texts_are_those_that_the_core_reads(page: Page) -> None:
    asked = sample("yes-no", 1, id="first")
    because = sample("statement", 1, id="why", only_if={"question": "first", "any_of": ["yes"]})
    open_text = sample("open-text", id="words")
    ranked = sample("ranking", 1, id="ranked")
    questions = [asked, because, open_text, ranked]
    show(
        page, *questions, drafts={"ranked": ["d", ["c", "a"], "gone"], "why": {"answer": ["agree"]}}
    )
    assert page.evaluate("asked()") == ["first", "words", "ranked"]
    page.get_by_role("button", name="Yes").click()
    assert page.evaluate("asked()") == ["first", "why", "words", "ranked"]
    page.get_by_text("Add a reason").first.click()
    page.get_by_label("Add a reason").first.fill("  Cafe\u0301 \r\n네  ")
    page.get_by_role("textbox", name="The question").fill("좋습니다")
    made = page.evaluate("collected()")
    read = read_answers(questions, made["ans"])
    assert read["ranked"].groups == (("d",), ("a", "c"))
    texts = read_texts(questions, made["ans"], made["texts"])
    assert {one.key: one.text for one in texts} == {
        "first.reason": "Café \n네",
        "words": "좋습니다",
    }
    assert len({b64u_decode(one["salt"], length=32) for one in made["texts"].values()}) == 2
    drafts = page.evaluate("drafts()")
    show(page, *questions, language="ko", drafts=drafts)
    assert page.evaluate("drafts()") == drafts
    assert page.evaluate("told().ranked") == ["1. d 항목", "2. a 항목, c 항목"]


def test_what_is_wrong_is_said_at_the_control_until_it_is_mended(page: Page) -> None:
    show(page, sample("multiple-choice", blank=False), language="ko")
    fault = page.locator(".fault")
    assert not fault.is_visible()
    assert page.evaluate("showFaults().q1") == ["2개 이상 골라 주십시오. 지금은 0개를 골랐습니다."]
    assert fault.inner_text() == "2개 이상 골라 주십시오. 지금은 0개를 골랐습니다."
    described = page.locator(".widget").get_attribute("aria-describedby") or ""
    assert fault.get_attribute("id") in described.split()
    page.evaluate("focusOn('q1')")
    assert page.evaluate("document.activeElement.value") == "a"
    page.get_by_text("b 항목").click()
    page.get_by_text("c 항목").click()
    assert not fault.is_visible()


def test_a_long_budget_is_searched_sorted_and_never_overspent(page: Page) -> None:
    show(
        page, projects(98), language="ko", orders={"projects": [f"p{n}" for n in range(98, 0, -1)]}
    )
    boxes = page.locator(".choice")
    shown = page.locator(".choice:visible")
    assert shown.count() == 98
    assert boxes.first.inner_text().startswith("98번 공원 사업\n98,000")
    page.get_by_label("찾기").fill("ㄱㅇ 17")
    assert shown.count() == 1
    assert "98개 가운데 1개가 보입니다." in said(page)
    shown.click()
    page.get_by_label("찾기").fill("")
    assert "남은 금액 83,000\n1개, 합계 17,000" in said(page)
    assert shown.nth(0).get_by_text("남은 금액보다 15,000 더 듭니다").is_visible()
    shown.nth(0).click(force=True)
    assert page.evaluate("answers().projects") == ["p17"]
    assert "98,000" not in said(page)
    assert "‘98번 공원 사업’: 남은 금액보다 15,000 더 들어" in said(page)
    page.get_by_text("거르기와 순서").click()
    page.get_by_label("순서", exact=True).select_option("비용이 적은 순")
    assert boxes.first.inner_text().startswith("1번 공원 사업")
    page.get_by_label("보기").select_option("남은 금액에 맞는 사업")
    assert shown.count() == 83
    page.get_by_label("분야").select_option("문화")
    assert shown.count() == 42
    page.get_by_label("보기").select_option("고른 사업")
    assert shown.count() == 1
    page.evaluate("scrollTo({ top: 3000, behavior: 'instant' })")
    ledger = page.locator(".ledger").bounding_box()
    assert ledger is not None
    assert 0 <= ledger["y"] < PHONE["height"] / 3  # in sight wherever the list is scrolled to
    page.locator(".ledger").get_by_role("button", name="찾기").click()
    assert page.evaluate("document.activeElement.type") == "search"


@pytest.mark.parametrize(
    ("language", "scheme", "width", "large"),
    [("ko", "light", 320, True), ("en", "dark", 360, False), ("en", "light", 320, True)],
)
def test_axe_finds_nothing_in_any_widget_and_all_of_it_fits_a_small_phone(
    page: Page, language: str, scheme: Any, width: int, large: bool
) -> None:
    page.set_viewport_size({**PHONE, "width": width})
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.evaluate(
        "type => { document.documentElement.dataset.type = type }", "large" if large else ""
    )
    drafts = {"ranking.1": ["a", ["b", "c"]], "rating.0": [["a", 3]], "projects": ["p40", "p50"]}
    show(page, *all_questions(), language=language, drafts=drafts)
    page.evaluate("showFaults()")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    alt = PICTURE["alt"][language]
    assert page.get_by_role("img", name=alt).count() == 3  # a film is a link beside its words
    assert page.get_by_text(alt).count() == 4
    assert page.evaluate(SMALL_TARGETS, SMALLEST_TARGET) == []
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


SMALL_TARGETS = """least => [...document.querySelectorAll(
  'button, select, textarea, summary, .choice, .pick, [type=text], [type=search]')]
  .filter((one) => one.checkVisibility())
  .map((one) => [one.outerHTML.slice(0, 80), one.getBoundingClientRect()])
  .filter(([, box]) => box.width < least || box.height < least)
  .map(([html, box]) => `${html} ${box.width} x ${box.height}`)"""


def test_nothing_moves_for_whoever_asked_for_that(page: Page) -> None:
    show(page, sample("yes-no"))
    durations = "getComputedStyle(document.querySelector('button')).transitionDuration"
    page.emulate_media(reduced_motion="reduce")
    assert set(page.evaluate(durations).split(", ")) == {"0s"}
    page.emulate_media(reduced_motion="no-preference")
    assert set(page.evaluate(durations).split(", ")) != {"0s"}
