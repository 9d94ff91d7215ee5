"""Who comes too late with a draft is shown what another official changed."""

import copy
from typing import Any

from sqlalchemy import func, select

from mvote.core.difference import differences
from mvote.votes.polls.tables import DraftRevisionRow
from tests.makers import make_poll_draft, words, yes_no_question
from tests.votes.polls.conftest import Office


def _save(office: Office, poll: str, token: str, *, etag: str, **changes: Any) -> Any:
    kept = office.get(f"/polls/{poll}/draft", office.approver).json["draft"]
    return office.put(f"/polls/{poll}/draft", {**kept, **changes}, token, If_Match=etag)


def test_the_refusal_shows_the_changes_and_who_made_them(office: Office) -> None:
    poll, eve = office.draft(), office.token("eve", "drafter")
    before = office.get(f"/polls/{poll}/draft", office.drafter).json["draft"]
    assert _save(office, poll, eve, etag='"1"', title=words("Two bridges")).status_code == 200
    more = [yes_no_question(), yes_no_question(id="q2")]
    assert _save(office, poll, eve, etag='"2"', questions=more, revote=False).status_code == 200
    late = _save(office, poll, office.drafter, etag='"1"', summary=words("Mine"))
    assert (late.status_code, late.json["code"]) == (412, "draft-changed-meanwhile")
    assert (late.json["etag"], late.json["by"], late.json["changes_left"]) == ('"3"', "eve", 0)
    changes = {one["pointer"]: one for one in late.json["changes"]}
    assert set(changes) == {"/title/ko", "/title/en", "/questions/1", "/revote"}
    assert changes["/title/en"]["old"] == before["title"]["en"]
    assert changes["/title/en"]["new"] == "Two bridges"
    assert changes["/questions/1"]["new"]["id"] == "q2"
    assert "old" not in changes["/questions/1"]
    assert (changes["/revote"]["old"], changes["/revote"]["new"]) == (True, False)
    nearer = _save(office, poll, office.drafter, etag='"2"', summary=words("Mine"))
    assert [one["pointer"] for one in nearer.json["changes"]] == ["/questions/1", "/revote"]
    several = _save(office, poll, office.drafter, etag='"1", "2"', summary=words("Mine"))
    assert several.json["changes"] == nearer.json["changes"]
    approving = office.post(f"/polls/{poll}/approve", None, office.approver, If_Match='"1"')
    assert approving.json["changes"] == late.json["changes"]


def test_of_revisions_that_nobody_kept_only_the_newest_is_named(office: Office) -> None:
    poll = office.draft()
    for etag in ('"0"', '"9"', '"x"'):
        late = _save(office, poll, office.drafter, etag=etag)
        assert late.status_code == 412
        assert late.json["etag"] == '"1"'
        assert "changes" not in late.json


def test_many_changes_are_cut_and_counted(office: Office) -> None:
    options = [{"id": f"o{n}", "title": words(f"Option {n}")} for n in range(110)]
    question = yes_no_question(type="single-choice", options=options)
    poll = office.draft(questions=[question])
    other = copy.deepcopy(question)
    for option in other["options"]:
        option["title"] = words(f"Other {option['id']}")
    assert _save(office, poll, office.drafter, etag='"1"', questions=[other]).status_code == 200
    late = _save(office, poll, office.drafter, etag='"1"')
    assert (len(late.json["changes"]), late.json["changes_left"]) == (200, 20)


def test_another_department_is_shown_nothing(office: Office) -> None:
    poll, parks = office.draft(), office.token("pia", "drafter", department="parks")
    refused = _save(office, poll, parks, etag='"7"')
    assert (refused.status_code, refused.json["code"]) == (403, "not-your-department")
    assert not {"etag", "by", "changes"} & refused.json.keys()


def test_revisions_are_dropped_when_a_poll_is_frozen_or_called_off(office: Office) -> None:
    def kept(poll: str) -> Any:
        query = select(func.count()).where(DraftRevisionRow.poll == poll)
        return office.in_transaction(lambda session: session.scalar(query))

    frozen, dropped = office.draft(), office.draft()
    _save(office, frozen, office.drafter, etag='"1"', revote=False)
    assert kept(frozen) == 2
    office.must(frozen, "approve")
    assert kept(frozen) == 2
    office.freeze(frozen)
    office.must(dropped, "cancel")
    assert [kept(frozen), kept(dropped)] == [0, 0]


def test_differences_are_the_smallest_places_and_escaped_as_rfc_6901_says() -> None:
    old = {"a/b": 1, "m~n": [1, 2, {"x": None}], "same": {"deep": [1]}, "gone": True}
    new = {"a/b": 1.0, "m~n": [1, 3], "same": {"deep": [1]}, "new": None}
    found = [one.to_json() for one in differences(old, new)]
    assert found == [
        {"pointer": "/a~1b", "old": 1, "new": 1.0},
        {"pointer": "/gone", "old": True},
        {"pointer": "/m~0n/1", "old": 2, "new": 3},
        {"pointer": "/m~0n/2", "old": {"x": None}},
        {"pointer": "/new", "new": None},
    ]
    assert list(differences(make_poll_draft(closes="x"), make_poll_draft(closes="x"))) == []
    assert [one.pointer for one in differences({"a": True}, {"a": 1})] == ["/a"]
    assert [one.pointer for one in differences([], {})] == [""]
