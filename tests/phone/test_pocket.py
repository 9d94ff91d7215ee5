"""What the app does after a vote: receipts, my votes, backup, records, push, in a real browser."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Request, Route

from mvote.client.poll import FrozenPoll
from mvote.core.secrecy import keys
from mvote.core.secrecy.checkpoint import make_checkpoint
from mvote.keys import open_keys
from mvote.pages.phone import FOLDER
from mvote.settings import Settings
from tests.makers import make_poll_draft, words
from tests.phone.city import City, Phone, phone_of
from tests.phone.conftest import Call, in_node
from tests.phone.test_taking_part import rate_and_ask_again
from tests.phone.test_walk import read_code_of
from tests.town import DRAFTER

CASES = "pocket_cases.mjs"
HOLE = re.compile(r"\{(\w+)\}")
BOARD = re.compile(r"/polls/[0-9a-z]{16}/board/")
FORGET = """name => new Promise(resolve => {
  const opening = indexedDB.open('mvote');
  opening.onsuccess = () => {
    const work = opening.result.transaction('kept', 'readwrite');
    work.objectStore('kept').delete(name);
    work.oncomplete = () => { opening.result.close(); resolve(true); };
  };
})"""
LATE = "Sat, 01 Jan 2050 00:00:00 GMT"


def test_receipts_are_looked_after_votes_move_to_another_phone_and_news_tell_nobody(
    browser: Browser, city: City, tmp_path: Path
) -> None:
    well = city.town.open_poll(make_poll_draft(level="secret", title=words("The well")))
    with phone_of(city, browser) as phone, phone_of(city, browser) as robbed:
        before = board_of(city, well)
        cast(phone, well)
        robbed.context.route(BOARD, lambda route: route.abort())  # it sees no board by itself
        cast(robbed, well)
        find_on_board(phone)
        robbed.context.route(BOARD, lambda route: serve(route, before, date=LATE))
        complain_of_a_missing_ballot(robbed, well)

        file, code = back_up(phone, tmp_path)
        with phone_of(city, browser) as other:
            restore(other, file, code)
            other.at(f"/app/polls/{well.id}")
            other.sees("You have voted from this phone.")
            see_a_forked_board(other, well)

        answered(city, well)
        rate_and_ask_again(phone, well)
        asked = [see_my_votes(phone), see_my_votes_anew(city, browser)]
        assert asked[0] == asked[1] == ["GET /feeds/records.json"]


def cast(phone: Phone, poll: FrozenPoll) -> None:
    phone.at(f"/app/polls/{poll.id}/ballot")
    phone.check()
    phone.page.get_by_text("Yes", exact=True).click()
    phone.press("Review my answers")
    phone.press("Cast my vote")
    phone.heading("Counted")


def board_of(city: City, poll: FrozenPoll) -> dict[str, str]:
    """What the board answers while nobody voted yet."""
    api = city.town.votes
    found: Any = api.get(f"/polls/{poll.id}/board/leaves")
    return {"checkpoint": found["checkpoint"], "leaves": json.dumps(found)}


def serve(route: Route, answers: dict[str, str], *, date: str) -> None:
    name = "checkpoint" if "checkpoint" in route.request.url else "leaves"
    kind = "text/plain" if name == "checkpoint" else "application/json"
    route.fulfill(body=answers[name], content_type=kind, headers={"Date": date})


def find_on_board(phone: Phone) -> None:
    phone.at("/app/my-votes")
    phone.heading("My votes")
    phone.sees("There is no result yet.")
    while not phone.page.get_by_text("Found on the board").is_visible():
        phone.page.get_by_role("button", name="Check it now", disabled=False).click()
        phone.page.get_by_text("Checked.", exact=True).wait_for(state="attached")
    phone.is_accessible()
    scan_the_receipt(phone)
    assert {one for one in phone.asked if "/board/" in one} <= {
        "GET /polls/ID/board/checkpoint",
        "GET /polls/ID/board/leaves",  # so few that all are given
        "GET /polls/ID/board/consistency?from=1&to=2",
        "GET /polls/ID/board/consistency?from=1&to=3",
        "GET /polls/ID/board/consistency?from=2&to=3",
    }


def scan_the_receipt(phone: Phone) -> None:
    """Any phone that reads the code sees where the ballot stands, and no server what it read."""
    phone.press("Receipt")
    phone.heading("Counted")
    [leaf] = read_code_of(phone.page)["leaf"]
    phone.page.goto(re.sub("/counted.*", f"/receipt#leaf={leaf}", phone.page.url))
    phone.sees("This ballot stands on the board")
    assert "leaf" not in phone.page.url
    phone.is_accessible()


def complain_of_a_missing_ballot(phone: Phone, poll: FrozenPoll) -> None:
    phone.at("/app/my-votes")
    phone.press("Check it now")
    phone.sees("Something is wrong with the board")
    phone.asked.clear()
    phone.press("See what is wrong")
    phone.heading("The board is not as promised")
    phone.sees("and it is not there")
    phone.is_accessible()
    with phone.page.expect_download() as saving:
        phone.press("Save the evidence")
    evidence = json.loads(Path(saving.value.path()).read_text())
    assert evidence["code"] == "ballot-missing"
    # Spelled with its quotes: three letters may stand in any signature.
    assert '"ans"' not in json.dumps(evidence).replace("\\", "")
    phone.city.await_board(poll, size=3)
    phone.press("Complain")
    phone.sees("is on the board")  # the honest server shows where; this phone sees it nowhere

    pattern = f"**/polls/{poll.id}/complaints"
    phone.context.route(pattern, lambda route: sign_complaint(phone.city, poll, route))
    phone.press("Complain")
    phone.sees("Your complaint was taken up.")
    phone.is_accessible()
    assert not [one for one in phone.asked if "/ballots" in one]
    phone.context.unroute(pattern)


def signing(city: City) -> Any:
    home = city.home
    return open_keys(Settings(home=home), "votes")["board"].private


def sign_complaint(city: City, poll: FrozenPoll, route: Route) -> None:
    receipt = json.loads(route.request.post_data or "")["receipt"]
    content = {
        **{"v": 1, "complaint": "0123456789abcdef", "poll": poll.id, "receipt": receipt},
        **{"size": 1, "ballot": "none", "filed": "2030-01-01T00:00:00Z"},
        "due": "2030-01-15T00:00:00Z",
    }
    sig = keys.sign(signing(city), "mvote-complaint-v1", content)
    route.fulfill(status=201, json={**content, "sig": sig})


def back_up(phone: Phone, folder: Path) -> tuple[Path, str]:
    phone.at("/app/backup")
    phone.heading("Backup and restore")
    phone.sees("can vote in your place")
    phone.is_accessible()
    phone.press("Make a recovery code")
    phone.heading("Recovery code")
    phone.is_accessible()
    with phone.page.expect_download() as saving:
        phone.press("Save the backup file")
    saving.value.save_as(folder / "backup.json")
    assert '"casts"' not in (folder / "backup.json").read_text()
    return folder / "backup.json", phone.page.locator("#code").inner_text()


def restore(phone: Phone, file: Path, code: str) -> None:
    phone.at("/app/backup")
    [another] = in_node([("newCode", {})], CASES)
    wrong = code[:-1] + ("0" if code[-1] != "0" else "1")
    phone.page.locator("input[type=file]").set_input_files(file)
    typed = phone.page.get_by_label("Recovery code")
    for given, answer in (
        (wrong, "A sign of the recovery code is wrong."),
        (another, "This code is not the one of this file."),
        (code.lower().replace("-", " "), "Restored: 1."),
    ):
        typed.fill(given)
        phone.press("Restore")
        phone.sees(answer)
    phone.is_accessible()


def see_a_forked_board(phone: Phone, poll: FrozenPoll) -> None:
    """A signed checkpoint of the same size with another root."""
    phone.at("/app/my-votes")
    phone.press("Check it now")  # the backup may be older than the last ballot on the board
    phone.page.get_by_text("Checked.", exact=True).wait_for(state="attached")
    true = board_of(phone.city, poll)["checkpoint"].splitlines()
    forged = make_checkpoint(signing(phone.city), origin=true[0], size=int(true[1]), root=bytes(32))
    found = {"checkpoint": forged}
    phone.context.route(
        re.compile("/board/checkpoint"), lambda route: serve(route, found, date=LATE)
    )
    phone.press("Check it now")
    phone.press("See what is wrong")
    phone.sees("do not belong together")
    assert phone.page.get_by_role("button", name="Complain").count() == 0


def answered(city: City, poll: FrozenPoll) -> None:
    result: Any = city.town.close(poll)
    assert (result["voters"], result["ballots"]) == (2, 2)
    [question] = result["questions"]
    options = [
        {"question": question["id"], "option": one["id"], "decision": "adopted"}
        for one in question["options"]
        if one["id"] in result["decision"]["chosen"][question["id"]]
    ]
    drafter = city.town.official(DRAFTER)
    text = words("We dig it.")
    drafter.answer(poll.definition["record"], {"poll": poll.id, "options": options, "text": text})


def listen(phone: Phone) -> list[str]:
    """What the phone asks besides its own files, ids and all."""
    asked: list[str] = []

    def hear(request: Request) -> None:
        path = request.url.removeprefix(phone.city.url)
        if path.startswith(("/api/", "/feeds/")):
            asked.append(f"{request.method} {path}")

    phone.context.on("request", hear)
    return asked


def see_my_votes(phone: Phone) -> list[str]:
    phone.page.goto(f"{phone.city.url}/healthz")  # where no app could fetch it anew meanwhile
    phone.page.evaluate(FORGET, "feed/current")  # as an hour later
    asked = listen(phone)
    phone.at("/app/my-votes")
    phone.sees("We dig it.")
    phone.sees("Read it whole")
    assert phone.page.get_by_text("New", exact=True).count() == 2
    phone.is_accessible()
    return list(asked)


def see_my_votes_anew(city: City, browser: Browser) -> list[str]:
    with phone_of(city, browser) as phone:
        asked = listen(phone)
        phone.at("/app/my-votes")
        phone.sees("No vote was cast from this phone yet.")
        return list(asked)


def test_records_are_followed_shared_and_told_of_by_push(browser: Browser, city: City) -> None:
    with phone_of(city, browser, permissions=["notifications", "clipboard-write"]) as phone:
        phone.at("/app/records")
        phone.heading("Policy records")
        phone.is_accessible()
        phone.press("The bridge")
        phone.press("Follow Roads")
        phone.sees("Followed")
        phone.is_accessible()
        phone.page.evaluate(SHEET)
        phone.page.get_by_role("button", name=re.compile("^Share")).click()
        phone.sees(f"{city.url}/records/")
        phone.press("Send")
        [sent] = phone.page.evaluate("sent")
        assert (sent["title"], sent["url"][:-16]) == ("The bridge", f"{city.url}/records/")
        phone.is_accessible()
        phone.at("/app/results")
        phone.heading("Results of polls")
        phone.is_accessible()
        phone.at("/app/settings")
        phone.page.get_by_text("Large", exact=True).click()
        phone.page.reload()
        assert phone.page.get_by_label("Large", exact=True).is_checked()
        phone.sees("All of the city's news")
        phone.sees("Roads")
        phone.is_accessible()
        hear_of_news(phone)
        ask_for_push(phone)


SHEET = """() => {
  globalThis.sent = [];
  navigator.share = async what => {
    sent.push(what);
    throw new DOMException('', 'AbortError');
  };
}"""
"""The telephone's sheet of apps, which the citizen closes again."""
TAP = """async link => {
  const all = await registration.getNotifications();
  const opened = [];
  clients.openWindow = async address => { opened.push(address); };
  const notification = all.find(one => one.data.link === link);
  const tap = new NotificationEvent('notificationclick', { notification });
  let done;
  tap.waitUntil = work => { done = work; };
  dispatchEvent(tap);
  await done;
  return [opened, (await registration.getNotifications()).length];
}"""
"""A tap on a notification, in the worker: none can be shown here, nor a window opened by it."""
PUSH_SERVICE = """async () => {
  const how = { name: 'ECDH', namedCurve: 'P-256' };
  const pair = await crypto.subtle.generateKey(how, true, ['deriveBits']);
  const raw = new Uint8Array(await crypto.subtle.exportKey('raw', pair.publicKey));
  const spell = bytes => btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
  const endpoint = 'https://fcm.googleapis.com/fcm/send/x';
  const keys = { p256dh: spell(raw), auth: spell(new Uint8Array(16)) };
  PushManager.prototype.subscribe = async () => ({ endpoint, toJSON: () => ({ endpoint, keys }) });
}"""
"""No push service can be reached here; what the browser gets from it is made in its place."""


def ask_for_push(phone: Phone) -> None:
    phone.asked.clear()
    phone.press("Get notifications")
    phone.sees("could not be registered")
    phone.page.evaluate(PUSH_SERVICE)
    phone.press("Get notifications")
    phone.sees("Notifications are on.")
    phone.is_accessible()
    phone.press("Get no more notifications")
    phone.page.get_by_role("button", name="Get notifications").wait_for()
    sent = [one for one in phone.asked if not one.startswith("GET")]
    assert sent[0] == "POST /push-followers"
    assert sent[1].startswith("DELETE /followers/")


def hear_of_news(phone: Phone) -> None:
    """A message of the push service, handed to the worker by the browser itself."""
    page = phone.page
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    cdp = phone.context.new_cdp_session(page)
    found: list[str] = []
    cdp.on(
        "ServiceWorker.workerRegistrationUpdated",
        lambda told: found.extend(one["registrationId"] for one in told["registrations"]),
    )
    cdp.send("ServiceWorker.enable")
    while not found:
        page.wait_for_timeout(50)
    link = f"{phone.city.url}/records/x?lang=en"
    for data in (json.dumps({"title": "Result: The well", "body": "Yes", "link": link}), "{"):
        told = {"origin": phone.city.url, "registrationId": found[0], "data": data}
        cdp.send("ServiceWorker.deliverPushMessage", told)
    shown = page.evaluate(
        """async () => {
          const at = await navigator.serviceWorker.getRegistration('/app/');
          for (;;) {
            const all = await at.getNotifications();
            const told = all.map(({ title, body, data }) => [title, body, data.link]);
            if (all.length === 2) return told;
            await new Promise(done => setTimeout(done, 50));
          }
        }"""
    )
    assert sorted(shown) == [
        ["Result: The well", "Yes", link],
        ["시의 새 소식 · News of the city", "", f"{phone.city.url}/app/"],
    ]
    [worker] = phone.context.service_workers
    assert worker.evaluate(TAP, link) == [[link], 1]


def test_backups_merge_to_the_highest_ballot_and_a_mistyped_code_is_none() -> None:
    asked: list[Call] = [(one, {}) for one in ("mistyped", "merged", "mergedParts")]
    mistyped, merged, parts = in_node(asked, CASES)
    assert mistyped == 0
    assert merged == {
        "newer": [1, 2],
        "older": ["leaf-1", "leaf-2"],  # what the board took goes before what it did not
        "stranger": "a",
        "begun": "b",
    }
    assert parts == {
        "seq": 2,
        "deeds": ["1", "2c", "2b"],  # of two acts with one number none is lost
        "stranger": "a",
        "begun": "b",
        "refused": [None],  # another phone sent it too late
    }


def test_both_languages_have_the_same_words_behind_the_ballot_and_all_are_used() -> None:
    [told] = in_node([("words", {})], CASES)
    ko, en = told["ko"], told["en"]
    assert ko.keys() == en.keys()
    holes = [{key: set(HOLE.findall(all_[key])) for key in ko} for all_ in (ko, en)]
    assert holes[0] == holes[1]
    texts = "".join(one.read_text() for one in (FOLDER / "pocket").glob("*.js"))
    used = set(re.findall(r"'(\w+)'", texts))
    assert ko.keys() - used == set()
    assert set(re.findall(r"\bsaid\('(\w+)'", texts)) - ko.keys() == set()
