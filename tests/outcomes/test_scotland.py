"""Council elections of Glasgow 2007 and Edinburgh 2017, by the order that governs them."""

import json
from fractions import Fraction

import pytest

from tests.outcomes.counting import counted

WARDS = (
    "Baillieston",
    "Canal",
    "Drumchapel-Anniesland",
    "Garscadden-Scotsounhill",
    "Greater-Pollock",
    "Langside",
    "Maryhill-Kelvin",
    "North-East",
    "Pollokshields",
    "Southside-Central",
)
EDINBURGH = {"Susan RAE", "Marion DONALDSON", "Lewis RITCHIE", "Amy MCNEESE-MECHAN"}


def test_every_ward_given_is_counted(data_folder):
    files = (data_folder / "ranked" / "scotland2007").glob("*.blt")
    assert {file.name.removesuffix("-2007.blt") for file in files} == set(WARDS)


@pytest.mark.parametrize("ward", WARDS)
def test_a_ward_of_glasgow_is_counted_stage_by_stage_to_five_decimals(data_folder, ward):
    folder = data_folder / "ranked" / "scotland2007"
    expected = json.loads((folder / f"{ward}-2007.expected.json").read_text())
    found = counted(folder / f"{ward}-2007.blt", "stv-scottish")
    stages = stages_of(expected)
    assert len(found["rounds"]) in (len(stages), len(stages) + 1)
    for ours, theirs in zip(found["rounds"], stages, strict=False):
        said = {one: Fraction(total) for one, total in ours["totals"].items() if total != "0"}
        assert said == {one: total for one, total in theirs["votes"].items() if total}
        assert Fraction(ours["exhausted"]) == theirs["lost"]
    elected = {
        one for one, state in expected["actions"][-1]["cstate"].items() if state["code"] == "E"
    }
    assert set(found["winners"]) == elected
    assert found["ballots"] == expected["nballots"]


def stages_of(expected):
    """The votes as they lie before each stage acts, and what counts for nobody."""
    begins = [one for one in expected["actions"] if one["tag"] in ("begin", "transfer")]
    return [
        {
            "votes": {one: Fraction(state["vote"]) for one, state in action["cstate"].items()},
            "lost": Fraction(action["nt_votes"]),
        }
        for action in begins
    ]


def test_leith_walk_elects_whom_it_elected(data_folder):
    file = data_folder / "ranked" / "scot_elex" / "edinburgh_2017_ward12.blt"
    found = counted(file, "stv-scottish")
    names = {one["id"]: one["name"].rpartition(" (")[0] for one in found["options"]}
    assert {names[one] for one in found["winners"]} == EDINBURGH
    assert (found["ballots"], len(found["winners"])) == (10_649, 4)
