"""What a city measures: loaded whole or not at all, questioned without a name, answered."""

from collections.abc import Iterator
from typing import Any

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient

from mvote.audit.service import seal
from mvote.core.official import Official
from mvote.votes.indicators import service as indicators
from mvote.votes.indicators.commands import indicators as command
from mvote.votes.indicators.errors import IndicatorsRefused
from mvote.votes.indicators.rules_files import read_indicators
from tests.makers import words
from tests.votes import carrying
from tests.votes.acting import Actor, permit
from tests.votes.proposals.calling import ELSEWHERE, Hall

HEADER = "name,unit,period,value,source,department,target,name_en,unit_en"
AIR = "미세먼지,㎍/㎥,{period},{value},대기환경연보,roads,15,Fine dust,µg/m³"
FILE = "\n".join(
    [HEADER, AIR.format(period="2028", value="19.5"), AIR.format(period="2029", value="18")]
)
MODERATOR = Official("moderator-9", "roads", frozenset({"moderator"}))


@pytest.fixture
def hall(app: Flask, http: FlaskClient) -> Iterator[Hall]:
    with app.app_context():
        yield Hall(app, http)


def test_files_are_read_as_spreadsheets_write_them() -> None:
    plain = read_indicators(FILE.encode(), most=10_000)
    assert [(one.period, one.value) for one in plain] == [("2028", "19.5"), ("2029", "18")]
    assert plain[0].name == {"ko": "미세먼지", "en": "Fine dust"}
    assert read_indicators(FILE.encode("utf-8-sig"), most=10_000) == plain
    as_korean = FILE.replace("µg/m³", "ug")
    assert read_indicators(as_korean.encode("cp949"), most=10_000)[0].unit["ko"] == "㎍/㎥"
    least = read_indicators(
        'name,unit,period,value,source,department\r\n=1+1,명,2030-Q1,-3,"a, b",roads\r\n'.encode(),
        most=10_000,
    )
    assert (least[0].name["en"], least[0].target, least[0].source) == ("=1+1", "", "a, b")


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ([], 1),
        (["name,unit,period,value,source,department"], 1),
        ([HEADER.replace("value", "values"), AIR], 1),
        ([HEADER, AIR.format(period="2028", value="19.5") + ",x"], 2),
        ([HEADER, AIR.format(period="2028", value="1,5")], 2),
        ([HEADER, AIR.format(period="2028", value="NaN")], 2),
        ([HEADER, AIR.format(period="2028", value="=2+2")], 2),
        ([HEADER, AIR.format(period="28", value="1")], 2),
        ([HEADER, AIR.format(period="2027-02-29", value="1")], 2),
        ([HEADER, AIR.format(period="2028", value="1"), AIR.format(period="2028", value="2")], 3),
        ([HEADER, AIR.format(period="2028", value="1").replace("roads", "Roads!")], 2),
        ([HEADER, AIR.format(period="2028", value="1").replace("미세먼지", "")], 2),
        ([HEADER, '"' + AIR.format(period="2028", value="1")], 2),
    ],
)
def test_a_file_with_a_fault_is_refused_by_its_line(lines: list[str], line: int) -> None:
    with pytest.raises(IndicatorsRefused) as caught:
        read_indicators("\n".join(lines).encode(), most=10_000)
    assert caught.value.params["line"] == line


def test_what_is_no_text_is_refused() -> None:
    for raw in (b"\xff\xfe" + FILE.encode("utf-16-le"), b"name\n\xff\xff\xff", b"x" * 10_001):
        with pytest.raises(IndicatorsRefused):
            read_indicators(raw, most=10_000)


def _import(app: Flask, tmp_path: Any, text: str) -> Any:
    file = tmp_path / "air.csv"
    file.write_text(text, encoding="utf-8")
    return CliRunner().invoke(command, ["import", str(file)], obj=lambda _side: app)


def test_a_file_is_kept_whole_and_every_version_of_it(hall: Hall, tmp_path: Any) -> None:
    first = _import(hall.app, tmp_path, FILE)
    assert (first.exit_code, "of them new: 2" in first.output) == (0, True)
    again = _import(hall.app, tmp_path, FILE)
    assert "taken before" in again.output
    wrong = _import(hall.app, tmp_path, FILE + "\n" + AIR.format(period="2030", value="x"))
    foreign = _import(hall.app, tmp_path, FILE.replace("roads", "nobody"))
    for refused in (wrong, foreign):
        assert isinstance(refused.exception, IndicatorsRefused)
    corrected = FILE.replace(",18,", ",17.5,") + "\n" + AIR.format(period="2030", value="17")
    assert "of them new: 2" in _import(hall.app, tmp_path, corrected).output
    (listed,) = hall.get("/indicators")["items"]
    told = [("2028", "19.5", 1), ("2029", "17.5", 2), ("2030", "17", 1)]
    assert [(one["period"], one["value"], one["version"]) for one in listed["values"]] == told
    whole = hall.get(f"/indicators/{listed['id']}")
    assert [one["value"] for one in whole["told"]] == ["19.5", "18", "17.5", "17"]
    assert len(hall.get("/indicators/imports")["items"]) == 2
    assert hall.http.get("/api/v1/indicators/x").status_code == 404


def test_a_question_becomes_a_case_or_a_proposal_once(hall: Hall, tmp_path: Any) -> None:
    with hall.app.app_context():
        now = carrying.now()
        indicators.import_indicators(FILE.encode(), now=now)
        scope = str(indicators.find_current())
        assert indicators.renew_scope(now=now) == 0
        permit(scope)
    (air,) = hall.get("/indicators")["items"]
    asked = f"/indicators/{air['id']}/questions"

    actors = {name: Actor.of(scope, name) for name in ("Bea", "Dee")}

    def ask(name: str, text: str) -> Any:
        body = {"indicator": air["id"], "period": "2029", "text": text}
        return hall.act(asked, actors[name].act("question", body))

    act = Actor.of(scope, "Ada").act(
        "question", {"indicator": air["id"], "period": "", "text": "<b>Why</b> at night?"}
    )
    first, retry = hall.act(asked, act), hall.act(asked, act)
    assert (first.status_code, retry.get_json()) == (200, first.get_json())
    second = ask("Bea", "Where is it measured?").get_json()
    assert len(hall.get("/indicator-questions")["items"]) == 2
    for body in ({"period": "1999"}, {"indicator": "0" * 16}, {"text": ""}):
        sent = {"indicator": air["id"], "period": "", "text": "x", **body}
        assert hall.act(asked, Actor.of(scope, "Cyd").act("question", sent)).status_code in (
            404,
            422,
        )
    for place in range(3):
        assert ask("Dee", f"No. {place}").status_code == 200
    assert ask("Dee", "No. 4").get_json()["code"] == "too-many-questions"

    one = f"/indicator-questions/{first.get_json()['id']}"
    assert hall.get(one).items() >= {"id": one[-16:], "indicator": air["id"]}.items()
    foreign = hall.send(f"{one}/case", None, by=carrying.bearer(ELSEWHERE))
    assert foreign.get_json()["code"] == "question-of-other-department"
    reply = {"kind": "answer", "text": words("By a station.")}
    assert hall.send(f"{one}/replies", reply).get_json()["code"] == "question-no-case"
    case = hall.send(f"{one}/case", None).get_json()
    assert hall.send(f"{one}/case", None).get_json() == case
    record = hall.get(f"/records/{case['record']}")
    assert [entry["kind"] for entry in record["entries"]] == ["question"]
    assert sorted(due["kind"] for due in record["dues"]) == ["answer", "first-reply"]
    answered = hall.send(f"{one}/replies", reply)
    assert (answered.status_code, hall.send(f"{one}/replies", reply).status_code) == (201, 200)
    assert all(due["met_at"] for due in hall.get(f"/records/{case['record']}")["dues"])

    shown = hall.http.get(f"/records/{case['record']}?lang=en").text
    assert "By a station." in shown
    seal("votes")
    (told,) = hall.http.get("/feeds/records.json?lang=en").get_json()["items"]
    assert told["content_text"] == "By a station."
    assert told["_mvote"]["kind"] == "question-reply"
    asked_there = hall.http.get(f"/city/indicators/{air['id']}?lang=en").text
    assert "&lt;b&gt;Why&lt;/b&gt; at night?" in asked_there

    other = f"/indicator-questions/{second['id']}"
    call = hall.open_call()
    refused = hall.send(f"{other}/proposal", {"call": call, "topic": "nothing"})
    assert refused.status_code == 422
    made = hall.send(f"{other}/proposal", {"call": call, "topic": "streets"}).get_json()
    assert made["became"] == "proposal"
    proposal = hall.get(f"/proposals/{made['proposal']}")
    assert proposal["text"] == "Where is it measured?"
    taken = hall.send(f"{other}/case", None)
    assert taken.get_json()["code"] == "question-taken-up"
    assert hall.get("/figures")["city"]["proposals"]["adopted"]["whole"] == 1
