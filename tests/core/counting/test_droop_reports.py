"""Our counts of the single transferable vote beside the reference reports of Droop."""

from fractions import Fraction

import pytest

from tests.core.counting.droop import (
    counted,
    elected_by,
    exhausted_by,
    finally_by,
    report_of,
    rounded,
    rounds_by,
    rounds_of,
    sharing_report_of,
    stages_of,
    winners_of,
    with_votes,
)

WEIGHTED = [
    ("scotland-fixed-p5-d5", "stv-scottish", {}, None),
    ("wigm-prf-fixed-p4-d4", "stv-wigm", {}, None),
    ("wigm-prf-batch-fixed-p4-d4", "stv-wigm", {"batch": True}, None),
    ("wigm-rational-d12", "stv-wigm", {"arithmetic": "rational"}, 12),
    ("wigm-guarded-p18-g9-d18", "stv-wigm", {"arithmetic": "rational"}, 18),
    ("mpls-fixed-p4-d4", "stv-minneapolis", {}, None),
]
"""End of the report's name, our method and options, decimals shown of an exact count."""
CALIFORNIA = [
    ("cfer-fixed-p5-d5", {"batch": False}),
    ("cfer-batch-fixed-p5-d5", {"batch": True}),
]
EXACT = {"arithmetic": "rational", "batch": True}
SHARED = [
    ("meek-o10-rational-d12", "stv-meek", {**EXACT, "omega": 10}, 12),
    ("meek-o9-guarded-p18-g9-d18", "stv-meek", {**EXACT, "omega": 9}, 18),
    ("warren-o10-rational-d12", "stv-warren", {**EXACT, "omega": 10}, 12),
    ("warren-o9-guarded-p18-g9-d18", "stv-warren", {**EXACT, "omega": 9}, 18),
]
WRITE_INS = "undeclared"
"""A report about write-ins that nobody declared: here they are withdrawn, or not on the list."""


def pairs(folder, end):
    """Every ballot file that has such a report, with the report."""
    for report in sorted(folder.rglob(f"*-{end}.txt")):
        name = report.name.removesuffix(f"-{end}.txt")
        if name != WRITE_INS:
            yield report.with_name(f"{name}.blt"), report


def count(ballots, method, options):
    """In the file with ties for a surplus as well, A goes before B there, X before Z."""
    order = tuple("12543") if ballots.stem == "SC-Vm-12" else None
    return counted(ballots, method, options, best_first=order)


@pytest.fixture(scope="module")
def droop(data_folder):
    return data_folder / "ranked" / "droop"


@pytest.mark.parametrize(("end", "method", "options", "places"), WEIGHTED)
def test_weighted_papers_come_out_as_the_reports_say_stage_by_stage(
    droop, end, method, options, places
):
    found = list(pairs(droop, end))
    assert len(found) >= 4
    for ballots, report in found:
        question, outcome = count(ballots, method, options)
        stages, reported = stages_of(question, outcome), report_of(report)
        if places is not None:
            stages = rounded(stages, places)
        assert stages == reported, report.name
        assert winners_of(question, outcome) == elected_by(report), report.name
        if places is None:
            ours = {Fraction(stage.exhausted) for stage in outcome.rounds}
            assert ours <= set(exhausted_by(report)), report.name


@pytest.mark.parametrize(("end", "options"), CALIFORNIA)
def test_surpluses_passed_on_together_end_each_round_as_the_reports_say(droop, end, options):
    found = list(pairs(droop, end))
    assert len(found) >= 5
    for ballots, report in found:
        question, outcome = count(ballots, "stv-cfer", options)
        reported = report_of(report)
        for stage in stages_of(question, outcome):
            assert stage in reported, report.name
        assert rounds_of(question, outcome) == rounds_by(report), report.name
        assert winners_of(question, outcome) == elected_by(report), report.name


def test_the_reference_meek_rule_comes_out_to_nine_decimals(droop):
    found = list(pairs(droop, "meek-prf-o6-fixed-p9-d9"))
    assert len(found) == 5
    for ballots, report in found:
        question, outcome = count(ballots, "stv-meek", {})
        assert with_votes(stages_of(question, outcome)) == sharing_report_of(report), report.name
        assert winners_of(question, outcome) == elected_by(report), report.name


@pytest.mark.parametrize(("end", "method", "options", "places"), SHARED)
def test_exact_sharing_elects_and_lets_go_in_the_rounds_of_the_reports(
    droop, end, method, options, places
):
    found = list(pairs(droop, end))
    assert len(found) >= 3
    for ballots, report in found:
        question, outcome = count(ballots, method, options)
        assert rounds_of(question, outcome) == rounds_by(report), report.name
        assert winners_of(question, outcome) == elected_by(report), report.name
        if ballots.stem == "SC-Vm-12":  # nothing is shared out again after its last round
            names = {one.id: one.title["en"] for one in question.options}
            ours = {names[one]: round(outcome.totals[one], places) for one in outcome.winners}
            assert ours == finally_by(report)


def test_the_wards_of_glasgow_come_out_as_the_city_published_them(data_folder):
    wards = sorted((data_folder / "ranked" / "scotland2007").glob("*.blt"))
    assert len(wards) == 10
    for ward in wards:
        report = ward.with_name(f"{ward.stem}.expected.txt")
        question, outcome = counted(ward, "stv-scottish")
        assert stages_of(question, outcome) == report_of(report), ward.name
        assert winners_of(question, outcome) == elected_by(report), ward.name
        assert {stage.exhausted for stage in outcome.rounds} <= set(exhausted_by(report))
        assert {type(stage.lost) for stage in outcome.rounds} <= {type(None), Fraction}
