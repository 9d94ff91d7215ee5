"""``mvote count``: what it prints, how marks become answers, and how it says no."""

import json
import random

import pytest
from click.testing import CliRunner

from mvote.core.counting import METHODS
from mvote.operations.count import count
from tests.formats import samples

KEYS = ["method", "ballots", "valid", "options", "totals", "winners", "ties", "rounds"]
MARKS = "rank1,rank2,rank3\nA|B,C,\n,A,B\nA,A,C\novervote,B,C\n,,C\nB,,A\n"
NAMES = '"A"\n"B"\n"C"\n"T"\n'


@pytest.fixture
def run(tmp_path):
    """Write a file and count it; gives the result of the command."""

    def act(content, name, *arguments):
        path = tmp_path / name
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return CliRunner().invoke(count, [str(path), *arguments], catch_exceptions=False)

    return act


@pytest.fixture
def counted(run):
    def act(content, name, method, *arguments):
        result = run(content, name, "--method", method, "--json", *arguments)
        assert result.exit_code == 0, result.output
        return json.loads(result.stdout)

    return act


@pytest.mark.parametrize("name", samples.ALL)
def test_every_format_is_counted_and_printed_in_one_form(run, counted, name):
    text, method = samples.ALL[name]
    found = counted(text, name, method)
    assert list(found)[: len(KEYS)] == KEYS
    ids = [one["id"] for one in found["options"]]
    assert all(one["name"] for one in found["options"])
    assert set(found["totals"]) <= set(ids)
    assert all(isinstance(total, str) for total in found["totals"].values())
    for one in found["rounds"]:
        assert {"totals", "elected", "eliminated", "exhausted"} <= one.keys()
    shown = run(text, name, "--method", method).stdout
    names = {one["id"]: one["name"] for one in found["options"]}
    assert all(names[one] in shown for one in found["winners"])
    assert f"{found['ballots']:,} ballots" in shown


def test_rounds_are_shown_as_a_table(run):
    text = f"3 1\n4 1 2 0\n3 2 1 0\n2 3 2 0\n0\n{NAMES}"
    shown = run(text, "small.blt", "--method", "irv").stdout
    rows = [line.split() for line in shown.splitlines()]
    assert ["Round", "1", "Round", "2"] in rows
    assert ["2", "B", "3", "5", "elected"] in rows
    assert ["3", "C", "2", "out"] in rows
    assert ["exhausted", "0", "0"] in rows
    assert "9 valid votes were counted in 2 rounds." in shown


def test_money_is_shown_as_the_file_spells_it(run, counted):
    text = samples.PABULIB.replace("a;60", "a;60.25").replace("budget;100", "budget;1500.5")
    found = counted(text, "cents.pb", "budget-greedy")
    assert [(one["cost"], one["left"]) for one in found["rounds"]] == [
        ("60.25", "1440.25"),
        ("50", "1390.25"),
    ]
    assert "60.25  1,440.25" in run(text, "cents.pb", "--method", "budget-greedy").stdout
    whole = counted(samples.PABULIB, "whole.pb", "budget-greedy")
    assert [one["cost"] for one in whole["rounds"]] == [60, 50]


def test_the_list_names_every_method_and_its_options():
    listed = CliRunner().invoke(count, ["--list"], catch_exceptions=False)
    assert listed.exit_code == 0
    for method in METHODS:
        if method.name not in ("number-summary", "text-list"):
            assert f"\n{method.name} (" in f"\n{listed.stdout}"
            assert all(f"    {key}: " in listed.stdout for key in method.form)
    found = json.loads(CliRunner().invoke(count, ["--list", "--json"]).stdout)
    assert "listed" in found["ties"]


@pytest.mark.parametrize(
    ("options", "totals"),
    [
        ((), {"A": "2", "B": "1", "C": "1"}),
        (("overvote=skip",), {"A": "2", "B": "2", "C": "2"}),
        (("overvote=skip", "skipped=0"), {"A": "1", "B": "2", "C": "1"}),
        (("skipped=1",), {"A": "2", "B": "1", "C": "0"}),
        (("rankings=1",), {"A": "1", "B": "1", "C": "0"}),
    ],
)
def test_marks_are_read_by_the_rules_that_are_named(counted, options, totals):
    arguments = [word for one in options for word in ("--option", one)]
    assert counted(MARKS, "marks.csv", "plurality", *arguments)["totals"] == totals


def test_an_option_ranked_again_is_passed_over_or_ends_the_ballot(counted):
    text = "rank1,rank2,rank3\nA,A,C\nB,,\nB,,\nC,,\n"
    passed = counted(text, "d.csv", "irv", "--ties", "listed", "--option", "first_out=A")
    ended = counted(
        text, "d.csv", "irv", "--option", "first_out=A", "--option", "duplicate=exhaust"
    )
    assert passed["rounds"][1]["totals"] == {"B": "2", "C": "2"}
    assert ended["rounds"][1]["totals"] == {"B": "2", "C": "1"}


def test_a_ranking_counts_by_its_first_rank_or_by_all_that_are_ranked(counted):
    assert counted(samples.PREFLIB, "s.toi", "plurality")["totals"] == {
        "1": "4",
        "2": "2",
        "3": "1",
    }
    assert counted(samples.PREFLIB, "s.toi", "approval")["totals"] == {"1": "6", "2": "6", "3": "5"}


def test_cells_of_a_grid_are_what_the_method_wants(counted):
    grid = samples.GRID_CSV.replace("3,1,1,0", "3,1,1,3")
    assert counted(grid, "g.csv", "score-mean", "--option", "cells=scores")["ballots"] == 3
    ranks = ("--option", "cells=ranks")
    assert counted(grid, "g.csv", "plurality", *ranks)["totals"] == {
        "Ann": "1",
        "Bo": "1",
        "Chris": "0",
    }


def test_a_withdrawn_candidate_of_the_file_is_not_elected(counted):
    text = f"3 1\n-1\n5 1 2 0\n3 2 0\n4 3 0\n0\n{NAMES}"
    for method in ("plurality", "irv", "stv-scottish"):
        found = counted(text, "w.blt", method)
        assert "1" not in found["winners"]
    assert counted(text, "w.blt", "irv")["winners"] == ["2"]


def test_the_order_that_a_file_fixes_decides_its_ties(counted):
    text = "3 1\n{}2 1 0\n2 2 0\n2 3 0\n0\n" + NAMES
    assert counted(text.format(""), "t.blt", "irv")["winners"] == ["1"]
    fixed = counted(text.format("[tie 1 3 2]\n"), "t.blt", "irv")
    assert (fixed["winners"], fixed["ties"][0]["rule"]) == (["2"], "file")
    named = counted(text.format("[tie 1 3 2]\n"), "t.blt", "irv", "--ties", "listed")
    assert (named["winners"], named["ties"][0]["rule"]) == (["1"], "listed")


def test_a_draw_is_by_the_hash_of_the_file_and_so_always_the_same(counted):
    text = f"3 1\n2 1 0\n2 2 0\n2 3 0\n0\n{NAMES}"
    once, again = (counted(text, "t.blt", "irv", "--ties", "drawn") for _ in range(2))
    assert once == again
    assert once["ties"][0]["rule"] == "drawn"


def test_a_tie_in_every_round_is_told_for_every_round(counted):
    text = "4 1\n1 1 0\n1 2 0\n1 3 0\n1 4 0\n0\n" + '"A"\n"B"\n"C"\n"D"\n"T"\n'
    found = counted(text, "t.blt", "irv")
    assert [len(one["options"]) for one in found["ties"]] == [4, 3, 2]
    assert found["winners"] == ["1"]


BLANK = f"3 1\n3 0\n0\n{NAMES}"
RANKED = f"3 2\n3 1 2 0\n2 2 0\n1 3 0\n0\n{NAMES}"
REFUSED = [
    (RANKED, "r.blt", ("--method", "loud"), "“loud” is not a known name. Known: plurality"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "x=1"), "irv has no option “x”; known:"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "until=noon"), "until"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "skipped=some"), "has to be a whole number"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "overvote=x"), "has to be one of: exhaust"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "nothing"), "KEY=VALUE"),
    (RANKED, "r.blt", ("--method", "irv", "--ties", "luck"), "“luck” is not a known name"),
    (RANKED, "r.blt", ("--method", "irv", "--seats", "4"), "only 3 options stand"),
    (RANKED, "r.blt", ("--method", "stv-scottish", "--seats", "4"), "4 seats, but only 3 options"),
    (RANKED, "r.blt", ("--method", "irv", "--seats", "0"), "--seats"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "withdrawn=1,2,3"), "every option is withd"),
    (RANKED, "r.blt", ("--method", "irv", "--option", "withdrawn=9"), "withdrawn"),
    (RANKED, "r.blt", ("--method", "score-mean"), "the ballots give no scores"),
    (RANKED, "r.blt", ("--method", "budget-greedy"), "costs"),
    (samples.CHOICE_CSV, "c.csv", ("--method", "irv"), "the ballots choose options and rank none"),
    (samples.CHOICES_CSV, "c.csv", ("--method", "plurality"), "approval can"),
    (samples.GRID_CSV, "g.csv", ("--method", "approval"), "g.csv, line 2: a chosen cell holds x"),
    ("A,B\n1,2\n2,x\n", "g.csv", ("--method", "irv"), "g.csv, line 3: a rank, 1 or more, is"),
    ("A,B\n1,2\n2,.5\n", "g.csv", ("--method", "score-mean"), "g.csv, line 3: a score, a whole"),
    (BLANK, "b.blt", ("--method", "irv"), "every ballot is blank"),
    (BLANK.replace("3 0\n0", "0"), "b.blt", ("--method", "irv"), "there are no ballots"),
    (f"3 1\n0 1 2 0\n0\n{NAMES}", "b.blt", ("--method", "irv"), "there are no ballots"),
    ("rank1,rank2\n", "b.csv", ("--method", "irv"), "there are no options"),
    (RANKED.encode("utf-16"), "r.blt", ("--method", "irv"), "UTF-16"),
    (RANKED[:20], "r.blt", ("--method", "irv"), "cut off"),
    (samples.PABULIB, "p.blt", ("--method", "irv"), "line 1: the first line has to be"),
    (
        samples.PABULIB.replace("rule;greedy", "rule;greedy\nmax_length;x"),
        "p.pb",
        ("--method", "budget-greedy"),
        "p.pb: max_length has to be a whole number",
    ),
    (RANKED, "r.pb", ("--method", "budget-greedy"), "a Pabulib file begins with META"),
    (RANKED, "r.json", ("--method", "irv"), "line 1: “{” is expected"),
    (RANKED, "r.toi", ("--method", "irv"), "line 1: the header has no whole number"),
]


@pytest.mark.parametrize(("content", "name", "arguments", "words"), REFUSED)
def test_what_cannot_be_counted_is_said_in_a_sentence(run, content, name, arguments, words):
    result = run(content, name, *arguments)
    assert result.exit_code == 2
    assert words in result.stderr
    assert not result.stdout


def test_without_a_file_or_a_method_it_says_what_it_needs(run):
    assert CliRunner().invoke(count, ["--method", "irv"]).exit_code == 2
    assert run(RANKED, "r.blt").exit_code == 2


@pytest.mark.parametrize("name", samples.ALL)
def test_a_damaged_file_is_counted_or_refused_and_nothing_else(run, name):
    text, method = samples.ALL[name]
    chance = random.Random(name)
    for _ in range(40):
        damaged = bytearray(text.encode())
        for _ in range(3):
            damaged[chance.randrange(len(damaged))] = chance.choice(b'\x00\xff,;:{}0129-\n"#|>= a')
        result = run(bytes(damaged), name, "--method", method, "--json")
        assert result.exit_code in (0, 2)
        assert bool(result.stdout) == (result.exit_code == 0)
        assert result.exit_code == 0 or name in result.stderr
