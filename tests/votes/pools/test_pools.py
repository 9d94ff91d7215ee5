"""An opinion pool from its first statement to the frozen result, and one that came from Polis."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from flask_babel import refresh

from mvote.app import create_app
from mvote.cli import cli
from mvote.core.canonical import digest
from mvote.core.official import Official
from mvote.core.opinion.grouping import find_groups
from mvote.core.opinion.votes import vote_matrix
from mvote.db import engines, reading, transaction
from mvote.formats.polis.comments import agree_sign_by_counts, read_comments
from mvote.formats.polis.participants import agree_sign, read_participants
from mvote.formats.polis.votes import cast, read_votes
from mvote.pages.public.pools import MARGIN, draw
from mvote.settings import Settings
from mvote.votes.discussions import service as records
from mvote.votes.participation.service.scopes import take_gate
from mvote.votes.polls import service as polls
from mvote.votes.pools import jobs, service
from mvote.votes.pools.rules import CLOSING, GRID, result_of, same_text
from mvote.votes.pools.service.freezing import matrix_of
from mvote.votes.pools.service.rows import list_statement_rows
from mvote.votes.pools.service.weighing import Memory
from mvote.votes.pools.tables import PoolRow
from tests.makers import words
from tests.require import require
from tests.votes import carrying
from tests.votes.acting import Actor, permit

ANSWERER = Official("answerer-1", "roads", frozenset({"answerer"}))
ELSEWHERE = Official("answerer-2", "parks", frozenset({"answerer"}))
SEEDS = ["자전거 길을 넓힙니다", "주차장을 줄입니다", "버스를 늘립니다", "속도를 낮춥니다"]
PEOPLE = 16
LEAST = 5
on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)


@pytest.fixture
def city(settings: Settings) -> Iterator[Flask]:
    small = {"pool_group_least": LEAST, "pool_statements_each": 2, "pool_weights_seconds": 0.0}
    made = create_app("both", replace(settings, **small))
    with made.app_context():
        polls.add_department("roads", name=words("Roads"), by="test", now=carrying.now())
        yield made
        for engine in engines.engines.values():
            engine.dispose()


@pytest.fixture
def http(city: Flask) -> FlaskClient:
    return city.test_client(use_cookies=False)


def opened(http: FlaskClient, **changes: Any) -> dict[str, Any]:
    with transaction("votes") as session:
        title, now = words("The bridge"), carrying.now()
        record = records.open_record(session, department="roads", title=title, now=now)
    seeds = [{"ko": one, "en": f"Statement {place}"} for place, one in enumerate(SEEDS)]
    body = {"title": words("Bicycles"), "intro": words("Say so"), "seeds": seeds} | changes
    path = f"/api/v1/records/{record}/pools"
    assert http.post(path, json=body, headers=carrying.bearer(ELSEWHERE)).status_code == 403
    made = http.post(path, json=body, headers=carrying.bearer(ANSWERER))
    assert made.status_code == 201, made.get_json()
    permit(made.json["id"])
    return dict(made.json)


def statements(http: FlaskClient, pool: str) -> list[dict[str, Any]]:
    found = http.get(f"/api/v1/pools/{pool}/statements").get_json()["items"]
    return sorted(found, key=lambda one: (one["number"] is None, one["number"]))


def test_a_pool_from_its_first_statement_to_a_contest_of_its_result(
    city: Flask, http: FlaskClient
) -> None:
    pool = opened(http)
    name, path = pool["id"], f"/api/v1/pools/{pool['id']}"
    seeds = statements(http, name)
    assert [one["text"]["ko"] for one in seeds] == SEEDS
    people = [Actor.of(name, f"person {place}") for place in range(PEOPLE)]
    ada, eve, zoe = people[0], *(Actor.of(name, one) for one in ("Eve", "Zoe"))

    told = ada.act("pool-statement", {"text": "<b>=1+1</b> 다리를 고칩니다"})
    first, again = (http.post(f"{path}/statements", json=told) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200), first.get_json()
    assert first.get_json() == again.get_json()
    written = first.get_json()
    for actor, text, code in [
        (eve, "<B>=1+1</B>  다리를 고칩니다.", "statement-stands"),
        (eve, SEEDS[0], "statement-stands"),
        (eve, "가" * 281, "fields-refused"),
        (eve, "\x00", "malformed-json"),
    ]:
        act = actor.act("pool-statement", {"text": text})
        assert http.post(f"{path}/statements", json=act).get_json()["code"] == code
    bearer = carrying.bearer(ANSWERER)
    refused = http.post(f"{path}/votes", json=ada.act("pool-vote", {"votes": {}}), headers=bearer)
    assert refused.get_json()["code"] == "identity-not-allowed-here"

    ids = [one["id"] for one in seeds]
    for actor in people[:3]:
        passed = {"votes": dict.fromkeys(ids, 0)}
        assert http.post(f"{path}/votes", json=actor.act("pool-vote", passed)).status_code == 200
    weights = {one["id"]: one["weight"] for one in statements(http, name)}
    assert len({*weights.values()}) == 1, "nobody reads single votes in the weights"
    camps = ((1, -1, 1, 0, 0), (-1, 1, 1, 0, 0))
    ids.append(written["id"])
    for place, actor in enumerate(people):
        votes = dict(zip(ids, camps[place % 2], strict=True))
        wrong = {"votes": dict(zip(ids, (0, 0, -1, -1, 1), strict=True))}
        assert http.post(f"{path}/votes", json=actor.act("pool-vote", wrong)).status_code == 200
        act = actor.act("pool-vote", {"votes": votes})
        assert http.post(f"{path}/votes", json=act).status_code == 200
    weights = {one["id"]: one["weight"] for one in statements(http, name)}
    assert weights[ids[0]] > weights[ids[3]], "what parts people comes before what nobody minds"
    for votes, code in [
        ({"0" * 16: 1}, "pool-statement-unknown"),
        ({ids[0]: 2}, "fields-refused"),
        ({ids[0]: True}, "fields-refused"),
    ]:
        act = eve.act("pool-vote", {"votes": votes})
        assert http.post(f"{path}/votes", json=act).get_json()["code"] == code
    only = zoe.act("pool-vote", {"votes": {ids[0]: -1}})
    assert http.post(f"{path}/votes", json=only).status_code == 200
    assert http.get(path).get_json()["participants"] == 10, "rounded down while it is open"
    page = http.get(f"/pools/{name}?lang=en").get_data(as_text=True)
    assert "&lt;b&gt;=1+1&lt;/b&gt;" in page
    assert "<svg" not in page, "nobody is led by what others think"
    assert jobs.order(carrying.now() + timedelta(days=1)) == 3
    assert http.get(f"{path}/result").get_json()["code"] == "pool-not-frozen"

    assert http.post(f"{path}/freezing", headers=carrying.bearer(ELSEWHERE)).status_code == 403
    frozen = http.post(f"{path}/freezing", headers=bearer)
    assert frozen.status_code == 200, frozen.get_json()
    assert http.post(f"{path}/freezing", headers=bearer).get_json() == frozen.get_json()
    found = http.get(f"{path}/result").get_json()
    result = found["result"]
    assert digest(result) == found["digest"] == frozen.get_json()["digest"]
    assert [one["size"] for one in result["groups"]] == [PEOPLE // 2] * 2
    by_id = {one["id"]: one for one in result["statements"]}
    assert (by_id[ids[0]]["agree"], by_id[ids[0]]["disagree"]) == (8, 8)
    assert by_id[ids[2]] | {"text_sha256": ""} == {
        "id": ids[2],
        "number": 2,
        "by_city": True,
        "text_sha256": "",
        "agree": 16,
        "disagree": 0,
        "pass": 0,
        "groups": {one: {"agree": 8, "disagree": 0, "pass": 0} for one in ("0", "1")},
    }
    assert result["bridging"] == [2]
    assert sum(people for *_, people in result["places"]) == PEOPLE
    assert str(ada.holder) not in json.dumps(found)
    entries = http.get(f"/api/v1/records/{pool['record']}").get_json()["entries"]
    kinds = [one["kind"] for one in entries]
    assert (kinds.count("pool"), kinds.count("pool-result")) == (1, 1)
    read = http.get(f"/records/{pool['record']}?lang=en").text
    assert read.count(f'href="/pools/{pool["id"]}?lang=en"') == 2
    said = f"Participants: {PEOPLE + 1}, statements: {len(result['statements'])}"
    assert said in read
    carrying.seal("votes")
    feed = json.loads(http.get(f"/feeds/records/{pool['record']}.json?lang=en").data)
    assert [(one["title"], one["content_text"].startswith(said)) for one in feed["items"]] == [
        ("Result of the opinion pool: The bridge", True)
    ]
    assert http.post(f"{path}/votes", json=ada.act("pool-vote", {"votes": {ids[0]: 1}})).json[
        "code"
    ] == ("pool-frozen")

    said = {"statement": ids[0], "text": "제 뜻과 다릅니다"}
    assert http.post(f"{path}/contests", json=eve.act("pool-contest", said)).status_code == 403
    made = http.post(f"{path}/contests", json=ada.act("pool-contest", said))
    assert made.status_code == 201, made.get_json()
    twice = http.post(f"{path}/contests", json=ada.act("pool-contest", said))
    assert twice.get_json()["code"] == "contested-before"
    answers = f"{path}/contests/{made.get_json()['id']}/answers"
    answer = {"text": words("We counted again")}
    assert http.post(answers, json=answer, headers=bearer).status_code == 200
    other = http.post(answers, json={"text": words("No")}, headers=bearer)
    assert other.get_json()["code"] == "contest-answered"
    [shown] = http.get(f"{path}/contests").get_json()["items"]
    assert (shown["text"], shown["answer"]["en"]) == ("제 뜻과 다릅니다", "We counted again")
    beside = f"The counts hold {PEOPLE} of {PEOPLE + 1} people."
    for language, words_of in (
        ("en", ("Group A", "We counted again", beside)),
        ("ko", ("집단 A", f"{PEOPLE + 1}명 가운데 {PEOPLE}명")),
    ):
        refresh()  # the context of the test lives on behind each request
        page = http.get(f"/pools/{name}?lang={language}").get_data(as_text=True)
        wanted = ("<svg", "<table", "<details", "제 뜻과", *words_of)
        assert [one for one in wanted if one not in page] == []
        assert "<script" not in page


@on_sqlite
def test_a_result_that_was_killed_on_its_way_enters_once(city: Flask, http: FlaskClient) -> None:
    pool = opened(http, votes_public=False)
    with transaction("votes") as session:
        take_gate(session, pool["id"], exclusive=True)
        session.get_one(PoolRow, pool["id"]).state = CLOSING
    timed = opened(http)
    later = carrying.now() + timedelta(days=31)
    assert service.freeze_due(later) == 3, "one to close, two results to write"
    assert service.freeze_due(later) == 0
    for one in (pool, timed):
        found = service.get_result(one["id"]).result
        assert (found["participants"], found["groups"], found["places"]) == (0, [], [])
        entries = http.get(f"/api/v1/records/{one['record']}").get_json()["entries"]
        assert [entry["kind"] for entry in entries].count("pool-result") == 1
    by_id = sorted((pool, timed), key=lambda one: one["id"])
    newest, older = sorted(by_id, key=lambda one: one["opened_at"], reverse=True)
    listed = http.get("/api/v1/pools?limit=1").get_json()
    following = http.get(f"/api/v1/pools?after={listed['next']}").get_json()
    assert [one["id"] for one in listed["items"]] == [newest["id"]]
    assert ([one["id"] for one in following["items"]], following["next"]) == ([older["id"]], None)
    index = http.get("/pools?lang=en").text
    assert index.index(f"/pools/{newest['id']}?") < index.index(f"/pools/{older['id']}?")
    assert http.get("/pools?after=x").status_code == 400
    for one, code in ((pool, "votes-not-public"), (timed, "pool-too-small")):
        refused = http.get(f"/api/v1/pools/{one['id']}/votes.csv")
        assert refused.get_json()["code"] == code
    page = http.get(f"/pools/{timed['id']}?lang=en").text
    assert f"Fewer than {LEAST} people took part" in page
    assert ("Statement 0" in page, "<table" in page, "votes.csv" in page) == (True, False, False)
    assert same_text("다리를  고칩니다.") == same_text("다리를 고칩니다")


def test_no_subtraction_reads_what_a_few_people_voted() -> None:
    """Two camps are told; who voted on too little to be of one stands in no count."""
    camps = [
        (f"{camp}{who}", str(one), camp if one < 5 else 1)
        for camp in (1, -1)
        for who in range(8)
        for one in range(10)
    ]
    beside: dict[str, dict[str, Any]] = {str(one): {} for one in range(10)}
    for few in range(LEAST + 1):
        lonely = [(f"lonely {who}", str(who), -1) for who in range(few)]
        told = result_of(vote_matrix(camps + lonely), beside, about={}, least=LEAST)
        assert [one["size"] for one in told["groups"]] == [8, 8]
        rest = {
            (one["number"], vote): one[vote] - sum(group[vote] for group in one["groups"].values())
            for one in told["statements"]
            for vote in ("agree", "disagree", "pass")
        }
        enough = few >= LEAST
        assert sum(rest.values()) == (few if enough else 0)
        assert (told["participants"], told["counted"]) == (16 + few, 16 + few * enough)


def test_a_plot_is_as_high_as_people_stand_apart() -> None:
    for y in (0, GRID):
        flat = draw([["0", 0, y, 6], ["1", GRID, y, 6]])
        assert (flat.top, flat.height) == (GRID - y, 2 * MARGIN)
    wide = draw([["0", 0, 0, 6], ["1", GRID, GRID, 6]])
    assert (wide.top, wide.height) == (0, wide.width)


def test_weights_are_worked_out_once_for_all_phones_that_ask_within_a_while() -> None:
    memory, tries = Memory(), iter(range(9))

    def work_out() -> dict[str, int]:
        return {"": next(tries)}

    asked = ("p", 60.0), ("p", 60.0), ("q", 0.0), ("q", 0.0)
    found = [memory.recall(pool, work_out, seconds=seconds)[""] for pool, seconds in asked]
    assert found == [0, 0, 1, 2]


def test_what_too_few_people_voted_changes_nothing_in_a_result() -> None:
    beside: dict[str, dict[str, Any]] = {str(one): {} for one in range(3)}

    def told(people: int, votes: dict[str, int]) -> dict[str, Any]:
        cast = [(str(who), one, vote) for who in range(people) for one, vote in votes.items()]
        return result_of(vote_matrix(cast), beside, about={}, least=LEAST)

    few, others = ({"0": -1}, {"1": 1, "2": 0})
    assert told(LEAST - 1, few) == told(LEAST - 1, others)
    assert told(LEAST, few) != told(LEAST, others)
    assert [one["number"] for one in told(LEAST - 1, few)["statements"]] == [0, 1, 2]
    assert (told(LEAST - 1, few)["counted"], told(LEAST, few)["counted"]) == (0, LEAST)


@on_sqlite
def test_a_conversation_of_polis_comes_in_and_goes_out_as_it_was(
    city: Flask, http: FlaskClient, tmp_path: Path
) -> None:
    folder = require("data") / "polis" / "london.youth.policing"
    given = ["--department", "roads", "--ko", "치안", "--en", "Policing", "--json"]
    command = ["pool", "import", str(folder), *given]
    wrong = CliRunner().invoke(cli, [*command, "--agree", "-1"], obj=lambda _: city)
    assert wrong.exit_code == 2, "the participants file says that 1 is agree"
    told = CliRunner().invoke(cli, command, obj=lambda _: city)
    assert told.exit_code == 0, told.output
    made = json.loads(told.stdout)
    pool = made["pool"]
    service.freeze_due(datetime.now(UTC) + timedelta(days=31))

    out = {one.id for one in read_comments(folder / "comments.csv") if one.moderated == -1}
    votes = read_votes(folder / "votes.csv")
    direct = vote_matrix(one for one in cast(votes) if one[1] not in out)
    with reading("votes") as session:
        rows = list_statement_rows(session, pool)
        numbers = {one.id: one.number or 0 for one in rows}
        shown = {one.id for one in rows if str(one.number) not in out}
        kept = matrix_of(session, pool, numbers, dict.fromkeys(shown))
    assert kept.statements == direct.statements
    assert [who.removeprefix("polis-") for who in kept.participants] == list(direct.participants)
    assert (kept.cells == direct.cells).all()
    result = service.get_result(pool).result
    grouping = find_groups(direct)
    sizes = [len(some) for some in grouping.groups.values() if len(some) >= LEAST]
    assert [one["size"] for one in result["groups"]] == sizes != []
    counted = direct.counts()
    for one in result["statements"]:
        if str(one["number"]) in counted:
            expected = counted[str(one["number"])]
            assert (one["agree"], one["disagree"], one["pass"]) == (
                expected.agree,
                expected.disagree,
                expected.passed,
            )

    for name in ("votes.csv", "votes.json", "participants-votes.csv", "comments.csv"):
        answer = http.get(f"/api/v1/pools/{pool}/{name}")
        assert answer.status_code == 200, name
        (tmp_path / name).write_bytes(answer.data)
    again = vote_matrix(cast(read_votes(tmp_path / "votes.csv")))
    assert again.statements == direct.statements
    assert (again.cells == direct.cells).all(), "participants are numbered in the same order"
    assert (vote_matrix(cast(read_votes(tmp_path / "votes.json"))).cells == again.cells).all()
    people = read_participants(tmp_path / "participants-votes.csv")
    assert sorted(len(some) for some in people.groups().values()) == sorted(sizes)
    last = {(who, what): vote for who, what, vote in cast(read_votes(tmp_path / "votes.csv"))}
    assert agree_sign(people, last) == 1
    assert len(read_comments(tmp_path / "comments.csv")) == made["statements"]


def test_the_sign_of_agree_is_found_by_the_counts_of_statements() -> None:
    for name in ("reddwarf-below-100-ptpts", "reddwarf-50ptpt-3gp-strict-no-meta"):
        folder = require("data") / "polis" / name
        comments = read_comments(folder / "comments.json")
        [file] = folder.glob("votes.json*")
        votes = {(who, what): vote for who, what, vote in cast(read_votes(file))}
        sign = agree_sign_by_counts(comments, votes)
        assert sign in (1, -1)
        turned = {key: -vote for key, vote in votes.items()}
        assert agree_sign_by_counts(comments, turned) == -sign
        assert agree_sign_by_counts([], votes) is None
