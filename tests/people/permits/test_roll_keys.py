"""Attacks on "one permit each": two ways in, keys that move, proofs too weak, sixteen at once."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from mvote.core.poll import PollDefinition
from mvote.db import reading
from mvote.people.permits.tables import IssuedRow
from mvote.people.rolls.service.codes import print_codes, print_codes_for
from mvote.people.rolls.service.registers import import_register
from tests.people.conftest import NUMBER, Phones, on_sqlite
from tests.people.permits.conftest import VotesWing
from tests.people.permits.voters import a_phone

OTHER = "+821099998888"
RESIDENTS = {"all": [{"condition": "verified-resident"}]}
BY_ENTRY = {"roll_key": "entry", "proof": "register", "audience": RESIDENTS}
LEVELS = pytest.mark.parametrize("level", ["secret", "confidential"])

Codes = Callable[..., list[str]]


def take_register(now: datetime, *rows: str, moves: bool = False) -> None:
    """These rows among thirty others, as a secret poll needs them."""
    town = [f"T-{n},,mapo,1950,m" for n in range(30)]
    header = "entry,number,district,birth_year,gender"
    lines = [row + "\n" for row in (header, *rows, *town)]
    import_register(lines, replace=True, moves=moves, now=now)


@pytest.fixture
def codes(inside: Flask, now: datetime) -> Codes:
    """Codes printed for entries of the city, or for so many people."""

    def make(batch: str, *entries: str, count: int = 0) -> list[str]:
        made: list[str] = []
        if count:
            print_codes(batch, count=count, write=lambda one: made.append(one.code), now=now)
            return made
        lines = [f"{one}\n" for one in ("entry", *entries)]
        found: dict[str, str] = {}
        print_codes_for(
            batch, lines, write=lambda one: found.setdefault(one.entry, one.code) and None, now=now
        )
        return [found[entry] for entry in entries]

    return make


def by_code(phones: Phones, code: str) -> str:
    made = phones.post("/codes/tokens", {"code": code})
    assert made.status_code == 201, made.json
    return str(made.json["access"])


def take(phones: Phones, frozen: PollDefinition, token: str, phone: str) -> tuple[int, str]:
    """Ask with a phone of one's own, which at level secret sends a value of its own."""
    body = a_phone(frozen, phone).request_permit() if frozen.level == "secret" else {}
    answer = phones.post(f"/polls/{frozen.poll}/permits", body, token=token)
    return answer.status_code, answer.json.get("code", "")


def issued() -> int:
    with reading("people") as session:
        return len(session.scalars(select(IssuedRow.permit)).all())


def reasons(phones: Phones, frozen: PollDefinition, token: str) -> list[str]:
    told = phones.call("GET", f"/polls/{frozen.poll}/eligibility", token=token).json
    assert told["may_vote"] is not bool(told["reasons"])
    assert all(one["what_to_do"]["ko"] for one in told["reasons"])
    return [one["code"] for one in told["reasons"]]


@LEVELS
def test_an_entry_reached_by_sms_and_by_code_at_once_gets_one_permit(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime, level: str
) -> None:
    take_register(now, "A-1,010-2345-6789,mapo,1987,f")
    frozen = votes.open(**BY_ENTRY, level=level)
    tokens = [str(phones.sign_in()["access"]), by_code(phones, codes("letters", "A-1")[0])]
    accounts = {phones.call("GET", "/me", token=one).json["account"] for one in tokens}
    assert len(accounts) == 2
    with ThreadPoolExecutor(16) as pool:
        asked = pool.map(lambda n: take(phones, frozen, tokens[n % 2], str(n)), range(16))
        answers = Counter(asked)
    assert issued() == 1
    if level == "secret":
        assert answers == {(200, ""): 1, (409, "permit-already-issued"): 15}
    else:  # the same permit, however often
        assert answers == {(200, ""): 16}
    for token in tokens:
        told = phones.call("GET", f"/polls/{frozen.poll}/eligibility", token=token).json
        assert told["permit"] == "issued"


def test_a_key_that_moves_between_accounts_takes_no_permit_along(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime
) -> None:
    """Number and code move to one account, the number back to a new one: still one permit."""
    take_register(now, "A-1,010-2345-6789,mapo,1987,f", "A-2,010-9999-8888,mapo,1987,f")
    by_number = votes.open(level="secret")
    by_entry = votes.open(**BY_ENTRY, level="secret")
    first = phones.sign_in()
    assert take(phones, by_number, first["access"], "1") == (200, "")
    assert take(phones, by_entry, first["access"], "1") == (200, "")
    second = by_code(phones, codes("letters", "A-1")[0])
    check = phones.ask()
    path = f"/me/phone-checks/{check}/tokens"
    added = phones.post(path, {"code": phones.code()}, token=second)
    assert (added.status_code, added.json.keys()) == (201, {"access", "expires_in"})
    gone = phones.call("GET", "/me", token=first["access"])
    assert gone.json["code"] == "token-revoked"  # the account lost its only key
    for poll in (by_number, by_entry):
        assert take(phones, poll, added.json["access"], "2") == (409, "permit-already-issued")
    third = phones.sign_in()["access"]
    same = [phones.call("GET", "/me", token=one).json["account"] for one in (second, third)]
    assert same[0] == same[1]
    for poll in (by_number, by_entry):
        assert take(phones, poll, third, "3") == (409, "permit-already-issued")
    assert issued() == 2


def test_a_number_that_moves_in_the_register_gives_no_entry_a_second_permit(
    phones: Phones, votes: VotesWing, now: datetime
) -> None:
    """Who gets a new number keeps the entry; who gets the old number is another entry."""
    take_register(now, "A-1,010-2345-6789,mapo,1987,f", "A-2,,mapo,1987,f")
    by_number = votes.open(level="secret")
    by_entry = votes.open(**BY_ENTRY, level="secret")
    old = str(phones.sign_in()["access"])
    assert take(phones, by_number, old, "1") == take(phones, by_entry, old, "1") == (200, "")
    moved = ("A-1,010-9999-8888,mapo,1987,f", "A-2,010-2345-6789,mapo,1987,f")
    take_register(now, *moved, moves=True)
    new = str(phones.sign_in(OTHER)["access"])
    assert take(phones, by_entry, new, "2") == (409, "permit-already-issued")
    assert take(phones, by_number, old, "3") == (409, "permit-already-issued")
    assert take(phones, by_entry, old, "4") == (200, "")  # as A-2, who had none
    assert issued() == 3


def test_two_codes_of_one_entry_are_one_voter(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime
) -> None:
    take_register(now, "A-1,,mapo,1987,f")
    frozen = votes.open(**BY_ENTRY, level="secret")
    tokens = [by_code(phones, codes(batch, "A-1")[0]) for batch in ("first", "again")]
    assert take(phones, frozen, tokens[0], "1") == (200, "")
    assert take(phones, frozen, tokens[1], "2") == (409, "permit-already-issued")
    assert phones.call("DELETE", "/tokens", token=tokens[0]).status_code == 204
    later = by_code(phones, codes("third", "A-1")[0])
    assert take(phones, frozen, later, "3") == (409, "permit-already-issued")


@on_sqlite
def test_a_proof_that_is_missing_or_too_weak_is_told_with_what_to_do(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime
) -> None:
    take_register(now, "A-1,010-2345-6789,mapo,1987,f", "A-3,,mapo,1987,f")
    stranger, known = (str(phones.sign_in(one)["access"]) for one in (OTHER, NUMBER))
    coded = by_code(phones, codes("letters", "A-3")[0])
    everybody = {"all": [{"condition": "verified-number"}]}
    said = {}
    for name, changes in {
        "number-register": {"proof": "register", "audience": everybody},
        "entry-register": BY_ENTRY,
        "everyone-with-an-entry": {**BY_ENTRY, "audience": {"all": [{"condition": "proved"}]}},
        "entry-code": {**BY_ENTRY, "proof": "code"},
        "entry-desk": {**BY_ENTRY, "proof": "desk"},
        "oidc": {"roll_key": "oidc", "proof": "oidc", "audience": everybody},
    }.items():
        frozen = votes.open(**changes)
        said[name] = [reasons(phones, frozen, one) for one in (stranger, known, coded)]
        for told, token in zip(said[name], (stranger, known, coded), strict=True):
            expected = (403, told[0]) if told else (200, "")
            assert take(phones, frozen, token, "1") == expected, name
    weak, missing = ["proof-too-weak"], ["roll-key-missing"]
    assert said == {
        "number-register": [weak, [], missing],
        "entry-register": [missing, [], []],
        "everyone-with-an-entry": [missing, [], []],
        "entry-code": [missing, weak, []],
        "entry-desk": [missing, weak, weak],
        "oidc": [missing, missing, missing],
    }


def test_an_sms_opens_nothing_that_a_code_proved(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime
) -> None:
    """Else whoever intercepts one SMS votes by the entry that a letter or the desk gave."""
    take_register(now, "A-3,,guro,1950,m")
    frozen = votes.open(**{**BY_ENTRY, "proof": "code"})
    coded = by_code(phones, codes("letters", "A-3")[0])
    check = phones.ask()
    added = phones.post(
        f"/me/phone-checks/{check}/tokens", {"code": phones.code()}, token=coded
    ).json["access"]
    by_sms = phones.sign_in()["access"]
    mine = [phones.call("GET", "/me", token=one).json for one in (added, by_sms)]
    assert mine[0]["account"] == mine[1]["account"]
    assert [one["proof"] for one in mine] == ["code", "sms"]
    assert mine[0]["register"]["district"] == "guro"
    assert mine[1]["register"] is None
    assert reasons(phones, frozen, by_sms) == ["roll-key-missing"]
    assert take(phones, frozen, added, "1") == (200, "")


def test_an_sms_tells_nothing_of_what_was_done_by_a_code(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime
) -> None:
    take_register(now, f"A-3,{NUMBER},guro,1950,f")
    coded = by_code(phones, codes("letters", "A-3")[0])
    taken = votes.open(**{**BY_ENTRY, "proof": "code"}).poll
    elsewhere = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
    asked = votes.open(**{**BY_ENTRY, "proof": "code", "audience": elsewhere}).poll
    assert phones.post(f"/polls/{taken}/permits", {}, token=coded).status_code == 200
    review = {"text": "I moved here last month."}
    assert phones.post(f"/polls/{asked}/reviews", review, token=coded).status_code == 201
    weak, told = phones.sign_in()["access"], {}
    for token in (coded, weak):
        data = phones.call("GET", "/me/data", token=token).json
        permit = phones.call("GET", f"/polls/{taken}/eligibility", token=token).json["permit"]
        mine = phones.call("GET", f"/polls/{asked}/reviews/mine", token=token)
        again = phones.post(f"/polls/{asked}/reviews", review, token=token).json["code"]
        seen = len(data["permits"]), len(data["reviews"]), permit, mine.status_code, again
        told[token] = seen
    assert told[coded] == (1, 1, "issued", 200, "review-asked")
    assert told[weak] == (0, 0, "none", 403, "proof-too-weak")
    assert phones.call("DELETE", "/me", token=weak).status_code == 200
    assert len(phones.call("GET", "/me/data", token=coded).json["reviews"]) == 1


def test_codes_that_are_entries_of_their_own_vote_on_the_list_of_their_batch(
    phones: Phones, votes: VotesWing, codes: Codes, now: datetime
) -> None:
    printed = codes("hall", count=25)
    on_list = {"all": [{"condition": "list", "list": "hall"}]}
    frozen = votes.open(roll_key="entry", proof="code", audience=on_list, level="secret")
    assert frozen.roll.eligible == 25
    tokens = [by_code(phones, code) for code in printed[:2]]
    assert [take(phones, frozen, one, one) for one in tokens] == [(200, "")] * 2
    assert reasons(phones, frozen, str(phones.sign_in()["access"])) == ["roll-key-missing"]
    by_number: Any = votes.open(audience=on_list)
    assert by_number.roll.eligible == 0
    assert reasons(phones, by_number, tokens[0]) == ["roll-key-missing"]
