"""The phone counts as the core does: the same document for the same ballots, words and all."""

import json
import random
from typing import Any

import pytest

from mvote.core.answers import AnswerRefused
from mvote.core.poll import PollDefinition
from mvote.core.questions import read_answers
from mvote.core.result import Figures, TieDecision, compose, decided, tally
from tests.makers import budget_question, words, yes_no_question
from tests.phone.bundles import AT, Vote, random_answers
from tests.phone.conftest import Call, in_node

POLLS = 120
Draft = dict[str, Any]


@pytest.fixture(scope="module")
def template() -> Vote:
    return Vote()


def define(template: Vote, **changes: Any) -> PollDefinition:
    """The poll of the template with other questions or another decision."""
    made = template.definition.to_json() | changes
    names = {question["counting"]["method"] for question in made["questions"]}
    return PollDefinition.from_json(made | {"methods": dict.fromkeys(names, 1)})


def options(chance: random.Random) -> list[Draft]:
    ids = chance.sample(["a", "b", "c/1", "d.2", "e"], chance.randint(2, 5))
    return [{"id": one, "title": words(f"Option {one}")} for one in ids]


def counting(chance: random.Random, method: str, ids: list[str], **more: Any) -> Draft:
    made: Draft = dict(more)
    if chance.random() < 0.3:
        made["withdrawn"] = chance.sample(ids, 1)
    if not more and len(ids) > 2 and chance.random() < 0.5:
        made["seats"] = chance.randint(1, len(ids) - 1)
    return {"method": method, "options": made}


def single(chance: random.Random, name: str) -> Draft:
    given = options(chance)
    ids = [one["id"] for one in given]
    made = {"id": name, "type": "single-choice", "options": given, "blank": chance.random() < 0.5}
    return yes_no_question(**made, counting=counting(chance, "plurality", ids))


def several(chance: random.Random, name: str) -> Draft:
    given = options(chance)
    ids = [one["id"] for one in given]
    made = {"id": name, "type": "multiple-choice", "options": given, "blank": True}
    return yes_no_question(**made, counting=counting(chance, "approval", ids))


def budget(chance: random.Random, name: str) -> Draft:
    ids = [f"2024/OGM/{number}" for number in range(chance.randint(1, 8))]
    costs = {one: chance.choice([0, 100, 250, 250_000, 1_000_000]) for one in ids}
    more = {"budget": chance.choice([0, 350, 1_250_000, 10**9])}
    if chance.random() < 0.3:
        more["min_votes"] = chance.randint(0, 3)
    method = chance.choice(["budget-greedy", "budget-greedy-no-skip"])
    counted = counting(chance, method, ids, **more)
    if len(counted["options"].get("withdrawn", [])) == len(ids):
        del counted["options"]["withdrawn"]
    return budget_question(0, costs, id=name, counting=counted, blank=True)


def decision(chance: random.Random) -> Draft:
    quorums: list[Draft] = [
        {"kind": "none"},
        {"kind": "voters", "least": chance.randint(1, 12)},
    ]
    share = {"numerator": chance.randint(0, 2), "denominator": 3}
    return {
        "weight_percent": chance.choice([0, 30, 100]),
        "quorum": chance.choice(quorums),
        "threshold": chance.choice([None, share]),
        "ties": chance.choice(["listed", "drawn", "undecided", "earlier-round", "chair"]),
        "results": "after-close",
    }


def chairs(definition: PollDefinition) -> list[TieDecision]:
    """The chair puts the options of every question in the order of their ids, from behind."""
    return [
        TieDecision(one.id, tuple(sorted(one.by_id, reverse=True)), words("By lot."), AT)
        for one in definition.questions
    ]


def recounted(definition: PollDefinition, chance: random.Random, voters: int) -> Call:
    """A call that counts random ballots again and compares with what the core makes of them."""
    given = [
        answers
        for _, answers in zip(range(voters), random_answers(definition, chance), strict=False)
    ]
    ph = definition.hash
    spelled = [(json.dumps(one), 1) for one in given]
    chair = chairs(definition) if definition.decision.ties == "chair" else []
    outcomes = tally(definition, spelled, poll_hash=ph, decisions=decided(chair))
    eligible = definition.roll.eligible
    figures = Figures(eligible=eligible, issued=voters, voters=voters, entries=voters + 2)
    times = {"closed_at": AT, "published_at": AT}
    claimed = compose(definition, outcomes, figures, poll_hash=ph, **times, tie_decisions=chair)
    numbers = {"eligible": eligible, "issued": voters, "voters": voters, "ballots": voters + 2}
    call = {"definition": definition.to_json(), "ballots": given, "claimed": claimed}
    return "recount", {**call, "figures": numbers}


def test_random_polls_are_counted_alike_with_all_their_ties(template: Vote) -> None:
    chance = random.Random(2021)
    calls = []
    for _ in range(POLLS):
        makers = chance.choices([single, several, budget], k=2)
        questions = [make(chance, f"q{place}") for place, make in enumerate(makers)]
        definition = define(template, questions=questions, decision=decision(chance))
        calls.append(recounted(definition, chance, chance.choice([0, 1, 4, 9, 40])))
    assert in_node(calls) == [{"left": [], "differs": None}] * POLLS
    outcomes = [one["outcome"] for _, call in calls for one in call["claimed"]["questions"]]
    assert sum(bool(one["ties"]) for one in outcomes) > POLLS / 4


def test_a_method_that_the_phone_does_not_know_is_not_recounted(template: Vote) -> None:
    ranked = yes_no_question(
        id="order",
        type="ranking",
        options=options(random.Random(1)),
        counting={"method": "borda", "options": {}},
    )
    chance = random.Random(1)
    definition = define(template, questions=[single(chance, "q1"), ranked])
    _, call = recounted(definition, chance, 7)
    told = in_node([("recount", call), ("recount", {**call, "ballots": call["ballots"][1:]})])
    assert [one["left"] for one in told] == [["order"], ["order"]]
    assert told[0]["differs"] is None
    assert told[1]["differs"].startswith("questions.0.outcome")


ANSWERS: list[dict[str, Any]] = [
    {"first": ["yes"], "why": ["a"]},
    {"first": ["no"]},
    {"first": [], "projects": ["p"]},
    {"first": ["yes"]},
    {"first": ["no"], "why": ["a"]},
    {"first": ["yes", "no"]},
    {"first": ["maybe"]},
    {"first": "yes"},
    {"first": [1]},
    {"first": ["yes"], "why": []},
    {"first": ["yes"], "why": ["a", "a"]},
    {"first": ["yes"], "why": ["a", "none"]},
    {"first": ["yes"], "why": ["none"]},
    {"first": ["yes"], "why": ["a", "b", "c"]},
    {"first": ["no"], "first.reason": ["A" * 43]},
    {"first": ["no"], "first.reason": ["A"]},
    {"first": ["no"], "first.reason": []},
    {"first": ["no"], "why.reason": ["A" * 43]},
    {"first": ["no"], "projects": ["p", "q"]},
    {"first": ["no"], "projects": ["q"]},
    {"first": ["no"], "unknown": []},
]


def test_the_rules_of_answers_are_the_same(template: Vote) -> None:
    why = yes_no_question(
        id="why",
        type="multiple-choice",
        options=[{"id": one, "title": words(one)} for one in "abc"],
        config={"most": 2},
        counting={"method": "approval", "options": {}},
        blank=False,
        none=True,
        only_if={"question": "first", "any_of": ["yes"]},
    )
    first = yes_no_question(id="first", reason=True)
    projects = budget_question(9, {"p": 5, "q": 7}, blank=True, config={"limit": 8, "most": 2})
    definition = template.definition.to_json()
    whole = [
        {
            **first,
            "options": [{"id": "yes", "title": words("y")}, {"id": "no", "title": words("n")}],
        }
    ]
    why["options"].append({"id": "none", "title": words("none")})
    methods = {"plurality": 1, "approval": 1, "budget-greedy": 1}
    made = PollDefinition.from_json(
        definition | {"questions": [*whole, why, projects], "methods": methods}
    )
    answers = [{"projects": ["p"], **one} for one in ANSWERS]
    expected = []
    for one in answers:
        try:
            read_answers(made.questions, one)
            expected.append(None)
        except AnswerRefused as refusal:
            expected.append(refusal.code())
    assert in_node([("answers", {"definition": made.to_json(), "answers": answers})]) == [expected]
    assert len({code for code in expected if code}) > 8
