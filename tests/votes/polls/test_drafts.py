"""Drafting: field by field, revision by revision, only for those who may."""

import json
import unicodedata
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mvote.core.times import iso
from tests.makers import budget_question, make_poll_draft, words, yes_no_question
from tests.votes.polls.conftest import Office

YES_NO = yes_no_question()


def test_a_draft_is_kept_and_its_address_and_revision_are_told(office: Office) -> None:
    declared = {"condition": "declared", "of": {"condition": "gender", "any_of": ["f"]}}
    some = {"any": [declared, {"condition": "birth-year", "from": 1990}]}
    audience = {"all": [{"condition": "district", "any_of": ["garam"]}, some]}
    answer = office.post("/polls", make_poll_draft(audience=audience), office.drafter)
    assert answer.status_code == 201
    assert answer.json["draft"]["audience"] == audience
    poll = answer.json["id"]
    assert answer.headers["Location"] == f"/api/v1/polls/{poll}/draft"
    assert answer.headers["ETag"] == '"1"'
    read = office.get(f"/polls/{poll}/draft", office.drafter)
    assert read.status_code == 200
    assert read.json == answer.json
    assert (read.json["state"], read.headers["ETag"]) == ("draft", '"1"')
    options = [option["id"] for option in read.json["draft"]["questions"][0]["options"]]
    assert options == ["yes", "no"]


def test_a_draft_gets_a_record_of_its_own(office: Office) -> None:
    polls = [office.draft(), office.draft()]
    records = {
        office.get(f"/polls/{poll}/draft", office.drafter).json["draft"]["record"] for poll in polls
    }
    assert len(records) == 2


def test_a_poll_joins_a_record_that_a_frozen_poll_of_its_department_began(office: Office) -> None:
    first = office.frozen()
    record = office.get(f"/polls/{first}").json["record"]
    again = office.get(f"/polls/{office.draft(record=record)}/draft", office.drafter)
    assert again.json["draft"]["record"] == record


@pytest.mark.parametrize("begun", [False, True])
def test_a_poll_joins_no_record_of_nobody_or_of_others(office: Office, begun: bool) -> None:
    record = "0123456789abcdef"
    if begun:
        record = office.get(f"/polls/{office.frozen()}").json["record"]
    parks = office.token("pia", "drafter", department="parks")
    draft = make_poll_draft(department="parks", record=record)
    answer = office.post("/polls", draft, parks)
    assert answer.status_code == 422
    assert list(answer.json["errors"]) == ["record"]


def test_every_fault_is_told_by_its_field(office: Office) -> None:
    draft = make_poll_draft(
        kind="plebiscite",
        closes="tomorrow",
        turnout_step=0,
        surprise=1,
        questions=[yes_no_question(title={"ko": "하나"})],
    )
    del draft["revote"]
    answer = office.post("/polls", draft, office.drafter)
    assert (answer.status_code, answer.json["code"]) == (422, "draft-refused")
    assert answer.content_type.startswith("application/problem+json")
    fields = {"kind", "closes", "turnout_step", "surprise", "revote", "questions[0].title"}
    assert set(answer.json["errors"]) == fields


AGAINST_THE_RULES: list[tuple[dict[str, Any], str]] = [
    ({"department": "nowhere"}, "department"),
    ({"closes": iso(datetime.now(UTC) - timedelta(seconds=1))}, "closes"),
    (
        {"kind": "statistic", "questions": [yes_no_question(), yes_no_question(id="q2")]},
        "questions",
    ),
    ({"kind": "budget"}, "questions"),
    ({"questions": [budget_question(10, {"a": -1})]}, "questions[0].options[0].cost"),
    ({"level": "sealed"}, "level"),
    ({"record": None}, "record"),
    ({"v": 2}, "v"),
]


def test_a_draft_against_the_rules_is_refused(office: Office) -> None:
    for changes, field in AGAINST_THE_RULES:
        own = changes.get("department", "roads")
        drafter = office.token("dora", "drafter", department=own)
        answer = office.post("/polls", make_poll_draft(**changes), drafter)
        assert answer.status_code == 422, field
        assert field in answer.json["errors"]
    shown = office.get("/departments/roads/polls", office.drafter)
    assert shown.json["items"] == []


def test_a_city_may_want_smaller_polls_than_the_form_allows(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    votes = office.http.application
    made = votes.extensions["mvote"]
    smaller = replace(made.settings, questions_per_poll=1, options_per_question=2)
    monkeypatch.setitem(votes.extensions, "mvote", replace(made, settings=smaller))
    large = [budget_question(10, {"a": 1, "b": 2, "c": 3}), yes_no_question()]
    answer = office.post("/polls", make_poll_draft(questions=large), office.drafter)
    assert (answer.status_code, answer.json["code"]) == (422, "draft-refused")
    assert set(answer.json["errors"]) == {"questions", "questions[0].options"}
    assert office.post("/polls", make_poll_draft(), office.drafter).status_code == 201


NO_DRAFTS = [
    (b"", 400, "malformed-json"),
    (b"[]", 422, "draft-refused"),
    (b"null", 422, "draft-refused"),
    (b"{", 400, "malformed-json"),
    (b'{"v":1,"v":1}', 400, "malformed-json"),
    (b'{"v":1.0}', 400, "malformed-json"),
    (b'{"title":"\\u0000"}', 400, "malformed-json"),
    (b"[" * 100 + b"]" * 100, 400, "malformed-json"),
]


def test_what_is_no_draft_at_all_is_refused(office: Office) -> None:
    headers = {"Authorization": f"Bearer {office.drafter}", "Content-Type": "application/json"}
    for raw, status, code in NO_DRAFTS:
        answer = office.http.post("/api/v1/polls", data=raw, headers=headers)
        assert (answer.status_code, answer.json["code"]) == (status, code), raw


def test_hangul_in_pieces_is_refused(office: Office) -> None:
    nfd = unicodedata.normalize("NFD", "다리를 놓을까요?")
    assert nfd != "다리를 놓을까요?"
    answer = office.post(
        "/polls", make_poll_draft(title={"ko": nfd, "en": "Bridge"}), office.drafter
    )
    assert (answer.status_code, answer.json["code"]) == (400, "malformed-json")


def test_markup_in_a_title_stays_the_text_it_is(office: Office) -> None:
    title = {"ko": "<b>다리</b> & <script>alert(1)</script>", "en": "</script><img src=x>"}
    poll = office.frozen(title=title)
    answer = office.get(f"/polls/{poll}")
    assert answer.content_type == "application/json"
    assert answer.json["definition"]["title"] == title
    assert answer.json["title"] == title


def test_a_draft_is_saved_by_whoever_saw_its_last_revision(office: Office) -> None:
    poll = office.draft()
    changed = make_poll_draft(title=words("Two bridges"))
    saved = office.put(f"/polls/{poll}/draft", changed, office.drafter, If_Match='"1"')
    assert (saved.status_code, saved.headers["ETag"]) == (200, '"2"')
    assert saved.json["draft"]["title"] == words("Two bridges")
    late = office.put(f"/polls/{poll}/draft", make_poll_draft(), office.drafter, If_Match='"1"')
    assert (late.status_code, late.json["code"]) == (412, "draft-changed-meanwhile")
    read = office.get(f"/polls/{poll}/draft", office.drafter)
    assert read.json["draft"]["title"] == words("Two bridges")
    assert [one.name for one in office.happened(poll)] == ["PollDrafted", "DraftChanged"]


def test_saving_keeps_the_record(office: Office) -> None:
    poll = office.draft()
    before = office.get(f"/polls/{poll}/draft", office.drafter).json["draft"]
    for draft in (make_poll_draft(), before):
        revision = office.get(f"/polls/{poll}/draft", office.drafter).headers["ETag"]
        saved = office.put(f"/polls/{poll}/draft", draft, office.drafter, If_Match=revision)
        assert saved.json["draft"]["record"] == before["record"]


IF_MATCH = [
    (None, 428, "revision-needed"),
    ("*", 428, "revision-needed"),
    ('W/"1"', 412, "draft-changed-meanwhile"),
    ('"one"', 412, "draft-changed-meanwhile"),
    ('"99999999999999999999"', 412, "draft-changed-meanwhile"),
    ('"7", "1"', 200, None),
]


def test_saving_needs_the_revision_seen(office: Office) -> None:
    poll = office.draft()
    for if_match, status, code in IF_MATCH:
        headers = {"If_Match": if_match} if if_match else {}
        answer = office.put(f"/polls/{poll}/draft", make_poll_draft(), office.drafter, **headers)
        assert (answer.status_code, answer.json.get("code")) == (status, code), if_match


def test_only_drafters_of_the_department_write(office: Office) -> None:
    poll = office.draft()
    parks = office.token("pia", "drafter", "approver", department="parks")
    for token, status, code in (
        (office.approver, 403, "duty-missing"),
        (parks, 403, "not-your-department"),
        (office.citizen(), 403, "token-for-others"),
        (None, 401, "token-missing"),
        ("rubbish", 401, "token-not-valid"),
    ):
        for answer in (
            office.post("/polls", make_poll_draft(), token),
            office.put(f"/polls/{poll}/draft", make_poll_draft(), token, If_Match='"1"'),
        ):
            assert (answer.status_code, answer.json["code"]) == (status, code)
    read = office.get(f"/polls/{poll}/draft", parks)
    assert (read.status_code, read.json["code"]) == (403, "not-your-department")
    assert office.get(f"/polls/{poll}/draft", office.approver).status_code == 200


def test_a_draft_is_not_moved_to_a_department_of_others(office: Office) -> None:
    poll = office.draft()
    moved = make_poll_draft(department="parks")
    answer = office.put(f"/polls/{poll}/draft", moved, office.drafter, If_Match='"1"')
    assert (answer.status_code, answer.json["code"]) == (403, "not-your-department")


def test_an_approved_or_frozen_poll_is_not_edited(office: Office) -> None:
    poll = office.draft()

    def save() -> tuple[int, str]:
        etag = office.get(f"/polls/{poll}/draft", office.drafter).headers["ETag"]
        answer = office.put(
            f"/polls/{poll}/draft", make_poll_draft(), office.drafter, If_Match=etag
        )
        return answer.status_code, answer.json["code"]

    office.must(poll, "approve")
    assert save() == (409, "already-approved")
    office.freeze(poll)
    assert save() == (409, "already-frozen")
    office.must(poll, "open")
    assert save() == (409, "already-frozen")
    office.must(poll, "cancel")
    assert save() == (409, "poll-cancelled")


def test_an_unknown_draft_is_not_found(office: Office) -> None:
    for poll in ("0123456789abcdef", "nothing", "a%00b", "0" * 16 + "%0A"):
        read = office.get(f"/polls/{poll}/draft", office.drafter)
        saved = office.put(
            f"/polls/{poll}/draft", make_poll_draft(), office.drafter, If_Match='"1"'
        )
        assert [read.status_code, saved.status_code] == [404, 404]
        assert read.json["code"] == "poll-unknown"


def test_officials_see_all_polls_of_their_department_page_by_page(office: Office) -> None:
    drafts = {office.draft() for _ in range(4)} | {office.frozen()}
    seen: list[str] = []
    after = ""
    while True:
        page = office.get(f"/departments/roads/polls?limit=2&after={after}", office.approver).json
        seen += [one["id"] for one in page["items"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert len(seen) == len(set(seen))
    assert set(seen) == drafts
    parks = office.token("pia", "approver", department="parks")
    refused = office.get("/departments/roads/polls", parks)
    assert (refused.status_code, refused.json["code"]) == (403, "not-your-department")
    assert office.get("/departments/roads/polls").status_code == 401


def test_two_savings_at_once_are_one(office: Office) -> None:
    """Both saw revision 1; the later has to look again, in whatever order they come."""
    poll = office.draft()
    app = office.http.application

    def save(number: int) -> int:
        answer = app.test_client().put(
            f"/api/v1/polls/{poll}/draft",
            data=json.dumps(make_poll_draft(title=words(f"Bridge {number}"))),
            headers={
                "Authorization": f"Bearer {office.drafter}",
                "Content-Type": "application/json",
                "If-Match": '"1"',
            },
        )
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        assert sorted(pool.map(save, range(8))) == [200] + [412] * 7
