"""What the public pages say, in which language, and how they are cached."""

import re
from datetime import timedelta
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import update

from mvote.core.working_time import DAYS, Within
from mvote.db import transaction
from mvote.pages.public.city import view_overdue
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.dues.tables import DueRow
from tests.makers import words
from tests.pages.carried import City, carry, carry_kinds
from tests.votes import carrying


@pytest.fixture
def city(app: Flask) -> City:
    with app.app_context():
        return carry()


def read(http: FlaskClient, path: str, language: str = "en") -> str:
    answer = http.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert answer.content_type == "text/html; charset=utf-8"
    return answer.text


def test_every_page_is_there_in_both_languages(http: FlaskClient, city: City) -> None:
    paths = [
        "/",
        "/records",
        "/overdue",
        f"/records/{city.record}",
        f"/polls/{city.budget}/result",
        *(f"/polls/{one}" for one in (city.budget, city.running, city.early, city.cancelled)),
    ]
    for path in paths:
        korean, english = read(http, path, "ko"), read(http, path, "en")
        assert '<html lang="ko">' in korean
        assert '<html lang="en">' in english
        assert "하늘시" in korean
        assert "Haneul City" in english
        assert "<script" not in korean + english


def test_the_language_chosen_by_hand_wins_and_is_kept_in_links(
    http: FlaskClient, city: City
) -> None:
    text = read(http, f"/polls/{city.running}?lang=ko", "en")
    assert '<html lang="ko">' in text
    assert 'href="/records?lang=ko"' in text


ASKED = [
    "endpoint=x",
    "_method=POST",
    "_scheme=x&_external=",
    "_external=1&_scheme=javascript",
    "_anchor=x",
    "poll=0000000000000000",
    "poll=",
]


def test_nothing_in_the_address_changes_where_the_links_of_a_page_lead(
    http: FlaskClient, city: City
) -> None:
    here = f"/polls/{city.running}"
    for asked in ASKED:
        text = read(http, f"{here}?{asked}", "ko")
        [other] = re.findall(r'<a href="([^"]*)" lang="en"', text)
        assert other.startswith(f"{here}?"), asked
        assert other.endswith("lang=en"), asked


def test_an_officials_markup_stays_text(http: FlaskClient, city: City) -> None:
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in read(
        http, f"/polls/{city.running}"
    )


def test_what_officials_noted_is_read_at_the_poll_and_at_its_result(
    http: FlaskClient, city: City
) -> None:
    for path in (f"/polls/{city.budget}", f"/polls/{city.budget}/result"):
        text = read(http, path)
        assert 'id="note-1"' in text
        assert '<a href="#note-1">corrects note 1</a>' in text
        assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
    running = plain(read(http, f"/polls/{city.running}"))
    assert re.search(r"No power\. Because nobody could vote from .+ to .+, voting closes", running)
    assert "알림 1" in read(http, f"/polls/{city.running}", "ko")
    assert "Notes on this poll" not in read(http, f"/polls/{city.early}")


def test_a_result_says_who_won_with_how_many_votes(http: FlaskClient, city: City) -> None:
    text = read(http, f"/polls/{city.budget}/result")
    rows = re.findall(r'<tr( class="won")?><th scope="row">(.+?)</th>.*?(\d+ \d|\d+\.\d) %', text)
    assert [(won != "", title, share) for won, title, share in rows] == [
        (True, "Project park", "70.0"),
        (False, "Project pool", "30.0"),
        (False, "Project path", "0.0"),
    ]
    assert "10 of 40 eligible (25.0 %)" in text
    assert text.count("<rect ") == 3


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_every_way_of_counting_is_laid_out(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        poll = carry_kinds()
    text = read(http, f"/polls/{poll}/result")
    place, order, grade, share, days = (plain(one) for one in text.split("<section>")[1:])
    assert "The library 4 4 4" in place
    assert "The market 2 ✗ eliminated 2" in place
    assert "The bridge 3 3 ✓ elected 5" in place
    assert "The market, passed on after elimination: The bridge +2" in place
    assert "The stadium, passed on" not in place
    assert "Full order The bridge > The market > The library > The stadium" in order
    assert "The market 2 – 5 5" not in order
    assert "The library 4 – 4 4" in order
    assert "The library Excellent chosen" in grade
    assert "The stadium not rated not chosen" in grade
    assert "Option Excellent Good Fair Poor The bridge 0 3 6 0" in grade
    assert "The bridge 50 chosen" in share
    assert "Median 5 days Mean ≈ 5.22222 days" in days
    assert "2 – 4 days 3 4 – 6 days 3 6 – 8 days 1" in days
    korean = plain(read(http, f"/polls/{poll}/result", "ko"))
    assert "2 – 4일 3" in korean
    assert "단계별 집계" in korean


def plain(markup: str) -> str:
    """What a page says, without its markup and with single spaces."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", markup)).split())


def test_no_page_counts_a_running_poll(app: Flask, http: FlaskClient, city: City) -> None:
    before = [read(http, path) for path in ("/", f"/polls/{city.running}", "/records")]
    with app.app_context():
        for _ in range(40):
            carrying.cast(city.running, {"q1": ["no"]})
    assert [read(http, path) for path in ("/", f"/polls/{city.running}", "/records")] == before
    answer = http.get(f"/polls/{city.running}/result")
    assert answer.status_code == 409
    assert answer.content_type.startswith("text/html")


def test_a_record_shows_the_answer_and_what_follows(http: FlaskClient, city: City) -> None:
    text = read(http, f"/records/{city.record}")
    order = ["The city asked", "The result came in", "Interim answer", "The department", "Step"]
    places = [text.index(heading) for heading in order]
    assert places == sorted(places)
    assert "<p>We listened.</p>" in text
    assert "not adopted" in text
    assert "It floods." in text


def test_what_is_overdue_is_listed_by_department(app: Flask, city: City) -> None:
    with app.test_request_context("/overdue"):
        late = view_overdue(now=carrying.now() + timedelta(days=400))
        early = view_overdue(now=carrying.now())
    assert [(name, [row.record for row in rows]) for name, rows in late["overdue"].items()] == [
        ("roads", [city.owed])
    ]
    assert early["overdue"] == {}


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_whoever_owes_more_than_a_page_holds_is_read_to_the_end(
    app: Flask, http: FlaskClient
) -> None:
    """And so is what stands before the mayor, and what came late, the newest first."""
    now, most = carrying.now(), 205
    with app.app_context():
        with transaction("votes") as session:
            record = records.open_record(session, department="mayor", title=words("A"), now=now)
            for days in range(1, most + 1):
                dues.set_due(
                    session,
                    record=record,
                    cause=f"cause-{days}",
                    kind="answer",
                    department="mayor",
                    start=now - timedelta(days=days + 1),
                    within=Within(1, DAYS),
                    now=now,
                )
        overdue = _read_on(http, "/overdue")
        assert len(overdue) == most
        assert overdue == sorted(overdue, reverse=True)
        (listed,) = http.get("/api/v1/records/overdue").get_json()["items"]
        assert (listed["department"], len(listed["overdue"])) == ("mayor", most)
        assert _read_on(http, "/mayor") == []
        with transaction("votes") as session:
            session.execute(update(DueRow).values(told_at=now, head_at=now, mayor_at=now))
        assert _read_on(http, "/mayor") == overdue
        with transaction("votes") as session:
            for days in range(1, most + 1):
                dues.meet_due(session, cause=f"cause-{days}", kind="answer", now=now)
    assert _read_on(http, "/overdue") == overdue[::-1]
    for unknown in ("/overdue?department=nobody", "/overdue?department=%00"):
        assert http.get(unknown).status_code == 404
    assert http.get("/overdue?late=yes&after=x").status_code == 400


def _read_on(http: FlaskClient, path: str) -> list[int]:
    """The days overdue of all rows of a list, from page to page."""
    found: list[int] = []
    following: str | None = f"{path}?lang=en"
    while following:
        text = read(http, following)
        found += map(int, re.findall(r'<td class="number">(\d+)</td>', text))
        link = re.search(r'<a rel="next" href="([^"]+)"', text)
        following = unescape(link[1]) if link else None
    return found


def test_an_unchanged_page_is_not_sent_twice(http: FlaskClient, city: City) -> None:
    path = f"/polls/{city.budget}/result"
    first = http.get(path)
    again = http.get(path, headers={"If-None-Match": first.headers["ETag"]})
    other = http.get(f"{path}?lang=en", headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert other.status_code == 200


def test_an_unknown_poll_is_a_page_too(http: FlaskClient) -> None:
    answer = http.get("/polls/0000000000000000?lang=ko")
    assert answer.status_code == 404
    assert '<html lang="ko">' in answer.text
    assert "poll-unknown" in answer.text


def test_a_broken_place_in_a_list_is_refused_or_empty(http: FlaskClient) -> None:
    for after in ("x", "2030-01-01T00:00:00Z", "'; DROP", "2030.x", "2030-01-01T00:00:00Z.\0"):
        for path in ("/", "/records"):
            status = http.get(path, query_string={"after": after}).status_code
            assert status in (200, 400), after
