"""A receipt that the board did not keep becomes a complaint with a number and a date."""

import json
from datetime import timedelta
from typing import Any

from mvote.audit.service import list_entries
from mvote.core.canonical import b64u_decode
from mvote.core.official import Official
from mvote.core.secrecy.ballot import leaf_of
from mvote.core.secrecy.keys import is_signed, load_raw
from mvote.core.secrecy.receipt import make_receipt
from mvote.core.times import iso, parse_iso
from mvote.installation import installation
from mvote.votes.ballots import service as ballots
from mvote.votes.polls import service as polls
from tests.makers import words
from tests.votes import carrying
from tests.votes.ballots.booth import Booth


def _promise(booth: Booth, ballot: Any, *, hours: int = -1) -> dict[str, Any]:
    """A receipt as the board signs it, for a place that was due ``hours`` from now."""
    with booth.app.app_context():
        return make_receipt(
            installation().keys["votes"]["board"].private,
            poll=booth.poll,
            leaf=leaf_of(ballot),
            include_by=iso(carrying.now() + timedelta(hours=hours)),
            origin=f"localhost:8000/polls/{booth.poll}",
        ).to_json()


def _complain(booth: Booth, receipt: Any, *, ballot: Any = None, **given: Any) -> Any:
    body = {"receipt": receipt} if ballot is None else {"receipt": receipt, "ballot": ballot}
    client = booth.app.test_client(use_cookies=False)
    return client.post(f"/api/v1/polls/{booth.poll}/complaints", json=body, **given)


def _code(answer: Any) -> tuple[int, str]:
    return answer.status_code, answer.get_json()["code"]


def test_a_missing_ballot_becomes_a_signed_complaint(booth: Booth) -> None:
    dropped = booth.ballot("dropped")
    receipt = _promise(booth, dropped)
    first = _complain(booth, receipt)
    assert first.status_code == 201
    complaint = first.get_json()
    signed = {key: value for key, value in complaint.items() if key != "sig"}
    with booth.app.app_context():
        key = load_raw(polls.definition_of(booth.poll).board_key)
    assert is_signed(key, "mvote-complaint-v1", signed, b64u_decode(complaint["sig"]))
    assert (complaint["receipt"], complaint["size"], complaint["ballot"]) == (receipt, 1, "none")
    assert parse_iso(complaint["due"]) - parse_iso(complaint["filed"]) == timedelta(days=14)
    again = _complain(booth, receipt, ballot=dropped)
    assert (again.status_code, again.data) == (200, first.data)
    with booth.app.app_context():
        filed = [e.body for e in list_entries("votes") if e.name == "ComplaintFiled"]
    assert [one["complaint"] for one in filed] == [complaint["complaint"]]


def test_of_a_ballot_that_comes_along_only_the_verdict_is_kept(booth: Booth) -> None:
    good = booth.ballot("one")
    bad = booth.ballot("two", answers={"q1": ["perhaps"]})
    assert _complain(booth, _promise(booth, good), ballot=good).get_json()["ballot"] == "valid"
    assert _complain(booth, _promise(booth, bad), ballot=bad).get_json()["ballot"] == "not-valid"
    another = _complain(booth, _promise(booth, booth.ballot("three")), ballot=good)
    assert another.get_json()["ballot"] == "not-valid"
    listed = booth.app.test_client().get(f"/api/v1/polls/{booth.poll}/complaints").data.decode()
    assert good["nonce"] not in listed


def test_forged_early_and_kept_promises_are_told_apart(booth: Booth) -> None:
    receipt = _promise(booth, booth.ballot("dropped"))
    forged = {**receipt, "include_by": iso(carrying.now())}
    assert _code(_complain(booth, forged)) == (422, "receipt-not-valid")
    elsewhere = Booth.open(booth.app)
    assert _code(_complain(elsewhere, receipt)) == (422, "receipt-not-valid")
    malformed = {**receipt, "include_by": "soon"}
    assert _code(_complain(booth, malformed)) == (422, "receipt-malformed")
    early = _promise(booth, booth.ballot("waiting"), hours=1)
    assert _code(_complain(booth, early)) == (409, "inclusion-not-due")
    with booth.app.app_context():
        for n in range(20):
            ballot = booth.ballot(f"voter {n}")
            kept = ballots.cast_ballot(booth.poll, ballot=ballot).receipt
        ballots.seal_batches(carrying.now() + timedelta(hours=1))
    answer = _complain(booth, kept)
    assert _code(answer) == (409, "ballot-on-board")
    position = answer.get_json()["params"]["position"]
    board = booth.app.test_client().get(f"/api/v1/polls/{booth.poll}/board?limit=50").get_json()
    assert board["items"][position]["leaf"] == kept["leaf"]
    assert booth.count("complaints") == 0


def test_nobody_says_who_he_is_when_he_complains(booth: Booth) -> None:
    receipt = _promise(booth, booth.ballot("dropped"))
    answer = _complain(booth, receipt, headers={"Authorization": "Bearer abc"})
    assert _code(answer) == (400, "identity-not-allowed-here")


def test_the_city_answers_in_public_and_once(booth: Booth) -> None:
    number = _complain(booth, _promise(booth, booth.ballot("dropped"))).get_json()["complaint"]
    path = f"/api/v1/polls/{booth.poll}/complaints"
    client = booth.app.test_client()
    body = {"upheld": True, "answer": words("The disk failed.")}
    with booth.app.app_context():
        approver = carrying.bearer(carrying.APPROVER)
        drafter = carrying.bearer(carrying.DRAFTER)
        stranger = carrying.bearer(Official("approver-2", "parks", frozenset({"approver"})))
    for headers, code in ((drafter, "duty-missing"), (stranger, "not-your-department")):
        assert _code(client.post(f"{path}/{number}/answer", json=body, headers=headers)) == (
            403,
            code,
        )
    done = client.post(f"{path}/{number}/answer", json=body, headers=approver)
    assert (done.status_code, done.get_json()["upheld"]) == (200, True)
    again = client.post(f"{path}/{number}/answer", json=body, headers=approver)
    assert _code(again) == (409, "complaint-answered")
    [listed] = client.get(path).get_json()["items"]
    assert listed == client.get(f"{path}/{number}").get_json() == done.get_json()
    assert listed["answer"] == body["answer"]
    assert json.dumps(listed["signed"]["receipt"])
    for unknown in ("0" * 16, "x", "%00"):
        assert _code(client.get(f"{path}/{unknown}")) == (404, "complaint-unknown")
