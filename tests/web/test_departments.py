"""Whoever acts for another department is turned away, whatever their duties, by every route."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import insert

from mvote.core.official import FOR_DEPARTMENT, Official
from mvote.core.questions.private_texts import write_text
from mvote.core.secrecy.ballot import leaf_of
from mvote.core.secrecy.receipt import make_receipt
from mvote.core.times import iso
from mvote.core.working_time import read_within
from mvote.db import transaction
from mvote.installation import installation
from mvote.people.rolls.service.rooms import make_room
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.indicators.tables import IndicatorQuestionRow, IndicatorRow
from mvote.votes.moderation import service as moderation
from mvote.votes.opinions import service as opinions
from mvote.votes.polls import service as polls
from mvote.votes.pools import service as pools
from mvote.votes.pools.tables import PoolContestRow
from mvote.votes.proposals import service as proposals
from mvote.votes.threads.tables import AuthorRow, PostRow
from mvote.web.matrix import MATRIX
from tests.faults.wishes import RUDE, WISH, wish
from tests.makers import make_poll_draft, words, yes_no_question
from tests.votes import carrying
from tests.votes.ballots.booth import Booth
from tests.votes.ballots.test_texts import WHY
from tests.web.bodies import body_of
from tests.web.test_matrix import ACCESS_CODES, rules_of

DEPARTMENT, OTHER = "roads", "parks"
CONTEST, INDICATOR, QUESTION, POST = ("c" * 16, "1" * 16, "q" * 16, "p" * 16)
ON_SQLITE = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
NAMELESS = {
    "make_room": "a new room is of the official's own department",
    "list_rooms": "shows those of the own department",
    "list_templates": "shows those of the own department",
    "assign_due": "the coordinating department settles for all others",
    "list_moderation_queue": "shows those of the own department",
}
"""Routes that act for a department and name nothing that could be another's, and why not."""


def things_of(app: Flask, http: FlaskClient, mine: dict[str, str]) -> dict[str, str]:
    """One of everything that a department can have, by the name that it has in an address."""
    booth = Booth.open(app, questions=[yes_no_question(reason=True), WHY])
    answer, why = write_text("Plant trees")
    ballot = booth.ballot("ann", answers={"q1": ["no"], "q2": answer})
    assert booth.cast({**ballot, "texts": {"q2": why}}).status_code == 201
    complaint = http.post(f"{booth.path.removesuffix('/ballots')}/complaints", json=receipt(booth))
    assert complaint.status_code == 201, complaint.text
    with app.app_context():
        room = make_room(
            words=words("A room"),
            password="a password of a room",
            official=Official("o", DEPARTMENT, frozenset(FOR_DEPARTMENT)),
            now=carrying.now(),
        )
        carrying.close(booth.poll, issued=1)
        opinions.follow_polls()
        records.follow_polls()
        [opinion] = opinions.list_pool(booth.poll, state=None, official=OFFICIAL, limit=1)
        record = str(polls.get_poll(booth.poll).record)
        steps = [{"text": words("Dig."), "due": carrying.now().date() + timedelta(days=9)}]
        promised = {"text": words("A well."), "steps": steps, "now": carrying.now()}
        promise, _ = records.make_promise(record, **promised, official=OFFICIAL)
        rest = said_by_citizens(booth.poll, record)
    saved = http.post(
        f"/api/v1/polls/{booth.poll}/templates", json=body_of("save_template"), headers=mine
    )
    assert saved.status_code == 201, saved.text
    return {
        "poll_id": booth.poll,
        "record_id": record,
        "promise": promise.poll,
        "step": "1",
        "opinion_id": opinion.id,
        "template_id": saved.get_json()["id"],
        "code": DEPARTMENT,
        "number": complaint.get_json()["complaint"],
        "room": room.number,
        "pending": "0" * 16,
        **rest,
    }


def said_by_citizens(poll: str, record: str) -> dict[str, str]:
    """A call with proposals, a pool with a contest, a question, and what is owed."""
    now = carrying.now()
    wish(now, poll=poll)
    seeds = {"title": words("Ways"), "intro": words("Say so"), "seeds": [words("Wider.")]}
    until = {"closes": now + timedelta(hours=1), "votes_public": True, "now": now}
    pool = pools.open_pool(record, **seeds, **until, official=OFFICIAL).id
    with transaction("votes") as session:
        act = {"holder": "0" * 64, "seq": 1}
        contest = {"id": CONTEST, "pool": pool, "statement": "0" * 16, "answer": ""}
        session.execute(insert(PoolContestRow).values(**contest, **act))
        post = {"id": POST, "record": record, "kind": "for", "parent": "", "day": now.date()}
        session.execute(insert(PostRow).values(**post, **act))
        session.execute(insert(AuthorRow).values(record=record, holder=act["holder"], label=1))
        told = {"name": "{}", "unit": "{}", "department": DEPARTMENT}
        session.execute(insert(IndicatorRow).values(id=INDICATOR, **told))
        asked = {"id": QUESTION, "indicator": INDICATOR, "period": "2030", "scope": "0" * 16}
        became = {"became": "", "as_id": "", "act": 1, "holder": act["holder"]}
        session.execute(insert(IndicatorQuestionRow).values(**asked, **became))
        written = {"text": "Why?", "author": act["holder"], "department": DEPARTMENT, "now": now}
        moderation.submit(session, kind="question", item=QUESTION, **written)
        moderation.submit(session, kind="post", item=POST, record=record, **written)
        due = dues.set_due(
            session,
            record=record,
            cause="c" * 16,
            kind="interim",
            department=DEPARTMENT,
            start=now,
            within=read_within("9 days"),
            now=now,
        ).id
    return {
        "call_id": proposals.list_calls(after=None, limit=1)[0].id,
        "proposal_id": WISH,
        "pool_id": pool,
        "contest_id": CONTEST,
        "question_id": QUESTION,
        "post_id": POST,
        "due_id": due,
        "kind": "proposal",
        "item": WISH,
    }


OFFICIAL = Official("o", DEPARTMENT, frozenset(FOR_DEPARTMENT))


def receipt(booth: Booth) -> dict[str, Any]:
    """A promise that the board did not keep."""
    dropped = booth.ballot("dropped", answers={"q1": ["no"]})
    with booth.app.app_context():
        made = make_receipt(
            installation().keys["votes"]["board"].private,
            poll=booth.poll,
            leaf=leaf_of(dropped),
            include_by=iso(carrying.now() - timedelta(hours=1)),
            origin=f"localhost:8000/polls/{booth.poll}",
        )
    return {"receipt": made.to_json()}


@ON_SQLITE
def test_every_route_of_a_department_turns_those_of_another_away(
    app: Flask, http: FlaskClient
) -> None:
    with app.app_context():
        mine = carrying.bearer(Official("o", DEPARTMENT, frozenset(FOR_DEPARTMENT)))
        other = carrying.bearer(Official("p", OTHER, frozenset(FOR_DEPARTMENT)))
    things = things_of(app, http, mine)
    asked: list[tuple[str, str, str, Any]] = []
    for name, access in MATRIX.items():
        if not access.own_department or name in NAMELESS:
            continue
        for rule, method in rules_of(app, name):
            named = dict(things)
            if rule.rule.startswith("/api/v1/rooms/"):
                named["number"] = things["room"]
            address = rule.build({one: named[one] for one in rule.arguments}, append_unknown=False)
            assert address is not None
            body = make_poll_draft() if name in ("draft_poll", "change_draft") else body_of(name)
            if name == "merge_proposal":
                body["into"] = RUDE
            asked.append((method, name, address[1], body))
    assert len(asked) > 25

    def told(one: tuple[str, str, str, Any], headers: dict[str, str]) -> tuple[int, str]:
        method, _, path, body = one
        sent = {**headers, "If-Match": '"1"'}
        answer = http.open(path, method=method, json=body, headers=sent)
        return answer.status_code, (answer.get_json(silent=True) or {}).get("code", "ok")

    refused = {one[1]: told(one, other) for one in asked}
    assert {
        name: said
        for name, said in refused.items()
        if said[0] not in (403, 404) or said[1] in ACCESS_CODES
    } == {}
    # It was the department and nothing else: their own get another answer.
    in_turn = sorted(asked, key=lambda one: one[0] == "DELETE")
    assert [one[1] for one in in_turn if told(one, mine) == refused[one[1]]] == []


@ON_SQLITE
def test_what_is_listed_is_the_own_departments(app: Flask, http: FlaskClient) -> None:
    with app.app_context():
        mine = carrying.bearer(Official("o", DEPARTMENT, frozenset(FOR_DEPARTMENT)))
        other = carrying.bearer(Official("p", OTHER, frozenset(FOR_DEPARTMENT)))
    things = things_of(app, http, mine)
    for path, thing in (("rooms", "room"), ("templates", "template_id")):
        shown = [http.get(f"/api/v1/{path}", headers=who).text for who in (mine, other)]
        assert [things[thing] in text for text in shown] == [True, False], path
