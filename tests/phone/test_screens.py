"""Screens for everybody: in both languages, small and large, dark and light, and by keys alone."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

from playwright.sync_api import Browser, Page

from mvote.client.errors import Refused
from mvote.client.official import OfficialClient
from mvote.settings import Settings
from tests.makers import make_poll_draft, words
from tests.phone.city import City, Phone, phone_of
from tests.phone.looks import look
from tests.phone.test_pocket import FORGET
from tests.town import APPROVER, DRAFTER

PASSWORD = "a word for the room"
NAME = """() => {
  const one = document.activeElement;
  const said = one.getAttribute('aria-label') ?? one.labels?.[0]?.textContent ?? one.textContent;
  return said.trim();
}"""
FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return '';  // behind the last control the first comes again
  const { outlineStyle, outlineWidth } = getComputedStyle(one.closest('.choice, .pick') ?? one);
  if (outlineStyle === 'none' || parseFloat(outlineWidth) < 2) return 'no outline';
  const { left, top, width, height } = one.getBoundingClientRect();
  const over = document.elementFromPoint(left + width / 2, top + height / 2);
  return over && (one.contains(over) || over.contains(one)) ? '' : 'out of sight';
}"""
MOST_TABS = 60


class Keys:
    """A citizen without a pointer, who sees at every step where the focus is."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def to(self, name: str) -> None:
        """Tab on until the control of this name has the focus."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            assert self.page.evaluate(FOCUS) == "", (self.page.url, self.page.evaluate(NAME))
            if self.page.evaluate(NAME) == name:
                return
        raise AssertionError(f"{name} is not reached on {self.page.url}")

    def press(self, name: str, key: str = "Enter") -> None:
        self.to(name)
        self.page.keyboard.press(key)

    def fill(self, name: str, text: str) -> None:
        self.to(name)
        self.page.keyboard.type(text)


def private_poll(city: City, drafter: OfficialClient, room: str) -> str:
    """A poll that only those see who were in the room, open on both sides."""
    audience = {"all": [{"condition": "verified-number"}, {"condition": "room", "room": room}]}
    draft = make_poll_draft(level="secret", title=words("The stairs"), audience=audience)
    poll = str(drafter.create_poll(draft)["id"])
    approver = city.town.official(APPROVER)
    approver.approve(poll)
    while not is_frozen(approver, poll):
        time.sleep(0.05)
    approver.open(poll)
    city.town.await_permits(poll)
    return poll


def is_frozen(official: OfficialClient, poll: str) -> bool:
    """Until then nobody is shown a poll."""
    try:
        return official.call("GET", f"/polls/{poll}").object()["state"] == "frozen"
    except Refused as refused:
        if refused.code != "poll-unknown":
            raise
        return False


@contextmanager
def asking_for_consent(city: City) -> Iterator[None]:
    """The city decides that nobody is identified who has not agreed."""
    plain = city.server.settings
    try:
        start_with(city, replace(plain, consent_needed="yes"))
        yield
    finally:
        start_with(city, plain)


def start_with(city: City, settings: Settings) -> None:
    city.server.kill()
    city.server.settings = settings
    city.start()


def test_a_private_poll_is_voted_in_by_keys_alone_once_the_city_has_its_consent(
    browser: Browser, city: City
) -> None:
    drafter = city.town.official(DRAFTER)
    wanted = {"words": words("Tenants"), "password": PASSWORD}
    room = str(drafter.call("POST", "/rooms", wanted).object()["number"])
    poll = private_poll(city, drafter, room)
    with phone_of(city, browser) as phone, phone_of(city, browser) as earlier:
        earlier.at("/app/sign-in")
        earlier.check()
        earlier.heading("Polls open now")
        with asking_for_consent(city):
            keys = Keys(phone.page)
            phone.at(f"/app/polls/{poll}")
            agree_and_enter(phone, keys, room)
            vote_by_keys(phone, keys, poll, room)
            agree_later(earlier)


def agree_and_enter(phone: Phone, keys: Keys, room: str) -> None:
    phone.heading("Check your phone number")
    look(phone.page)
    keys.fill("Mobile number", phone.number)
    phone.page.keyboard.press("Enter")
    phone.sees("You need not agree.")
    look(phone.page, both=False)
    keys.press("Send me a code")
    phone.sees("A code can only be sent if you agree.")
    phone.page.keyboard.press("Space")  # the focus is on what has to be ticked
    keys.press("Send me a code")
    phone.heading("Enter the code")
    look(phone.page, both=False)
    keys.fill("Code of 6 digits", phone.read_code())
    phone.heading("A private poll")
    look(phone.page)
    keys.fill("Room number", room)
    phone.page.keyboard.press("Enter")
    phone.sees("Please enter the password.")
    phone.page.keyboard.type("a word for another")
    phone.page.keyboard.press("Enter")
    phone.sees("The number of the room or the password is not right.")
    look(phone.page, both=False)
    phone.page.keyboard.press("ControlOrMeta+a")
    phone.page.keyboard.type(PASSWORD)
    phone.page.keyboard.press("Enter")


def vote_by_keys(phone: Phone, keys: Keys, poll: str, room: str) -> None:
    phone.heading("The stairs")
    look(phone.page)
    assert phone.page.evaluate(FORGET, f"room/{poll}")  # the pass was over meanwhile
    keys.press("Vote")
    phone.heading("You cannot vote in this poll")
    phone.sees("You have not entered the private room")
    look(phone.page)
    keys.press("Enter the room of my invitation")
    phone.heading("A private poll")
    keys.fill("Room number", room)
    keys.fill("Password", PASSWORD)
    phone.page.keyboard.press("Enter")
    phone.heading("The stairs")
    keys.press("Vote")
    phone.heading("Your ballot")
    look(phone.page)
    keys.press("Skip to the content")
    assert phone.page.evaluate("document.activeElement.tagName") == "H1"
    keys.press("Review my answers")
    phone.heading("Vote like this?")  # left blank, as this question may be
    keys.press("Change my answers")
    phone.heading("Your ballot")
    keys.press("Yes", "Space")
    keys.press("Review my answers")
    phone.heading("Vote like this?")
    look(phone.page)
    keys.press("Cast my vote")
    phone.heading("Counted")
    look(phone.page)
    keys.to("Save the receipt")
    sent = [one for one in phone.asked if not one.startswith("GET")]
    assert sent.count("POST /polls/ID/ballots") == 1


def agree_later(phone: Phone) -> None:
    """Somebody who signed in before the city asked."""
    phone.at(f"/app/polls/{phone.city.bridge.id}/ballot")
    phone.heading("Check your phone number")
    phone.page.locator("input[type=tel]").fill(phone.number)
    phone.press("Send me a code")
    phone.page.get_by_text("I agree to this.").click()
    phone.press("Send me a code")
    phone.code.fill(phone.read_code())
    phone.heading("Your ballot")


def test_screens_that_no_walk_comes_by_are_for_everybody_too(browser: Browser, city: City) -> None:
    drafter, approver = city.town.official(DRAFTER), city.town.official(APPROVER)
    paused, called_off = (
        city.town.open_poll(make_poll_draft(title=words(one))).id for one in ("Paused", "Off")
    )
    approver.suspend(paused, words("A misprint."))
    approver.confirm(called_off, drafter.cancel(called_off, words("The plan was dropped.")))
    bridge = f"/app/polls/{city.bridge.id}"
    screens = {
        "/app/": "지금 하는 투표",
        "/app/nothing/here": "그런 화면이 없습니다.",
        "/app/polls/0000000000000000": "그런 투표가 없습니다.",
        f"/app/polls/{paused}": "잠시 멈춘 투표입니다.",
        f"/app/polls/{called_off}": "취소된 투표입니다.",
        f"{bridge}/receipt": "주소에 표의 번호가 없거나 잘못되었습니다.",
        f"{bridge}/receipt#leaf={'A' * 43}": "이 표는 아직 게시판에 없습니다.",
        "/app/my-votes": "이 휴대전화로 낸 표가 아직 없습니다.",
        "/app/backup": "아직 백업할 것이 없습니다.",
        "/app/records": "토론 기록",
        "/app/results": "투표 결과",
        "/app/topics/%EB%AC%BC": "이 주제에는 아직 글이 없습니다.",
        "/app/settings": "글자 크기",
    }
    with phone_of(city, browser, locale="ko-KR") as phone:
        for path, said in screens.items():
            phone.at(path)
            phone.sees(said)
            look(phone.page)
        with phone_of(city, browser) as other:
            other.number = phone.number
            for one in (other, phone):
                one.at(f"{bridge}/ballot")
                one.check()
                one.page.locator("main > form .widget, main > .notice.warn").first.wait_for()
        phone.heading("허가증이 다른 곳에 있습니다")
        look(phone.page)
        phone.press("복구 코드로 되살리기")
        phone.heading("백업과 되살리기")
