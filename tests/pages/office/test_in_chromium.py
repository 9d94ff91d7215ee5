"""The office in a real browser: passkeys, forms without scripts, a phone, a keyboard."""

import json
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from mvote.app import create_app
from mvote.db import engines
from mvote.people.officials.service.accounts import invite_official
from mvote.settings import Settings
from mvote.votes.discussions import service as records
from mvote.votes.polls import service as polls
from mvote.votes.results import service as results
from tests.browser import WAIT_MILLISECONDS
from tests.makers import words
from tests.servers import Server, free_port
from tests.votes import carrying

PHONE, DESK = {"width": 360, "height": 740}, {"width": 1200, "height": 900}
ALL_DUTIES = ("drafter", "approver", "answerer", "moderator", "administrator")
KEY = {
    "protocol": "ctap2",
    "transport": "usb",
    "hasResidentKey": True,
    "hasUserVerification": True,
    "isUserVerified": True,
}


@dataclass(frozen=True)
class Office:
    """Where the office is, two officials' links, and a record that owes an answer."""

    url: str
    links: tuple[str, str]
    record: str


@pytest.fixture(scope="module")
def office(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    home = tmp_path_factory.mktemp("office") / "home"
    shutil.copytree(sqlite_template, home)
    port = free_port()
    settings = Settings(
        home=home,
        people_database_url=f"sqlite:///{home / 'people.db'}",
        votes_database_url=f"sqlite:///{home / 'votes.db'}",
        public_url=f"http://localhost:{port}",
    )
    app = create_app("both", settings)
    with app.app_context():
        record = _owed()
        links = tuple(
            invite_official(who, department="roads", duties=ALL_DUTIES, now=datetime.now(UTC))[1]
            for who in ("kim", "lee")
        )
        for engine in engines.engines.values():
            engine.dispose()
    server = Server(settings, home / "serve.log", "--no-worker", port=port)
    try:
        server.await_ready()
        yield Office(settings.public_url, (links[0].link, links[1].link), record)
    finally:
        server.kill()


def _owed() -> str:
    """A record with a published result that nobody has answered."""
    poll = carrying.carry_to_close({"yes": 5, "no": 3}, title=words("Cycle path"))
    results.publish_result(poll, now=carrying.now())
    carrying.seal("votes")
    records.follow_polls()
    return polls.get_poll(poll).record


def enrolled(context: BrowserContext, link: str, label: str) -> Page:
    """An official who has enrolled the key in this machine, and so is signed in."""
    page = context.new_page()
    cdp = context.new_cdp_session(page)
    cdp.send("WebAuthn.enable")
    cdp.send("WebAuthn.addVirtualAuthenticator", {"options": KEY})
    page.goto(link)
    assert "#" not in page.url
    page.get_by_label("이 기기를 무엇이라고 부를까요?").fill(label)
    page.get_by_role("button", name="패스키를 만들어 로그인하기").click()
    page.wait_for_url("**/office")
    return page


def send(page: Page, name: str = "보내기") -> None:
    page.get_by_role("button", name=name, exact=True).click()


def _is_done(page: Page) -> None:
    expect(page.get_by_role("status")).to_contain_text("처리했습니다", timeout=WAIT_MILLISECONDS)


def test_two_officials_carry_a_poll_and_an_answer_by_forms_alone(
    browser: Browser, office: Office
) -> None:
    faults: list[str] = []
    with (
        browser.new_context(locale="ko-KR", viewport=PHONE) as one,  # type: ignore[arg-type]
        browser.new_context(locale="ko-KR", viewport=DESK) as two,  # type: ignore[arg-type]
    ):
        for context in (one, two):
            context.set_default_timeout(WAIT_MILLISECONDS)
            context.on("weberror", lambda error: faults.append(str(error.error)))
            context.on("console", lambda message: faults.append(message.text))
        kim = enrolled(one, office.links[0], "청사 열쇠")
        _sign_in_again(kim, office)
        poll = _draft(kim, office)
        lee = enrolled(two, office.links[1], "책상 열쇠")
        _approve(lee)
        _answer(kim, office)
        _look(kim, lee, office, poll)
    # Of a form that is refused Chromium says the status; there is nothing else to say.
    assert [one for one in faults if "status of 422" not in one] == []


def _sign_in_again(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/office/sign-out")
    send(page, "로그아웃")
    page.get_by_role("button", name="패스키로 로그인하기").click()
    page.wait_for_url("**/office")


def _draft(page: Page, office: Office) -> str:
    """By keyboard alone, from the inbox on; gives the poll."""
    page.get_by_role("link", name="모든 업무").first.press("Enter")
    page.get_by_role("link", name="서식으로 투표 초안 만들기").press("Enter")
    page.get_by_label("서식", exact=True).select_option(label="시민투표: 찬반")
    group = page.get_by_role("group", name=re.compile("^제목"))
    group.get_by_label("한국어").fill("자전거 주차장을 늘릴까요?")
    page.keyboard.press("Tab")
    page.keyboard.type("More parking for bicycles?")
    page.get_by_role("button", name="보내기", exact=True).press("Enter")
    _is_done(page)
    page.get_by_role("link", name="이것으로 할 수 있는 일").press("Enter")
    page.get_by_role("link", name="초안 고치기").press("Enter")
    page.get_by_label("답변 기한(일)").fill("이십")
    send(page)
    summary = page.get_by_role("alert")
    expect(summary).to_contain_text("정수를 적어 주십시오", timeout=WAIT_MILLISECONDS)
    expect(summary).to_be_focused(timeout=WAIT_MILLISECONDS)
    summary.get_by_role("link", name="답변 기한(일)").press("Enter")
    page.get_by_label("답변 기한(일)").fill("20")
    audience = page.get_by_role("group", name=re.compile("^투표 대상"))
    audience.get_by_label("조건 더하기").select_option(label="출생연도")
    audience.get_by_role("button", name="더하기").press("Enter")
    audience.get_by_label("이 해부터").fill("1990")
    page.get_by_label("답변 기한(일)").press("Enter")  # sends, and takes no condition away
    _is_done(page)
    return re.findall(r"poll_id=([0-9a-z]{16})", page.content())[0]


def _approve(page: Page) -> None:
    """From the inbox: read, go on, be asked once more."""
    page.get_by_role("link", name="자전거 주차장을 늘릴까요?").click()
    stands = page.get_by_role("group").first
    for said in ("20", "1990"):
        expect(stands).to_contain_text(said, timeout=WAIT_MILLISECONDS)
    send(page, "계속하기 (한 번 더 여쭙니다)")
    send(page, "네, 처리합니다")
    _is_done(page)


def _answer(page: Page, office: Office) -> None:
    page.goto(f"{office.url}/office")
    page.get_by_role("link", name="Cycle path").click()
    page.get_by_label("결정").first.wait_for()
    page.wait_for_load_state()  # with all of them
    for decision in page.get_by_label("결정").all():
        decision.select_option(label="채택")
    group = page.get_by_role("group", name=re.compile("^내용"))
    group.get_by_label("한국어").fill("내년에 만들겠습니다.")
    group.get_by_label("영어").fill("We shall build it next year.")
    send(page, "계속하기 (한 번 더 여쭙니다)")
    send(page, "네, 처리합니다")
    _is_done(page)
    told = json.loads(page.request.get(f"{office.url}/api/v1/records/{office.record}").text())
    assert told["state"] == "answered"


def _look(kim: Page, lee: Page, office: Office, poll: str) -> None:
    """axe finds nothing, and nothing has to be scrolled sideways, in either language."""
    at = f"{office.url}/office"
    paths = {
        "": "ko",
        "/acts": "en",
        f"/do/change_draft?p.poll_id={poll}": "ko",
        "/do/add_official": "en",
        "/do/list_department_polls?p.code=roads": "en",
        "/sign-in": "ko",
        "/prove": "en",
    }
    for path, language in paths.items():
        for page in (kim, lee) if not path.startswith("/do/change") else (kim,):
            page.goto(f"{at}{path}{'&' if '?' in path else '?'}lang={language}")
            assert (
                page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"]
            ), path
        found: Any = Axe().run(kim)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
    kim.goto(f"{office.url}/officials/enrol#x")
    found = Axe().run(kim)
    assert found.violations_count == 0, found.generate_report()
