"""A result holds every ballot; beside it stands what is counted apart, and what it could change."""

import hashlib
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.core.canonical import b64u
from mvote.core.document import Document, DocumentMalformed
from mvote.core.verify.beside import Beside
from mvote.core.verify.report import SOUND
from mvote.core.verify.verification import verify_bundle
from mvote.db import transaction
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.jobs import take_issued_list, take_quarantine_note
from mvote.votes.polls.rules import Apart
from mvote.votes.results import service as results
from mvote.votes.results.jobs import publish_closed
from tests.makers import words
from tests.votes import carrying

RULES = [{"rule": "struck"}, {"rule": "proof", "below": "register"}]


def mark_of(voter: str) -> str:
    """As ``carrying.cast`` makes it."""
    return b64u(hashlib.sha256(voter.encode()).digest())


def document(kind: str, poll: str, body: Any) -> Document:
    return Document(1, "people", kind, poll, body, bytes(64))


def release(poll: str, rule: str) -> None:
    body = {"rule": rule, "released": True, "text": words(f"Why {rule}")}
    with transaction("votes") as session:
        take_quarantine_note(session, document("quarantine-note", poll, body), carrying.now())


def carry(
    level: str, votes: dict[str, int], apart: Apart, *, released: str = "", **changes: Any
) -> Any:
    """Closed and published; voters are ``yes 0``, ``yes 1``, …, each of whom voted twice."""
    poll = carrying.freeze(level=level, quarantine=RULES, eligible=100, **changes)
    carrying.open_poll(poll)
    name = "{}" if level == "open" else None
    for option, times in votes.items():
        for number in range(times):
            who = f"{option} {number}"
            for seq in (1, 2):
                said = name and name.format(who)
                carrying.cast(poll, {"q1": [option]}, voter=who, seq=seq, name=said)
    if released:
        release(poll, released)
    assert polls.get_poll(poll).apart is None
    carrying.close(poll, issued=sum(votes.values()) + 2, apart=apart)
    assert publish_closed(carrying.now()) == 1
    return poll, results.get_result(poll).document


def read(http: FlaskClient, path: str, language: str = "en") -> str:
    answer = http.get(path, headers={"Accept-Language": language})
    assert answer.status_code == 200, answer.text
    return answer.text


def test_where_names_are_public_it_is_counted_without_them_too(app: Flask) -> None:
    marks = [mark_of(f"yes {number}") for number in range(3)] + [mark_of("nobody voted so")]
    apart = Apart({"struck": 3, "proof": 1}, sorted(marks))
    with app.app_context():
        poll, found = carry("open", {"yes": 4, "no": 2}, apart)
        assert found["questions"][0]["outcome"]["totals"] == {"yes": "4", "no": "2"}
        assert (found["voters"], found["superseded"]) == (6, 6)
        told = found["quarantine"]
        assert (told["held"], told["ballots"], told["changes"]) == (4, 3, "yes")
        [left] = told["without"]["questions"]
        assert (left["totals"], left["chosen"]) == ({"yes": "1", "no": "2"}, ["no"])
        assert polls.list_marks(poll) == []
        assert not any(one in json.dumps(found) for one in marks)
        csv = results.get_file(poll, "result.csv").content.decode()
        assert "quarantine:struck" in csv
        assert "quarantine:proof" in csv
    http = app.test_client()
    log = http.get(f"/api/v1/polls/{poll}/quarantine").json["items"]
    assert [(one["rule"]["rule"], one["permits"], one["note"]) for one in log] == [
        ("struck", 3, None),
        ("proof", 1, None),
    ]
    page = read(http, f"/polls/{poll}/result")
    assert "Permits counted apart" in page
    assert "the result would be another" in page
    assert "따로 세는 허가증" in read(http, f"/polls/{poll}/result", "ko")
    assert "weaker proof" in read(http, f"/polls/{poll}")


def test_of_pseudonyms_a_few_are_never_taken_out_and_many_are(app: Flask) -> None:
    """Else whoever knows whom a rule flags would read off how these few voted."""
    few = Apart({"struck": 2, "proof": 0}, sorted(mark_of(f"no {number}") for number in range(2)))
    many = [mark_of(f"yes {number}") for number in range(20)]
    with app.app_context():
        _, found = carry("confidential", {"yes": 5, "no": 3}, few)
        assert set(found["quarantine"]) == {"rules", "held", "changes", "words"}
        assert found["quarantine"]["changes"] == "possible"
        _, found = carry("confidential", {"yes": 6, "no": 3}, few)
        assert found["quarantine"]["changes"] == "no"
        _, found = carry(
            "confidential", {"yes": 21, "no": 3}, Apart({"struck": 0, "proof": 20}, many)
        )
        assert found["quarantine"]["changes"] == "yes"
        assert found["quarantine"]["without"]["voters"] == 4


def test_at_level_secret_the_number_stands_on_the_board_and_anyone_recounts_it(app: Flask) -> None:
    with app.app_context():
        apart = Apart({"struck": 1, "proof": 2}, [])
        poll, found = carry("secret", {"yes": 4, "no": 2}, apart, released="proof")
        told = found["quarantine"]
        assert [(one["permits"], one["released"]) for one in told["rules"]] == [
            (1, False),
            (2, True),
        ]
        assert (told["held"], told["changes"]) == (1, "no")
        *_, note, last = [json.loads(one) for one in ballots.iter_entries(poll) if '"type"' in one]
        assert note["quarantine"] == {"rule": "proof", "released": True}
        assert last["quarantine"] == {"struck": 1, "proof": 2}
        report = verify_bundle(results.get_bundle(poll), Beside())
        assert report.status == SOUND, report
    http = app.test_client()
    struck, proof = http.get(f"/api/v1/polls/{poll}/quarantine").json["items"]
    assert (struck["released"], struck["note"]) == (False, None)
    assert (proof["released"], proof["note"]["text"]) == (True, words("Why proof"))
    assert "Why proof" in read(http, f"/polls/{poll}/result")


def test_numbers_are_hidden_before_the_end_and_have_to_fit_the_rules(app: Flask) -> None:
    good = {"counts": {"struck": 0, "proof": 1}}
    wrong: list[Any] = [
        None,
        {},
        {"counts": {"struck": 1}},
        {"counts": {"struck": 2, "proof": 1}},
        {"counts": {"struck": -1, "proof": 1}},
        {**good, "marks": [1]},
        {**good, "marks": ["a", "b"]},
        {**good, "who": "kim"},
    ]
    with app.app_context():
        poll = carrying.freeze(quarantine=RULES)
        plain = carrying.freeze()
        http = app.test_client()
        refused = http.get(f"/api/v1/polls/{poll}/quarantine")
        assert refused.json["code"] == "quarantine-hidden"
        for one in (poll, plain):
            carrying.open_poll(one)
            carrying.stop(one)
        for asked, told in [(poll, one) for one in wrong] + [(plain, good)]:
            body = {
                "issued": 2,
                "sha256": "0" * 64,
                **({} if told is None else {"quarantine": told}),
            }
            with transaction("votes") as session, pytest.raises(DocumentMalformed):
                take_issued_list(session, document("issued-list", asked, body), carrying.now())
        carrying.take_issued(poll, issued=2, apart=Apart({"struck": 0, "proof": 1}, ["a"]))
        carrying.take_issued(plain, issued=2)
        refused = http.get(f"/api/v1/polls/{poll}/quarantine")
        assert refused.json["code"] == "quarantine-hidden"
        ballots.note_states(carrying.now())
        assert ballots.finish_boards(carrying.now()) == 2
        publish_closed(carrying.now())
        assert "quarantine" not in results.get_result(plain).document
        assert http.get(f"/api/v1/polls/{plain}/quarantine").json == {"items": []}
