"""Blind permits over HTTP: signed unseen, one each, and nothing uses one up but a good request."""

import hashlib
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, select

from mvote.app import create_app
from mvote.core.canonical import b64u, b64u_decode, digest
from mvote.core.issuing import BlindIssuerKey
from mvote.core.poll import PollDefinition
from mvote.core.secrecy.blind_permit import verify_blind_permit
from mvote.core.secrecy.keys import raw_public
from mvote.db import engines, reading, transaction
from mvote.people.permits.service.keys import forget_signer
from mvote.people.permits.tables import IssuedRow
from mvote.settings import Settings
from tests.people.conftest import Phones, on_sqlite
from tests.people.permits.conftest import VotesWing
from tests.people.permits.voters import Taker, a_phone, spelled, take_in_processes


def take(phones: Phones, poll: str, token: str, **body: Any) -> tuple[int, str, bytes]:
    """Status, code of the refusal, and the bytes of the answer."""
    answer = phones.post(f"/polls/{poll}/permits", body, token=token)
    return answer.status_code, answer.json.get("code", ""), answer.data


def issued() -> list[bytes]:
    with reading("people") as session:
        return list(session.scalars(select(IssuedRow.permit)))


@pytest.fixture
def frozen(votes: VotesWing) -> PollDefinition:
    return votes.freeze(level="secret")


def test_a_blind_permit_is_good_for_this_poll_and_the_issuer_never_saw_it(
    phones: Phones, votes: VotesWing, frozen: PollDefinition, citizen: str
) -> None:
    phone = a_phone(frozen)
    first = take(phones, frozen.poll, citizen, **phone.request_permit())
    assert first[0] == 200, first
    told = phones.post(f"/polls/{frozen.poll}/permits", phone.request_permit(), token=citizen)
    assert told.json.keys() == {"kid", "blind_sig"}
    permit = phone.finish_permit(told.json["blind_sig"])
    bk = raw_public(phone.ballot_key.public_key())
    issuers = {phone.kid: phone.issuer}
    verify_blind_permit(permit, ph=frozen.hash, bk=bk, issuers=issuers)
    votes.enter(frozen.poll, "open")
    again = take(phones, frozen.poll, str(phones.sign_in()["access"]), **phone.request_permit())
    assert again == first
    [noted] = issued()
    blinded = b64u_decode(str(phone.request_permit()["blinded_msg"]))
    assert noted == hashlib.sha256(blinded).digest()


def test_another_blinded_value_gets_no_second_permit(
    phones: Phones, frozen: PollDefinition, citizen: str
) -> None:
    mine, other = a_phone(frozen), a_phone(frozen, "another phone")
    first = take(phones, frozen.poll, citizen, **mine.request_permit())
    refused = take(phones, frozen.poll, citizen, **other.request_permit())
    assert refused[:2] == (409, "permit-already-issued")
    assert take(phones, frozen.poll, citizen, **mine.request_permit()) == first
    assert len(issued()) == 1


MALFORMED = {
    "zero": lambda n, k: spelled(0, k),
    "one": lambda n, k: spelled(1, k),
    "n - 1": lambda n, k: spelled(n - 1, k),
    "n": spelled,
    "all ones": lambda n, k: b64u(b"\xff" * k),
    "a byte short": lambda n, k: b64u(b"\x7f" * (k - 1)),
    "a byte long": lambda n, k: b64u(b"\0" + b"\x7f" * k),
    "padded": lambda n, k: b64u(b"\x7f" * k) + "==",
    "no base64url": lambda n, k: "+" * 342,
    "a bit too many": lambda n, k: b64u(b"\x7f" * k)[:-1] + "9",
    "not ASCII": lambda n, k: "가" * 342,
}


def test_a_malformed_value_is_refused_and_uses_nothing_up(
    phones: Phones, frozen: PollDefinition, citizen: str
) -> None:
    phone = a_phone(frozen)
    n, length = phone.issuer.public_numbers().n, phone.issuer.key_size // 8
    for name, spell in MALFORMED.items():
        body = {"kid": phone.kid, "blinded_msg": spell(n, length)}
        refused = take(phones, frozen.poll, citizen, **body)
        assert refused[:2] == (422, "blinded-message-malformed"), name
    assert issued() == []
    assert take(phones, frozen.poll, citizen, **phone.request_permit())[0] == 200


@on_sqlite
def test_what_was_not_asked_for_rightly_is_refused_and_uses_nothing_up(
    phones: Phones, votes: VotesWing, frozen: PollDefinition, citizen: str
) -> None:
    right = a_phone(frozen).request_permit()
    other = votes.freeze(level="secret").issuer[0].kid
    for body, refused in [
        ({}, (422, "blinded-message-needed")),
        ({"kid": right["kid"]}, (422, "blinded-message-needed")),
        ({"blinded_msg": right["blinded_msg"]}, (422, "blinded-message-needed")),
        ({**right, "kid": other}, (422, "issuer-key-unknown")),
        ({**right, "kid": "x"}, (422, "issuer-key-unknown")),
        ({**right, "kid": ""}, (422, "fields-refused")),
        ({**right, "kid": 7}, (422, "fields-refused")),
        ({**right, "blinded_msg": ["A"]}, (422, "fields-refused")),
        ({**right, "blinded_msg": "A" * 2000}, (422, "fields-refused")),
        ({**right, "name": "김하늘"}, (422, "name-not-published-here")),
        ({**right, "voter": "me"}, (422, "fields-refused")),
    ]:
        assert take(phones, frozen.poll, citizen, **body)[:2] == refused, body
    assert issued() == []
    pseudonymous = votes.open().poll
    refused = take(phones, pseudonymous, citizen, **right)[:2]
    assert refused == (422, "blinded-message-not-used-here")
    assert issued() == []


@on_sqlite
def test_only_the_eligible_are_signed_for(
    phones: Phones, votes: VotesWing, register: Callable[..., None]
) -> None:
    register(*(f"010-2345-{6789 + n},mapo,1987,f" for n in range(20)))
    mapo = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
    frozen = votes.freeze(level="secret", audience=mapo)
    asked = a_phone(frozen).request_permit()
    stranger = phones.sign_in("+821099998888")["access"]
    assert take(phones, frozen.poll, stranger, **asked)[:2] == (403, "not-eligible")
    assert take(phones, frozen.poll, phones.sign_in()["access"], **asked)[0] == 200


def test_no_more_are_signed_for_than_the_frozen_poll_counted(
    phones: Phones, votes: VotesWing, register: Callable[..., None]
) -> None:
    """Else a register that grew meanwhile would make a sound vote look unsound to strangers."""
    town = [f"010-2345-{6789 + n},mapo,1987,f" for n in range(24)]
    register(*town[:20])
    mapo = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
    frozen = votes.freeze(level="secret", audience=mapo)
    assert frozen.roll.eligible == 20
    register(*town)
    tokens = [phones.sign_in(f"+821023456{789 + n}")["access"] for n in range(24)]
    asked = [a_phone(frozen, str(n)).request_permit() for n in range(24)]

    def ask(n: int) -> tuple[int, str]:
        return take(phones, frozen.poll, tokens[n], **asked[n])[:2]

    assert {ask(n) for n in range(17)} == {(200, "")}
    with ThreadPoolExecutor(7) as pool:
        last = Counter(pool.map(ask, range(17, 24)))
    assert last == {(200, ""): 3, (409, "roll-full"): 4}
    assert len(issued()) == 20
    assert ask(0) == (200, "")


def test_a_new_account_of_the_same_number_gets_no_second_permit(
    phones: Phones, frozen: PollDefinition, inside: Flask
) -> None:
    """As after deleting one's account: the number and not the account is what is noted."""
    from mvote.people.identity.tables import AccountRow, FamilyRow

    first = phones.sign_in()["access"]
    before = phones.call("GET", "/me", token=first).json["account"]
    asked = a_phone(frozen).request_permit()
    given = take(phones, frozen.poll, first, **asked)
    with transaction("people") as session:
        for table in (FamilyRow, AccountRow):
            for row in session.scalars(select(table)):
                session.delete(row)
    later = phones.sign_in()["access"]
    assert phones.call("GET", "/me", token=later).json["account"] != before
    other = a_phone(frozen, "a new phone").request_permit()
    assert take(phones, frozen.poll, later, **other)[:2] == (409, "permit-already-issued")
    assert take(phones, frozen.poll, later, **asked) == given
    assert len(issued()) == 1


def test_a_restored_database_that_forgot_permits_gives_no_second_ones(
    phones: Phones, votes: VotesWing, frozen: PollDefinition, citizen: str, settings: Settings
) -> None:
    """It stands still until somebody removes the file on purpose."""
    asked = a_phone(frozen).request_permit()
    first = take(phones, frozen.poll, citizen, **asked)
    noted = settings.home / "permits" / frozen.poll
    assert (first[0], take(phones, frozen.poll, citizen, **asked)) == (200, first)
    assert noted.stat().st_size == 1
    with transaction("people") as session:  # as in a copy that was made before
        session.execute(delete(IssuedRow))
    forget_signer(frozen.poll)  # as after a start
    second = a_phone(frozen, "a second seed").request_permit()
    for token in (citizen, str(phones.sign_in("+821044440001")["access"])):
        assert take(phones, frozen.poll, token, **second)[:2] == (503, "permits-forgotten")
    assert issued() == []
    noted.unlink()
    assert take(phones, frozen.poll, citizen, **asked) == first
    assert noted.stat().st_size == 1
    votes.enter(frozen.poll, "open")
    votes.enter(frozen.poll, "closing")
    assert not noted.exists()


def test_two_citizens_cannot_send_the_same_value(
    phones: Phones, frozen: PollDefinition, citizen: str
) -> None:
    """They would get one permit between them, and the list of those issued would lie."""
    asked = a_phone(frozen).request_permit()
    first = take(phones, frozen.poll, citizen, **asked)
    other = str(phones.sign_in("+821044440001")["access"])
    assert take(phones, frozen.poll, other, **asked)[:2] == (409, "blinded-message-taken")
    assert len(issued()) == 1
    again = a_phone(frozen, "with a new seed").request_permit()
    assert take(phones, frozen.poll, other, **again)[0] == 200
    assert take(phones, frozen.poll, citizen, **asked) == first


def test_the_issued_list_of_a_secret_poll_tells_sorted_hashes(
    phones: Phones, votes: VotesWing, frozen: PollDefinition
) -> None:
    votes.enter(frozen.poll, "open")
    for n in range(5):
        token = phones.sign_in(f"+82104444{n:04d}")["access"]
        taken = take(phones, frozen.poll, token, **a_phone(frozen, str(n)).request_permit())
        assert taken[0] == 200
    hashes = sorted(one.hex() for one in issued())
    votes.enter(frozen.poll, "closing")
    assert votes.heard("issued-list", frozen.poll) == [
        {"issued": 5, "sha256": digest(hashes), "hashes": hashes}
    ]


def test_sixteen_requests_of_two_processes_get_one_permit(
    phones: Phones, frozen: PollDefinition, citizen: str, settings: Settings
) -> None:
    work = [
        {
            "poll": frozen.poll,
            "token": citizen,
            "asked": [a_phone(frozen, f"{side} {n}").request_permit() for n in range(8)],
            "threads": 8,
        }
        for side in ("left", "right")
    ]
    answers = [one for process in take_in_processes(settings, work) for one in process.answers()]
    assert Counter(status for status, _ in answers) == {200: 1, 409: 15}
    assert {told["code"] for status, told in answers if status == 409} == {"permit-already-issued"}
    [noted] = issued()
    asked = [body for part in work for body in part["asked"]]
    [won] = [body for body, (status, _) in zip(asked, answers, strict=True) if status == 200]
    assert noted == hashlib.sha256(b64u_decode(won["blinded_msg"])).digest()


@pytest.fixture
def restarted(settings: Settings, phones: Phones) -> Iterator[Callable[[], Phones]]:
    """A server that is started afresh on the same databases and keys."""
    apps: list[Flask] = []

    def start() -> Phones:
        apps.append(create_app("people", settings))
        return Phones(apps[-1], phones.messages)

    yield start
    for app in apps:
        with app.app_context():
            for engine in engines.engines.values():
                engine.dispose()


@pytest.mark.parametrize("die", ["signing", "answering"])
def test_killed_between_commit_and_answer_the_same_request_gets_the_permit(
    frozen: PollDefinition,
    citizen: str,
    settings: Settings,
    restarted: Callable[[], Phones],
    die: str,
) -> None:
    phone, other = a_phone(frozen), a_phone(frozen, "another")
    work = {"poll": frozen.poll, "token": citizen, "asked": [phone.request_permit()]}
    assert Taker(settings, {**work, "threads": 1, "die": die}).wait() == -9
    assert len(issued()) == 1
    servers = [restarted(), restarted()]
    answers = [take(one, frozen.poll, citizen, **phone.request_permit()) for one in servers]
    assert answers[0][0] == 200
    assert answers[0] == answers[1]
    told = servers[0].post(f"/polls/{frozen.poll}/permits", phone.request_permit(), token=citizen)
    phone.finish_permit(told.json["blind_sig"])
    refused = take(servers[0], frozen.poll, citizen, **other.request_permit())
    assert refused[:2] == (409, "permit-already-issued")
    assert len(issued()) == 1


@on_sqlite
def test_each_secret_poll_has_a_key_of_its_own_of_the_size_that_is_set(votes: VotesWing) -> None:
    keys = [votes.freeze(level="secret").issuer[0] for _ in range(2)]
    assert all(isinstance(key, BlindIssuerKey) for key in keys)
    assert len({key.kid for key in keys}) == 2
    assert {key.public().key_size for key in keys if isinstance(key, BlindIssuerKey)} == {2048}
