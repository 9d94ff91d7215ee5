"""A vote from question to answer over HTTP, against ``mvote serve`` on both databases."""

import threading
from collections import Counter
from typing import Any

import pytest
import urllib3
from flask import Flask

from mvote.client.errors import Refused
from mvote.client.poll import FrozenPoll
from mvote.client.swarm import Voter, cast_all, run_all
from mvote.core.canonical import canonical_bytes, parse
from mvote.core.secrecy.ballot import write_ballot
from mvote.settings import Settings
from tests.makers import budget_question, make_poll_draft
from tests.servers import Serve, Server
from tests.town import DRAFTER, Town, settle_in

COSTS = {"park": 60, "lamp": 30, "pool": 80, "bench": 10}
BUDGET = 100
ANSWER = {"ko": "모두 추진하겠습니다.", "en": "We will do all of it."}


def number(place: int) -> str:
    return f"+8210{30_000_000 + place:08d}"


def budget_draft() -> dict[str, Any]:
    question = budget_question(BUDGET, COSTS, id="q1")
    return make_poll_draft(kind="budget", questions=[question], revote=False)


def test_a_vote_goes_from_question_to_answer(
    app: Flask, live_server: Server, settings: Settings
) -> None:
    settle_in(app)
    town = Town.at(settings, live_server.url)
    poll = town.open_poll(budget_draft())
    sent = [["park", "lamp"], ["park"], ["pool"], ["park", "bench"], ["lamp"]] * 12
    voters = [Voter(number(place), {"q1": answer}) for place, answer in enumerate(sent)]
    outcomes = cast_all(
        voters,
        people=town.people,
        votes=town.votes,
        poll=poll,
        code_of=town.sms.code_of,
        threads=12,
    )
    assert len({outcome.value.leaf for outcome in outcomes if outcome.value}) == len(sent)

    result = town.close(poll)
    totals = Counter(one for answer in sent for one in answer)
    outcome = result["questions"][0]["outcome"]
    assert outcome["totals"] == {one: str(totals[one]) for one in COSTS}
    assert outcome["winners"] == ["park", "lamp", "bench"]
    assert (result["issued"], result["voters"], result["ballots"]) == (60, 60, 60)
    assert_answered(town, poll, result)


def runners_up(town: Town, record: str, poll: FrozenPoll) -> list[str]:
    """What the answer has to speak of beside those that won."""
    [told] = [
        one
        for one in town.votes.get(f"/records/{record}/to-answer")["items"]
        if one["poll"] == poll.id
    ]
    return [one["option"] for one in told["runners_up"]]


def assert_answered(town: Town, poll: FrozenPoll, result: dict[str, Any]) -> None:
    official, record = town.official(DRAFTER), poll.definition["record"]
    asked = [*result["decision"]["chosen"]["q1"], *runners_up(town, record, poll)]
    options = [{"question": "q1", "option": one, "decision": "adopted"} for one in asked]
    official.answer(record, {"poll": poll.id, "options": options, "text": ANSWER})
    official.closing_report(record, {"text": ANSWER})
    found = official.record(record)
    assert found["state"] == "closed"
    kinds = [entry["kind"] for entry in found["entries"]]
    assert kinds == ["poll", "result", "answer", "closing-report"]


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_one_ballot_sent_from_sixteen_threads_to_two_processes_is_one_ballot(
    app: Flask, serve: Serve, settings: Settings
) -> None:
    """On SQLite one process serves; two that cast there are among the tests of ballots."""
    settle_in(app)
    server = serve(settings, "--workers", "2")
    town = Town.at(settings, server.url)
    poll = town.open_poll(make_poll_draft())
    permit = town.citizen(number(0)).get_permit(poll)
    ballot = write_ballot(poll=poll.id, ph=poll.ph, answers={"q1": ["yes"]}, permit=permit)
    answers: list[tuple[int, bytes]] = []
    go = threading.Barrier(16)

    def send() -> None:
        with urllib3.PoolManager(retries=False, timeout=300) as pool:
            go.wait()
            for _ in range(5):
                got = pool.request(
                    "POST",
                    f"{server.url}/api/v1/polls/{poll.id}/ballots",
                    body=canonical_bytes(ballot),
                    headers={"Content-Type": "application/json"},
                )
                answers.append((got.status, got.data))

    threads = [threading.Thread(target=send) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Counter(status for status, _ in answers) == {201: 1, 200: 79}
    assert len({canonical_bytes(parse(body)) for _, body in answers}) == 1
    result = town.close(poll)
    assert (result["voters"], result["ballots"]) == (1, 1)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_what_was_acknowledged_is_counted_though_the_server_is_killed(
    app: Flask, serve: Serve, settings: Settings
) -> None:
    """With SQLite the database dies too; ``test_crashes`` kills on both engines, step by step."""
    settle_in(app)
    server = serve(settings)
    town = Town.at(settings, server.url)
    poll = town.open_poll(make_poll_draft())
    citizens = [town.citizen(number(place)) for place in range(8)]
    for citizen in citizens:
        citizen.get_permit(poll)
        citizen.cast(poll, {"q1": ["yes"]})
    receipts = [citizen.receipts(poll) for citizen in citizens]
    server.kill()
    port = int(server.url.rpartition(":")[2])
    serve(settings, port=port)
    for citizen in citizens:
        citizen.cast(poll, {"q1": ["yes"]})
    assert [citizen.receipts(poll) for citizen in citizens] == receipts
    assert town.close(poll)["ballots"] == len(citizens)


@pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
def test_who_wrote_a_poll_does_not_approve_it(
    app: Flask, live_server: Server, settings: Settings
) -> None:
    settle_in(app)
    drafter = Town.at(settings, live_server.url).official(DRAFTER)
    poll = drafter.create_poll(make_poll_draft())["id"]
    with pytest.raises(Refused, match="own-poll"):
        drafter.approve(poll)


@pytest.mark.parametrize("database_urls", ["postgresql"], indirect=True)
def test_processes_that_share_a_database_never_answer_one_person_with_anothers_row(
    app: Flask, serve: Serve, settings: Settings
) -> None:
    """A server that forks with open connections does (found at 2 of 360 requests)."""
    people = 24
    register = [f"{number(place)},d{place},1988,f" for place in range(people)]
    settle_in(app, register="\n".join(["number,district,birth_year,gender", *register]))
    town = Town.at(settings, serve(settings, "--workers", "2").url)
    citizens = [town.citizen(number(place)) for place in range(people)]

    def look(place: int) -> bool:
        told = citizens[place].identity.call(town.people, "GET", "/me").object()
        return bool(told["register"]["district"] == f"d{place}")

    for _ in range(20):
        outcomes = run_all(range(people), look, threads=12)
        assert all(outcome.value for outcome in outcomes)
