"""What a result says, and how it is spelled for spreadsheets."""

import csv
import io
from fractions import Fraction
from typing import Any

import pytest

from mvote.core.canonical import canonical_bytes, parse
from mvote.core.poll import IssuerKey, PollDefinition, PollDraft, Roll
from mvote.core.result import Figures, compose, tally
from mvote.votes.results.rules import (
    COLUMNS,
    ballot_rows,
    percent,
    result_rows,
    spell_csv,
)
from tests.makers import budget_question, make_poll_draft, words, yes_no_question
from tests.votes.carrying import now

RECORD = "0123456789abcdef"


def _definition(**changes: Any) -> PollDefinition:
    draft = PollDraft.from_json(make_poll_draft(record=RECORD, **changes))
    key = IssuerKey(kid="0" * 16, x="A" * 43, operator="The city")
    return draft.approved(poll=RECORD).frozen(
        roll=Roll("growing", None), issuer=(key,), board_key="A" * 43
    )


def _document(definition: PollDefinition, grouped: list[tuple[str, int]]) -> dict[str, Any]:
    outcomes = tally(definition, grouped, poll_hash=definition.hash)
    voters = sum(weight for _, weight in grouped)
    return compose(
        definition,
        outcomes,
        Figures(eligible=None, issued=voters + 3, voters=voters, entries=voters + 2),
        poll_hash=definition.hash,
        closed_at=now(),
        published_at=now(),
    )


@pytest.mark.parametrize(
    ("part", "whole", "spelled"),
    [
        (1, 3, "33.3"),
        (2, 3, "66.7"),
        (1, 1, "100.0"),
        (0, 7, "0.0"),
        (1, 2000, "0.0"),  # 0.05: half goes to the even 0.0
        (3, 2000, "0.2"),  # 0.15: half goes to the even 0.2
        (5, 2000, "0.2"),  # 0.25
        ("7/3", 7, "33.3"),
        (Fraction(1, 3), 1, "33.3"),
        (5, 0, "0.0"),
    ],
)
def test_a_share_is_exact_and_rounded_half_to_even(part: Any, whole: int, spelled: str) -> None:
    assert percent(part, whole) == spelled


def test_every_question_is_counted_by_its_own_method() -> None:
    projects = budget_question(100, {"a": 60, "b": 50, "c": 40})
    definition = _definition(kind="budget", questions=[yes_no_question(), projects])
    outcomes = tally(
        definition,
        [('{"q1":["yes"],"projects":["a","c"]}', 3), ('{"q1":[],"projects":["b"]}', 2)],
        poll_hash=definition.hash,
    )
    assert outcomes["q1"].totals == {"yes": 3, "no": 0}
    assert (outcomes["q1"].valid, outcomes["q1"].blank) == (3, 2)
    assert outcomes["projects"].totals == {"a": 3, "b": 2, "c": 3}
    assert set(outcomes["projects"].winners) == {"a", "c"}


def test_the_same_options_in_another_order_are_the_same_answer() -> None:
    definition = _definition(kind="budget", questions=[budget_question(9, {"a": 1, "b": 1})])
    grouped = [('{"projects":["a","b"]}', 1), ('{"projects":["b","a"]}', 1)]
    assert tally(definition, grouped, poll_hash="0")["projects"].totals == {"a": 2, "b": 2}


def test_the_document_is_canonical_json_that_adds_up() -> None:
    document = _document(_definition(), [('{"q1":["yes"]}', 5), ('{"q1":["no"]}', 4)])
    assert parse(canonical_bytes(document)) == document
    assert document["superseded"] == document["ballots"] - document["voters"] == 2
    assert document["decision"]["chosen"] == {"q1": ["yes"]}
    assert [one["id"] for one in document["questions"][0]["options"]] == ["yes", "no"]


def test_a_missed_quorum_chooses_nothing_but_hides_no_count() -> None:
    rule = make_poll_draft()["decision"] | {"quorum": {"kind": "voters", "least": 10}}
    document = _document(_definition(decision=rule), [('{"q1":["yes"]}', 9)])
    assert document["decision"]["chosen"] == {"q1": []}
    assert document["questions"][0]["outcome"]["totals"]["yes"] == "9"
    assert result_rows(document)[0][-2] == "false"


def test_the_table_has_a_row_for_each_question_and_option() -> None:
    projects = budget_question(100, {"2024/A/1": 60, "b": 50})
    definition = _definition(kind="budget", questions=[yes_no_question(), projects])
    document = _document(definition, [('{"q1":["yes"],"projects":["b"]}', 3)])
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in result_rows(document)]
    assert [(row["question"], row["option"]) for row in rows] == [
        ("q1", "yes"),
        ("q1", "no"),
        ("projects", "2024/A/1"),
        ("projects", "b"),
    ]
    assert rows[3] == {
        "poll": RECORD,
        "question": "projects",
        "option": "b",
        "title_ko": "Project b (한)",
        "title_en": "Project b",
        "votes": "3",
        "share_percent": "100.0",
        "chosen": "true",
        "cost": "50",
    }
    assert rows[0]["cost"] == ""


def _read_csv(raw: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def test_a_table_opens_in_a_spreadsheet_with_its_korean_intact() -> None:
    raw = spell_csv(("title",), [("다리 건설",)])
    assert raw == b"\xef\xbb\xbftitle\r\n" + "다리 건설".encode() + b"\r\n"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_a_cell_never_becomes_a_formula(start: str) -> None:
    evil = start + 'HYPERLINK("http://evil.example","x")'
    assert _read_csv(spell_csv(("a", "b"), [(evil, "1-2=3")]))[1] == ["'" + evil, "1-2=3"]


def test_cells_with_commas_quotes_and_lines_come_back_whole() -> None:
    cells = ['a "quoted", one', "two\nlines", ""]
    assert _read_csv(spell_csv(("1", "2", "3"), [cells]))[1] == cells


def test_open_ballots_are_sorted_and_tell_no_order_of_arrival() -> None:
    definition = _definition(
        level="open", kind="budget", questions=[budget_question(9, {"a": 1, "b": 1})]
    )
    named = [("Younghee", '{"projects":["b"]}'), (None, '{"projects":["a"]}')]
    named.append(("Chulsoo", '{"projects":["b","a"]}'))
    rows = ballot_rows(definition, named)
    assert rows == [("", "a"), ("Chulsoo", "b a"), ("Younghee", "b")]
    assert rows == ballot_rows(definition, named[::-1])


def test_a_title_in_the_result_is_the_frozen_one() -> None:
    document = _document(_definition(title=words("Another")), [])
    assert document["title"] == words("Another")
    assert document["voters"] == 0
    assert document["decision"]["chosen"] == {"q1": []}
