"""What citizens do without a name, on phones in a real browser: propose, discuss, agree."""

import re
import sqlite3
from contextlib import closing
from functools import partial
from typing import Any

import pytest
from playwright.sync_api import Browser, Error, Request, Route

from mvote.client.official import OfficialClient
from mvote.client.poll import FrozenPoll
from mvote.pages.phone import FOLDER
from tests.makers import words
from tests.phone.city import City, Phone, phone_of
from tests.phone.conftest import in_node
from tests.phone.test_strange_answers import Impostor
from tests.town import DRAFTER

HOLE = re.compile(r"\{(\w+)\}")
SMALL = {"viewport": {"width": 320, "height": 640}}
ALONE = {"service_workers": "block"}  # a worker would send what the page is kept from sending
LARGE = "localStorage.setItem('mvote-type', 'large')"
CALL = {
    "department": "roads",
    "title": words("Tell your wish"),
    "rules": words("One wish each."),
    "thresholds": "seoul-2017",
    "topics": [{"id": "streets", "name": words("Streets")}],
    "districts": [{"id": "mapo", "name": words("Mapo")}],
}
SEEDS = ["Bicycles need lanes.", "Buses come first.", "Cars may stay."]


@pytest.fixture
def drafter(city: City) -> OfficialClient:
    return city.town.official(DRAFTER)


def test_a_wish_is_proposed_found_again_and_supported_once_though_the_phone_was_killed(
    browser: Browser, city: City, drafter: OfficialClient
) -> None:
    call = str(drafter.call("POST", "/calls", CALL).object()["id"])
    city.await_scope(call)
    with (
        phone_of(city, browser, locale="ko-KR") as phone,
        phone_of(city, browser, **SMALL, **ALONE) as other,
    ):
        sent = [watch_acts(one) for one in (phone, other)]
        phone.at(f"/calls/{call}?lang=ko")
        phone.press("휴대전화로 제안하기")
        proposal = propose(phone)
        city.await_scope(proposal)
        support_without_a_net(other, call, proposal)
        assert supports(city, proposal) == 1
        press_and_see(other, "Take my support back", "You took your support back.")
        press_and_see(other, "Support it", "You support it now.")
        assert supports(city, proposal) == 1

        phone.at("/app/my-part")
        phone.sees("이 휴대전화에만 있습니다")
        phone.is_accessible()
        phone.press("Tell your wish (한)")
        phone.press("밤길에 가로등을")
        phone.page.get_by_text("내 제안 거두기").click()
        phone.is_accessible()
        press_and_see(phone, "제안을 거둡니다", "제안을 거두셨습니다.")
        phone.sees("보이지 않는 제안")
    assert sent[0] == ["POST /calls/ID/proposals", "POST /proposals/ID/withdrawal"]
    assert sent[1] == ["POST /proposals/ID/supports"] * len(sent[1])


def watch_acts(phone: Phone) -> list[str]:
    """The acts that a phone sends; none tells who sends it."""
    sent: list[str] = []

    def hear(request: Request) -> None:
        if request.method == "POST" and '"permit":[' in (request.post_data or ""):
            try:
                headers = request.all_headers()
            except Error:  # its page is killed this moment
                return
            assert not {"authorization", "cookie"} & headers.keys()
            sent.append(re.sub("[0-9a-z]{16}", "ID", f"POST {request.url.partition('/api/v1')[2]}"))

    phone.context.on("requestfinished", hear)
    return sent


def press_and_see(phone: Phone, button: str, said: str) -> None:
    phone.page.get_by_role("button", name=button, exact=True).click()
    phone.page.locator("main").get_by_text(said, exact=True).wait_for()


def propose(phone: Phone) -> str:
    """From the screen of the call on; gives the proposal's id."""
    phone.heading("Tell your wish (한)")
    phone.sees("함께 보내지 않습니다")
    phone.is_accessible()
    phone.press("참여하기")
    phone.check()
    phone.page.get_by_label("제목").fill("밤길에 가로등을")
    phone.press("다음: 비슷한 제안 보기")
    phone.sees("내용을 적어 주십시오.")
    phone.page.get_by_label("내용").fill("학교 앞 골목이 어둡습니다.")
    phone.page.get_by_label("분야").select_option("streets")
    phone.is_accessible()
    phone.keeps("학교 앞 골목이 어둡습니다.")
    phone.keeps('"topic":"streets"')
    phone.page.reload()
    assert phone.page.get_by_label("내용").input_value() == "학교 앞 골목이 어둡습니다."
    phone.press("다음: 비슷한 제안 보기")
    phone.heading("비슷한 제안이 있습니까?")
    phone.is_accessible()
    phone.tap_twice(phone.page.get_by_role("button", name="이대로 제안하기"), "**/proposals")
    phone.sees("제안하셨습니다.")
    phone.heading("밤길에 가로등을")
    phone.is_accessible()
    return phone.page.url.rpartition("/")[2]


def support_without_a_net(phone: Phone, call: str, proposal: str) -> None:
    """On a small screen with large type: found as a similar one, supported, killed, sent once."""
    phone.context.add_init_script(LARGE)
    phone.at(f"/app/calls/{call}")
    phone.press("Take part")
    phone.check()
    phone.page.get_by_label("Title").fill("밤길에 가로등")
    phone.page.get_by_label("Text").fill("It is dark.")
    phone.page.get_by_label("Topic").select_option("streets")
    fits(phone)
    phone.press("Next: similar proposals")
    phone.press("밤길에 가로등을")
    phone.heading("밤길에 가로등을")
    fits(phone)
    phone.context.route("**/supports", lose_answer)
    phone.page.get_by_role("button", name="Support it").dblclick()
    phone.heading("Kept on this phone")
    phone.sees("not yet known to have reached")
    fits(phone)
    with Impostor(phone, "**/supports", "not yet known to have reached").at_work() as other:
        other.tries_everything(partial(phone.press, "Send it now"))
        phone.page.close()
    phone.page = phone.open(f"/app/proposals/{proposal}")
    phone.sees("You support this proposal.")
    phone.page.get_by_text("not yet known to have reached").wait_for(state="detached")
    fits(phone)


def lose_answer(route: Route) -> None:
    """It arrives and counts, and the phone does not hear of it."""
    route.fetch()
    route.abort()


def fits(phone: Phone) -> None:
    phone.is_accessible()
    wide = "[document.documentElement.scrollWidth, document.documentElement.clientWidth]"
    scrolled, shown = phone.page.evaluate(wide)
    assert scrolled <= shown, phone.page.url


def supports(city: City, proposal: str) -> int:
    found: Any = city.town.votes.get(f"/proposals/{proposal}")
    return int(found["supports"])


def test_statements_are_answered_one_by_one_by_keyboard_and_posts_are_discussed_and_reported(
    browser: Browser, city: City, drafter: OfficialClient
) -> None:
    record = city.bridge.definition["record"]
    seeds = [words(one) for one in SEEDS]
    body = {"title": words("Bicycles"), "intro": words("Say so."), "seeds": seeds}
    pool = str(drafter.call("POST", f"/records/{record}/pools", body).object()["id"])
    for scope in (record, pool):
        city.await_scope(scope)
    with phone_of(city, browser) as phone, phone_of(city, browser, **SMALL) as other:
        phone.at(f"/app/records/{record}")
        phone.sees("Take part in the discussion")
        phone.is_accessible()
        phone.press("Opinion pool: Bicycles")
        agree_by_keyboard(phone, city, pool)
        add_a_statement(phone, city, pool)

        phone.at(f"/records/{record}/discussion?lang=en")
        phone.press("Write a post with your phone")
        post = write_a_post(phone)
        reply_and_report(other, post)
        assert len(posts(city, record)) == 1
        reason = {"category": "insult", "reason": words("It names somebody.")}
        drafter.call("POST", f"/moderation/post/{post.rpartition('/')[2]}/hide", reason)
        appeal(phone, post)


def agree_by_keyboard(phone: Phone, city: City, pool: str) -> None:
    phone.heading("Bicycles")
    phone.sees("Statements are shown one after the other (3 in all).")
    phone.is_accessible()
    phone.press("Take part")
    phone.check()
    phone.sees("Answered: 0 of 3.")
    phone.is_accessible()
    given: dict[str, int] = {}
    for tabs, vote in ((1, 1), (2, -1), (3, 0)):
        statement = phone.page.locator("#statement")
        said = statement.inner_text()
        statement.focus()
        for _ in range(tabs):
            phone.page.keyboard.press("Tab")
        phone.page.keyboard.press("Enter")
        phone.sees(f"Answered: {len(given) + 1} of 3.")
        given[said] = vote
        assert phone.page.evaluate("document.activeElement.id") == "statement"
    phone.sees("You have answered every statement.")
    phone.page.get_by_text("See what I chose").click()
    phone.is_accessible()
    [first] = [said for said, vote in given.items() if vote == 1]
    phone.page.get_by_role("listitem").filter(has_text=first).get_by_role("button").click()
    agreed = phone.page.get_by_role("button", name="Agree", exact=True)
    assert agreed.get_attribute("aria-pressed") == "true"
    phone.press("Pass")
    phone.sees("You have answered every statement.")
    assert sorted(votes_in(city, pool)) == [-1, 0, 0]


def votes_in(city: City, pool: str) -> list[int]:
    with closing(sqlite3.connect(city.home / "votes.db")) as found:
        rows = found.execute("SELECT vote FROM pool_votes WHERE pool = ?", (pool,))
        return [vote for (vote,) in rows]


def add_a_statement(phone: Phone, city: City, pool: str) -> None:
    phone.press("Add a statement")
    phone.heading("Add a statement")
    phone.is_accessible()
    phone.page.get_by_label("Statement").fill(words(SEEDS[0])["ko"])
    phone.press("Add it")
    phone.sees("Not taken: statement.")  # it stands there already, and what was written is kept
    phone.is_accessible()
    phone.press("I have read it")
    phone.page.get_by_text("Not taken").wait_for(state="detached")
    vote_in_another_window(phone, pool)
    phone.page.get_by_label("Statement").fill("Trams, <b>too</b>.")
    phone.press("Add it")
    phone.sees("You took part here from another window meanwhile.")
    phone.press("‹ Bicycles")  # to look, as it is said; what was written is kept
    phone.press("Add a statement")
    phone.press("Add it")
    phone.sees("You added a statement.")
    phone.sees("Trams, <b>too</b>.")
    listed: Any = city.town.votes.get(f"/pools/{pool}/statements")
    assert len(listed["items"]) == 4


def vote_in_another_window(phone: Phone, pool: str) -> None:
    other = phone.open(f"/app/pools/{pool}")
    other.get_by_text("See what I chose").click()
    other.get_by_role("button", name="Change").first.click()
    with other.expect_response("**/votes"):
        other.get_by_role("button", name="Agree", exact=True).click()
    other.close()


def write_a_post(phone: Phone) -> str:
    """Gives the path of the screen on which the post stands."""
    phone.press("Take part")
    phone.sees("What kind of post is it?")
    phone.is_accessible()
    phone.press("Post it")
    phone.sees("Please choose for, against or question.")
    phone.page.get_by_label("Question").check()
    phone.page.get_by_label("Text").fill("Who pays for it? #bridge")
    phone.keeps_the_app()
    phone.context.set_offline(True)
    phone.press("Post it")
    phone.sees("not yet known to have reached")
    phone.context.set_offline(False)
    phone.page.get_by_text("not yet known to have reached").wait_for(state="detached")
    phone.page.get_by_role("link", name=re.compile("^Reply and more")).click()
    phone.sees("Written by you")
    phone.is_accessible()
    phone.page.get_by_label("Add to your post").fill("I mean the upkeep.")
    phone.press("Add it")
    phone.sees("Addition")
    return phone.page.url.removeprefix(phone.city.url)


def reply_and_report(phone: Phone, post: str) -> None:
    phone.at(post)
    phone.press("Take part")
    prove_number_for_a_vote(phone)
    phone.page.evaluate("history.go(-4)")
    phone.sees("Who pays for it?")
    phone.page.get_by_role("button", name="Take part", exact=True).wait_for()
    assert "POST /scopes/ID/permits" not in phone.asked  # that tap was left behind
    phone.press("Take part")
    phone.page.get_by_label("Reply to this post").fill("The city does.")
    phone.press("Post the reply")
    phone.sees("You posted it.")
    fits(phone)
    phone.page.get_by_role("link", name=re.compile("^Report")).first.click()
    phone.heading("Report a text")
    fits(phone)
    phone.press("Send the report")
    phone.sees("Please choose at least one.")
    phone.page.get_by_label("Insult").check()
    phone.press("Send the report")
    phone.sees("You reported it.")


def prove_number_for_a_vote(phone: Phone) -> None:
    phone.heading("Check your phone number")
    phone.press("Polls")
    phone.press("The park")
    phone.press("Vote")
    phone.check()
    phone.heading("Your ballot")


def posts(city: City, record: str) -> list[Any]:
    found: Any = city.town.votes.get(f"/records/{record}/posts")
    return list(found["items"])


def appeal(phone: Phone, post: str) -> None:
    phone.at(post)
    phone.sees("It names somebody.")
    phone.press("Appeal")
    phone.page.get_by_label("Why it should be shown").fill("It names nobody.")
    phone.is_accessible()
    phone.press("Send the appeal")
    phone.sees("You appealed.")
    phone.page.get_by_text("Withdraw my post").first.click()
    phone.press("Yes, withdraw it")
    phone.sees("You withdrew your post.")


def rate_and_ask_again(phone: Phone, poll: FrozenPoll) -> None:
    """Once each; the number was proved for the vote already."""
    phone.city.await_scope(poll.definition["record"])
    phone.at(f"/app/records/{poll.definition['record']}")
    phone.press("Rate the answer")
    phone.heading("Rate the answer")
    phone.sees("We dig it.")
    phone.press("Take part")
    phone.press("Send my rating")
    phone.sees("Please choose a rating.")
    phone.page.get_by_label("4 – good").check()
    phone.page.get_by_label("Why").fill("Soon enough.")
    phone.is_accessible()
    phone.press("Send my rating")
    phone.sees("You rated it 4 of 5.")
    phone.page.get_by_text("Is something missing?").click()
    phone.is_accessible()
    asking = phone.page.get_by_role("button", name="Ask for another answer")
    phone.tap_twice(asking, "**/asking-again")
    phone.page.locator("section").get_by_text("You asked for another answer.").wait_for()
    assert "POST /records/ID/ratings" in phone.asked
    assert phone.asked.count("POST /records/ID/asking-again") == 1


def test_both_languages_have_the_same_words_for_acts_and_all_are_used() -> None:
    [told] = in_node([("words", {})], "acts_cases.mjs")
    ko, en = told["ko"], told["en"]
    assert ko.keys() == en.keys()
    holes = [{key: set(HOLE.findall(all_[key])) for key in ko} for all_ in (ko, en)]
    assert holes[0] == holes[1]
    texts = "".join(one.read_text() for one in (FOLDER / "acts").glob("*.js"))
    used = set(re.findall(r"'(\w+)'", texts))
    assert ko.keys() - used == set()
    assert set(re.findall(r"\btold\('(\w+)'", texts)) - ko.keys() == set()


def test_statements_are_drawn_by_what_is_learnt_from_them() -> None:
    asked = [("drawn", {"weights": [1, 3], "steps": 8}), ("drawn", {"weights": [], "steps": 1})]
    drawn, none = in_node(asked, "acts_cases.mjs")
    assert drawn == [0, 0, 1, 1, 1, 1, 1, 1]
    assert none == [None]
