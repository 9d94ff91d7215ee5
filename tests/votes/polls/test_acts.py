"""What a second official decides: the whole walk, and everyone who may not."""

import json
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from werkzeug.test import TestResponse

from mvote.core.canonical import canonical_bytes, parse
from mvote.core.official import Official
from mvote.core.poll import DraftRefused, PollDefinition, poll_hash
from mvote.core.times import iso
from mvote.installation import installation
from mvote.votes.polls import service
from mvote.votes.polls.errors import ClosingTimePassed
from tests.makers import make_poll_draft, words
from tests.votes.polls.conftest import REASON, REASONS, Office

ACTS_OF_ONE = ("approve", "open", "suspend", "resume")
ACTS = (*ACTS_OF_ONE, "close", "cancel")
BEA = Official("bea", "roads", frozenset({"approver"}))


def _refused(answer: TestResponse) -> tuple[int, str]:
    return answer.status_code, answer.json["code"]


def _reach(office: Office, state: str) -> str:
    """A poll in this state."""
    poll = office.draft()
    if state == "draft":
        return poll
    steps: dict[str, Callable[[], None]] = {
        "approved": lambda: office.must(poll, "approve"),
        "frozen": lambda: office.freeze(poll),
        "open": lambda: office.must(poll, "open"),
        "suspended": lambda: office.must(poll, "suspend"),
        "closing": lambda: office.must(poll, "close"),
        "closed": lambda: _finish(office, poll),
        "published": lambda: office.in_transaction(
            service.mark_published, poll, now=datetime.now(UTC)
        ),
    }
    if state == "cancelled":
        office.must(poll, "cancel")
        return poll
    for name, step in steps.items():
        if name == "suspended" and state != "suspended":
            continue
        step()
        if name == state:
            break
    return poll


def _finish(office: Office, poll: str) -> None:
    office.send_issued_list(poll)
    office.in_transaction(service.mark_closed, poll, now=datetime.now(UTC))


def test_a_poll_walks_from_draft_to_published(office: Office) -> None:
    poll = office.draft()
    for act, state in (
        ("approve", "approved"),
        ("freeze", "frozen"),
        ("open", "open"),
        ("suspend", "suspended"),
        ("resume", "open"),
        ("close", "closing"),
    ):
        if act == "freeze":
            office.freeze(poll)
        else:
            office.must(poll, act)
        assert office.state(poll) == state
    _finish(office, poll)
    assert office.state(poll) == "closed"
    office.in_transaction(service.mark_published, poll, now=datetime.now(UTC))
    shown = office.get(f"/polls/{poll}").json
    assert shown["state"] == "published"
    assert None not in (shown["opened"], shown["closed"], shown["published"])
    assert [one.name for one in office.happened(poll)] == [
        "PollDrafted",
        "PollApproved",
        "PollFrozen",
        "PollOpened",
        "PollSuspended",
        "PollResumed",
        "ActAsked",
        "ActConfirmed",
        "PollClosing",
        "IssuedListTaken",
        "PollClosed",
    ]


def test_what_happened_says_who_did_it_by_account_only(office: Office) -> None:
    poll = office.opened()
    found = {one.name: one.body for one in office.happened(poll)}
    assert found["PollDrafted"]["by"] == "ann"
    assert found["PollApproved"]["by"] == "bea"
    assert found["PollOpened"]["by"] == "bea"
    assert found["PollOpened"]["answer_days"] == 30
    assert found["PollFrozen"]["record"] == office.get(f"/polls/{poll}").json["record"]


def test_the_people_wing_is_told_of_every_step_that_concerns_it(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "suspend", "resume", "close")
    said = office.said(poll)
    assert [(one["kind"], one["body"].get("state")) for one in said] == [
        ("poll-approved", None),
        ("poll-frozen", None),
        ("poll-state", "open"),
        ("poll-state", "suspended"),
        ("poll-state", "open"),
        ("poll-state", "closing"),
    ]
    assert said[0]["body"]["poll"] == poll
    assert not {"issuer", "roll", "board_key"} & said[0]["body"].keys()
    assert said[3]["body"]["reason"] == REASON["reason"]
    assert said[5]["body"]["closes"] <= iso(datetime.now(UTC))


def test_freezing_completes_the_definition_and_hashes_it(office: Office) -> None:
    poll = office.frozen()
    answer = office.get(f"/polls/{poll}")
    definition, ph = answer.json["definition"], answer.json["ph"]
    assert ph == poll_hash(definition)
    assert PollDefinition.from_json(definition).hash == ph
    assert definition["poll"] == poll
    assert definition["issuer"] == office.issuer()["issuer"]
    assert definition["roll"] == {"mode": "growing", "eligible": None}
    assert definition["methods"] == {"plurality": 1}
    with office.app.app_context():
        assert definition["board_key"] == installation().keys["votes"]["board"].jwk()["x"]
    told = office.said(poll)[-1]
    assert (told["kind"], told["body"]) == ("poll-frozen", definition)
    spelled = canonical_bytes(parse(answer.data)["definition"])
    assert office.at_work(service.definition_text_of, poll).encode() == spelled


def test_nobody_decides_about_a_poll_they_wrote_in(office: Office) -> None:
    both = office.token("bob", "drafter", "approver")
    answer = office.post("/polls", make_poll_draft(), both)
    poll = answer.json["id"]
    for act in ACTS_OF_ONE:
        assert _refused(office.act(poll, act, both)) == (403, "own-poll")
    editor = office.token("eve", "drafter", "approver")
    changed = make_poll_draft(title=words("Eve's bridge"))
    assert office.put(f"/polls/{poll}/draft", changed, editor, If_Match='"1"').status_code == 200
    assert _refused(office.act(poll, "approve", editor)) == (403, "own-poll")
    administrator = office.token("bob", "administrator", "approver")
    assert _refused(office.act(poll, "approve", administrator)) == (403, "own-poll")
    assert office.state(poll) == "draft"
    assert office.said(poll) == []


def test_only_fresh_approvers_of_the_department_decide(office: Office) -> None:
    poll = office.opened()
    stale = office.token("bea", "approver", fresh=False)
    parks = office.token("pia", "approver", department="parks")
    for act in ACTS:
        for token, status, code in (
            (None, 401, "token-missing"),
            (stale, 401, "fresh-sign-in-needed"),
            (office.token("mia", "moderator"), 403, "duty-missing"),
            (parks, 403, "not-your-department"),
            (office.citizen(), 403, "token-for-others"),
        ):
            seen = {"If_Match": '"1"'}
            answer = office.post(f"/polls/{poll}/{act}", REASONS.get(act), token, **seen)
            assert _refused(answer) == (status, code), act
    assert office.state(poll) == "open"


def test_an_unknown_poll_cannot_be_decided_about(office: Office) -> None:
    for act in ACTS:
        for poll in ("0123456789abcdef", "a%00b"):
            assert _refused(office.act(poll, act)) == (404, "poll-unknown")


WAYS = {
    "draft": {"approve", "cancel"},
    "approved": {"cancel"},
    "frozen": {"open", "cancel"},
    "open": {"suspend", "close", "cancel"},
    "suspended": {"resume", "close", "cancel"},
    "closing": {"cancel"},
    "closed": set(),
    "published": set(),
    "cancelled": set(),
}


@pytest.mark.parametrize("state", WAYS)
def test_only_these_acts_are_possible(office: Office, state: str) -> None:
    poll = _reach(office, state)
    before = office.happened(poll)
    for act in ACTS:
        if act in WAYS[state]:
            continue
        answer = office.act(poll, act)
        assert answer.status_code == 409, act
        assert set(answer.json["sentence"]) == {"ko", "en"}
    assert office.state(poll) == state
    assert office.happened(poll) == before


@pytest.mark.parametrize("state", [state for state in WAYS if "cancel" in WAYS[state]])
def test_a_poll_is_cancelled_from_any_state_before_closed(office: Office, state: str) -> None:
    poll = _reach(office, state)
    answer = office.act(poll, "cancel") if state == "draft" else office.together(poll, "cancel")
    assert (answer.status_code, answer.json["state"]) == (200, "cancelled")
    assert answer.json["reason"] == REASON["reason"]
    (entry,) = [one for one in office.happened(poll) if one.name == "PollCancelled"]
    assert (entry.body["before"], entry.body["reason"]) == (state, REASON["reason"])
    assert bool(office.said(poll)) == (state != "draft")
    public = office.get(f"/polls/{poll}")
    if state in ("draft", "approved"):
        assert public.status_code == 404
    else:
        assert public.json["reason"] == REASON["reason"]


def test_closing_twice_is_refused(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "close")
    assert _refused(office.act(poll, "close")) == (409, "poll-closed")
    assert [one.name for one in office.happened(poll)].count("PollClosing") == 1


def test_closing_from_several_threads_at_once_closes_once(office: Office) -> None:
    poll = office.opened()
    answers: list[tuple[int, str | None]] = []
    start, body = threading.Barrier(6), {"pending": office.ask(poll, "close")}

    def close() -> None:
        client = office.http.application.test_client()
        start.wait()
        answer = client.post(
            f"/api/v1/polls/{poll}/close",
            headers={"Authorization": f"Bearer {office.approver}"},
            json=body,
        )
        answers.append((answer.status_code, answer.json.get("code")))

    threads = [threading.Thread(target=close) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(answers, key=str) == [(200, None)] + [(409, "poll-closed")] * 5
    assert [one.name for one in office.happened(poll)].count("PollClosing") == 1
    assert [one["body"].get("state") for one in office.said(poll)].count("closing") == 1


NO_REASONS: list[dict[str, object] | None] = [
    None,
    {},
    {"reason": "flooded"},
    {"reason": {"ko": "침수"}},
    {"reason": {"ko": " ", "en": "Flooded"}},
    {"reason": words("x" * 1001)},
    {**REASON, "more": 1},
]


def test_stopping_needs_a_reason_in_both_languages(office: Office) -> None:
    poll = office.opened()
    for act in ("suspend", "cancel"):
        for body in NO_REASONS:
            answer = office.post(f"/polls/{poll}/{act}", body, office.approver)
            assert answer.status_code == 422, body
    assert office.state(poll) == "open"


def test_a_reason_goes_when_the_poll_goes_on(office: Office) -> None:
    poll = office.opened()
    office.must(poll, "suspend")
    assert office.get(f"/polls/{poll}").json["reason"] == REASON["reason"]
    office.must(poll, "resume")
    assert office.get(f"/polls/{poll}").json["reason"] is None


def test_a_draft_that_became_impossible_is_not_approved(office: Office) -> None:
    poll = office.draft()
    late = datetime.now(UTC) + timedelta(hours=2)
    with pytest.raises(DraftRefused) as refused:
        office.at_work(service.approve_poll, poll, known={1}, official=BEA, now=late)
    assert list(refused.value.errors) == ["closes"]
    assert office.state(poll) == "draft"


def test_what_changed_since_it_was_read_is_not_approved(office: Office) -> None:
    poll = office.draft()
    changed = make_poll_draft(title=words("Sell the park"))
    assert (
        office.put(f"/polls/{poll}/draft", changed, office.drafter, If_Match='"1"').status_code
        == 200
    )
    path = f"/polls/{poll}/approve"
    assert _refused(office.post(path, None, office.approver)) == (428, "revision-needed")
    stale = office.post(path, None, office.approver, If_Match='"1"')
    assert _refused(stale) == (412, "draft-changed-meanwhile")
    assert office.state(poll) == "draft"
    assert office.post(path, None, office.approver, If_Match='"2"').status_code == 200


def test_a_scheduled_poll_is_not_opened_before_its_time(office: Office) -> None:
    opens = datetime.now(UTC).replace(microsecond=0) + timedelta(minutes=10)
    poll = office.frozen(opens=iso(opens))
    answer = office.act(poll, "open")
    assert _refused(answer) == (409, "opens-by-schedule")
    told = (opens + timedelta(hours=9)).strftime("%Y-%m-%d %H:%M KST")
    assert answer.json["params"] == {"opens": told}
    assert told in answer.json["sentence"]["ko"]
    opened = office.at_work(service.open_poll, poll, official=BEA, now=opens)
    assert opened.state == "open"


def test_no_poll_opens_or_goes_on_after_its_closing_time(office: Office) -> None:
    late = datetime.now(UTC) + timedelta(hours=2)
    frozen, suspended = office.frozen(), office.opened()
    office.must(suspended, "suspend")
    for verb, poll in ((service.open_poll, frozen), (service.resume_poll, suspended)):
        with pytest.raises(ClosingTimePassed):
            office.at_work(verb, poll, official=BEA, now=late)


def test_the_answer_of_an_act_is_json_with_the_link(office: Office) -> None:
    poll = office.draft()
    approved = office.act(poll, "approve").json
    assert (approved["link"], approved["ph"], approved["approver"]) == (None, None, "bea")
    office.freeze(poll)
    opened = office.act(poll, "open").json
    assert opened["link"].endswith(f"/polls/{poll}?ph={opened['ph'][:16]}")
    assert json.dumps(opened)
