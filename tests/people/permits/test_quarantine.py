"""Permits that a poll counts apart: flagged by its rules, released by two, told at the end."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from mvote.audit.service import list_entries
from mvote.db import reading, transaction
from mvote.people.permits.service import quarantine
from mvote.people.permits.service.order import order_due
from mvote.people.permits.tables import IssuedRow, PollRow, QuarantineDecisionRow
from mvote.people.rolls.service.codes import print_codes_for, revoke_codes
from mvote.people.rolls.service.registers import import_register
from tests.makers import words
from tests.people.conftest import Phones
from tests.people.permits.conftest import VotesWing
from tests.people.permits.test_roll import MAPO, OTHERS, blinded, correct, permit

STRUCK, PROOF = {"rule": "struck"}, {"rule": "proof", "below": "register"}
IN_REGISTER, OUTSIDE = "010-5555-0001", "+821077770001"


def issued(poll: str) -> dict[str, tuple[str | None, str | None]]:
    """What the rows say, by the hash of the permit."""
    with reading("people") as session:
        rows = session.scalars(select(IssuedRow).where(IssuedRow.poll == poll))
        return {row.permit.hex(): (row.quarantine, row.mark) for row in rows}


def ask(phones: Phones, poll: str, token: str, rule: str, *, released: bool = True) -> Any:
    body = {"rule": rule, "released": released, "text": words(f"About {rule}")}
    return phones.post(f"/polls/{poll}/quarantine-decisions", body, token=token)


def decide(
    phones: Phones, poll: str, by: tuple[str, str], rule: str, *, released: bool = True
) -> Any:
    asked = ask(phones, poll, by[0], rule, released=released)
    assert asked.status_code == 201, asked.json
    path = f"/polls/{poll}/quarantine-decisions/{asked.json['id']}/confirm"
    return phones.post(path, token=by[1])


def told(votes: VotesWing, poll: str) -> Any:
    """What the votes wing hears at closing, said twice in the same words."""
    assert votes.enter(poll, "closing") is None
    assert votes.enter(poll, "closing") is None
    first, again = votes.heard("issued-list", poll)
    assert first == again
    return first


@pytest.mark.parametrize("level", ["confidential", "secret"])
def test_a_poll_flags_what_its_rules_say_and_tells_how_many_at_its_end(
    level: str,
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    """Two proved little, one of them was struck, one is neither; one rule is released."""
    register("010-2345-6789,mapo,1992,f", *OTHERS)
    anyone = {"all": [{"condition": "verified-number"}]}
    frozen = votes.open(audience=anyone, level=level, quarantine=[PROOF, STRUCK])
    bodies: list[Any] = [{}, {}, {}]
    if level == "secret":
        bodies = [blinded(frozen, str(number)) for number in range(3)]
    stranger = phones.sign_in(OUTSIDE)["access"]
    other = phones.sign_in("+821077770002")["access"]
    for token, body in zip((citizen, stranger, other), bodies, strict=True):
        assert permit(phones, frozen.poll, token, body) == "given"
    before = issued(frozen.poll)
    assert sorted(flags or "" for flags, _ in before.values()) == ["", "proof", "proof"]
    register("010-2345-6789,mapo,1992,f", "010-7777-0001,mapo,1990,m", *OTHERS)
    phones.sign_in(OUTSIDE)
    assert permit(phones, frozen.poll, stranger, bodies[1]) == "given"
    assert issued(frozen.poll) == before
    order_due(now=votes.now)
    for change in ("struck", "added"):
        correct(phones, frozen.poll, keepers, change, number="010-7777-0001")
    assert issued(frozen.poll) == before
    correct(phones, frozen.poll, keepers, "struck", number="010-7777-0001")
    flagged = issued(frozen.poll)
    assert sorted(flags or "" for flags, _ in flagged.values()) == ["", "proof", "proof struck"]
    with reading("people") as session:
        row = session.get_one(PollRow, frozen.poll)
        assert row.ordered == 0
        assert row.untidy > 0
    assert order_due(now=votes.now + timedelta(days=1)) == 1
    assert issued(frozen.poll) == flagged
    assert decide(phones, frozen.poll, keepers, "proof").status_code == 200
    [note] = votes.heard("quarantine-note", frozen.poll)
    assert note == {"rule": "proof", "released": True, "text": words("About proof")}
    body = told(votes, frozen.poll)
    marks = [one for _, one in flagged.values() if one]
    assert body["issued"] == 3
    assert body["quarantine"]["counts"] == {"proof": 1, "struck": 1}
    if level == "secret":
        assert marks == []
        assert set(body["quarantine"]) == {"counts"}
    else:
        held = [one for flags, one in flagged.values() if flags == "proof struck"]
        assert body["quarantine"]["marks"] == held
        assert len(set(marks)) == 2


def test_without_rules_nothing_is_flagged_and_nothing_told(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    register("010-2345-6789,mapo,1992,f", *OTHERS)
    poll = votes.open(audience=MAPO).poll
    assert permit(phones, poll, citizen) == "given"
    correct(phones, poll, keepers, "struck", number="010-2345-6789")
    assert list(issued(poll).values()) == [(None, None)]
    assert ask(phones, poll, keepers[0], "struck").json["code"] == "quarantine-rule-unknown"
    assert set(told(votes, poll)) == {"issued", "sha256"}


def test_a_code_that_is_revoked_after_its_use_flags_the_permit_at_the_end(
    phones: Phones, votes: VotesWing, register: Callable[..., None]
) -> None:
    """The same entry, whatever way in it took; one that nobody used flags nobody."""
    header = "entry,number,district,birth_year,gender\n"
    rows = [f"e{n},,mapo,1990,f\n" for n in range(25)]
    import_register([header, *rows], replace=True, now=votes.now)
    codes: list[Any] = []
    print_codes_for(
        "spring", ["entry\n", *(f"e{n}\n" for n in range(3))], write=codes.append, now=votes.now
    )
    rules = [{"rule": "revoked-code"}]
    frozen = votes.open(audience=MAPO, roll_key="entry", proof="code", quarantine=rules)
    for code in codes[:2]:
        token = phones.post("/codes/tokens", {"code": code.code}).json["access"]
        assert permit(phones, frozen.poll, token) == "given"
    revoke_codes("spring", serial=codes[0].serial, now=votes.now)
    revoke_codes("spring", serial=codes[2].serial, now=votes.now)
    body = told(votes, frozen.poll)
    assert body["quarantine"]["counts"] == {"revoked-code": 1}
    assert len(body["quarantine"]["marks"]) == 1
    revoke_codes("spring", now=votes.now)
    assert votes.enter(frozen.poll, "closing") is None
    assert votes.heard("issued-list", frozen.poll)[-1] == body
    [*_, last] = [one for one in list_entries("people") if one.name == "CodesRevoked"]
    assert (last.body["codes"], last.body["used"]) == (0, 1)


def test_about_a_rule_two_officials_decide_and_the_last_word_holds(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
    add_official: Callable[..., str],
) -> None:
    register(*OTHERS)
    (kim, lee), anyone = keepers, {"all": [{"condition": "verified-number"}]}
    poll = votes.open(audience=anyone, quarantine=[PROOF]).poll
    assert permit(phones, poll, citizen) == "given"
    path = f"/polls/{poll}/quarantine-decisions"
    asked = ask(phones, poll, kim, "proof").json
    confirm = f"{path}/{asked['id']}/confirm"
    assert phones.post(confirm, token=kim).json["code"] == "own-quarantine-decision"
    assert ask(phones, poll, lee, "proof").json["code"] == "quarantine-decision-pending"
    assert ask(phones, poll, lee, "struck").json["code"] == "quarantine-rule-unknown"
    unknown = phones.post(f"{path}/nothing/confirm", token=lee)
    assert unknown.json["code"] == "quarantine-decision-unknown"
    add_official("han", duties=("approver", "drafter"))
    han = phones.sign_in_official("han")["access"]
    assert phones.post(confirm, token=han).json["code"] == "duty-missing"
    [waiting] = phones.call("GET", path, token=lee).json["items"]
    assert waiting == asked
    with transaction("people") as session:
        session.execute(update(QuarantineDecisionRow).values(expires_at=votes.now))
    late = phones.post(confirm, token=lee)
    assert late.json["code"] == "quarantine-decision-unknown"
    assert quarantine.drop_expired(now=votes.now + timedelta(seconds=1)) == 1
    for released in (True, False):
        assert decide(phones, poll, keepers, "proof", released=released).status_code == 200
    assert [one["released"] for one in votes.heard("quarantine-note", poll)] == [True, False]
    body = told(votes, poll)
    assert body["quarantine"]["counts"] == {"proof": 1}
    assert len(body["quarantine"]["marks"]) == 1
    assert ask(phones, poll, kim, "proof").json["code"] == "quarantine-over"
    names = [one.name for one in list_entries("people") if one.subject == poll]
    assert names.count("QuarantineDecided") == 2
    assert {"QuarantineDecisionAsked", "QuarantineDecisionExpired"} <= set(names)
