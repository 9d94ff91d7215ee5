"""``mvote pool summarise``: the object it prints, what people read, and what it refuses."""

import json

import pytest
from click.testing import CliRunner

from mvote.cli import cli

VOTES = """timestamp,datetime,comment-id,voter-id,vote
1,,0,0,1
2,,0,1,1
3,,0,2,1
4,,0,0,0
5,,1,1,-1
6,,1,2,1
"""
PARTICIPANTS = """participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1
0,0,0,1,0,0,0,
1,0,0,2,1,1,1,-1
2,1,0,2,2,0,1,1
"""
SUMMARY = {
    "participants": 3,
    "statements": {
        "0": {"agree": 2, "disagree": 0, "pass": 1},
        "1": {"agree": 1, "disagree": 1, "pass": 0},
    },
    "groups": {
        "0": {
            "size": 2,
            "statements": {
                "0": {"agree": 1, "disagree": 0, "pass": 1},
                "1": {"agree": 0, "disagree": 1, "pass": 0},
            },
        },
        "1": {
            "size": 1,
            "statements": {
                "0": {"agree": 1, "disagree": 0, "pass": 0},
                "1": {"agree": 1, "disagree": 0, "pass": 0},
            },
        },
    },
    "bridging": ["0", "1"],
}


@pytest.fixture
def summarise(tmp_path):
    """Writes the files and runs the command on them."""

    def act(*arguments, votes=VOTES, participants=None, language="en"):
        (tmp_path / "votes.csv").write_text(votes)
        given = [str(tmp_path / "votes.csv"), *arguments]
        if participants is not None:
            (tmp_path / "p.csv").write_text(participants)
            given += ["--groups", str(tmp_path / "p.csv")]
        locale = {"LC_ALL": f"{language}_KR.UTF-8"}
        return CliRunner().invoke(cli, ["pool", "summarise", *given], env=locale)

    return act


def turned(votes):
    """The file in the other convention."""
    head, *rows = votes.splitlines()
    cells = [row.rsplit(",", 1) for row in rows]
    return "\n".join([head, *(f"{before},{-int(vote)}" for before, vote in cells)]) + "\n"


def test_the_example_of_the_help_is_what_is_printed(summarise):
    found = summarise("--json", participants=PARTICIPANTS)
    assert found.exit_code == 0, found.output
    assert json.loads(found.stdout) == SUMMARY
    told = CliRunner().invoke(cli, ["pool", "summarise", "--help"]).stdout
    example = told[told.index('{"participants"') : told.index("Exit code")]
    assert json.loads(example) == SUMMARY


def test_a_file_of_the_other_sign_is_found_out_or_named(summarise):
    found = summarise("--json", votes=turned(VOTES), participants=PARTICIPANTS)
    assert json.loads(found.stdout) == SUMMARY
    assert "-1 was read as agree" in found.stderr
    named = summarise("--json", "--agree", "-1", votes=turned(VOTES))
    assert json.loads(named.stdout)["statements"] == SUMMARY["statements"]
    as_it_stands = summarise("--json", votes=turned(VOTES))
    assert json.loads(as_it_stands.stdout)["statements"]["0"]["disagree"] == 2


def test_a_sign_that_the_participants_file_contradicts_is_refused(summarise):
    found = summarise("--agree", "-1", participants=PARTICIPANTS)
    assert found.exit_code == 2
    assert "by this file agree is 1, but --agree -1 was given" in found.stderr


def test_own_groups_are_made_where_none_are_given(summarise):
    found = json.loads(summarise("--json").stdout)
    assert {name: group["size"] for name, group in found["groups"].items()} == {"0": 1, "1": 1}
    assert found["bridging"] == ["0", "1"]


def test_who_is_missing_in_the_participants_file_counts_and_is_in_no_group(summarise):
    """Polis leaves some voters out of participants-votes.csv."""
    short = "\n".join(PARTICIPANTS.splitlines()[:-1]) + "\n"
    found = summarise("--json", participants=short)
    assert json.loads(found.stdout)["participants"] == 3
    assert json.loads(found.stdout)["groups"].keys() == {"0"}
    assert "1 people are in no group" in found.stderr


def test_people_read_tables_in_their_language(summarise):
    shown = summarise(participants=PARTICIPANTS).stdout
    assert "3 people voted on 2 statements." in shown
    rows = [line.split() for line in shown.splitlines()]
    assert ["0", "2", "0", "1", "50", "%", "100", "%"] in rows
    korean = summarise(participants=PARTICIPANTS, language="ko").stdout
    assert "3명이 진술 2개에 투표했습니다." in korean


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"votes": VOTES[:-4]}, "votes.csv, line 7: 5 columns are expected"),
        ({"participants": PARTICIPANTS + "9,0,0,1,1,0,1,\n"}, "p.csv, line 5: participant 9"),
        ({"participants": ""}, "p.csv: one column “participant” is expected"),
    ],
)
def test_what_cannot_be_read_ends_in_a_sentence(summarise, files, said):
    found = summarise("--json", **files)
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stdout == ""


def test_a_file_that_is_not_there_ends_in_a_sentence(tmp_path):
    found = CliRunner().invoke(cli, ["pool", "summarise", str(tmp_path / "none.csv")])
    assert found.exit_code == 2
    assert "none.csv: cannot be read" in found.stderr


def test_every_conversation_is_summarised(data_folder):
    for folder in sorted((data_folder / "polis").iterdir()):
        votes = next(one for one in folder.iterdir() if one.name.startswith("votes."))
        groups = folder / "participants-votes.csv"
        given = ["--groups", str(groups)] if groups.exists() else []
        arguments = ["pool", "summarise", str(votes), *given]
        found = CliRunner().invoke(cli, [*arguments, "--json"])
        assert found.exit_code == 0, found.output
        told = json.loads(found.stdout)
        assert list(told) == ["participants", "statements", "groups", "bridging"]
        assert sorted(told["bridging"]) == sorted(told["statements"])
        assert CliRunner().invoke(cli, arguments).exit_code == 0
