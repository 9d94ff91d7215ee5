"""Texts beside ballots: kept with them, replaced with them, and no part of them."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text

from mvote.core.canonical import b64u
from mvote.core.questions.private_texts import write_text
from mvote.core.secrecy.ballot import leaf_of
from mvote.db import engine
from mvote.votes.ballots import service as ballots
from tests.makers import words, yes_no_question
from tests.votes import carrying
from tests.votes.ballots.booth import Booth

WHY = {
    "id": "q2",
    "type": "open-text",
    "title": words("Why?"),
    "options": [],
    "config": {"least": 2, "most": 40},
    "counting": {"method": "text-list", "options": {}},
    "blank": True,
}
ASKED = [yes_no_question(reason=True), WHY]


@pytest.fixture
def booth(app: Flask) -> Booth:
    return Booth.open(app, questions=ASKED)


def with_texts(
    booth: Booth, voter: str, given: dict[str, str], *, seq: int = 1
) -> tuple[dict[str, Any], dict[str, Any]]:
    """A ballot, and what travels beside it."""
    ans: dict[str, Any] = {"q1": ["yes"], "q2": []}
    beside = {}
    for key, said in given.items():
        ans[key], beside[key] = write_text(said)
    return booth.ballot(voter, answers=ans, seq=seq), {"texts": beside}


def kept(booth: Booth, table: str) -> list[tuple[str, str]]:
    query = text(f"SELECT question, text FROM {table} WHERE poll = :poll ORDER BY question, text")
    with booth.app.app_context(), engine("votes").connect() as connection:
        return [(row.question, row.text) for row in connection.execute(query, {"poll": booth.poll})]


def seal(booth: Booth) -> None:
    with booth.app.app_context():
        carrying.close(booth.poll, issued=20)


def test_a_text_is_kept_beside_its_ballot_and_is_no_part_of_it(booth: Booth) -> None:
    ballot, beside = with_texts(booth, "ann", {"q2": "더 많은 나무", "q1.reason": "The shade"})
    first = booth.cast({**ballot, **beside})
    assert first.status_code == 201, first.text
    assert first.get_json()["leaf"] == b64u(leaf_of(ballot))
    assert kept(booth, "text_inbox") == [("q1.reason", "The shade"), ("q2", "더 많은 나무")]
    for again in ({**ballot, **beside}, ballot):
        retry = booth.cast(again)
        assert (retry.status_code, retry.get_json()) == (200, first.get_json())
    assert len(kept(booth, "text_inbox")) == 2
    seal(booth)
    assert kept(booth, "text_inbox") == []
    assert len(kept(booth, "ballot_texts")) == 2
    with booth.app.app_context(), engine("votes").connect() as connection:
        bodies = " ".join(connection.execute(text("SELECT body FROM board_entries")).scalars())
    assert "The shade" not in bodies
    assert "나무" not in bodies
    assert beside["texts"]["q2"]["salt"] not in bodies


def test_a_text_that_does_not_belong_to_the_ballot_is_refused_with_it(booth: Booth) -> None:
    ballot, beside = with_texts(booth, "ann", {"q2": "words"})
    beside["texts"]["q2"]["text"] = "other words"
    for texts, code in (
        (beside["texts"], "text-not-in-ballot"),
        ({"q9": {"salt": b64u(bytes(32)), "text": "words"}}, "text-not-in-ballot"),
        ({"q2": "words"}, "text-malformed"),
        ({"q2": {"salt": "x", "text": "words"}}, "text-malformed"),
    ):
        refused = booth.cast({**ballot, "texts": texts})
        assert (refused.status_code, refused.get_json()["code"]) == (422, code)
    assert booth.cast({**ballot, "texts": []}).status_code == 422
    long, beside = with_texts(booth, "bob", {"q2": "long " * 9})
    assert booth.cast({**long, **beside}).get_json()["code"] == "text-too-long"
    assert booth.stored() == 0
    assert kept(booth, "text_inbox") == []


def test_a_later_ballot_replaces_the_texts_of_an_earlier_one(booth: Booth) -> None:
    casts = [
        ("ann", 1, {"q2": "ann first", "q1.reason": "ann because"}),
        ("bob", 1, {"q2": "bob first"}),
        ("ann", 2, {"q2": "ann second"}),
        ("cho", 1, {"q2": "cho first"}),
    ]
    for voter, seq, given in casts:
        ballot, beside = with_texts(booth, voter, given, seq=seq)
        assert booth.cast({**ballot, **beside}).status_code == 201
    with booth.app.app_context():
        ballots.seal_batches(carrying.now())
    for voter, seq, given in [("bob", 2, {"q2": "bob second"}), ("cho", 2, {})]:
        ballot, beside = with_texts(booth, voter, given, seq=seq)
        assert booth.cast({**ballot, **beside}).status_code == 201
    seal(booth)
    assert kept(booth, "ballot_texts") == [("q2", "ann second"), ("q2", "bob second")]


def test_a_stale_ballot_keeps_no_text(booth: Booth) -> None:
    second, beside = with_texts(booth, "ann", {"q2": "second"}, seq=2)
    assert booth.cast({**second, **beside}).status_code == 201
    first, stale = with_texts(booth, "ann", {"q2": "first", "q1.reason": "stale"}, seq=1)
    assert booth.cast({**first, **stale}).get_json()["code"] == "stale-seq"
    assert kept(booth, "text_inbox") == [("q2", "second")]


def test_texts_of_a_cancelled_poll_are_gone(booth: Booth) -> None:
    ballot, beside = with_texts(booth, "ann", {"q2": "words"})
    assert booth.cast({**ballot, **beside}).status_code == 201
    with booth.app.app_context():
        carrying.cancel(booth.poll)
    assert kept(booth, "text_inbox") == kept(booth, "ballot_texts") == []
