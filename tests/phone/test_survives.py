"""What may happen to a phone or a server while somebody votes: it is one vote, and it is told."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Browser, Error, Route

import mvote
from mvote.core.canonical import parse
from mvote.core.secrecy.receipt import read_receipt
from mvote.core.times import iso
from tests.makers import make_poll_draft, words
from tests.phone.city import City, Phone, phone_of

PACKAGE = Path(mvote.__file__).parent
KAKAO = (
    "Mozilla/5.0 (Linux; Android 14; SM-S911N Build/UP1A; wv) AppleWebKit/537.36 "
    "(KHTML, like Gecko) Version/4.0 Chrome/129.0 Mobile Safari/537.36 KAKAOTALK 2410920"
)
SLOW: dict[str, Any] = {"offline": False, "latency": 150}
BYTES_A_SECOND = 200_000  # 1.6 Mbit/s, as Lighthouse's slow 4G
OLD_PHONE = 4  # times slower than this processor
MESSAGES = """
globalThis.OTPCredential = class {};
navigator.credentials.get = () => new Promise((done) => {
  globalThis.receive = (code) => done({ code });
});
"""
"""A browser that reads codes out of messages (WICG WebOTP), which needs a telephone."""


def choose(phone: Phone) -> None:
    """Answer the first question of ``bridge`` so that the second is not asked."""
    phone.heading("Your ballot")
    first = phone.page.get_by_role("group", name="Shall the bridge")
    first.get_by_text("No", exact=True).click()


def kill_page(phone: Phone) -> None:
    """As the phone does when it needs memory; then it is opened again where it was."""
    path = urlsplit(phone.page.url).path
    phone.page.close()
    phone.page = phone.open(path)


@contextmanager
def instead(phone: Phone, pattern: str, answer: Callable[[Route], Any]) -> Iterator[None]:
    def unless_killed(route: Route) -> None:
        """A page may be killed while it is answered, which is no fault of a later test."""
        try:
            answer(route)
        except Error as fault:
            if "has been closed" not in fault.message:
                raise

    phone.context.route(pattern, unless_killed)
    yield
    phone.context.unroute_all(behavior="ignoreErrors")  # one may be on its way


def falsely(change: Callable[[dict[str, Any]], Any], route: Route) -> None:
    """The city's own answer, but for what was changed on its way."""
    came = route.fetch()
    said = came.json()
    change(said)
    route.fulfill(status=came.status, json=said)


def test_a_walk_goes_on_wherever_its_page_is_killed_or_left_by_back(
    browser: Browser, city: City
) -> None:
    start = f"/app/polls/{city.bridge.id}"
    with phone_of(city, browser) as phone:
        phone.context.add_init_script(MESSAGES)
        phone.at(start)
        phone.heading("The bridge")
        kill_page(phone)
        phone.press("Vote")
        phone.heading("Check your phone number")
        phone.page.go_back()
        phone.heading("The bridge")
        phone.press("Vote")
        phone.heading("Check your phone number")
        kill_page(phone)
        phone.page.locator("input[type=tel]").fill(phone.number)
        phone.press("Send me a code")
        phone.heading("Enter the code")
        kill_page(phone)  # while the message is read
        phone.heading("Enter the code")
        phone.sees(phone.number)
        phone.at(start)
        phone.press("Vote")
        phone.heading("Enter the code")
        phone.page.evaluate("code => receive(code)", phone.read_code())

        choose(phone)
        phone.press("Review my answers")
        phone.heading("Vote like this?")
        phone.page.go_back()
        phone.heading("Your ballot")
        phone.page.get_by_role("button", name="No", exact=True, pressed=True).wait_for()
        kill_page(phone)
        phone.heading("Your ballot")
        phone.press("Review my answers")
        phone.heading("Vote like this?")
        kill_page(phone)
        phone.heading("Vote like this?")
        first = cast_and_kill(phone)
        phone.heading("Counted")
        assert phone.tracker == first
        kill_page(phone)
        phone.heading("Counted")
        phone.at(start)
        phone.press("See my receipt")
        phone.heading("Counted")
        assert phone.tracker == first
        phone.page.go_back()
        phone.sees("You have voted from this phone.")
        for once in ("POST /phone-checks", "POST /polls/ID/permits"):
            assert phone.asked.count(once) == 1


def tracker_of(receipt: str) -> str:
    """As the phone spells it."""
    whole = read_receipt(parse(receipt)).tracker.upper()
    return "-".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def cast_and_kill(phone: Phone) -> str:
    """The ballot is taken, and the page dies before it hears so.  Returns the tracker."""
    taken: list[str] = []
    with instead(phone, "**/ballots", lambda route: taken.append(route.fetch().text())):
        phone.press("Cast my vote")
        while not taken:
            phone.page.wait_for_timeout(20)
        path = urlsplit(phone.page.url).path
        phone.page.close()
    phone.page = phone.open(path)
    return tracker_of(taken[0])


def test_one_ballot_outlives_a_killed_server_and_a_new_version_of_the_app(
    browser: Browser, city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = city.town.open_poll(make_poll_draft(level="secret", title=words("The fountain")))
    taken: list[str] = []

    def die(route: Route) -> None:
        if not taken:
            taken.append(route.fetch().text())
            city.server.kill()
        route.abort()

    with phone_of(city, browser) as phone:
        phone.at(f"/app/polls/{poll.id}/ballot")
        phone.check()
        choose(phone)
        phone.keeps_the_app()
        phone.press("Review my answers")
        phone.heading("Vote like this?")
        with instead(phone, "**/ballots", die):
            phone.press("Cast my vote")
            phone.heading("Your ballot is kept")
            phone.page.close()
        phone.page = phone.open(f"/app/polls/{poll.id}")  # from the phone, for no server is there
        phone.press("Send it now")
        phone.heading("Your ballot is kept")

        monkeypatch.setenv("PYTHONPATH", str(newer(city.home / "newer")))
        with instead(phone, "**/ballots", lambda route: route.abort()):
            city.start()
            phone.page.reload()
            phone.sees("A new version of the app is here.")
            phone.press("Open the new version")
            phone.sees("opens once your ballot has been sent")
            phone.heading("Your ballot is kept")
            assert not phone.page.get_by_text("As of today, mvote").is_visible()
        phone.page.reload()  # it goes by itself
        phone.heading("Counted")
        assert phone.tracker == tracker_of(taken[0])
        phone.press("Open the new version")
        phone.sees("As of today, mvote")
        phone.heading("Counted")
        assert phone.tracker == tracker_of(taken[0])
    result = city.town.close(poll)
    assert (result["voters"], result["ballots"]) == (1, 1)


def newer(folder: Path) -> Path:
    """Where Python finds another version of mvote, whose app says one sentence otherwise."""
    package = folder / "mvote"
    package.mkdir(parents=True)
    for part in PACKAGE.iterdir():
        if part.name != "phone":
            (package / part.name).symlink_to(part)
    (folder / "migrations").symlink_to(PACKAGE.parent / "migrations")
    shutil.copytree(PACKAGE / "phone", package / "phone")
    english = package / "phone" / "words" / "en.js"
    english.write_text(english.read_text().replace("limits: 'mvote", "limits: 'As of today, mvote"))
    return folder


def test_a_vote_handed_over_from_a_messenger_is_one_vote_however_often_it_is_opened(
    browser: Browser, city: City
) -> None:
    with (
        phone_of(city, browser, user_agent=KAKAO) as inside,
        phone_of(city, browser) as outside,
        phone_of(city, browser) as stranger,
    ):
        inside.at(f"/app/polls/{city.bridge.id}/ballot")
        inside.heading("Open it in your browser")
        inside.is_accessible()
        link = inside.page.get_by_role("link", name="Open in my browser").get_attribute("href")
        assert link is not None
        [url] = parse_qs(urlsplit(link).query)["url"]
        assert "#seed=" in url
        assert "POST /polls/ID/permits" not in inside.asked

        slow_down(outside)
        outside.number = inside.number
        vote_from(outside, url)
        outside.heading("Counted")
        inside.press("Vote here all the same")
        inside.check()
        choose(inside)
        inside.press("Review my answers")
        inside.press("Cast my vote")
        inside.heading("Not counted")
        inside.sees("a ballot was cast in another browser before. That one counts.")
        inside.is_accessible()
        vote_from(stranger, url)  # a link with a secret in it went round
        stranger.heading("Counted")
        assert stranger.tracker != outside.tracker
        forget_everything(outside)
        outside.page.reload()
        outside.at(f"/app/polls/{city.bridge.id}/ballot")
        outside.check()
        outside.sees("or the storage of this browser was deleted")
        outside.sees("If you voted already, that vote counts.")


def vote_from(phone: Phone, url: str) -> None:
    phone.page.goto(url)
    phone.press("Vote")
    phone.heading("Check your phone number")
    assert "seed" not in phone.page.url
    phone.check()
    choose(phone)
    phone.press("Review my answers")
    phone.press("Cast my vote")


def slow_down(phone: Phone) -> None:
    """An old phone on a slow line."""
    cdp = phone.context.new_cdp_session(phone.page)
    cdp.send("Emulation.setCPUThrottlingRate", {"rate": OLD_PHONE})
    rates = {"downloadThroughput": BYTES_A_SECOND, "uploadThroughput": BYTES_A_SECOND // 2}
    cdp.send("Network.emulateNetworkConditions", {**SLOW, **rates})


def forget_everything(phone: Phone) -> None:
    """As a browser does that needs the space."""
    phone.context.new_cdp_session(phone.page).send(
        "Storage.clearDataForOrigin", {"origin": phone.city.url, "storageTypes": "all"}
    )


def test_an_open_page_turns_by_itself_as_its_poll_opens_and_closes(
    browser: Browser, city: City
) -> None:
    poll = city.town.open_poll(make_poll_draft(title=words("The square")))
    later = iso(datetime.now(UTC) + timedelta(minutes=30))
    with phone_of(city, browser) as phone:
        phone.context.clock.install()
        before = partial(falsely, lambda poll: poll.update(state="frozen", opens=later))
        with instead(phone, f"**/api/v1/polls/{poll.id}", before):
            phone.at(f"/app/polls/{poll.id}")
            phone.sees("This poll has not opened yet. It opens on")
            phone.is_accessible()
        phone.page.clock.fast_forward("31:00")
        phone.press("Vote")
        phone.check()
        phone.heading("Your ballot")
        phone.page.get_by_text("Yes", exact=True).click()
        city.town.close(poll)
        phone.page.clock.fast_forward("01:01:00")
        phone.heading("The square")
        phone.sees("This poll is closed.")
        phone.sees("Your ballot has not been sent.")
        phone.is_accessible()
        assert "POST /polls/ID/ballots" not in phone.asked
