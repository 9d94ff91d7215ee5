"""Templates of a department and of the city, those that came along, and copies of polls."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from mvote.core.times import iso, parse_iso
from mvote.votes.polls.service.shipped import SHIPPED
from tests.makers import make_poll_draft, words, yes_no_question
from tests.votes.polls.conftest import Office

OWN = {"record", "department", "opens", "closes"}


def _save(office: Office, poll: str, token: str | None = None, **body: Any) -> Any:
    sent = {"name": words("Bridges"), **body}
    return office.post(f"/polls/{poll}/templates", sent, token or office.drafter)


def _begin(office: Office, template: str, **body: Any) -> Any:
    return office.post(f"/templates/{template}/drafts", body, office.drafter)


@pytest.mark.parametrize("template", sorted(SHIPPED))
def test_every_template_that_comes_along_becomes_a_poll(office: Office, template: str) -> None:
    made = _begin(office, template)
    assert made.status_code == 201, made.json
    assert made.headers["Location"] == f"/api/v1/polls/{made.json['id']}/draft"
    draft = made.json["draft"]
    assert draft["department"] == "roads"
    closes = parse_iso(draft["closes"])
    assert timedelta(days=13) < closes - datetime.now(UTC) <= timedelta(days=14)
    if draft["level"] == "confidential":
        office.must(made.json["id"], "approve")
        office.freeze(made.json["id"])
        assert office.state(made.json["id"]) == "frozen"
    else:
        office.must(made.json["id"], "approve")
    gone = office.delete(f"/templates/{template}", office.drafter)
    assert (gone.status_code, gone.json["code"]) == (409, "template-shipped")


def test_a_poll_is_kept_as_a_template_and_others_are_begun_from_it(office: Office) -> None:
    poll = office.draft(title=words("The bridge of spring"))
    saved = _save(office, poll)
    assert (saved.status_code, saved.json["department"]) == (201, "roads")
    assert not OWN & saved.json["content"].keys()
    listed = office.get("/templates", office.approver).json["items"]
    assert [one["id"] for one in listed] == [*SHIPPED, saved.json["id"]]
    read = office.get(f"/templates/{saved.json['id']}", office.approver)
    assert read.json == saved.json
    opens = iso(datetime.now(UTC) + timedelta(days=3))
    begun = _begin(office, saved.json["id"], title=words("Autumn"), opens=opens)
    draft = begun.json["draft"]
    assert (draft["title"], draft["opens"]) == (words("Autumn"), opens)
    assert parse_iso(draft["closes"]) == parse_iso(opens) + timedelta(days=14)
    before = office.get(f"/polls/{poll}/draft", office.drafter).json["draft"]
    assert draft["questions"] == before["questions"]
    assert draft["record"] != before["record"]
    assert office.delete(f"/templates/{saved.json['id']}", office.drafter).status_code == 204
    gone = office.get(f"/templates/{saved.json['id']}", office.drafter)
    assert (gone.status_code, gone.json["code"]) == (404, "template-unknown")
    assert office.get(f"/polls/{begun.json['id']}/draft", office.drafter).status_code == 200


def test_another_department_sees_the_citys_templates_and_not_ours(office: Office) -> None:
    poll = office.draft()
    ours = _save(office, poll).json["id"]
    refused = _save(office, poll, whole_city=True)
    assert (refused.status_code, refused.json["code"]) == (403, "template-of-the-city")
    hidden = _save(office, poll, office.administrator, whole_city=True)
    assert (hidden.status_code, hidden.json["code"]) == (403, "not-your-department")
    city = _save(office, office.frozen(), office.administrator, whole_city=True).json
    assert city["department"] is None
    parks = office.token("pia", "drafter", department="parks")
    seen = [one["id"] for one in office.get("/templates", parks).json["items"]]
    assert seen == [*SHIPPED, city["id"]]
    for path in (f"/templates/{ours}", "/templates/nothing", "/templates/a%00b"):
        assert office.get(path, parks).json["code"] == "template-unknown"
    assert office.delete(f"/templates/{ours}", parks).json["code"] == "template-unknown"
    theirs = office.delete(f"/templates/{city['id']}", parks)
    assert (theirs.status_code, theirs.json["code"]) == (403, "template-of-the-city")
    begun = office.post(f"/templates/{city['id']}/drafts", {}, parks)
    assert begun.json["draft"]["department"] == "parks"
    assert office.delete(f"/templates/{city['id']}", office.administrator).status_code == 204


def test_a_poll_that_one_may_read_is_copied_with_times_of_its_own(office: Office) -> None:
    opens = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1)
    closes = opens + timedelta(days=5)
    poll = office.frozen(opens=iso(opens), closes=iso(closes), turnout_step=7)
    parks = office.token("pia", "drafter", department="parks")
    copied = office.post(f"/polls/{poll}/copies", {}, parks)
    assert copied.status_code == 201, copied.json
    draft = copied.json["draft"]
    assert (copied.json["state"], draft["department"]) == ("draft", "parks")
    assert (draft["turnout_step"], draft["opens"]) == (7, None)
    left = parse_iso(draft["closes"]) - datetime.now(UTC)
    assert timedelta(days=5) - timedelta(minutes=1) < left <= timedelta(days=5)
    asked = {"opens": iso(closes), "closes": iso(closes + timedelta(days=1))}
    again = office.post(f"/polls/{poll}/copies", asked, office.drafter)
    assert {key: again.json["draft"][key] for key in asked} == asked
    office.must(poll, "cancel")
    assert office.post(f"/polls/{poll}/copies", {}, office.drafter).status_code == 201
    draft_of_roads = office.draft()
    for path in ("copies", "templates"):
        body = {"name": words("x")} if path == "templates" else {}
        refused = office.post(f"/polls/{draft_of_roads}/{path}", body, parks)
        assert (refused.status_code, refused.json["code"]) == (403, "not-your-department")


def test_a_copy_or_template_asked_for_wrongly_is_refused(office: Office) -> None:
    poll = office.draft()
    past = iso(datetime.now(UTC) - timedelta(days=1))
    for body, status, code in (
        ({"closes": past}, 422, "draft-refused"),
        ({"department": "parks"}, 403, "not-your-department"),
        ({"department": "no where"}, 422, "fields-refused"),
        ({"record": "0123456789abcdef"}, 422, "draft-refused"),
        ({"opens": "soon"}, 422, "fields-refused"),
        ({"opens": "9999-12-31T23:59:59Z"}, 422, "draft-refused"),
        ({"title": {"ko": "하나"}}, 422, "fields-refused"),
        ({"questions": []}, 422, "fields-refused"),
    ):
        for path in (f"/polls/{poll}/copies", "/templates/yes-no/drafts"):
            answer = office.post(path, body, office.drafter)
            assert (answer.status_code, answer.json["code"]) == (status, code), body
    for path in ("copies", "templates"):
        body = {"name": words("x")} if path == "templates" else {}
        for unknown in ("0123456789abcdef", "a%00b"):
            answer = office.post(f"/polls/{unknown}/{path}", body, office.drafter)
            assert (answer.status_code, answer.json["code"]) == (404, "poll-unknown")
    for name in ({"ko": "하나"}, words("x" * 101), None):
        assert _save(office, poll, name=name).status_code == 422
    for token, status in ((None, 401), (office.approver, 403), (office.citizen(), 403)):
        assert office.post(f"/polls/{poll}/copies", {}, token).status_code == status


def test_a_template_that_has_become_impossible_begins_nothing(office: Office) -> None:
    """What a template says is checked as if it were written anew."""
    question = yes_no_question(type="single-choice", options=[])
    refused = office.post("/polls", make_poll_draft(questions=[question]), office.drafter)
    assert refused.status_code == 422
    saved = _save(office, office.draft()).json["id"]
    soon = iso(datetime.now(UTC) + timedelta(days=1))
    late = _begin(office, saved, opens=soon, closes=iso(datetime.now(UTC) + timedelta(hours=1)))
    assert (late.status_code, list(late.json["errors"])) == (422, ["closes"])
