"""Ballots of a closed poll leave as files of the field and count alike when they come back."""

import gzip
import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result
from flask import Flask

from mvote.operations.count import count_file, report
from mvote.votes.ballots.errors import CountHiddenBeforeClose
from mvote.votes.results import service as results
from mvote.votes.results.commands import results as command
from mvote.votes.results.errors import QuestionUnnamed
from tests.makers import words
from tests.votes import carrying

COSTS = {"a": 30, "b": 20, "c": 40}
BUDGET = {"budget": 60}


def _ask(name: str, kind: str, method: str, **changes: Any) -> dict[str, Any]:
    costs = COSTS if changes.pop("costs", False) else {}
    return {
        "id": name,
        "type": kind,
        "title": words(f"About {name}"),
        "options": [
            {"id": one, "title": words(f"Option {one}")} | ({"cost": costs[one]} if costs else {})
            for one in "abc"
        ],
        "config": changes.pop("config", {}),
        "counting": {"method": method, "options": changes.pop("counting", {})},
        "blank": True,
    }


ASKED = [
    _ask("one", "single-choice", "plurality"),
    _ask("some", "multiple-choice", "approval", counting={"seats": 2}),
    _ask("order", "ranking", "irv", config={"equal": True}),
    _ask("stars", "rating", "score-mean", config={"scale": {"least": 0, "most": 5}}),
    _ask("points", "points", "cumulative", config={"points": 10}),
    _ask("budget", "budget", "budget-greedy", config={"most": 3}, counting=BUDGET, costs=True),
    _ask("coins", "points", "budget-points", config={"points": 9}, counting=BUDGET, costs=True),
    _ask("queue", "ranking", "budget-positions", counting=BUDGET, costs=True),
    _ask("age", "number", "number-summary", config={"least": 0, "most": 99}) | {"options": []},
]
ANSWERS: list[dict[str, list[Any]]] = [
    {
        "one": ["a"],
        "some": ["a", "b"],
        "order": ["a", ["b", "c"]],
        "stars": [["a", 5], ["b", 0]],
        "points": [["a", 7], ["c", 3]],
        "budget": ["a", "b"],
        "coins": [["b", 9]],
        "queue": ["b", "a", "c"],
        "age": [40],
    },
    {
        "one": ["b"],
        "some": ["c", "b"],
        "order": [["b", "c"], "a"],
        "stars": [["a", 1], ["b", 4], ["c", 3]],
        "points": [["b", 10]],
        "budget": ["c"],
        "coins": [["a", 4], ["c", 5]],
        "queue": ["c"],
        "age": [20],
    },
    {one["id"]: [] for one in ASKED},
]
VOTERS = (0, 0, 1, 1, 1, 0, 0, 2)
ENDINGS = {"nist": "json", "preflib": "txt", "pabulib": "pb", "csv": "csv"}
READ_BACK = {
    "one": ("nist", "csv", "preflib"),
    "some": ("nist", "csv", "preflib"),
    "order": ("nist", "csv", "preflib"),
    "stars": ("nist", "csv", "preflib"),
    "points": ("nist", "csv"),
    "budget": ("nist", "csv", "pabulib"),
    "coins": ("nist", "csv", "pabulib"),
    "queue": ("nist", "csv", "pabulib"),
}


def _export(app: Flask, poll: str, form: str, question: str, *more: str) -> Result:
    arguments = ["export", poll, "--format", form, "--question", question, *more]
    return CliRunner().invoke(command, arguments, obj=lambda side: app)


def test_every_export_counts_alike_when_it_is_read_back(
    app: Flask, tmp_path: Path, data_folder: Path
) -> None:
    with app.app_context():
        poll = carrying.freeze(questions=ASKED)
        carrying.open_poll(poll)
        for place, voter in enumerate(VOTERS):
            carrying.cast(poll, ANSWERS[voter], voter=f"voter {place}")
        with pytest.raises(CountHiddenBeforeClose):
            results.get_export(poll, question="one")
        carrying.close(poll, issued=len(VOTERS))
        results.publish_result(poll, now=carrying.now())
        published = results.get_result(poll).document
        with pytest.raises(QuestionUnnamed):
            results.get_export(poll)
    for question in published["questions"]:
        for form in READ_BACK.get(question["id"], ()):
            _reads_back(app, poll, question, form, tmp_path)
    _the_records_are_valid(app, poll, data_folder)
    _what_cannot_be_written_is_refused(app, poll)


def _reads_back(app: Flask, poll: str, question: dict[str, Any], form: str, tmp_path: Path) -> None:
    file = tmp_path / f"{question['id']}-{form}.{ENDINGS[form]}"
    done = _export(app, poll, form, question["id"], "--output", str(file))
    assert done.exit_code == 0, done.output
    costs_lost = "budget" in question["counting"]["options"] and form != "pabulib"
    method = {"budget": "approval", "coins": "cumulative", "queue": "irv"}
    counting = question["counting"]
    by = method[question["id"]] if costs_lost else counting["method"]
    found = report(count_file(file, method=by, seats=counting["options"].get("seats")))
    blank_kept = form != "preflib" or question["type"] != "ranking"
    assert found["ballots"] == (len(VOTERS) if blank_kept else len(VOTERS) - 1)
    if costs_lost and question["type"] == "ranking":
        return
    theirs = question["outcome"]
    assert list(found["totals"].values()) == list(theirs["totals"].values())
    if not costs_lost:
        ids = list(found["totals"])
        assert [ids.index(one) for one in found["winners"]] == [
            "abc".index(one) for one in theirs["winners"]
        ]


def _the_records_are_valid(app: Flask, poll: str, data_folder: Path) -> None:
    folder = data_folder / "cvr" / "nist1500-103"
    schema = json.loads((folder / "NIST_V0_cast_vote_records.json").read_text())
    for question in READ_BACK:
        made = json.loads(_export(app, poll, "nist", question).stdout)
        jsonschema.Draft4Validator(schema).validate(made)
        assert len(made["CVR"]) == len(VOTERS)


def _what_cannot_be_written_is_refused(app: Flask, poll: str) -> None:
    for form, question in (("pabulib", "one"), ("preflib", "points"), ("csv", "age")):
        done = _export(app, poll, form, question)
        assert done.exit_code != 0
        assert "cannot be written" in str(done.exception)


def test_an_export_can_be_packed_and_still_be_read(app: Flask, tmp_path: Path) -> None:
    with app.app_context():
        poll = carrying.carry_to_close({"yes": 3, "no": 1})
    text = _export(app, poll, "csv", "q1").stdout
    file = tmp_path / "ballots.csv.gz"
    file.write_bytes(gzip.compress(text.encode()))
    assert report(count_file(file, method="plurality"))["totals"] == {"yes": "3", "no": "1"}
