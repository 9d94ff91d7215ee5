"""Elections of which the outcome is public: mayors, councils, Debian's leaders, approval."""

import json

import pytest

from mvote.formats.reading import read_election
from tests.outcomes.counting import counted

RANKED = "ranked/preflib"
SAN_FRANCISCO = {
    "00001": "2008-11-supervisor-d01",
    "00005": "2008-11-supervisor-d09",
    "00008": "2010-11-supervisor-d06",
    "00010": "2011-11-da",
    "00012": "2011-11-sheriff",
    "00013": "2012-11-supervisor-d05",
}
DEBIAN = {
    "00002-00000001.toc": "Bdale Garbee",
    "00002-00000003.toc": "Branden Robinson",
    "00002-00000007.toc": "Stefano Zacchiroli",
}
DEBIAN_2007 = (
    "Sam Hocevar",
    "Steve McIntyre",
    "Raphaël Hertzog",
    "Wouter Verhelst",
    "Anthony Towns",
    "Gustavo Franco",
    "None Of The Above",
    "Simon Richter",
    "Aigars Mahinovs",
)


def named(found):
    return {one["id"]: one["name"] for one in found["options"]}


def finals(found):
    """The last round by name."""
    names = named(found)
    return {names[one]: int(total) for one, total in found["rounds"][-1]["totals"].items()}


def test_burlington_elects_bob_kiss(data_folder):
    found = counted(data_folder / RANKED / "00005-burlington" / "00005-00000001.toi", "irv")
    assert found["ballots"] == 9788
    assert found["rounds"][0]["totals"]["3"] == "3809"
    assert finals(found) == {"Bob Kiss": 4761, "Hinda Miller": 3985}
    assert found["winners"] == ["3"]


def test_aspen_elects_derek_johnson(data_folder):
    found = counted(data_folder / RANKED / "00016-aspen" / "00016-00000001.toi", "irv")
    assert [named(found)[one] for one in found["winners"]] == ["Derek Johnson"]
    assert found["ballots"] == 2477


@pytest.mark.parametrize(
    ("file", "ballots", "winner"),
    [
        ("00020-00000001.toi", 153_419, "Julie Anderson"),
        ("00020-00000002.toi", 39_989, "Joyce Mcdonald"),
    ],
)
def test_pierce_county_elects_whom_it_elected(data_folder, file, ballots, winner):
    found = counted(data_folder / RANKED / "00020-pierce" / file, "irv")
    assert [named(found)[one] for one in found["winners"]] == [winner]
    assert found["ballots"] == ballots


@pytest.mark.parametrize("number", SAN_FRANCISCO)
def test_san_francisco_has_winner_finalists_and_order_of_the_report(data_folder, number):
    """Totals differ by less than one in a hundred, for PrefLib left out invalid marks."""
    path = data_folder / "ranked" / "ranked_vote" / f"us-ca-sfo-{SAN_FRANCISCO[number]}.report.json"
    report = json.loads(path.read_text())
    found = counted(data_folder / RANKED / "00021-sf" / f"00021-000{number}.toi", "irv")
    theirs = [plain(one["name"]) for one in report["candidates"]]
    last = {
        theirs[one["allocatee"]]: one["votes"]
        for one in report["rounds"][-1]["allocations"]
        if one["allocatee"] != "X"
    }
    ours = {plain(name): total for name, total in finals(found).items()}
    assert ours.keys() == last.keys()
    assert all(abs(ours[one] - last[one]) <= last[one] / 100 for one in last)
    assert [plain(named(found)[one]) for one in found["winners"]] == [theirs[report["winner"]]]


@pytest.mark.parametrize("number", SAN_FRANCISCO)
def test_san_franciscos_condorcet_winners_are_those_of_the_report(data_folder, number):
    path = data_folder / "ranked" / "ranked_vote" / f"us-ca-sfo-{SAN_FRANCISCO[number]}.report.json"
    report = json.loads(path.read_text())
    expected = plain(report["candidates"][report["condorcet"]]["name"])
    file = data_folder / RANKED / "00021-sf" / f"00021-000{number}.toi"
    for method in ("schulze", "ranked-pairs", "copeland"):
        found = counted(file, method)
        assert [plain(named(found)[one]) for one in found["winners"]] == [expected]


def plain(name):
    """A name as both spell it: some have capitals within, or one word more."""
    return name.casefold().replace("''", "'").strip()


@pytest.mark.parametrize("file", DEBIAN)
def test_debian_elects_its_leaders_by_schulze(data_folder, file):
    found = counted(data_folder / RANKED / "00002-debian" / file, "schulze")
    assert [named(found)[one] for one in found["winners"]] == [DEBIAN[file]]


def test_debians_own_sheet_gives_the_whole_order(data_folder):
    file = data_folder / "ranked" / "condorcet" / "debian_dpl_2007_tally.txt"
    found = counted(file, "schulze", seats=9)
    assert found["ballots"] == 482
    assert tuple(named(found)[one] for one in found["winners"]) == DEBIAN_2007


@pytest.mark.parametrize(("place", "voters"), [(1, 365), (2, 409), (3, 476)])
def test_the_french_experiment_sums_up_its_approvals(data_folder, place, voters):
    file = data_folder / RANKED / "00026-frenchapproval" / f"00026-0000000{place}.cat"
    expected = dict.fromkeys(map(str, range(1, 17)), 0)
    for line in file.read_text().splitlines():
        if not line.startswith("#"):
            count, _, order = line.partition(": ")
            first = order[1 : order.index("}")] if order[0] == "{" else order.partition(",")[0]
            for one in filter(None, first.split(",")):
                expected[one] += int(count)
    found = counted(file, "approval")
    assert found["ballots"] == voters
    assert {one: int(total) for one, total in found["totals"].items()} == expected
    assert found["winners"] == [max(expected, key=lambda one: expected[one])]


@pytest.mark.parametrize(
    ("seats", "quota", "elected"),
    [(3, "7498", {"Lenihan", "Higgins", "Burton"})],
)
def test_dublin_west_elects_its_three(data_folder, seats, quota, elected):
    file = data_folder / RANKED / "00001-irish" / "00001-00000002.soi.gz"
    found = counted(file, "stv-scottish", seats=seats)
    assert found["rounds"][0]["quota"] == quota
    names = [named(found)[one] for one in found["winners"]]
    assert {one for name in names for one in elected if one in name} == elected


def test_a_sheet_of_david_hill_is_read_by_what_it_holds(data_folder):
    """Tideman's A77: how often each ranking stands in it is known."""
    file = data_folder / "ranked" / "condorcet" / "tideman_A77.HIL"
    expected = {"31": 36, "32": 29, "3": 39, "13": 38, "12": 28, "1": 14, "21": 15, "23": 9, "2": 5}
    made = read_election(file)
    assert {"".join(one for [one] in ranks): n for ranks, n in made.ballots.items()} == expected
    assert counted(file, "irv")["winners"] == ["3"]


@pytest.mark.parametrize(
    ("file", "names", "ballots"),
    [
        ("votelib/gnome_26.blt", 11, 135),
        ("votelib/rational.blt", 5, 22),
        ("droop/42ubom.blt", 3, 6),
    ],
)
def test_every_blt_of_the_folder_is_counted(data_folder, file, names, ballots):
    found = counted(data_folder / "ranked" / file, "stv-meek")
    assert len(found["options"]) == names
    assert found["ballots"] == ballots
    assert found["winners"]
