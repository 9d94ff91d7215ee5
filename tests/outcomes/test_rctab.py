"""Round by round as RCTab reports it: overvotes, skipped and repeated rankings, ties, seats."""

from fractions import Fraction

import pytest

from tests.outcomes.counting import alaska_to_csv, counted, names_of, report, to_csv

OVERVOTES = {
    "exhaustImmediately": "exhaust",
    "alwaysSkipToNextRank": "skip",
    "exhaustIfMultipleContinuing": "exhaust-if-multiple-continuing",
}
NAMED_ON_BALLOTS = ("ess", "dominion", "clearBallot")
FIRST_OUT = {"genericCsv": "Write-In"}
NOT_COUNTED = {
    "hart_travis_county_officers": "Java's random numbers break its ties; Hart's XML",
    "max_ranking_enforcement": "no report lies in the folder",
    "nist_xml_cdf_2": "NIST's records in XML, which are not read",
    "unisyn_xml_cdf_city_mayor": "NIST's records in XML, which are not read",
    "unisyn_cvrs": "ballots of unisyn_xml_cdf_city_mayor",
    "aliases_cdf_json": "one contest in two files",
    "test_set_treat_blank_as_undeclared_write_in": "Java's random numbers break its last tie",
    "first_round_determines_threshold_test": "Java's random numbers break its first tie",
    "_shared": "ballots of other folders",
}
SEVERAL_SEATS = "test_set_multi_winner_whole_threshold"
CASES = {
    "2013_minneapolis_park_bottoms_up": "../_shared/2013_minneapolis_park_cvr.xlsx",
    "2015_portland_mayor": "2015_portland_mayor_cvr.xlsx",
    "aliases_ess_xlsx": "aliases_ess_xlsx_cvr.xlsx",
    "clear_ballot_kansas_primary": "clear_ballot_kansas_primary.cvr.csv",
    "continue_tabulation_test": "continue_tabulation_test_cvr.xlsx",
    "csv_missing_header_test": "csv_missing_header_test_cvr.csv",
    "dominion_alaska": "../_shared/dominion_alaska/alaska_input_data",
    "duplicate_test": "duplicate_test_cvr.xlsx",
    "excluded_test": "../_shared/simple_ess_cvr.xlsx",
    "exhaust_if_multiple_continuing": "exhaust_if_multiple_continuing_cvr.xlsx",
    "generic_csv_test": "generic_csv_test_cvr.csv",
    "skip_to_next_test": "skip_to_next_test_cvr.xlsx",
    "test_set_0_skipped_first_choice": "test_set_0_skipped_first_choice_cvr.json",
    "test_set_1_exhaust_at_overvote": "test_set_1_exhaust_at_overvote_cvr.json",
    "test_set_2_overvote_skip_to_next": "test_set_2_overvote_skip_to_next_cvr.json",
    "test_set_3_skipped_choice_exhaust": "test_set_3_skipped_choice_exhaust_cvr.json",
}


@pytest.fixture
def folder(data_folder):
    return data_folder / "ranked" / "rctab"


def test_every_case_is_counted_or_has_a_reason_not_to_be(folder):
    assert {one.name for one in folder.iterdir()} == {
        *CASES,
        *NOT_COUNTED,
        SEVERAL_SEATS,
    }


@pytest.mark.parametrize("case", CASES)
def test_every_round_is_as_reported(folder, tmp_path, case):
    config, expected = report(folder / case)
    file = ballots(folder / case / CASES[case], config, tmp_path)
    found = counted(file, "irv", ties="listed", **options(config))
    names, plain = names_of(config), {one["id"]: one["name"] for one in found["options"]}
    named = {one: names.get(plain[one], plain[one]) for one in plain}
    assert [rounds(one, named) for one in found["rounds"]] == [
        reported(one) for one in results(config, expected)
    ]
    elected = {
        one["elected"]
        for result in expected["results"]
        for one in result["tallyResults"]
        if "elected" in one
    }
    assert {named[one] for one in found["winners"]} == elected


@pytest.mark.parametrize(
    ("method", "more"),
    [("stv-wigm", {"quota": "whole", "decimals": 4}), ("stv-minneapolis", {})],
)
def test_fractions_of_several_seats_are_as_reported(folder, method, more):
    """RCTab shows once more how the votes lie when nothing is left to do; we end before."""
    config, expected = report(folder / SEVERAL_SEATS)
    file = folder / SEVERAL_SEATS / f"{SEVERAL_SEATS}_cvr.json"
    found = counted(file, method, **options(config), **more)
    names = {one["id"]: one["name"] for one in found["options"]}
    theirs = [reported(one) for one in expected["results"] if one["tallyResults"]]
    ours = [rounds(one, names) for one in found["rounds"]]
    assert [exact(one) for one in ours] == [exact(one) for one in theirs][: len(ours)]
    assert len(ours) == 5
    assert [names[one][10] for one in found["winners"]] == ["C", "A", "B"]


def exact(one):
    totals, elected, eliminated = one
    return {name: Fraction(total) for name, total in totals.items()}, elected, eliminated


def ballots(source, config, tmp_path):
    if source.is_dir():
        return alaska_to_csv(source, tmp_path / "alaska.csv")
    return to_csv(source, config, tmp_path / "cvr.csv") if source.suffix == ".xlsx" else source


def options(config):
    """RCTab's rules in our words."""
    rules = config["rules"]
    made = {
        "overvote": OVERVOTES[rules["overvoteRule"]],
        "duplicate": "exhaust" if rules.get("exhaustOnDuplicateCandidate") else "skip",
        "skipped": rules["maxSkippedRanksAllowed"],
        "seats": rules["numberOfWinners"],
    }
    source = config["cvrFileSources"][0]
    write_in = names_of(config).get(source["undeclaredWriteInLabel"])
    if source["provider"] in NAMED_ON_BALLOTS:
        listed = [one["name"] for one in config["candidates"] if not one.get("excluded")]
        made["candidates"] = "|".join([*listed, *([write_in] if write_in else [])])
    if write_in:
        made["first_out"] = FIRST_OUT.get(source["provider"], write_in)
    gone = [one["name"] for one in config["candidates"] if one.get("excluded")]
    if source["provider"] == "ess" and gone:
        made["withdrawn"] = "|".join(one for one in gone if one != "Excludy McSclude")
    if rules["maxRankingsAllowed"] != "max":
        made["rankings"] = rules["maxRankingsAllowed"]
    made |= {"batch": "true"} if rules.get("batchElimination") else {}
    made |= {"until": "two"} if rules.get("continueUntilTwoCandidatesRemain") else {}
    made |= {"majority_of": "first-round"} if rules.get("doesFirstRoundDetermineThreshold") else {}
    return {key: value for key, value in made.items() if value != ""}


def rounds(found, named):
    """The totals of a round by name, who was elected and who went out; nobody has 0 for nothing."""
    return (
        {named[one]: total for one, total in found["totals"].items() if total != "0"},
        {named[one] for one in found["elected"]},
        {named[one] for one in found["eliminated"]},
    )


def results(config, expected):
    """Where the count goes on until two are left, RCTab tells at once who is over half; we last."""
    if not config["rules"].get("continueUntilTwoCandidatesRemain"):
        return expected["results"]
    *before, last = expected["results"]
    won = [act for one in before for act in one["tallyResults"] if "elected" in act]
    kept = [one for one in before if not any("elected" in act for act in one["tallyResults"])]
    return [*kept, {**last, "tallyResults": [*last["tallyResults"], *won]}]


def reported(result):
    acts = result["tallyResults"]
    return (
        {one: total for one, total in result["tally"].items() if total != "0"},
        {one["elected"] for one in acts if "elected" in one},
        {one["eliminated"] for one in acts if "eliminated" in one},
    )
