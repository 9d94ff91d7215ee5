"""Surveys counted from files: the first wave of the Shin-Kori deliberation, and bad input."""

import csv
import gzip
import json
from fractions import Fraction

import pytest
from click.testing import CliRunner

from mvote.cli import cli

NAMES = ("1=stop", "2=resume", "3=undecided", "9=undecided")
FILE = "id;answer;weight;sex\n1;yes;1.5;f\n2;no;0.5;f\n3;yes;1;m\n"


def survey(*arguments, code=0):
    result = CliRunner().invoke(cli, ["survey", *map(str, arguments)])
    assert result.exit_code == code, result.output
    return result.output


def counted(*arguments):
    return json.loads(survey(*arguments, "--json"))


@pytest.fixture
def small(tmp_path):
    path = tmp_path / "small.csv"
    path.write_text(FILE)
    return path


def test_shin_kori_comes_out_as_published(data_folder):
    """Of 20,006 asked in 2017: resume 36.6, stop 27.6, undecided 35.8 per cent."""
    names = [part for one in NAMES for part in ("--name", one)]
    file = data_folder / "survey" / "shin-kori" / "wave1_20006.csv.gz"
    found = counted(file, "--answer", "A_Q2", "--weight", "WT1", "--by", "A_SQ3", *names)
    percents = {one: row["percent"] for one, row in found["answers"].items()}
    assert percents == {"resume": "36.6", "stop": "27.6", "undecided": "35.8"}
    ages = {age: group["answers"]["resume"]["percent"] for age, group in found["groups"].items()}
    assert (ages["2"], ages["3"]) == ("17.9", "19.5")
    assert found["respondents"] == 20_006
    assert found["effective"] == "19999.6"
    assert found["answers"]["resume"]["margin"] == "0.7"


def test_weights_are_as_exact_as_a_file_spells_them(data_folder):
    """The weights of 538's survey of non-voters have up to 19 digits behind the point."""
    file = data_folder / "survey" / "nonvoters" / "nonvoters_data.csv.gz"
    found = counted(file, "--answer", "Q1", "--weight", "weight")
    with gzip.open(file, "rt") as stream:
        rows = [(row["Q1"], Fraction(row["weight"])) for row in csv.DictReader(stream)]
    total = sum(weight for _, weight in rows)
    assert found["respondents"] == len(rows) == 5_836
    for answer, shown in found["answers"].items():
        share = 100 * sum(weight for one, weight in rows if one == answer) / total
        assert abs(Fraction(shown["percent"]) - share) <= Fraction(1, 20)


def test_a_sample_is_raked_to_the_margins_of_a_file(small, tmp_path):
    margins = tmp_path / "margins.csv"
    margins.write_text("variable,category,share\nsex,f,0.4\nsex,m,0.6\n")
    found = counted(small, "--answer", "answer", "--weight", "weight", "--margins", margins)
    assert found["answers"]["no"]["percent"] == "10.0"
    assert found["raking_rounds"] == 2
    assert found["weight"] == "3"


def test_people_read_a_table(small):
    shown = survey(small, "--answer", "answer", "--weight", "weight", "--by", "sex")
    assert "3 answered" in shown
    assert "83.3 %" in shown


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "column “answer”"),
        ("id,answer\n1,yes\n", "column “weight”"),
        ("answer,weight\n", "at least one row"),
        ("answer,weight\nyes,-1\n", "line 2: a number of 0 or more"),
        ("answer,weight\nyes,1,2\n", "line 2: 2 columns are expected"),
        ("answer,weight\nyes,0\n", "add up to nothing"),
    ],
)
def test_a_file_that_is_no_such_survey_is_refused_with_its_line(tmp_path, text, said):
    path = tmp_path / "bad.csv"
    path.write_text(text)
    assert said in survey(path, "--answer", "answer", "--weight", "weight", code=2)


def test_a_category_without_a_margin_is_refused(small, tmp_path):
    margins = tmp_path / "margins.csv"
    margins.write_text("variable,category,count\nsex,f,10\n")
    said = survey(small, "--answer", "answer", "--margins", margins, code=2)
    assert "“m”" in said
