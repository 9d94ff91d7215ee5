"""The people side's signed word that a poll's link is erased: kept as it came, shown to all."""

from typing import Any

import pytest

from mvote.core.document import verify_document
from mvote.core.secrecy.keys import load_public
from mvote.installation import installation
from tests.votes.polls.conftest import Office

STATED = {"permits": 3, "peppers": 1, "at": "2030-01-01T00:00:00Z", "last_backup": None}


def test_everyone_can_read_and_check_the_statement(office: Office) -> None:
    poll = office.opened()
    path = f"/polls/{poll}/purge-statement"
    before = office.get(path)
    assert (before.status_code, before.json["code"]) == (404, "purge-not-stated")
    office.people_say(poll, "purge-statement", STATED)
    told = office.get(path).json
    key = load_public(told["key"])
    document = verify_document(told["document"], sender="people", key=key)
    assert (document.kind, document.poll, dict(document.body)) == ("purge-statement", poll, STATED)
    with office.app.app_context():
        assert key == installation().public["people"]["exchange"]
    assert [entry.name for entry in office.happened(poll)][-1] == "PurgeStatementTaken"


def test_the_first_statement_stays(office: Office) -> None:
    poll = office.opened()
    office.people_say(poll, "purge-statement", STATED)
    first = office.get(f"/polls/{poll}/purge-statement").data
    office.people_say(poll, "purge-statement", {**STATED, "permits": 7})
    assert office.get(f"/polls/{poll}/purge-statement").data == first


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_a_statement_that_says_nothing_is_not_kept(office: Office) -> None:
    poll = office.opened()
    changes: list[dict[str, Any]] = [
        {"permits": -1},
        {"permits": True},
        {"permits": "3"},
        {"peppers": None},
        {"at": "yesterday"},
        {"at": None},
        {"last_backup": "never"},
        {"last_backup": 7},
    ]
    for change in changes:
        office.people_say(poll, "purge-statement", {**STATED, **change})
        assert office.get(f"/polls/{poll}/purge-statement").status_code == 404, change
    office.people_say(poll, "purge-statement", {**STATED, "last_backup": "2029-12-31T00:00:00Z"})
    assert office.get(f"/polls/{poll}/purge-statement").status_code == 200


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_no_statement_is_shown_of_a_poll_that_nobody_may_see(office: Office) -> None:
    draft = office.draft()
    for poll in (draft, "0" * 16, "x"):
        answer = office.get(f"/polls/{poll}/purge-statement")
        assert (answer.status_code, answer.json["code"]) == (404, "poll-unknown")
