"""A tie that the chair decides: the result waits, one official decides, anyone can recount it."""

import pytest
from flask import Flask
from flask.testing import FlaskClient

from mvote.core.official import Official
from mvote.core.result import decided, read_tie_decisions, tally
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from mvote.votes.polls.errors import NotYourDepartment, OwnPoll
from mvote.votes.results import service as results
from mvote.votes.results.errors import NoTieToDecide, TieOrderRefused
from mvote.votes.results.jobs import publish_closed
from tests.makers import words, yes_no_question
from tests.votes import carrying
from tests.votes.carrying import APPROVER, DRAFTER

CHAIR = {
    "weight_percent": 100,
    "quorum": {"kind": "none"},
    "threshold": None,
    "ties": "chair",
    "results": "after-close",
}
WHY = words("The chair's casting vote.")


@pytest.fixture
def inside(app: Flask):
    with app.app_context():
        yield


def decide(poll: str, *order: str, official: Official = APPROVER) -> None:
    results.decide_tie(poll, order=order, reason=WHY, official=official, now=carrying.now())


@pytest.mark.usefixtures("inside")
def test_the_result_waits_for_the_chair_and_says_who_decided_what() -> None:
    poll = carrying.carry_to_close({"yes": 2, "no": 2}, decision=CHAIR)
    other = carrying.carry_to_close({"yes": 2, "no": 1}, decision=CHAIR)
    assert publish_closed(carrying.now()) == 1
    assert polls.get_poll(other).state == "published"
    assert polls.get_poll(poll).state == "closed"
    assert results.get_open_tie(poll, official=APPROVER).options == ("yes", "no")
    assert results.list_unpublished() == [], "it is not counted again before the chair decided"
    with pytest.raises(TieOrderRefused):
        decide(poll, "no")
    with pytest.raises(TieOrderRefused):
        decide(poll, "no", "no")
    with pytest.raises(OwnPoll):
        decide(poll, "no", "yes", official=Official(DRAFTER.id, "roads", frozenset({"approver"})))
    with pytest.raises(NotYourDepartment):
        decide(poll, "no", "yes", official=Official("x", "parks", frozenset({"approver"})))
    decide(poll, "no", "yes")
    assert results.list_unpublished() == [poll]
    with pytest.raises(NoTieToDecide):
        decide(poll, "no", "yes")
    assert publish_closed(carrying.now()) == 1
    document = results.get_result(poll).document
    assert document["decision"]["chosen"] == {"q1": ["no"]}
    [tie] = document["questions"][0]["outcome"]["ties"]
    assert (tie["rule"], tie["order"]) == ("chair", ["no", "yes"])
    [decision] = document["tie_decisions"]
    assert (decision["question"], decision["reason"]) == ("q1", WHY)
    again = tally(
        polls.definition_of(poll),
        ballots.iter_counted(poll),
        poll_hash=document["ph"],
        decisions=decided(read_tie_decisions(document)),
    )
    assert again["q1"].to_json() == document["questions"][0]["outcome"]


@pytest.mark.usefixtures("inside")
def test_a_poll_without_a_waiting_tie_has_none_to_decide() -> None:
    poll = carrying.carry_to_close({"yes": 1, "no": 1})
    publish_closed(carrying.now())
    with pytest.raises(NoTieToDecide):
        results.get_open_tie(poll, official=APPROVER)


@pytest.mark.usefixtures("inside")
def test_a_count_that_waits_twice_asks_for_one_tie_after_the_other() -> None:
    questions = [yes_no_question(), yes_no_question(id="q2")]
    poll = carrying.freeze(questions=questions, decision=CHAIR)
    carrying.open_poll(poll)
    for one in ("yes", "no"):
        carrying.cast(poll, {"q1": [one], "q2": [one]})
    carrying.close(poll, issued=2)
    asked = []
    while publish_closed(carrying.now()) == 0:
        asked.append(results.get_open_tie(poll, official=APPROVER).question)
        decide(poll, "yes", "no")
    assert asked == ["q1", "q2"]
    decisions = results.get_result(poll).document["tie_decisions"]
    assert [one["question"] for one in decisions] == asked


def test_the_chair_reads_and_decides_a_tie_over_http(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        poll = carrying.carry_to_close({"yes": 1, "no": 1}, decision=CHAIR)
        publish_closed(carrying.now())
        chair = carrying.bearer(APPROVER)
    path = f"/api/v1/polls/{poll}"
    tie = http.get(f"{path}/open-tie", headers=chair)
    assert (tie.status_code, tie.get_json()["options"]) == (200, ["yes", "no"])
    order = {"order": ["no", "yes"], "reason": WHY}
    decided = http.post(f"{path}/tie-decisions", json=order, headers=chair)
    assert (decided.status_code, decided.get_json()["order"]) == (201, ["no", "yes"])
    again = http.post(f"{path}/tie-decisions", json=order, headers=chair)
    assert (again.status_code, again.get_json()["code"]) == (409, "no-tie-to-decide")
