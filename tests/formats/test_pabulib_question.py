"""A Pabulib file as a question, its count, and the comparison with what the city published."""

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

import mvote
from mvote.core.canonical import canonical_bytes, parse
from mvote.core.counting import METHODS
from mvote.core.counting.fit import check_question
from mvote.core.question import Question
from mvote.core.questions import QUESTIONS
from mvote.core.ties import TIE_RULES, tie_rule
from mvote.formats.pabulib import (
    Instance,
    OfficialSelection,
    PabulibUnreadable,
    Project,
    Voter,
    read,
)
from mvote.formats.pabulib_comparison import compare
from mvote.formats.pabulib_question import question_of

APPROVAL_FILES = [
    ("Poland_Warszawa_2020_Mokotow.pb.gz", 12_021, 24),
    ("Poland_Warszawa_2021_Mokotow.pb.gz", 12_933, 22),
    ("Poland_Gdynia_2024.pb.gz", 17_660, 10),
    ("Poland_Wroclaw_2017.pb.gz", 62_529, 5),
]
SMALL_FILES = [("Netherlands_Amsterdam_643.pb", 66), ("checker/example_valid.pb", 76)]


def instance(**changes):
    made = Instance(
        file="small.pb",
        meta={"vote_type": "approval", "rule": "greedy"},
        scale=1,
        budget=100,
        projects=(Project("a", "A", 60, 2), Project("b", "B", 50, 2), Project("c", "C", 40, 1)),
        voters=(
            Voter("1", ("a", "b"), None, None),
            Voter("2", ("a",), None, None),
            Voter("3", ("b", "c"), None, None),
        ),
        official_selection=OfficialSelection(frozenset({"a", "c"}), frozenset()),
    )
    return replace(made, **changes)


def meta(**more):
    return {**instance().meta, **more}


def outcomes(made, *rules):
    """Count a file's votes the way a poll does: question, answers, outcome; by project id."""
    asked = question_of(made)
    question = check_question(Question.from_json(parse(canonical_bytes(asked.question))))
    kind, method = QUESTIONS.get(question.type), METHODS.get(question.counting.method)
    answers = (kind.read_answer(question, asked.answer(voter)) for voter in made.voters)
    ballots = list(Counter(answers).items())
    for rule in rules:
        outcome = method.count(question, ballots, ties=tie_rule(rule, poll_hash="1" * 64))
        totals = {asked.project_of[one]: total for one, total in outcome.totals.items()}
        yield totals, [asked.project_of[one] for one in outcome.winners]


def count(made):
    ((totals, chosen),) = outcomes(made, "listed")
    return compare(made, totals=totals, chosen=chosen)


@pytest.mark.parametrize(("name", "voters", "funded"), APPROVAL_FILES)
def test_a_city_is_recounted_exactly_and_a_permuted_selection_is_seen(
    data_folder, name, voters, funded
):
    made = read(data_folder / "pb" / name)
    assert len(made.voters) == voters
    ids = [project.id for project in made.projects]
    turned = {one: ids[place - 1] for place, one in enumerate(ids)}
    permuted = frozenset(turned[one] for one in made.official_selection.chosen)
    wrong = replace(made, official_selection=OfficialSelection(permuted, frozenset()))
    assert question_of(wrong) == question_of(made)
    for totals, chosen in outcomes(made, *TIE_RULES.names()):
        comparison = compare(made, totals=totals, chosen=chosen)
        assert len(comparison.official) == funded
        assert comparison.wrong_totals == {}
        assert comparison.equal
        assert comparison.agrees
        assert compare(wrong, totals=totals, chosen=chosen).equal is False
        assert not compare(wrong, totals=totals, chosen=chosen).agrees


@pytest.mark.parametrize(("name", "voters"), SMALL_FILES)
def test_a_file_without_a_selection_agrees_by_its_votes(data_folder, name, voters):
    made = read(data_folder / "pb" / name)
    assert len(made.voters) == voters
    comparison = count(made)
    assert (comparison.equal, comparison.official) == (None, None)
    assert comparison.agrees


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("France_Toulouse_2019.pb", "cumulative"),
        ("Poland_Katowice_2024.pb.gz", "cumulative"),
        ("Poland_Krakow_2021_Debniki.pb.gz", "ordinal"),
    ],
)
def test_other_types_of_votes_are_not_carried_out_for_now(data_folder, name, words):
    made = read(data_folder / "pb" / name)
    with pytest.raises(PabulibUnreadable, match=words):
        question_of(made)


def test_a_rule_without_a_counting_method_is_refused(data_folder):
    made = read(data_folder / "pb" / "Netherlands_Assen_2024.pb")
    with pytest.raises(PabulibUnreadable, match=r"Netherlands_Assen.*equalshares/add1"):
        question_of(made)


def test_nothing_but_the_comparison_reads_the_official_selection():
    source = Path(mvote.__file__).parent
    readers = {
        path.relative_to(source).as_posix()
        for path in source.rglob("*.py")
        if re.search(r"\.official_selection\b", path.read_text())
    }
    assert readers == {"formats/pabulib_comparison.py"}


def test_the_question_is_the_same_whatever_was_selected():
    assert question_of(instance()) == question_of(instance(official_selection=None))


def test_greedy_skips_and_counts_whatever_fits():
    comparison = count(instance())
    assert comparison.official == ("a", "c")
    assert comparison.equal


def test_greedy_funds_also_what_nobody_chose():
    voters = (Voter("1", ("a",), None, None),)
    question = question_of(instance(voters=voters)).question
    assert question["counting"]["options"] == {"budget": 100, "min_votes": 0}


@pytest.mark.parametrize(
    ("rule", "method"),
    [
        ("greedy", "budget-greedy"),
        ("greedy-threshold", "budget-greedy"),
        ("greedy-no-skip", "budget-greedy-no-skip"),
        ("unknown", "budget-greedy"),
    ],
)
def test_a_rule_and_a_threshold_become_a_counting_method(rule, method):
    made = instance(meta=meta(rule=rule, min_project_score_threshold="2"))
    counting = question_of(made).question["counting"]
    assert counting == {"method": method, "options": {"budget": 100, "min_votes": 2}}


@pytest.mark.parametrize("threshold", ["", "-1", "many"])
def test_a_threshold_rule_needs_its_threshold(threshold):
    made = instance(meta=meta(rule="greedy-threshold", min_project_score_threshold=threshold))
    with pytest.raises(PabulibUnreadable, match="min_project_score_threshold"):
        question_of(made)


def test_a_project_with_the_cost_of_a_withdrawn_one_ends_nothing():
    projects = (Project("a", "A", 999_999_999, 2), *instance().projects[1:])
    made = instance(projects=projects, meta=meta(rule="greedy-no-skip"))
    assert question_of(made).question["counting"]["options"]["withdrawn"] == ["a"]
    assert count(made).surplus == ("b",)


def test_limits_are_those_of_the_file_widened_by_its_votes():
    def config(**more):
        return question_of(instance(meta=meta(**more))).question["config"]

    assert config() == {"least": 1, "most": 3}
    assert config(max_length="1") == {"least": 1, "most": 2}
    assert config(min_length="2", max_length="9") == {"least": 1, "most": 3}
    assert config(max_sum_cost="200") == {"least": 1, "most": 3, "limit": 200}
    assert config(max_sum_cost="80") == {"least": 1, "most": 3, "limit": 110}
    assert config(vote_type="choose-1")["most"] == 2


def test_a_blank_vote_makes_the_question_one_that_may_be_left_blank():
    assert question_of(instance()).question["blank"] is False
    voters = (*instance().voters, Voter("4", (), None, None))
    made = instance(voters=voters)
    assert question_of(made).question["blank"] is True
    assert count(made).agrees


def test_ids_that_cannot_stand_in_a_question_are_numbered():
    projects = (Project("a b", "A", 60, 2), *instance().projects[1:])
    voters = (Voter("1", ("a b", "b"), None, None),)
    asked = question_of(instance(projects=projects, voters=voters))
    assert asked.option_of == {"a b": "p1", "b": "p2", "c": "p3"}
    assert asked.answer(voters[0]) == ["p1", "p2"]
    assert asked.project_of["p1"] == "a b"


@pytest.mark.parametrize(
    ("name", "title"),
    [
        (" Trees\n and\tlamps ", "Trees and lamps"),
        (unicodedata.normalize("NFD", "Café 나무"), "Café 나무"),
        ("", "a"),
        ("\x07", "a"),
        ("x" * 400, "x" * 299 + "…"),
    ],
)
def test_a_name_becomes_a_title_that_a_poll_accepts(name, title):
    projects = (Project("a", name, 60, 2), *instance().projects[1:])
    made = instance(projects=projects)
    assert question_of(made).question["options"][0]["title"] == {"ko": title, "en": title}
    assert count(made).agrees


def test_more_projects_than_a_question_holds_are_refused():
    projects = tuple(Project(f"p{n}", "P", 1, 0) for n in range(501))
    with pytest.raises(PabulibUnreadable, match="500"):
        question_of(instance(projects=projects, voters=()))


def test_wrong_totals_are_told_by_project():
    made = instance(projects=(Project("a", "A", 60, 3), *instance().projects[1:]))
    comparison = count(made)
    assert comparison.wrong_totals == {"a": (3, 2)}
    assert comparison.equal
    assert not comparison.agrees


def test_where_the_file_states_no_votes_its_ballots_are_the_measure():
    projects = tuple(replace(one, votes=None) for one in instance().projects)
    made = instance(projects=projects)
    assert count(made).agrees
    assert compare(made, totals={"a": 2, "b": 2}, chosen=["a", "c"]).wrong_totals == {"c": (1, 0)}


def test_missing_and_surplus_projects_are_told_apart():
    comparison = compare(instance(), totals={"a": 2, "b": 2, "c": 1}, chosen=["a", "b"])
    assert (comparison.missing, comparison.surplus) == (("c",), ("b",))
    assert comparison.equal is False


def test_what_was_funded_outside_the_rule_does_not_decide_the_comparison():
    selection = OfficialSelection(frozenset({"a"}), frozenset({"c"}))
    made = instance(official_selection=selection)
    assert count(made).equal
    assert compare(made, totals={"a": 2, "b": 2, "c": 1}, chosen=["a"]).equal


def test_cents_are_counted_exactly():
    made = instance(scale=100, budget=int(Decimal("100.01") * 100))
    assert question_of(made).question["counting"]["options"]["budget"] == 10_001


def test_projects_keep_what_they_are_about_once_each_and_as_a_question_may_hold_it():
    about = ("urban greenery", " sport\u0007", "urban greenery", "", "x" * 90)
    projects = (Project("a", "A", 60, 2, about), Project("b", "B", 50, 2))
    first, second = question_of(instance(projects=projects)).question["options"]
    assert [one["en"] for one in first["categories"]] == ["urban greenery", "sport", "x" * 60]
    assert "categories" not in second
    question = check_question(Question.from_json(question_of(instance(projects=projects)).question))
    assert question.options[0].to_json()["categories"] == first["categories"]
