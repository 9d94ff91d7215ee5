"""Calls: what they say is frozen, and winners come as they promise."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from mvote.audit.service import list_entries
from mvote.core.canonical import parse
from mvote.core.ids import new_id
from mvote.core.times import parse_iso
from mvote.db import engine, reading, transaction
from mvote.votes.discussions import service as records
from mvote.votes.discussions.rules_export import file_fault, is_withheld
from mvote.votes.dues import service as dues
from mvote.votes.moderation import service as moderation
from mvote.votes.moderation.errors import AnswerOwedForText
from mvote.votes.polls import service as polls
from mvote.votes.proposals import service
from mvote.votes.proposals.service.calls import definition_of
from mvote.votes.proposals.tables import CallRow
from mvote.votes.results import service as results
from tests.makers import words
from tests.votes import carrying
from tests.votes.acting import Actor
from tests.votes.proposals.calling import (
    OFFICIAL,
    OWN_SET,
    Hall,
    call_body,
    in_days,
    iso_in,
    names_of,
    work,
)

on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
pytestmark = on_sqlite
WISHES = {"title": words("Tell your wish"), "thresholds": "wishes"}


def test_a_threshold_lowered_or_raised_after_the_fact_opens_nothing(hall: Hall) -> None:
    call = hall.open_call()
    proposal = hall.propose(call, "A bench")
    for method in (hall.http.put, hall.http.patch, hall.http.delete):
        answer = method(f"/api/v1/calls/{call}", json=call_body(), headers=hall.official)
        assert answer.status_code == 405
    lower = {**OWN_SET, "stages": [{**OWN_SET["stages"][0], "supports": 1}]}
    assert hall.send("/threshold-sets", lower).get_json()["code"] == "threshold-set-known"
    assert hall.send("/threshold-sets", OWN_SET).status_code == 200
    shipped = {**OWN_SET, "name": "seoul-2017"}
    assert hall.send("/threshold-sets", shipped).get_json()["code"] == "threshold-set-known"
    with pytest.raises(ValueError, match="never changed"), transaction("votes") as session:
        session.get_one(CallRow, call).definition = "{}"
    whole = hall.get(f"/calls/{call}")
    [told] = [one for one in list_entries("votes", subject=call) if one.name == "CallOpened"]
    assert told.body["digest"] == whole["digest"]
    with engine("votes").begin() as connection:  # by hand, past everything that refuses
        given = text("UPDATE calls SET definition = replace(definition, :old, :new)")
        connection.execute(given, {"old": '"supports":3', "new": '"supports":1'})
    definition_of.cache_clear()  # as after a restart
    hall.support(proposal, "Bo", "Cy", "Di", "Ed")
    assert (work(), work()) == (1, 0)
    assert hall.get(f"/calls/{call}")["code"] == "call-altered"
    assert hall.http.get("/proposals").status_code == 200
    assert hall.http.get(f"/calls/{call}").status_code == 409
    assert names_of(call).count("ThresholdsAltered") == 1
    assert names_of(proposal).count("StageReached") == 0
    with engine("votes").begin() as connection:
        connection.execute(given, {"old": '"supports":1', "new": '"supports":3'})
    assert work(in_days(31)) == 1
    assert hall.get(f"/proposals/{proposal}")["reached"] == 1


def test_a_jury_says_why_and_each_chosen_wish_has_a_record_and_a_promise(hall: Hall) -> None:
    call = hall.open_call(**WISHES, closes=iso_in(7), way="jury", winners=2, promise_days=10)
    slide, swing, spam = (hall.propose(call, one) for one in ("A slide", "A swing", "Spam"))
    choice = {"proposal": slide, "reason": words("Children asked for it.")}
    body = {"jury": words("Five neighbours"), "choices": [choice]}
    path = f"/calls/{call}/choices"
    assert hall.send(path, body).get_json()["code"] == "call-not-over"
    assert hall.send(path, body, by=hall.elsewhere).status_code == 403
    work(in_days(60))
    moderation.hide_text(
        "proposal",
        spam,
        category="spam",
        reason=words("Advertising"),
        official=OFFICIAL,
        now=in_days(60),
    )
    work(in_days(60))
    late = Actor.of(call, "Late").act("propose", {"title": "x", "text": "y", "topic": "streets"})
    assert hall.act(f"/calls/{call}/proposals", late).get_json()["code"] == "scope-is-closed"
    wrong = {**body, "choices": [choice, choice, {**choice, "proposal": spam}]}
    faults = hall.send(path, wrong).get_json()["errors"]
    assert set(faults) == {"choices", "choices[1].proposal", "choices[2].proposal"}
    done = hall.send(path, body)
    assert (done.status_code, done.get_json()["state"]) == (200, "decided")
    assert hall.send(path, body).get_json() == done.get_json()
    other = {**body, "choices": [{**choice, "proposal": swing}]}
    assert hall.send(path, other).get_json()["code"] == "call-decided"
    chosen = hall.get(f"/proposals/{slide}")
    assert chosen["chosen"]
    assert [one["id"] for one in hall.get("/proposals?state=chosen")["items"]] == [slide]
    [entry] = records.get_record(chosen["record"]).entries
    assert entry.body["chosen"]["reason"] == choice["reason"]
    with reading("votes") as session:
        [due] = dues.list_dues(session, [chosen["record"]])[chosen["record"]]
    assert due.open()
    reply = {"kind": "answer", "decision": "adopted", "text": words("In spring.")}
    assert hall.send(f"/proposals/{slide}/replies", reply).status_code == 201
    with reading("votes") as session:
        [due] = dues.list_dues(session, [chosen["record"]])[chosen["record"]]
    assert not due.open()


def test_the_best_supported_win_by_themselves_and_a_tie_lets_all_in(hall: Hall) -> None:
    call = hall.open_call(**WISHES, closes=iso_in(7), way="supports", winners=1)
    slide, swing, alone = (hall.propose(call, one) for one in ("A slide", "A swing", "A pole"))
    for one in (slide, swing):
        hall.support(one, "Bo", "Cy")
    hall.support(alone, "Bo")
    assert service.choose_due(in_days(1)) == 0
    work(in_days(60))
    said = hall.get(f"/calls/{call}")
    assert {one["proposal"] for one in said["decision"]["winners"]} == {slide, swing}
    assert (work(in_days(61)), names_of(call).count("CallWinnersChosen")) == (0, 1)
    assert hall.get(f"/proposals/{alone}")["record"] is None


def test_a_poll_chooses_where_the_call_says_so(hall: Hall) -> None:
    call = hall.open_call(**WISHES, closes=iso_in(7), way="vote", winners=1)
    slide, swing = (hall.propose(call, one) for one in ("A slide", "A swing"))
    work(in_days(60))
    drafted = hall.send(f"/calls/{call}/polls", {})
    assert drafted.status_code == 201, drafted.text
    made = drafted.get_json()
    assert {one["id"] for one in made["draft"]["questions"][0]["options"]} == {slide, swing}
    assert hall.send(f"/calls/{call}/polls", {}).get_json()["id"] == made["id"]
    poll = _carry(made, winner=swing)
    results.publish_result(poll, now=carrying.now())
    work()
    said = hall.get(f"/calls/{call}")
    assert said["decision"]["winners"] == [{"proposal": swing}]
    assert said["poll"] == poll
    assert hall.get(f"/proposals/{swing}")["chosen"]


def _carry(made: Any, *, winner: str) -> str:
    """Through approval, voting and closing, as every poll."""
    poll: str = made["id"]
    draft = {**made["draft"], "level": "confidential", "decision": _plain(made["draft"])}
    polls.change_draft(
        poll, draft, known={made["revision"]}, official=carrying.DRAFTER, now=carrying.now()
    )
    carrying.freeze_drafted(poll)
    carrying.open_poll(poll)
    carrying.cast(poll, {"q1": [winner]})
    carrying.close(poll, issued=1)
    return poll


def _plain(draft: Any) -> Any:
    return {**draft["decision"], "quorum": {"kind": "none"}}


def test_a_call_that_contradicts_itself_is_told_so(hall: Hall) -> None:
    topic = {"id": "a", "name": words("A")}
    for change, field in (
        ({"thresholds": "none-such"}, "thresholds"),
        ({"topics": [topic, topic]}, "topics"),
        ({"topics": [{**topic, "department": "nowhere"}]}, "topics"),
        ({"closes": "2001-01-01T00:00:00Z"}, "closes"),
        ({"closes": "9999-01-01T00:00:00Z"}, "closes"),
        ({"way": "jury"}, "winners"),
        ({"way": "jury", "winners": 1}, "closes"),
        ({"winners": 1}, "winners"),
        ({"proof": "desk"}, "proof"),
        ({"audience": {"all": []}}, "audience.all"),
        ({"rules": words("가" * 40_000)}, "rules"),
        ({"title": words("a\u0000b")}, "title"),
        ({"stages": []}, "stages"),
    ):
        told = hall.send("/calls", call_body(**change))
        assert told.status_code in (400, 422), (change, told.text)
        if told.status_code == 422:
            assert any(name.startswith(field) for name in told.get_json()["errors"]), told.text
    assert hall.send("/calls", call_body(), by=hall.elsewhere).status_code == 403
    stage = OWN_SET["stages"][0]
    for change, field in (
        ({"stages": [stage, {**stage, "id": "b"}]}, "stages[1].supports"),
        ({"stages": [stage, {**stage, "supports": 9}]}, "stages[1].id"),
        ({"days": 0}, "days"),
        ({"source": "x" * 100_000}, "source"),
    ):
        told = hall.send("/threshold-sets", {**OWN_SET, "name": "other", **change})
        assert set(told.get_json()["errors"]) == {field}
    assert hall.get(f"/calls/{new_id()}")["code"] == "call-unknown"


def test_merging_adds_no_supports_and_keeps_nothing_from_its_threshold(hall: Hall) -> None:
    call, other_call = hall.open_call(), hall.open_call()
    bench, seat = hall.propose(call, "A bench"), hall.propose(call, "A seat")
    hall.support(bench, "Bo", "Cy")
    hall.support(seat, "Bo")
    body = {"into": bench, "reason": words("The same place.")}
    path = f"/proposals/{seat}/merge"
    wrong_way = {**body, "into": seat}
    assert set(hall.send(f"/proposals/{bench}/merge", wrong_way).get_json()["errors"]) == {"into"}
    for into in (seat, new_id(), hall.propose(other_call, "A far bench")):
        told = hall.send(path, {**body, "into": into})
        assert set(told.get_json()["errors"]) == {"into"}, told.text
    assert hall.send(path, body, by=hall.elsewhere).status_code == 403
    merged = hall.send(path, body)
    assert (merged.status_code, merged.get_json()["merged_into"]) == (200, bench)
    assert hall.send(path, body).get_json() == merged.get_json()
    stays = hall.get(f"/proposals/{bench}")
    assert stays["supports"] == 2
    assert stays["merged_here"] == [{"id": seat, "title": "A seat", "supports": 1}]
    assert hall.get(f"/proposals/{seat}")["text"] == "A seat, soon."
    act = Actor.of(seat, "Di").act("support", {"support": True})
    assert hall.act(f"/proposals/{seat}/supports", act).get_json()["code"] == "scope-is-closed"
    third = hall.propose(call, "A stool")
    hall.support(third, "Bo", "Cy", "Di")
    hall.support(bench, "Di", "Ed")
    work()
    reached = hall.send(f"/proposals/{third}/merge", body).get_json()
    assert set(reached["errors"]) == {"proposal"}


def test_days_on_which_a_proposal_is_not_shown_are_made_up_and_hold_no_choice_up(
    hall: Hall,
) -> None:
    """Within bounds: what is never shown again ends, too."""
    call = hall.open_call(closes=iso_in(1), way="supports", winners=1, promise_days=20)
    bench, lamp, tree = (hall.propose(call, f"A {name}") for name in ("bench", "lamp", "tree"))
    hall.support(bench, "Bo", "Cy")
    hall.support(lamp, "Bo")
    why = {"category": "insult", "reason": words("A name."), "official": OFFICIAL}
    until = hall.get(f"/proposals/{bench}")["until"]
    for name in (bench, tree):
        moderation.hide_text("proposal", name, now=in_days(20), **why)
    assert service.end_due(in_days(32)) == 1
    work(in_days(32))
    assert {one["id"] for one in hall.get("/proposals?state=collecting")["items"]} == {bench, tree}
    assert hall.get("/proposals?order=ending")["items"] == []
    assert "its time stands still" in hall.http.get(f"/proposals/{bench}?lang=en").text
    assert hall.get(f"/calls/{call}")["decision"]["winners"] == [{"proposal": lamp, "supports": 1}]
    shown = {"reason": words("No name."), "official": OFFICIAL}
    moderation.publish_text("proposal", bench, now=in_days(40), **shown)
    assert service.end_due(in_days(40)) == 0, "that it is shown again was not followed yet"
    work(in_days(40))
    prolonged = hall.get(f"/proposals/{bench}")["until"]
    assert parse_iso(prolonged) - parse_iso(until) == timedelta(days=20)
    hall.support(bench, "Di")
    assert service.end_due(in_days(49)) == 0
    assert service.end_due(in_days(52)) == 1
    assert service.end_due(in_days(80)) == 0
    assert service.end_due(in_days(93)) == 1
    assert hall.get(f"/proposals/{tree}")["state"] == "ended"
    assert names_of(bench).count("CollectingProlonged") == 1
    ended = hall.get(f"/proposals/{bench}")
    assert (ended["state"], ended["supports"], ended["reached"]) == ("ended", 3, 1)


def test_a_text_removed_for_good_holds_no_choice_up_and_one_that_waited_loses_no_day(
    hall: Hall,
) -> None:
    call = hall.open_call(closes=iso_in(1), way="supports", winners=1, promise_days=20)
    insult, lamp = (hall.propose(call, f"A {name}") for name in ("insult", "lamp"))
    hall.support(lamp, "Bo")
    why = {"category": "insult", "reason": words("A name.")}
    moderation.hide_text("proposal", insult, official=OFFICIAL, now=in_days(20), **why)
    second = replace(OFFICIAL, id="official-3")
    moderation.remove_text("proposal", insult, official=second, now=in_days(32), **why)
    work(in_days(32))
    work(in_days(33))
    assert hall.get(f"/calls/{call}")["decision"]["winners"] == [{"proposal": lamp, "supports": 1}]

    other = hall.open_call()
    bench = hall.propose(other, "A bench")
    hall.support(bench, "Bo", "Cy", "Di")
    until = hall.get(f"/proposals/{bench}")["until"]
    hall.report(other, bench)
    assert hall.get(f"/proposals/{bench}")["title"] is None
    assert service.end_due(in_days(32)) == 0, "the stage that it reaches shows it again"
    shown = hall.get(f"/proposals/{bench}")
    assert (shown["title"], shown["reached"]) == ("A bench", 1)
    assert parse_iso(shown["until"]) - parse_iso(until) == timedelta(days=32)


def test_a_few_reports_at_the_end_take_no_proposal_out_of_the_choice(hall: Hall) -> None:
    """The choice waits until moderators have read it, or for as long as days can be made up."""
    call = hall.open_call(closes=iso_in(1), way="supports", winners=1, promise_days=20)
    bench, lamp = (hall.propose(call, f"A {name}") for name in ("bench", "lamp"))
    hall.support(bench, "Bo", "Cy")
    hall.support(lamp, "Bo")
    work()
    hall.report(call, bench)
    for _ in range(2):
        work(in_days(32))
    assert hall.get(f"/calls/{call}")["decision"] is None
    for _ in range(2):
        work(in_days(93))
    assert hall.get(f"/calls/{call}")["decision"]["winners"] == [{"proposal": bench, "supports": 2}]
    assert hall.get(f"/proposals/{bench}")["title"] == "A bench", "an answer to it is owed"


def test_moderators_hide_what_nobody_owes_and_nothing_else(hall: Hall) -> None:
    call = hall.open_call()
    bench, shown = hall.propose(call, "A bench"), hall.propose(call, "A lamp")
    why = {"category": "insult", "reason": words("Names a neighbour."), "official": OFFICIAL}
    hall.support(bench, "Bo", "Cy")
    moderation.hide_text("proposal", bench, now=carrying.now(), **why)
    assert hall.get(f"/proposals/{bench}")["title"] is None
    work()
    act = Actor.of(bench, "Di").act("support", {"support": True})
    told = hall.act(f"/proposals/{bench}/supports", act).get_json()
    assert told["code"] == "proposal-not-shown"
    assert hall.get("/proposals?words=bench")["items"] == []
    assert {one["id"] for one in hall.get("/proposals")["items"]} == {bench, shown}
    assert hall.get("/proposals/similar?text=A%20bench")["items"] == []
    moderation.publish_text(
        "proposal",
        bench,
        reason=words("It names nobody."),
        official=OFFICIAL,
        now=carrying.now(),
    )
    work()
    hall.support(bench, "Ed")
    work()
    assert hall.get(f"/proposals/{bench}")["reached"] == 1
    with pytest.raises(AnswerOwedForText):
        moderation.hide_text("proposal", bench, now=carrying.now(), **why)
    _remove_from_its_record(hall, bench)


def _remove_from_its_record(hall: Hall, proposal: str) -> None:
    """Its words go from every page and file of its record; what was chained stays chained."""
    name = hall.get(f"/proposals/{proposal}")["record"]
    page, file = f"/records/{name}", f"/api/v1/records/{name}/export.json"
    paths = (page, f"{page}/print", f"{page}/record.md", "/records", f"/api/v1{page}", file)
    paths = (*paths, "/api/v1/records", f"/feeds/records/{name}.atom", "/data/records.csv")
    before = {path: hall.http.get(path) for path in paths}
    assert all("A bench" in one.text for one in before.values())
    why = {"category": "personal-data", "reason": words("An address.")}
    for official in (OFFICIAL, replace(OFFICIAL, id="official-3")):
        moderation.remove_text("proposal", proposal, official=official, now=carrying.now(), **why)
    for path in paths:
        told = hall.http.get(path)
        assert told.status_code == 200
        assert "A bench" not in told.text
    whole, left = parse(before[file].data), parse(hall.http.get(file).data)
    assert (file_fault(left), left["chain"]) == (None, whole["chain"])
    assert [one["digest"] for one in left["entries"]] == [one["digest"] for one in whole["entries"]]
    assert sum(map(is_withheld, (left["head"], *left["entries"]))) == 2
    assert file_fault(left | {"head": left["head"] | {"digest": "0" * 64}})
    assert file_fault(left | {"head": left["head"] | {"digest": "A bench"}})
    assert file_fault(left | {"entries": [left["entries"][0] | {"digest": "0" * 64}]})
    assert records.check_record(name) is None
