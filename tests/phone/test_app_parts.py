"""Parts of the app that need no browser: words, QR codes, windows of messengers; and its files."""

import base64
import hashlib
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from flask.testing import FlaskClient

from mvote.pages.phone import FOLDER, modules_of, written
from tests.databases import city_on_sqlite
from tests.phone.conftest import in_node

HOLE = re.compile(r"\{(\w+)\}")
HANGUL = re.compile(r"[가-힣]")
SAME = {"seed": "A" * 43, "ph": "0123456789abcdef" * 4, "poll": "0123456789abcdef"}
LINK = "https://vote.example.kr/app/polls/0123456789abcdef?ph=0123456789abcdef#seed=" + "A" * 43
ANDROID = "Mozilla/5.0 (Linux; Android 14; SM-S911N; wv) AppleWebKit/537.36 Chrome/129.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15"


@pytest.fixture(scope="module")
def http(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[FlaskClient]:
    """A city whose people wing has an address of its own."""
    home = tmp_path_factory.mktemp("app")
    addresses = {
        "public_url": "https://vote.example.kr",
        "people_public_url": "https://people.example.kr",
    }
    with city_on_sqlite(sqlite_template, home, **addresses) as app:
        yield app.test_client()


def test_both_languages_have_the_same_words_with_the_same_holes() -> None:
    [tables] = in_node([("appWords", {})])
    for words in tables.values():
        ko, en = words["ko"], words["en"]
        assert ko.keys() == en.keys()
        for key in ko:
            assert sorted(HOLE.findall(ko[key])) == sorted(HOLE.findall(en[key])), key
            assert HANGUL.search(ko[key]), key
            assert not HANGUL.search(en[key]), key


def test_every_word_is_said_somewhere_and_none_is_missing_where_it_is() -> None:
    [tables] = in_node([("appWords", {})])
    first, later = (tables[part]["ko"].keys() for part in ("first", "later"))
    assert not first & later
    used = set()
    for path in said_in("screens", "shell", "words", "pocket", "acts"):
        text = path.read_text()
        said = set(re.findall(r"\bsay\('(\w+)'", text))
        assert not said - first - later, path
        assert not said & later or "words/later.js';" in text, path
        used |= said | set(re.findall(r"'([a-z][A-Za-z]+)'", text))
    assert (first | later) - used == set()


def said_in(*parts: str) -> list[Path]:
    found = (one for part in parts for one in sorted((FOLDER / part).glob("*.js")))
    return [one for one in found if not one.stem.endswith(("ko", "en"))]


def test_codes_of_every_length_are_read_back() -> None:
    most = (14, 26, 42, 62, 84, 106, 122, 152, 180, 213, 251, 362, 711, 1264, 2331)
    texts = ["접수증 🗳", LINK, *("x" * length for length in most)]
    drawn = in_node([("code", {"text": text}) for text in texts])
    for text, rows in zip(texts, drawn, strict=True):
        assert [one.text for one in zxingcpp.read_barcodes(picture_of(rows))] == [text]


def picture_of(rows: list[str], *, scale: int = 4, quiet: int = 4) -> memoryview:
    """A grey picture of a QR code within its light border."""
    side = len(rows) + 2 * quiet
    blank = [b"\xff" * side * scale] * (quiet * scale)
    lines = list(blank)
    for row in rows:
        dark = "".join("0" if square == "1" else "1" for square in row)
        line = b"".join(
            (b"\x00" if one == "0" else b"\xff") * scale for one in "1" * quiet + dark + "1" * quiet
        )
        lines += [line] * scale
    return memoryview(b"".join(lines + blank)).cast("B", (side * scale, side * scale))


def test_windows_of_messengers_are_known_and_hand_over_link_and_seed() -> None:
    agents = {
        f"{ANDROID} KAKAOTALK 2410920": "kakaotalk://web/openExternal?url=",
        f"{IPHONE} KAKAOTALK 10.8.0": "kakaotalk://web/openExternal?url=",
        f"{IPHONE} Line/14.9.0": "https://vote.example.kr/app/polls/0123456789abcdef?ph=",
        f"{ANDROID} [FBAN/EMA;FBAV/417.0]": "intent://vote.example.kr/app/polls/",
        f"{ANDROID} NAVER(inapp; search; 2000; 12.4.3)": "intent://vote.example.kr/app/",
        f"{IPHONE} Instagram 331.0": None,  # nothing but copying the link
    }
    found = in_node([("inApp", {**SAME, "agent": agent}) for agent in agents])
    for agent, made, expected in zip(agents, found, agents.values(), strict=True):
        assert made is not None, agent
        assert (made["link"] or "").startswith(expected or ""), agent
        assert made["link"] is None or "A" * 43 in made["link"], agent
    browsers = (f"{IPHONE} Version/17.5 Mobile/15E148 Safari/604.1", ANDROID.replace("; wv", ""))
    assert in_node([("inApp", {**SAME, "agent": one}) for one in browsers]) == [None, None]


def test_the_worker_keeps_what_is_served(http: FlaskClient) -> None:
    said = http.get("/app/files.js").get_data(as_text=True)
    kept = json.loads(said.removeprefix("self.mvoteFiles = ").removesuffix(";\n"))["files"]
    assert {"/app/", "/app/main.js", "/app/words/ko.js", "/app/screens/review.js"} <= kept.keys()
    assert not {"/app/app/verify.js", "/app/sw.js", "/app/verify.html"} & kept.keys()
    for path, digest in kept.items():
        content = http.get(path).get_data()
        assert base64.b64encode(hashlib.sha256(content).digest()).decode() == digest, path


def test_the_files_for_a_first_ballot_are_light(http: FlaskClient) -> None:
    """With 98 projects and the answers of the interface they are 60 kB on the wire."""
    screens = ("poll", "check", "ballot")
    needed = [
        "main.js",
        "words/ko.js",
        "widgets/budget.js",
        *(f"screens/{one}.js" for one in screens),
    ]
    start = "/app/polls/0123456789abcdef"
    style = re.search(r'"(/design.css[^"]+)"', http.get(start).get_data(as_text=True))
    assert style
    modules = [f"/app/{name}" for name in modules_of(*needed, read=written())]
    carried = sum(on_the_wire(http, path) for path in (start, style[1], "/icon.svg", *modules))
    assert carried < 52_000


def on_the_wire(http: FlaskClient, path: str) -> int:
    """Bytes with those of the head, to which a server adds its name."""
    answer = http.get(path, headers={"Accept-Encoding": "br"})
    assert answer.status_code == 200
    head = f"HTTP/1.1 200 OK\r\n{answer.headers}server: granian\r\n"
    return len(head) + len(answer.get_data())


def test_deep_links_open_the_app_under_a_strict_policy_and_wrong_files_are_none(
    http: FlaskClient,
) -> None:
    start = http.get("/app/polls/0123456789abcdef/ballot")
    assert start.status_code == 200
    policy = start.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self' https://people.example.kr;" in policy
    page = start.get_data(as_text=True)
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page)
    assert {"main.js", "app/permit.js", "screens/ballot.js", "words/ko.js"} <= hints_of(page)
    poll = http.get("/app/polls/0123456789abcdef", headers={"Accept-Language": "en-GB"})
    assert {"screens/poll.js", "words/en.js"} <= hints_of(poll.get_data(as_text=True))
    assert not {"app/permit.js", "words/ko.js"} & hints_of(poll.get_data(as_text=True))
    assert "Accept-Language" in poll.headers["Vary"]
    assert http.get("/app/no-such.js").status_code == 404
    known = {"If-None-Match": http.get("/app/main.js").headers["ETag"]}
    assert http.get("/app/main.js", headers=known).status_code == 304


def hints_of(page: str) -> set[str]:
    return set(re.findall(r'modulepreload" href="/app/([^"]+)"', page))


def test_only_the_origin_of_the_app_may_speak_to_a_people_wing_elsewhere(
    http: FlaskClient,
) -> None:
    for origin, allowed in (("https://vote.example.kr", True), ("https://evil.example", False)):
        asked = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        before = http.options("/api/v1/phone-checks", headers=asked)
        answer = http.post("/api/v1/phone-checks", json={}, headers={"Origin": origin})
        for one in (before, answer):
            assert (one.headers.get("Access-Control-Allow-Origin") == origin) is allowed
            assert "Access-Control-Allow-Credentials" not in one.headers
            assert "Origin" in one.headers["Vary"]
        assert (
            "Authorization" in before.headers.get("Access-Control-Allow-Headers", "")
        ) is allowed
        assert ("Date" in answer.headers.get("Access-Control-Expose-Headers", "")) is allowed
