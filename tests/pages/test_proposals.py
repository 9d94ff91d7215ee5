"""Pages of proposals and calls: what they say, in both languages, without a script."""

import re
from html import unescape

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.votes.moderation import service as moderation
from tests.makers import words
from tests.votes import carrying
from tests.votes.proposals.calling import OFFICIAL, Hall, crowd, in_days, iso_in, work

pytestmark = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
MARKUP = "<script>alert(1)</script> =1+1"


def read(http: FlaskClient, path: str, language: str = "en") -> str:
    answer = http.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    assert "<script" not in answer.text
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def test_proposals_and_calls_are_read_searched_and_followed(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        hall = Hall(app, http)
        call = hall.open_call(thresholds="seoul-2020")
        wishes = {"thresholds": "wishes", "closes": iso_in(7), "way": "jury", "winners": 1}
        event = hall.open_call(**{**wishes, "title": words("Tell your wish")})
        path = hall.propose(call, "자전거 길을 넓혀 주세요", district="mapo")
        same = hall.propose(call, MARKUP)
        hidden = hall.propose(call, "Something rude")
        wish = hall.propose(event, "A slide")
        crowd(path, 100)
        crowd(same, 1)
        work()
        hall.send(f"/proposals/{same}/merge", {"into": path, "reason": words("The same path.")})
        moderation.hide_text(
            "proposal",
            hidden,
            category="insult",
            reason=words("It insults."),
            official=OFFICIAL,
            now=carrying.now(),
        )
        work()
        work(in_days(60))
        jury = {"jury": words("Five neighbours")}
        choice = {"proposal": wish, "reason": words("Children asked.")}
        hall.send(f"/calls/{event}/choices", {**jury, "choices": [choice]})
    listed = read(http, "/proposals")
    assert "자전거 길을 넓혀 주세요" in listed
    assert MARKUP in listed
    assert "Something rude" not in listed
    assert "hidden by a moderator" in listed
    assert "시민 제안" in read(http, "/proposals", "ko")
    found = read(http, "/proposals?words=자전거&district=mapo&state=reached&order=supported&call=")
    assert "자전거 길을 넓혀" in found
    assert "alert" not in found
    assert "There are no such proposals." in read(http, "/proposals?words=rude")
    assert http.get("/proposals?order=paid").status_code == 422
    assert http.get("/proposals?after=x.y").status_code == 400
    one = read(http, f"/proposals/{path}")
    assert "The department answers within 30 days 50" in one
    assert "2 stages reached" in one
    assert "Their supports stay their own and are not added" in one
    assert "100 supports" in one
    merged = read(http, f"/proposals/{same}")
    assert "The same path." in merged
    assert "Supports are not added together" in merged
    assert "It insults." in read(http, f"/proposals/{hidden}")
    assert "나눔" not in read(http, f"/proposals/{hidden}", "ko")
    chosen = read(http, f"/calls/{event}")
    assert "The jury: Five neighbours" in chosen
    assert "Children asked." in chosen
    assert "Seoul 2020" in read(http, f"/calls/{call}")
    assert "50 담당 부서가 답변 30일" in read(http, f"/calls/{call}", "ko")
    assert "Tell your wish" in read(http, "/calls")
    assert http.get("/proposals/0000000000000000").status_code == 404
    assert http.get("/calls/0000000000000000").status_code == 404
