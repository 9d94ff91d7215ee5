"""From a citizen's wish to the city's answer, without a name and each step once."""

import json
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from sqlalchemy import func, select, text

from mvote.db import engine, reading
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.proposals import service
from mvote.votes.proposals.tables import SupportRow
from tests.makers import words
from tests.votes import carrying
from tests.votes.acting import Actor, permit
from tests.votes.proposals.calling import Hall, crowd, in_days, names_of, work

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
SUPPORTERS = 10_000
THREADS = 16


def test_a_wish_finds_supporters_a_record_a_clock_and_an_answer(hall: Hall) -> None:
    call = hall.open_call()
    ada = Actor.of(call, "Ada")
    wish = {
        "title": "자전거 길을 넓혀 주세요",
        "text": "<b>길이 좁습니다</b>\n=1+1",
        "topic": "streets",
        "district": "mapo",
    }
    sent = ada.act("propose", wish)
    made = hall.act(f"/calls/{call}/proposals", sent).get_json()
    proposal = made["id"]
    assert hall.act(f"/calls/{call}/proposals", sent).get_json() == made
    assert (made["title"], made["text"]) == (wish["title"], wish["text"])
    assert (made["state"], made["supports"], made["department"]) == ("collecting", 0, "roads")
    permit(proposal)
    bo = Actor.of(proposal, "Bo")
    path = f"/proposals/{proposal}/supports"
    first = bo.act("support", {"support": True})
    assert hall.act(path, first).get_json()["supports"] == 1
    assert hall.act(path, first).get_json() == {
        "proposal": proposal,
        "supporting": True,
        "supports": 1,
    }
    gone = hall.act(path, bo.act("support", {"support": False})).get_json()
    assert (gone["supporting"], gone["supports"]) == (False, 0)
    hall.act(path, bo.act("support", {"support": True}))
    hall.support(proposal, "Cy")
    assert work() == 1
    two = hall.get(f"/proposals/{proposal}")
    assert (two["supports"], two["reached"], two["record"]) == (2, 0, None)
    hall.support(proposal, "Di")
    assert (work(), work()) == (1, 0)
    three = hall.get(f"/proposals/{proposal}")
    assert (three["supports"], three["reached"]) == (3, 1)
    [stage] = three["stages_reached"]
    assert (stage["id"], stage["counted"]) == ("answer", 3)
    record = records.get_record(three["record"])
    [entered] = record.entries
    assert (entered.kind, entered.body["proposal"], entered.body["counted"]) == (
        *("proposal", proposal),
        3,
    )
    with reading("votes") as session:
        [due] = dues.list_dues(session, [three["record"]])[three["record"]]
    assert (due.cause, due.kind, due.department) == (proposal, "answer", "roads")
    assert due.open()
    back = Actor.of(call, "Ada").act("withdraw-proposal", {"proposal": proposal}, seq=2)
    told = hall.act(f"/proposals/{proposal}/withdrawal", back).get_json()
    assert told["code"] == "stage-reached-before"
    hall.support(proposal, "Ed", "Flo", "Gus")
    work()
    assert hall.get(f"/proposals/{proposal}")["reached"] == 2
    draft = hall.send(f"/proposals/{proposal}/polls", {})
    assert draft.status_code == 201, draft.text
    again = hall.send(f"/proposals/{proposal}/polls", {})
    assert (again.status_code, again.get_json()["id"]) == (200, draft.get_json()["id"])
    content = draft.get_json()["draft"]
    assert content["record"] == three["record"]
    assert content["questions"][0]["title"]["ko"] == wish["title"]
    assert f"/proposals/{proposal}" in content["summary"]["ko"]
    assert hall.get(f"/proposals/{proposal}")["polls"] == []
    reply = {"kind": "answer", "decision": "adopted", "text": words("We shall widen it.")}
    refused = hall.send(f"/proposals/{proposal}/replies", {**reply, "decision": None})
    assert set(refused.get_json()["errors"]) == {"decision"}
    other = hall.send(f"/proposals/{proposal}/replies", reply, by=hall.elsewhere)
    assert other.get_json()["code"] == "call-of-other-department"
    assert hall.send(f"/proposals/{proposal}/replies", reply).status_code == 201
    assert hall.send(f"/proposals/{proposal}/replies", reply).status_code == 200
    with reading("votes") as session:
        [met] = dues.list_dues(session, [three["record"]])[three["record"]]
    assert met.met_at is not None
    assert records.check_record(three["record"]) is None
    kinds = [entry.kind for entry in records.get_record(three["record"]).entries]
    assert kinds == ["proposal", "proposal", "proposal", "proposal-reply"]
    assert names_of(proposal).count("StageReached") == 2


def test_one_citizen_at_once_counts_once_and_ten_thousand_open_every_stage_once(
    hall: Hall,
) -> None:
    proposal = hall.propose(hall.open_call(thresholds="seoul-2017"), "A bridge")
    crowd(proposal, SUPPORTERS)
    zoe = Actor.of(proposal, "Zoe")
    acts = [zoe.act("support", {"support": True}) for _ in range(THREADS)]
    together = Barrier(THREADS)

    def send(raw: Any) -> int:
        together.wait()
        client = hall.app.test_client()
        code: int = client.post(f"/api/v1/proposals/{proposal}/supports", json=raw).status_code
        return code

    with ThreadPoolExecutor(THREADS) as pool:
        codes = list(pool.map(send, acts))
    assert set(codes) <= {200, 409}
    assert 200 in codes

    def count(_: int) -> int:
        with hall.app.app_context():
            return service.count_supports(carrying.now())

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(count, range(2)))
    found = hall.get(f"/proposals/{proposal}")
    assert (found["supports"], found["reached"]) == (SUPPORTERS + 1, 3)
    assert [one["id"] for one in found["stages_reached"]] == ["answer", "forum", "mayor"]
    assert names_of(proposal).count("StageReached") == 3
    assert len(records.get_record(found["record"]).entries) == 3
    with reading("votes") as session:
        assert session.scalar(select(func.count()).select_from(SupportRow)) == SUPPORTERS + 1
        owed = [one.kind for one in dues.list_dues(session, [found["record"]])[found["record"]]]
    assert sorted(owed) == ["answer", "answer", "first-reply"]
    assert service.order_supports(carrying.now())
    rows = _all_rows("proposal_supports")
    assert len(rows) == SUPPORTERS + 1
    assert set(rows[0]) == {"proposal", "holder"}
    place = (
        "ctid"
        if hall.app.extensions["mvote"].settings.votes_database_url.startswith("postgresql")
        else "proposal, holder"
    )
    with engine("votes").connect() as connection:
        lying = connection.execute(text(f"SELECT holder FROM proposal_supports ORDER BY {place}"))
        holders = [row.holder for row in lying]
    assert holders == sorted(holders)


def _all_rows(table: str) -> list[dict[str, Any]]:
    with engine("votes").connect() as connection:
        return [dict(row._mapping) for row in connection.execute(text(f"SELECT * FROM {table}"))]


@on_sqlite
def test_nothing_counts_after_the_window_and_no_clock_opens_it_again(hall: Hall) -> None:
    call = hall.open_call(closes=None)
    proposal, other = hall.propose(call, "A bench"), hall.propose(call, "A tree")
    hall.support(proposal, "Bo", "Cy")
    hall.support(other, "Bo", "Cy", "Di")
    assert service.end_due(in_days(29)) == 0
    assert service.end_due(in_days(32)) == 2
    ended = hall.get(f"/proposals/{proposal}")
    assert (ended["state"], ended["supports"], ended["reached"]) == ("ended", 2, 0)
    late = hall.get(f"/proposals/{other}")
    assert (late["state"], late["supports"], late["reached"]) == ("ended", 3, 1)
    act = Actor.of(proposal, "Di").act("support", {"support": True})
    told = hall.act(f"/proposals/{proposal}/supports", act)
    assert (told.status_code, told.get_json()["code"]) == (409, "scope-is-closed")
    assert service.end_due(in_days(-400)) == service.end_due(in_days(40)) == 0
    work(in_days(-400))
    assert hall.get(f"/proposals/{proposal}")["state"] == "ended"
    assert names_of(proposal).count("CollectingEnded") == 1


@on_sqlite
def test_what_is_wrong_is_told_by_its_field_and_markup_is_text(hall: Hall) -> None:
    call = hall.open_call()
    eve = Actor.of(call, "Eve")
    good = {"title": "A bench", "text": "By the stream.", "topic": "streets"}
    long = "가" * 40_000
    for field, value in (
        *(("title", long), ("text", long), ("topic", "x" * 100), ("district", "nowhere")),
        *(("title", ""), ("text", "\u0007"), ("title", "e\u0301"), ("topic", "none")),
        ("author", "me"),
    ):
        raw = eve.act("propose", {**good, field: value})
        told = hall.act(f"/calls/{call}/proposals", raw)
        assert told.status_code in (400, 413, 422), (field, told.text)
        if told.status_code == 422 and "errors" in told.get_json():
            assert any(name.endswith(field) for name in told.get_json()["errors"]), field
    markup = {**good, "title": "<script>alert(1)</script>", "text": "=HYPERLINK(1)"}
    shown = hall.act(f"/calls/{call}/proposals", eve.act("propose", markup)).get_json()
    assert (shown["title"], shown["text"]) == (markup["title"], markup["text"])
    for number in range(2):
        raw = eve.act("propose", {**good, "title": f"Bench {number}"})
        assert hall.act(f"/calls/{call}/proposals", raw).status_code == 201
    fourth = hall.act(f"/calls/{call}/proposals", eve.act("propose", good))
    assert (fourth.status_code, fourth.get_json()["code"]) == (429, "too-many-proposals")
    signed_in = hall.http.post(
        f"/api/v1/calls/{call}/proposals", json=eve.act("propose", good), headers=hall.official
    )
    assert signed_in.get_json()["code"] == "identity-not-allowed-here"
    permit(shown["id"])
    body = Actor.of(shown["id"], "Bo").act("support", {"support": "yes"})
    told = hall.act(f"/proposals/{shown['id']}/supports", body)
    assert set(told.get_json()["errors"]) == {"body.support"}
    mine = eve.act("withdraw-proposal", {"proposal": shown["id"]})
    foreign = Actor.of(call, "Mallory").act("withdraw-proposal", {"proposal": shown["id"]})
    path = f"/proposals/{shown['id']}/withdrawal"
    assert hall.act(path, foreign).get_json()["code"] == "proposal-of-other"
    assert hall.act(path, mine).get_json()["state"] == "withdrawn"
    assert hall.act(path, mine).get_json()["title"] is None
    assert "alert(1)" not in json.dumps(_all_rows("proposals"), default=str)
    assert hall.get("/proposals?words=alert")["items"] == []
    again = hall.act(f"/calls/{call}/proposals", eve.act("propose", good))
    assert again.get_json()["code"] == "too-many-proposals"
