"""Every budget in the folder, counted by its own rule, against what its city published."""

import pytest

from mvote.formats.pabulib import read
from tests.outcomes.counting import counted

RULES = {
    "Netherlands_Assen_2024.pb": ("equal-shares", {}),
    "Poland_Czestochowa_2024_Polnoc.pb": ("budget-points", {}),
    "Poland_Gdynia_2024.pb.gz": ("budget-greedy-no-skip", {}),
    "Poland_Katowice_2024.pb.gz": ("budget-points", {}),
    "Poland_Krakow_2021_Debniki.pb.gz": ("budget-points", {}),
    "Poland_Warszawa_2020_Mokotow.pb.gz": ("budget-greedy", {}),
    "Poland_Warszawa_2021_Mokotow.pb.gz": ("budget-greedy", {}),
    "Poland_Wroclaw_2017.pb.gz": ("budget-greedy-no-skip", {}),
}
TOTALS_ONLY = {
    "France_Toulouse_2019.pb": "budget-points",
    "Netherlands_Amsterdam_643.pb": "budget-greedy",
}


def test_every_budget_of_the_folder_is_counted(data_folder):
    assert {file.name for file in (data_folder / "pb").glob("*.pb*")} == {*RULES, *TOTALS_ONLY}


@pytest.mark.parametrize("file", RULES)
def test_the_projects_are_those_of_the_city(data_folder, file):
    method, options = RULES[file]
    instance = read(data_folder / "pb" / file)
    found = counted(data_folder / "pb" / file, method, **options)
    chosen = set(found["winners"]) - instance.official_selection.otherwise
    assert chosen == instance.official_selection.chosen
    assert found["ballots"] == len(instance.voters)


@pytest.mark.parametrize("file", TOTALS_ONLY)
def test_the_totals_are_those_of_the_file(data_folder, file):
    method = TOTALS_ONLY[file]
    path = data_folder / "pb" / file
    found = counted(path, method)
    by_votes = counted(path, "budget-greedy")["totals"]
    instance = read(path)
    assert {one.id: str(one.votes) for one in instance.projects} == by_votes
    if method == "budget-points":
        rows = path.read_text().partition("PROJECTS\n")[2].partition("VOTES\n")[0].splitlines()
        scores = {row.split(";")[0]: row.split(";")[3] for row in rows[1:]}
        assert found["totals"] == scores


def test_positions_give_what_krakows_points_give(data_folder):
    file = data_folder / "pb" / "Poland_Krakow_2021_Debniki.pb.gz"
    by_points, by_positions = (counted(file, one) for one in ("budget-points", "budget-positions"))
    assert by_points["totals"] == by_positions["totals"]
    assert by_points["winners"] == by_positions["winners"]
