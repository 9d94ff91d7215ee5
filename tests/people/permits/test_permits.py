"""Permits over HTTP: one each, the same bytes every time, never a second."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.app import create_app
from mvote.audit.service import list_entries
from mvote.core.errors import Refusal
from mvote.core.secrecy.keys import load_issuers
from mvote.core.secrecy.permit import read_permit, verify_permit
from mvote.db import reading
from mvote.people.identity.errors import AccountGone
from mvote.people.permits.rules import Asked
from mvote.people.permits.service import count_issued_by_day, issue_permit
from mvote.people.permits.tables import IssuedRow, PollRow
from mvote.settings import Settings, SettingsFault
from tests.people.conftest import NUMBER, Phones, on_sqlite
from tests.people.permits.conftest import VotesWing


def take(phones: Phones, poll: str, token: str, **body: Any) -> tuple[int, str, bytes]:
    """Status, code of the refusal, and the bytes of the answer."""
    answer = phones.post(f"/polls/{poll}/permits", body, token=token)
    return answer.status_code, answer.json.get("code", ""), answer.data


def issued() -> list[tuple[str, bytes]]:
    with reading("people") as session:
        return [(row.poll, row.permit) for row in session.scalars(select(IssuedRow))]


def test_an_eligible_citizen_gets_a_permit_that_verifies(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    frozen = votes.freeze()
    answer = phones.post(f"/polls/{frozen.poll}/permits", {}, token=citizen)
    assert answer.status_code == 200
    permit = read_permit(answer.json)
    issuers = load_issuers([key.to_json() for key in frozen.issuer])
    verify_permit(permit, ph=frozen.hash, level="confidential", issuers=issuers)
    assert permit.name is None


def test_the_permit_is_the_same_however_often_it_is_asked_for(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    poll = votes.freeze().poll
    first = take(phones, poll, citizen)
    votes.enter(poll, "open")
    again = take(phones, poll, str(phones.sign_in()["access"]))
    assert first[0] == 200
    assert again == first
    bare = phones.call("POST", f"/polls/{poll}/permits", token=citizen)
    assert bare.data == first[2]
    assert len(issued()) == 1


def test_sixteen_at_once_get_one_permit(phones: Phones, votes: VotesWing, citizen: str) -> None:
    poll = votes.open().poll
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda _: take(phones, poll, citizen), range(16)))
    assert set(answers) == {(200, "", answers[0][2])}
    assert len(issued()) == 1


def test_sixteen_names_at_once_give_one_permit(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    poll = votes.open(level="open").poll
    names = [f"이름 {number}" for number in range(16)]
    with ThreadPoolExecutor(16) as pool:
        answers = list(pool.map(lambda name: take(phones, poll, citizen, name=name), names))
    codes = sorted((status, code) for status, code, _ in answers)
    assert codes == [(200, ""), *[(409, "permit-already-issued")] * 15]
    assert len(issued()) == 1


def test_two_citizens_and_two_polls_have_different_marks(phones: Phones, votes: VotesWing) -> None:
    polls = [votes.open().poll for _ in range(2)]
    tokens = [phones.sign_in(number)["access"] for number in (NUMBER, "+821099998888")]
    marks = {
        phones.post(f"/polls/{poll}/permits", {}, token=token).json["mark"]
        for poll in polls
        for token in tokens
    }
    assert len(marks) == 4


# -- the name -----------------------------------------------------------------------------


def test_a_name_stands_in_the_permit_where_the_poll_publishes_names(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    frozen = votes.open(level="open")
    answer = phones.post(f"/polls/{frozen.poll}/permits", {"name": "김하늘"}, token=citizen)
    assert answer.json["name"] == "김하늘"
    issuers = load_issuers([key.to_json() for key in frozen.issuer])
    verify_permit(read_permit(answer.json), ph=frozen.hash, level="open", issuers=issuers)
    other = take(phones, frozen.poll, citizen, name="김바다")
    assert other[:2] == (409, "permit-already-issued")
    assert take(phones, frozen.poll, citizen, name="김하늘") == (200, "", answer.data)


NAMES_REFUSED: list[tuple[Any, tuple[int, str]]] = [
    ({}, (422, "name-needed")),
    ({"name": ""}, (422, "fields-refused")),
    ({"name": "   "}, (422, "name-malformed")),
    ({"name": " 김하늘"}, (422, "name-malformed")),
    ({"name": "김\n하늘"}, (422, "name-malformed")),
    ({"name": "가" * 81}, (422, "fields-refused")),
    ({"name": "\u1100\u1161"}, (400, "malformed-json")),
    ({"name": 7}, (422, "fields-refused")),
    ({"name": "김하늘", "mark": "x"}, (422, "fields-refused")),
]


@on_sqlite
def test_a_name_that_cannot_be_published_is_refused(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    poll = votes.open(level="open").poll
    for body, refused in NAMES_REFUSED:
        assert take(phones, poll, citizen, **body)[:2] == refused, body
        assert issued() == []
    assert take(phones, poll, citizen, name="가" * 80)[0] == 200


@on_sqlite
def test_a_name_is_refused_where_none_is_published(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    poll = votes.open().poll
    assert take(phones, poll, citizen, name="김하늘")[:2] == (422, "name-not-published-here")
    assert issued() == []


# -- who may ------------------------------------------------------------------------------


def test_only_those_whom_the_poll_is_for_get_a_permit(
    phones: Phones, votes: VotesWing, register: Callable[..., None]
) -> None:
    register("010-2345-6789,mapo,1987,f", "010-9999-8888,guro,1987,f")
    conditions = [
        {"condition": "district", "any_of": ["mapo", "jongno"]},
        {"condition": "birth-year", "from": 1985, "to": None},
    ]
    poll = votes.open(audience={"all": conditions}).poll
    token = phones.sign_in()["access"]
    assert take(phones, poll, token)[0] == 200
    for number, reasons in (
        ("+821099998888", "district"),
        ("+821011112222", "district,birth-year"),
    ):
        answer = phones.post(f"/polls/{poll}/permits", {}, token=phones.sign_in(number)["access"])
        assert (answer.status_code, answer.json["code"]) == (403, "not-eligible")
        assert answer.json["params"] == {"reasons": reasons}
    assert len(issued()) == 1


def test_a_list_opens_a_poll_to_those_on_it(
    phones: Phones, votes: VotesWing, now: datetime
) -> None:
    from mvote.people.rolls.service.registers import import_list

    import_list("traders", ["010-2345-6789\n"], now=now)
    poll = votes.open(audience={"all": [{"condition": "list", "list": "traders"}]}).poll
    assert take(phones, poll, phones.sign_in()["access"])[0] == 200
    other = take(phones, poll, phones.sign_in("+821099998888")["access"])
    assert other[:2] == (403, "not-eligible")


@on_sqlite
@pytest.mark.parametrize("path", ["permits", "eligibility"])
def test_officials_and_strangers_are_no_citizens(
    phones: Phones, votes: VotesWing, add_official: Callable[..., str], citizen: str, path: str
) -> None:
    poll, method = votes.open().poll, "POST" if path == "permits" else "GET"
    add_official("kim")
    token = phones.sign_in_official("kim")["access"]
    body = {} if path == "permits" else None
    answers = [
        phones.call(method, f"/polls/{poll}/{path}", body, token=one) for one in (token, "", "x")
    ]
    codes = [(answer.status_code, answer.json["code"]) for answer in answers]
    assert codes == [(403, "token-for-others"), (401, "token-missing"), (401, "token-not-valid")]
    phones.call("DELETE", "/tokens", token=citizen)
    ended = phones.call(method, f"/polls/{poll}/{path}", body, token=citizen)
    assert (ended.status_code, ended.json["code"]) == (401, "token-revoked")


def test_an_account_that_is_gone_gets_nothing(votes: VotesWing, now: datetime) -> None:
    poll = votes.open().poll
    with pytest.raises(AccountGone):
        issue_permit(poll, account="0" * 16, proof="sms", asked=Asked(), now=now)


# -- when ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("states", "refused"),
    [
        ((), (200, "")),
        (("open",), (200, "")),
        (("open", "suspended"), (409, "poll-suspended")),
        (("open", "suspended", "open"), (200, "")),
        (("open", "closing"), (409, "poll-closed")),
        (("open", "cancelled"), (409, "poll-cancelled")),
    ],
)
def test_permits_are_given_from_freezing_until_closing(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    states: tuple[str, ...],
    refused: tuple[int, str],
) -> None:
    poll = votes.freeze().poll
    for state in states:
        assert votes.enter(poll, state) is None
    assert take(phones, poll, citizen)[:2] == refused


def test_nobody_gets_a_permit_before_freezing(
    phones: Phones, votes: VotesWing, citizen: str
) -> None:
    assert take(phones, votes.approve().poll, citizen)[:2] == (409, "poll-not-frozen")


def test_an_unknown_poll_is_told(phones: Phones, citizen: str) -> None:
    unknown = [(404, "poll-unknown"), (404, "no-such-address")]
    for poll in ("0" * 16, "x", "%00", "가", "../me", "0" * 2000):
        assert take(phones, poll, citizen)[:2] in unknown, poll
        answer = phones.call("GET", f"/polls/{poll}/eligibility", token=citizen)
        assert answer.status_code == 404, poll


def test_no_permit_after_the_closing_time_even_if_nobody_told(
    phones: Phones, votes: VotesWing, citizen: str, now: datetime
) -> None:
    frozen = votes.open()
    account = phones.call("GET", "/me", token=citizen).json["account"]
    issue_permit(
        frozen.poll,
        account=account,
        proof="sms",
        asked=Asked(),
        now=frozen.closes - timedelta(seconds=1),
    )
    with pytest.raises(Refusal) as refused:
        issue_permit(frozen.poll, account=account, proof="sms", asked=Asked(), now=frozen.closes)
    assert refused.value.code() == "poll-closed"


@on_sqlite
def test_a_lost_issuer_key_stops_the_start_and_nothing_is_issued(
    phones: Phones, votes: VotesWing, citizen: str, settings: Settings
) -> None:
    poll = votes.open().poll
    key = settings.keys("people") / "issuer.pem"
    kept = key.read_bytes()
    key.unlink()
    with pytest.raises(SettingsFault, match=r"MVOTE_PEOPLE_KEYS.*issuer"):
        create_app("both", replace(settings))
    assert issued() == []
    key.write_bytes(kept)
    key.chmod(0o600)
    assert phones.post(f"/polls/{poll}/permits", {}, token=citizen).status_code == 200


# -- what is kept -------------------------------------------------------------------------


def test_a_row_holds_no_account_no_number_and_no_time_but_the_day(
    phones: Phones, votes: VotesWing, citizen: str, inside: Flask
) -> None:
    poll = votes.open().poll
    take(phones, poll, citizen)
    columns = {"poll", "voter_ref", "permit", "day", "quarantine", "mark"}
    assert set(IssuedRow.__table__.columns.keys()) == columns
    with reading("people") as session:
        row = session.scalars(select(IssuedRow)).one()
        pepper = session.scalars(select(PollRow.pepper)).one()
        assert (len(row.voter_ref), len(row.permit)) == (32, 32)
        assert pepper is not None
        assert len(pepper) == 32
    assert set(count_issued_by_day(poll).values()) == {1}


def test_no_happening_stands_for_a_permit(phones: Phones, votes: VotesWing, citizen: str) -> None:
    poll = votes.open().poll
    before = len(list(list_entries("people")))
    take(phones, poll, citizen)
    assert len(list(list_entries("people"))) == before
