"""What everyone sees of polls: the list, the frozen poll, the QR code."""

import re
from datetime import UTC, datetime, timedelta
from io import BytesIO

import png
import pytest
import zxingcpp
from playwright.sync_api import Page

from mvote.core.times import iso
from tests.votes.polls.conftest import Office


def test_a_poll_is_hidden_until_it_is_frozen(office: Office) -> None:
    poll = office.draft()
    for act in (None, "approve"):
        if act:
            office.must(poll, act)
        for path in (f"/polls/{poll}", f"/polls/{poll}/qr.svg", f"/polls/{poll}/qr.png"):
            answer = office.get(path)
            assert (answer.status_code, answer.json["code"]) == (404, "poll-unknown")
        assert office.get("/polls").json == {"items": [], "next": None}
    office.freeze(poll)
    assert office.get(f"/polls/{poll}").status_code == 200
    assert [one["id"] for one in office.get("/polls").json["items"]] == [poll]


def test_an_unknown_poll_is_not_found(office: Office) -> None:
    for poll in ("0123456789abcdef", "x", "a%00b", "%ED%95%9C", "0" * 5000):
        for path in ("", "/qr.svg", "/qr.png"):
            answer = office.get(f"/polls/{poll}{path}")
            assert (answer.status_code, answer.json["code"]) == (404, "poll-unknown")


def test_everyone_sees_what_was_frozen_and_the_state(office: Office) -> None:
    opens = datetime.now(UTC) + timedelta(minutes=5)
    shown = office.get(f"/polls/{office.frozen(opens=iso(opens))}").json
    assert shown["state"] == "frozen"
    assert set(shown["phase"]) == {"ko", "en"}
    assert shown["opens"] == shown["definition"]["opens"] == iso(opens)
    assert shown["closes"] == shown["definition"]["closes"]
    assert (shown["opened"], shown["reason"]) == (None, None)
    link = f"http://localhost:8000/polls/{shown['id']}?ph={shown['ph'][:16]}"
    assert shown["link"] == link
    assert not {"author", "approver", "revision", "issued"} & shown.keys()


def test_a_reader_who_has_the_poll_gets_304_until_it_changes(office: Office) -> None:
    poll = office.frozen()
    for path in (f"/polls/{poll}", "/polls"):
        etag = office.get(path).headers["ETag"]
        again = office.get(path, If_None_Match=etag)
        assert (again.status_code, again.data) == (304, b"")
    office.must(poll, "open")
    for path in (f"/polls/{poll}", "/polls"):
        changed = office.get(path, If_None_Match=etag)
        assert changed.status_code == 200
        assert changed.headers["ETag"] != etag


def test_polls_are_listed_page_by_page_without_gap_or_double(office: Office) -> None:
    polls = {office.frozen() for _ in range(7)}
    seen: list[str] = []
    after = ""
    while True:
        page = office.get(f"/polls?limit=3&after={after}").json
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
        office.must(page["items"][0]["id"], "open")  # what happens meanwhile moves nothing
    assert len(seen) == 7
    assert set(seen) == polls


def test_polls_are_listed_by_their_state(office: Office) -> None:
    frozen, opened = office.frozen(), office.opened()
    for state, expected in (("frozen", [frozen]), ("open", [opened]), ("closed", [])):
        found = office.get(f"/polls?state={state}").json["items"]
        assert [one["id"] for one in found] == expected
    assert office.get("/polls?state=draft").status_code == 422


def test_a_poll_cancelled_before_freezing_stays_hidden(office: Office) -> None:
    hidden, shown = office.draft(), office.frozen()
    office.must(hidden, "cancel")
    office.must(shown, "cancel")
    found = office.get("/polls?state=cancelled").json["items"]
    assert [one["id"] for one in found] == [shown]


CURSORS = [
    ("after=nonsense", 400),
    ("after=2030-01-01T00:00:00Z", 400),
    ("after=9999-99-99T00:00:00Z.x", 400),
    ("after=%00", 422),
    ("limit=0", 422),
    ("limit=x", 422),
    ("limit=99999999999999999999999", 422),
]


def test_a_wrong_cursor_is_refused(office: Office) -> None:
    for query, status in CURSORS:
        assert office.get(f"/polls?{query}").status_code == status, query


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_png_is_read_as_the_link_at_every_size(office: Office) -> None:
    poll = office.frozen()
    link = office.get(f"/polls/{poll}").json["link"]
    for pixels in (2, 3, 10, 20):
        answer = office.get(f"/polls/{poll}/qr.png?pixels={pixels}")
        assert answer.content_type == "image/png"
        assert _read(answer.data) == link, pixels


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_the_svg_as_a_browser_draws_it_is_read_as_the_link(office: Office, page: Page) -> None:
    poll = office.frozen()
    answer = office.get(f"/polls/{poll}/qr.svg")
    assert answer.content_type.startswith("image/svg+xml")
    assert b"mm" not in answer.data
    picture = answer.text.partition("?>")[2]
    for side in (90, 200, 640):
        sized = re.sub(r'(width|height)="\d+"', rf'\1="{side}"', picture, count=2)
        page.set_content(f'<body style="margin:0;background:#222">{sized}</body>')
        drawn = page.locator("svg").screenshot()
        assert _read(drawn) == office.get(f"/polls/{poll}").json["link"], side


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_pictures_are_kept_by_their_etag(office: Office) -> None:
    poll = office.frozen()
    for name in ("qr.svg", "qr.png"):
        first = office.get(f"/polls/{poll}/{name}")
        again = office.get(f"/polls/{poll}/{name}", If_None_Match=first.headers["ETag"])
        assert again.status_code == 304
    small = office.get(f"/polls/{poll}/qr.png?pixels=1").headers["ETag"]
    assert small != first.headers["ETag"]
    assert office.get(f"/polls/{poll}/qr.png?pixels=41").status_code == 422


def _read(picture: bytes) -> str:
    """The text of the one code in a PNG, found by a reader nobody here wrote."""
    width, height, rows, _ = png.Reader(file=BytesIO(picture)).asRGBA8()
    pixels = [row[4 * x] for row in rows for x in range(width)]
    image = memoryview(bytes(pixels)).cast("B", (height, width))
    (found,) = zxingcpp.read_barcodes(image, formats=zxingcpp.BarcodeFormat.QRCode)
    assert found.format == zxingcpp.BarcodeFormat.QRCode
    return str(found.text)
