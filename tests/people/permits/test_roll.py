"""The roll of a poll: closed at freezing, corrected by two officials, reviewed when asked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select, update

from mvote.audit.service import list_entries
from mvote.db import reading, transaction
from mvote.people.permits import service
from mvote.people.permits.service import corrections, reviews
from mvote.people.permits.tables import ReviewRow, RollCorrectionRow, RollEntryRow
from tests.makers import words
from tests.people.conftest import NUMBER, Phones, on_sqlite
from tests.people.permits.conftest import VotesWing
from tests.people.permits.voters import a_phone

MAPO = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
MINE, NEIGHBOUR = "010-2345-6789", "010-7777-0001"
OTHERS = [f"010-5555-{place:04},mapo,1985,f" for place in range(20)]


def permit(phones: Phones, poll: str, token: str, body: Any = None) -> str:
    """``given``, or the code of the refusal."""
    answer = phones.post(f"/polls/{poll}/permits", body or {}, token=token)
    return "given" if answer.status_code == 200 else str(answer.json["code"])


def why_not(phones: Phones, poll: str, token: str) -> list[str]:
    told = phones.call("GET", f"/polls/{poll}/eligibility", token=token).json
    return [one["code"] for one in told["reasons"]]


def ask(phones: Phones, poll: str, token: str, change: str, **person: str) -> Any:
    body = {"change": change, "text": words("Moved house"), **person}
    return phones.post(f"/polls/{poll}/roll-corrections", body, token=token)


def correct(phones: Phones, poll: str, by: tuple[str, str], change: str, **person: str) -> Any:
    """Asked by the first and confirmed by the second official."""
    asked = ask(phones, poll, by[0], change, **person)
    assert asked.status_code == 201, asked.json
    path = f"/polls/{poll}/roll-corrections/{asked.json['id']}/confirm"
    return phones.post(path, person, token=by[1])


def entries(poll: str) -> int:
    with reading("people") as session:
        held = select(func.count()).where(RollEntryRow.poll == poll)
        return session.scalar(held) or 0


def test_a_closed_roll_is_what_the_register_was_at_freezing(
    phones: Phones, votes: VotesWing, citizen: str, register: Callable[..., None]
) -> None:
    register(f"{MINE},mapo,1992,f", *OTHERS)
    frozen = votes.open(audience=MAPO, roll_mode="closed")
    growing = votes.open(audience=MAPO)
    assert (frozen.roll.mode, frozen.roll.eligible) == ("closed", 21)
    assert (growing.roll.mode, growing.roll.eligible) == ("growing", 21)
    register(f"{NEIGHBOUR},mapo,1992,f", f"{MINE},jongno,1992,f")
    neighbour = phones.sign_in("+821077770001")["access"]
    assert why_not(phones, frozen.poll, neighbour) == ["closed-roll"]
    assert permit(phones, frozen.poll, neighbour) == "not-eligible"
    assert permit(phones, growing.poll, neighbour) == "given"
    assert permit(phones, frozen.poll, citizen) == "given"
    assert permit(phones, growing.poll, citizen) == "not-eligible"
    told = phones.call("GET", f"/polls/{frozen.poll}/eligible-count", token=citizen).json
    assert told == {"state": "counted", "count": 20}
    votes.enter(frozen.poll, "closing")
    assert entries(frozen.poll) == 21
    service.erase_due(now=votes.now + timedelta(days=30))
    assert entries(frozen.poll) == 0


def test_two_officials_add_and_strike_and_everyone_reads_that_they_did(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    register(*OTHERS)
    poll = votes.open(audience=MAPO).poll
    assert ask(phones, poll, keepers[0], "struck", number=MINE).json["code"] == "not-on-roll"
    assert correct(phones, poll, keepers, "added", number=MINE).status_code == 200
    assert why_not(phones, poll, citizen) == []
    assert ask(phones, poll, keepers[0], "added", number=MINE).json["code"] == "already-on-roll"
    assert correct(phones, poll, keepers, "struck", number=MINE).status_code == 200
    assert why_not(phones, poll, citizen) == ["struck-from-roll"]
    assert correct(phones, poll, keepers, "added", number=MINE).status_code == 200
    assert permit(phones, poll, citizen) == "given"
    correct(phones, poll, keepers, "struck", number="010-5555-0001")
    told = votes.heard("roll-note", poll)
    assert [(one["change"], one["raises"]) for one in told] == [
        ("added", 1),
        ("struck", 0),
        ("added", 0),
        ("struck", 0),
    ]
    assert all(set(one) == {"change", "day", "raises", "text"} for one in told)


def test_a_permit_that_was_taken_stands_when_its_holder_is_struck(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    register(f"{MINE},mapo,1992,f", *OTHERS)
    poll = votes.open(audience=MAPO).poll
    assert permit(phones, poll, citizen) == "given"
    assert correct(phones, poll, keepers, "struck", number=MINE).status_code == 200
    votes.enter(poll, "closing")
    [issued] = votes.heard("issued-list", poll)
    assert issued["issued"] == 1
    [told] = votes.heard("roll-note", poll)
    assert (told["change"], told["raises"]) == ("struck", 0)


def test_at_level_secret_there_is_one_permit_more_for_each_who_was_added(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    """Twenty are eligible and all of them took theirs, so only a correction makes room."""
    register(*OTHERS)
    frozen = votes.open(audience=MAPO, level="secret")
    for place in range(20):
        token = phones.sign_in(f"+82105555{place:04}")["access"]
        assert permit(phones, frozen.poll, token, blinded(frozen, str(place))) == "given"
    register(f"{MINE},mapo,1992,f", *OTHERS)
    assert permit(phones, frozen.poll, citizen, blinded(frozen, "mine")) == "roll-full"
    register(*OTHERS)
    correct(phones, frozen.poll, keepers, "added", number=MINE)
    assert permit(phones, frozen.poll, citizen, blinded(frozen, "mine")) == "given"


def blinded(frozen: Any, voter: str) -> dict[str, str]:
    asked = a_phone(frozen, voter).request_permit()
    return dict(asked)


def test_the_second_official_has_to_be_another_and_to_mean_the_same_person(
    phones: Phones,
    votes: VotesWing,
    register: Callable[..., None],
    keepers: tuple[str, str],
    add_official: Callable[..., str],
) -> None:
    register(*OTHERS)
    poll, (kim, lee) = votes.open(audience=MAPO).poll, keepers
    asked = ask(phones, poll, kim, "added", number=MINE).json
    path = f"/polls/{poll}/roll-corrections"
    confirm = f"{path}/{asked['id']}/confirm"

    def refused(token: str, person: dict[str, str]) -> str:
        return str(phones.post(confirm, person, token=token).json["code"])

    assert refused(kim, {"number": MINE}) == "own-correction"
    assert refused(lee, {"number": NEIGHBOUR}) == "person-differs"
    assert refused(lee, {}) == "person-needed"
    assert refused(lee, {"number": MINE, "entry": "7"}) == "person-needed"
    assert refused(lee, {"entry": "7"}) == "person-not-known"
    assert refused(lee, {"number": "nobody"}) == "number-not-valid"
    assert ask(phones, poll, lee, "added", number=MINE).json["code"] == "correction-pending"
    add_official("han", duties=("approver", "drafter"))
    han = phones.sign_in_official("han")["access"]
    assert refused(han, {"number": MINE}) == "duty-missing"
    [waiting] = phones.call("GET", path, token=lee).json["items"]
    assert "number" not in str(waiting)
    assert waiting["id"] == asked["id"]
    with transaction("people") as session:
        session.execute(update(RollCorrectionRow).values(expires_at=votes.now))
    assert refused(lee, {"number": MINE}) == "correction-unknown"
    assert corrections.drop_expired(now=votes.now + timedelta(seconds=1)) == 1
    names = [entry.name for entry in list_entries("people")]
    assert {"RollCorrectionAsked", "RollCorrectionExpired"} <= set(names)
    assert votes.heard("roll-note", poll) == []


@on_sqlite
def test_no_official_tries_out_who_stands_on_a_roll(
    phones: Phones,
    votes: VotesWing,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    register(*OTHERS)
    poll, made = votes.open(audience=MAPO).poll, phones.app.extensions["mvote"]
    few = replace(made, settings=replace(made.settings, people_named_per_hour=3))
    phones.app.extensions["mvote"] = few
    told = [
        ask(phones, poll, keepers[0], "struck", number=one).json["code"]
        for one in (MINE, NEIGHBOUR, MINE, NEIGHBOUR, "010-5555-0001")
    ]
    assert told == ["not-on-roll"] * 3 + ["too-many-people-named"] * 2
    assert ask(phones, poll, keepers[1], "struck", number=MINE).json["code"] == "not-on-roll"


@on_sqlite
def test_a_roll_is_corrected_from_freezing_to_the_end_only(
    phones: Phones, votes: VotesWing, register: Callable[..., None], keepers: tuple[str, str]
) -> None:
    register(*OTHERS)
    approved = votes.approve(audience=MAPO).poll
    over = votes.open(audience=MAPO).poll
    votes.enter(over, "closing")
    for poll in (approved, over):
        code = ask(phones, poll, keepers[0], "added", number=MINE).json["code"]
        assert code == "roll-not-corrected"


def test_a_refused_citizen_asks_for_a_review_and_two_officials_grant_it(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
    now: datetime,
) -> None:
    register(*OTHERS)
    poll, (kim, lee) = votes.open(audience=MAPO, roll_mode="closed").poll, keepers
    path = f"/polls/{poll}/reviews"
    assert phones.call("GET", f"{path}/mine", token=citizen).json["code"] == "review-unknown"
    too_long = phones.post(path, {"text": "가" * 1001}, token=citizen)
    assert too_long.json["code"] == "review-text-too-long"
    asked = phones.post(path, {"text": "저는 마포에 삽니다."}, token=citizen)
    assert asked.status_code == 201, asked.json
    again = phones.post(path, {"text": "한 번 더"}, token=citizen)
    assert again.json["code"] == "review-asked"
    [case] = phones.call("GET", "/reviews", token=kim).json["items"]
    assert (case["id"], case["overdue"], case["correction"]) == (asked.json["id"], False, None)
    decision = {"granted": True, "reason": words("In the paper register")}
    given = phones.post(f"{path}/{case['id']}/decision", decision, token=kim).json
    assert given["state"] == "open"
    confirm = f"/polls/{poll}/roll-corrections/{given['correction']}/confirm"
    assert phones.post(confirm, {}, token=kim).json["code"] == "own-correction"
    assert phones.post(confirm, {}, token=lee).status_code == 200
    told = phones.call("GET", f"{path}/mine", token=citizen).json
    assert (told["state"], told["reason"]) == ("granted", decision["reason"])
    assert permit(phones, poll, citizen) == "given"
    over = phones.post(f"{path}/{case['id']}/decision", decision, token=kim)
    assert over.json["code"] == "review-decided"
    votes.enter(poll, "closing")
    service.erase_due(now=now + timedelta(days=30))
    with reading("people") as session:
        assert session.scalars(select(ReviewRow)).all() == []


def test_a_granted_review_stands_in_for_the_register(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
) -> None:
    register(*OTHERS)
    audience = {"all": [{"condition": "verified-number"}]}
    poll, (kim, lee) = votes.open(audience=audience, proof="register").poll, keepers
    assert permit(phones, poll, citizen) == "proof-too-weak"
    path = f"/polls/{poll}/reviews"
    asked = phones.post(path, {"text": "저는 마포에 삽니다."}, token=citizen)
    assert asked.status_code == 201, asked.json
    decision = {"granted": True, "reason": words("In the paper register")}
    given = phones.post(f"{path}/{asked.json['id']}/decision", decision, token=kim).json
    confirm = f"/polls/{poll}/roll-corrections/{given['correction']}/confirm"
    assert phones.post(confirm, {}, token=lee).status_code == 200
    assert permit(phones, poll, citizen) == "given"


def test_the_overdue_stand_first_and_officials_are_reminded_of_them(
    phones: Phones,
    votes: VotesWing,
    citizen: str,
    register: Callable[..., None],
    keepers: tuple[str, str],
    now: datetime,
) -> None:
    register(f"{NEIGHBOUR},mapo,1992,f", *OTHERS)
    polls = [votes.open(audience=MAPO).poll for _ in range(2)]
    for poll in polls:
        phones.post(f"/polls/{poll}/reviews", {"text": "왜 안 됩니까?"}, token=citizen)
    may = phones.sign_in("+821077770001")["access"]
    refused = phones.post(f"/polls/{polls[0]}/reviews", {"text": "?"}, token=may)
    assert refused.json["code"] == "may-vote-already"
    with transaction("people") as session:
        late = update(ReviewRow).where(ReviewRow.poll == polls[1])
        session.execute(late.values(due_at=now - timedelta(days=2)))
    first, second = phones.call("GET", "/reviews", token=keepers[0]).json["items"]
    assert [first["overdue"], second["overdue"]] == [True, False]
    assert first["poll"] == polls[1]
    assert reviews.remind_due(now=now) == 1
    assert reviews.remind_due(now=now) == 0
    assert reviews.remind_due(now=now + timedelta(days=1)) == 2
    decision = {"granted": False, "reason": words("You moved in later")}
    decide = f"/polls/{polls[1]}/reviews/{first['id']}/decision"
    assert phones.post(decide, decision, token=keepers[0]).json["state"] == "refused"
    told = phones.call("GET", f"/polls/{polls[1]}/reviews/mine", token=citizen).json
    assert (told["state"], told["reason"]) == ("refused", decision["reason"])
    body = next(one for one in list_entries("people") if one.name == "ReviewOverdue").body
    assert NUMBER not in str(body)
