"""Notes on a frozen poll: public, numbered, for good, and no word of the poll changes."""

from datetime import UTC, datetime

from mvote.core.poll import poll_hash
from mvote.votes.polls import service
from tests.makers import words
from tests.votes.polls.conftest import Office

WRONG = words("The leaflet names the wrong bridge.")
RIGHT = words("The note before names the wrong street.")


def test_a_note_is_shown_and_a_later_one_corrects_it(office: Office) -> None:
    poll = office.opened()
    before = office.get(f"/polls/{poll}").json
    assert before["notes"] == []
    first = office.act(poll, "notes", text=WRONG)
    assert first.status_code == 201
    second = office.act(poll, "notes", text=RIGHT, corrects=1)
    shown = office.get(f"/polls/{poll}").json
    assert shown["notes"] == [first.json, second.json]
    told = [(one["number"], one["about"], one["text"], one["corrects"]) for one in shown["notes"]]
    assert told == [(1, "poll", WRONG, None), (2, "poll", RIGHT, 1)]
    assert shown["definition"] == before["definition"]
    assert shown["ph"] == before["ph"] == poll_hash(shown["definition"])
    noted = [one.body for one in office.happened(poll) if one.name == "PollNoted"]
    assert [(one["by"], one["on_board"]) for one in noted] == [("bea", True), ("bea", True)]


def test_a_note_may_still_be_written_when_the_poll_is_over(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "close")
    office.send_issued_list(poll)
    office.in_transaction(service.mark_closed, poll, now=datetime.now(UTC))
    assert office.act(poll, "notes", text=WRONG).status_code == 201
    assert office.happened(poll)[-1].body["on_board"] is False
    assert len(office.get(f"/polls/{poll}").json["notes"]) == 1


def test_only_a_fresh_approver_who_did_not_write_the_poll_notes_something(office: Office) -> None:
    poll, draft = office.opened(), office.draft()
    both = office.token("bob", "drafter", "approver")
    written = office.post("/polls", office.get(f"/polls/{poll}").json["definition"], both)
    assert written.status_code == 422
    for token, status, code in (
        (None, 401, "token-missing"),
        (office.token("bea", "approver", fresh=False), 401, "fresh-sign-in-needed"),
        (office.drafter, 403, "duty-missing"),
        (office.token("ann", "approver"), 403, "own-poll"),
        (office.token("pia", "approver", department="parks"), 403, "not-your-department"),
    ):
        answer = office.post(f"/polls/{poll}/notes", {"text": WRONG}, token)
        assert (answer.status_code, answer.json["code"]) == (status, code)
    early = office.act(draft, "notes", text=WRONG)
    assert (early.status_code, early.json["code"]) == (409, "poll-not-frozen")
    unknown = office.act("0123456789abcdef", "notes", text=WRONG)
    assert (unknown.status_code, unknown.json["code"]) == (404, "poll-unknown")
    assert office.get(f"/polls/{poll}").json["notes"] == []


def test_what_is_no_note_is_refused(office: Office) -> None:
    poll = office.frozen()
    for body in (
        {"text": {"ko": "하나"}},
        {"text": {"ko": " ", "en": "x"}},
        {"text": words("x" * 2001)},
        {"text": WRONG, "corrects": 0},
        {"text": WRONG, "corrects": "1"},
        {"text": WRONG, "corrects": 2**40},
        {"text": WRONG, "about": "outage"},
    ):
        assert office.act(poll, "notes", **body).status_code == 422, body
    none = office.act(poll, "notes", text=WRONG, corrects=1)
    assert (none.status_code, none.json["code"]) == (404, "note-unknown")
    changed = office.put(f"/polls/{poll}/notes", {"text": WRONG}, office.approver)
    assert changed.status_code == 405
    assert office.get(f"/polls/{poll}").json["notes"] == []
