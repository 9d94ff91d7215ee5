"""The app in a real browser with a phone's profile, against a running city: link to “counted”."""

from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import zxingcpp
from playwright.sync_api import Browser, Page, Route
from png import Reader

from mvote.client.poll import FrozenPoll
from mvote.core.canonical import parse
from mvote.core.secrecy.receipt import Receipt, read_receipt, verify_receipt
from tests.makers import make_poll_draft, words
from tests.phone.city import TOMORROW, City, Phone, phone_of

NO_ED25519 = """
const real = crypto.subtle.importKey.bind(crypto.subtle);
crypto.subtle.importKey = (format, data, how, ...rest) => {
  const name = typeof how === 'string' ? how : how.name;
  return name === 'Ed25519' ? Promise.reject(new DOMException('', 'NotSupportedError'))
    : real(format, data, how, ...rest);
};
"""
FULL = """
const put = IDBObjectStore.prototype.put;
IDBObjectStore.prototype.put = function (...given) {
  if (globalThis.full) throw new DOMException('', 'QuotaExceededError');
  return put.apply(this, given);
};
"""
"""Nothing more can be kept as soon as a page says that it is full."""
HALF_UP: dict[str, Any] = {
    "status": 404,
    "content_type": "application/problem+json",
    "body": '{"code": "not-found", "sentence": {"ko": "없습니다.", "en": "No such address."}}',
}
"""What a server answers that has not come up as a whole."""
NO_STORAGE = "Object.defineProperty(globalThis, 'indexedDB', { get() { throw new Error('no'); } });"


def test_a_citizen_walks_from_the_link_to_a_receipt_on_a_phone_whose_clock_is_wrong(
    browser: Browser, city: City
) -> None:
    with phone_of(city, browser, locale="ko-KR") as phone:
        phone.context.add_init_script(TOMORROW)
        phone.at(urlsplit(city.town.votes.get(f"/polls/{city.bridge.id}")["link"]).path)
        phone.page.goto(phone.page.url + f"?ph={city.bridge.ph[:16]}")
        phone.press("휴대전화로 투표하기")
        prove_number_after_a_wrong_code(phone)
        phone.heading("투표용지")
        phone.is_accessible()
        answer_with_a_reason(phone)
        phone.page.close()  # killed; what was written is there again

        phone.page = phone.open(f"/app/polls/{city.bridge.id}")
        phone.sees("도로과")
        phone.sees("저장하지 않습니다")  # the privacy sentence of the level
        phone.sees("휴대전화의 시계가 맞지 않아")
        phone.is_accessible()
        phone.press("이어서 투표하기")
        phone.press("답 확인하기")
        phone.heading("이대로 투표하시겠습니까?")
        phone.sees("다리보다 버스가")
        phone.sees("다시 투표하실 수 있으며")
        phone.is_accessible()
        casting = phone.page.get_by_role("button", name="투표하기", exact=True)
        phone.tap_twice(casting, "**/ballots")
        phone.heading("집계되었습니다")
        phone.is_accessible()
        first = phone.tracker
        assert read_code_of(phone.page)["leaf"]
        held = save_receipt(phone.page)
        assert held.tracker.upper() == first.replace("-", "")
        verify_receipt(held, board_key=city.bridge.board_key, poll=city.bridge.id, leaf=held.leaf)
        assert phone.asked.count("POST /polls/ID/ballots") == 1
        assert phone.asked.count("POST /polls/ID/permits") == 1

        phone.page.go_back()
        phone.heading("집계되었습니다")
        phone.press("English")
        phone.heading("Counted")
        change_mind(phone, first)
        take_three_requests_under_my_name(phone)


def prove_number_after_a_wrong_code(phone: Phone) -> None:
    phone.heading("휴대전화 번호 확인")
    phone.is_accessible()
    phone.press("인증번호 받기")
    phone.sees("휴대전화 번호를 적어 주십시오.")
    phone.page.locator("input[type=tel]").fill(phone.number)
    phone.press("인증번호 받기")
    phone.heading("인증번호 입력")
    phone.is_accessible()
    right = phone.read_code()
    phone.code.fill("000000" if right != "000000" else "000001")
    phone.sees("4번 더 시도하실 수 있습니다")
    phone.sees("아직 투표하지 않으셨고")
    phone.code.fill(right)


def answer_with_a_reason(phone: Phone) -> None:
    second = phone.page.get_by_role("group", name="With benches? (한)")
    assert not second.is_visible()
    phone.page.get_by_role("group", name="Shall the bridge").get_by_text("찬성").click()
    second.get_by_text("반대").click()
    phone.page.get_by_text("이유 덧붙이기").click()
    phone.page.locator("textarea").fill("다리보다 버스가 먼저입니다.")
    phone.keeps("다리보다 버스가 먼저입니다.")


def read_code_of(page: Page) -> dict[str, list[str]]:
    """What stands behind the # of the link in the QR code, as another phone sees it."""
    width, height, rows, _ = Reader(bytes=page.locator(".qr").screenshot()).asRGBA8()
    reds = b"".join(bytes(row)[::4] for row in rows)
    [found] = zxingcpp.read_barcodes(memoryview(reds).cast("B", (height, width)))
    return parse_qs(urlsplit(found.text).fragment)


def save_receipt(page: Page) -> Receipt:
    with page.expect_download() as saving:
        page.get_by_role("link", name="접수증 저장").click()
    return read_receipt(parse(Path(saving.value.path()).read_bytes()))


def change_mind(phone: Phone, first: str) -> None:
    phone.press("I changed my mind")
    phone.sees("You are changing a vote")
    phone.page.get_by_role("group", name="Shall the bridge").get_by_text("No", exact=True).click()
    phone.press("Review my answers")
    phone.heading("Vote like this?")
    phone.press("Cast my vote")
    phone.sees("counts in place of the earlier one")
    assert phone.tracker != first


def test_one_ballot_comes_of_lost_answers_two_windows_a_killed_app_and_no_net(
    browser: Browser, city: City
) -> None:
    fair = city.town.open_poll(make_poll_draft(title=words("The fair"), revote=False))
    with phone_of(city, browser) as phone, phone_of(city, browser) as late:
        cast_fair(phone, fair)
        fill_in_fair(late, fair)
        late.keeps_the_app()
        late.context.set_offline(True)
        late.press("Cast my vote")
        late.heading("Your ballot is kept")
        late.is_accessible()
        late.page.close()

        closed = city.town.close(fair)
        assert (closed["voters"], closed["ballots"]) == (1, 1)
        late.page = late.open()
        late.at(f"/app/polls/{fair.id}")  # the app itself comes from the phone
        late.press("Send it now")
        late.heading("Your ballot is kept")
        late.context.set_offline(False)
        late.heading("Not counted")
        late.sees("It arrived after the poll had closed.")
        late.is_accessible()

        phone.page.reload()
        phone.heading("Counted")
        phone.at(f"/app/polls/{fair.id}")
        phone.sees("You have voted from this phone.")


def cast_fair(phone: Phone, fair: FrozenPoll) -> None:
    """The answer to each try is lost, and a second window casts what it has in front."""
    phone.at(f"/app/sign-in?to=/app/polls/{fair.id}")
    phone.check()
    phone.heading("The fair")
    phone.asked.clear()
    fill_in_fair(phone, fair)
    assert phone.asked == ["GET /polls/ID", "POST /polls/ID/permits"]
    other = phone.open(f"/app/polls/{fair.id}/review")
    other.get_by_role("heading", name="Vote like this?").wait_for()
    lost: list[str] = []

    def lose(route: Route) -> None:
        lost.append(route.fetch().text())
        route.abort()

    phone.context.route("**/ballots", lose)
    phone.press("Cast my vote")
    phone.heading("Your ballot is kept")
    # The newest route goes first; with none between them the app could send by itself.
    phone.context.route("**/ballots", partial(fulfil, HALF_UP))
    phone.press("Send it now")
    phone.sees("No such address.")
    phone.heading("Your ballot is kept")
    phone.context.unroute("**/ballots")
    assert len(set(lost)) == 1
    other.get_by_role("button", name="Cast my vote").click()
    other.get_by_role("heading", name="Counted").wait_for()
    other.get_by_text("You have voted from this phone.").wait_for()
    phone.page.reload()
    phone.heading("Counted")
    assert phone.tracker == other.locator("#tracker").inner_text()
    assert read_receipt(parse(lost[0])).tracker.upper() == phone.tracker.replace("-", "")
    other.close()


def fill_in_fair(phone: Phone, fair: FrozenPoll) -> None:
    phone.at(f"/app/polls/{fair.id}")
    phone.sees("A vote cannot be changed once it is cast.")
    phone.press("Vote")
    if phone.page.locator("input[type=tel], .widget").first.get_attribute("type") == "tel":
        phone.check()
    phone.page.get_by_text("Yes", exact=True).click()
    phone.press("Review my answers")
    phone.heading("Vote like this?")


def take_three_requests_under_my_name(phone: Phone) -> None:
    """At level open, by somebody who was checked before, and whose storage fills up meanwhile."""
    phone.context.add_init_script(FULL)
    phone.asked.clear()
    phone.at(f"/app/polls/{phone.city.names.id}/ballot")
    phone.heading("The name to publish")
    phone.is_accessible()
    phone.page.get_by_label("Name to publish", exact=True).fill("김가람")
    phone.press("Agree and continue")
    phone.sees("You can take part in this poll only if you agree")
    phone.page.get_by_text("I agree that this name").click()
    phone.press("Agree and continue")
    phone.heading("Your ballot")
    phone.page.evaluate("full = true")
    phone.page.get_by_text("Yes", exact=True).click()
    phone.press("Review my answers")
    phone.sees("does not let the app keep your ballot")
    phone.page.evaluate("full = false")
    phone.press("Review my answers")
    phone.press("Cast my vote")
    phone.heading("Counted")
    # The receipt of the vote before is looked after some seconds after any start of the app.
    asked = [one for one in phone.asked if "/board/" not in one]
    assert asked == ["GET /polls/ID", "POST /polls/ID/permits", "POST /polls/ID/ballots"]


def fulfil(answer: dict[str, Any], route: Route) -> None:
    route.fulfill(**answer)


def test_what_stands_in_the_way_is_said_with_what_happened_to_the_vote(
    browser: Browser, city: City
) -> None:
    with phone_of(city, browser) as phone:
        phone.at(f"/app/polls/{city.bridge.id}?ph={'0' * 16}")
        phone.heading("The poll is not the same")
        phone.sees("no ballot was sent")
        phone.is_accessible()
        phone.at("/app/polls/0000000000000000")
        phone.sees("There is no such poll.")
        phone.at("/app/nothing/here")
        phone.sees("There is no such screen.")
        phone.at(f"/app/polls/{city.others.id}/ballot")
        phone.check()
        phone.heading("You cannot vote in this poll")
        phone.sees("What you can do")
        phone.is_accessible()
        over = HALF_UP["body"].replace("not-found", "token-revoked")
        for path in ("**/eligibility", "**/tokens/refresh"):
            phone.context.route(path, partial(fulfil, HALF_UP | {"status": 401, "body": over}))
        phone.page.reload()  # the sign-in ended on the server
        phone.heading("Check your phone number")


def test_browsers_that_cannot_keep_or_sign_say_what_works_instead(
    browser: Browser, city: City
) -> None:
    with phone_of(city, browser) as old:
        old.context.add_init_script(NO_ED25519)
        old.at(f"/app/polls/{city.bridge.id}/ballot")
        old.heading("This browser cannot vote in secret")
        old.sees("no ballot was sent")
        old.is_accessible()
        old.press("Names")
        old.press("Vote")
        old.check()
        old.heading("The name to publish")
    with phone_of(city, browser) as private:
        private.context.add_init_script(NO_STORAGE)
        private.at(f"/app/polls/{city.bridge.id}")
        private.press("Vote")
        private.heading("This browser keeps nothing")
        private.sees("no ballot was sent")
