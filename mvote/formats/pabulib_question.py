"""A Pabulib instance as a budget question: what its city asked, counted by its city's rule."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass

from mvote.core.canonical import JSON
from mvote.core.question import (
    ID,
    MOST_CATEGORIES,
    MOST_CATEGORY,
    MOST_OPTIONS,
    MOST_TITLE,
    Counting,
)
from mvote.core.text import Words
from mvote.formats.pabulib import Instance, Project, Voter
from mvote.formats.pabulib_values import PabulibUnreadable, money, optional_whole
from mvote.formats.source import SHOWN, WrongValue

METHODS = {
    "greedy": "budget-greedy",
    "greedy-threshold": "budget-greedy",
    "greedy-no-skip": "budget-greedy-no-skip",
    "unknown": "budget-greedy",
}
"""The rule of a file → our counting method; where it tells none, the most common one."""

VOTE_TYPES = ("approval", "choose-1")
"""The types of votes that a budget question of ours asks for."""

THRESHOLD = "min_project_score_threshold"
WITHDRAWN_COST = 999_999_999
"""The cost by which files mark a project that was withdrawn but stayed on the ballot."""


@dataclass(frozen=True, slots=True)
class PabulibQuestion:
    """``question`` is the JSON of a question; ``option_of`` gives the option of each project."""

    question: dict[str, JSON]
    option_of: Mapping[str, str]

    @property
    def project_of(self) -> dict[str, str]:
        return {option: project for project, option in self.option_of.items()}

    def answer(self, voter: Voter) -> list[str]:
        """The answer that a voter of the file gives, as it stands in a ballot."""
        return [self.option_of[project] for project in voter.projects]


def question_of(instance: Instance, *, question_id: str = "q1") -> PabulibQuestion:
    """The question that the file's voters answered.

    Raises PabulibUnreadable for a rule that no counting method here follows.
    """
    try:
        _check_vote_type(instance)
        option_of = _option_ids(instance)
        question = {
            "id": question_id,
            "type": "budget",
            "title": {
                "ko": "어떤 사업에 투표하시겠습니까?",
                "en": "Which projects do you vote for?",
            },
            "options": [_option(option_of[one.id], one) for one in instance.projects],
            "config": _config(instance),
            "counting": _counting(instance, option_of).to_json(),
            "blank": any(not voter.projects for voter in instance.voters),
        }
    except WrongValue as wrong:
        raise PabulibUnreadable(instance.file, 0, wrong.words) from None
    return PabulibQuestion(question, option_of)


def _check_vote_type(instance: Instance) -> None:
    if instance.vote_type not in VOTE_TYPES:
        kind, known = instance.vote_type, ", ".join(VOTE_TYPES)
        raise WrongValue(
            f"투표 방식 ‘{kind}’은(는) 아직 다시 진행할 수 없습니다. 지원하는 방식: {known}.",
            f"a vote of the type “{kind}” cannot be carried out yet, only: {known}.",
        )


def _counting(instance: Instance, option_of: Mapping[str, str]) -> Counting:
    """Plain ``greedy`` funds whatever fits, also what nobody chose."""
    if instance.rule not in METHODS:
        rule, known = instance.rule[:SHOWN], ", ".join(METHODS)
        raise WrongValue(
            f"배정 규칙 ‘{rule}’은(는) 아직 지원하지 않습니다. 지원하는 규칙: {known}.",
            f"the rule “{rule}” is not supported yet, only: {known}.",
        )
    threshold = optional_whole(THRESHOLD, instance.meta.get(THRESHOLD, ""))
    if threshold is None and instance.rule == "greedy-threshold":
        raise WrongValue(f"META에 {THRESHOLD}이(가) 없습니다.", f"META has no {THRESHOLD}.")
    options: dict[str, JSON] = {"budget": instance.budget, "min_votes": threshold or 0}
    withdrawn = [
        option_of[one.id]
        for one in instance.projects
        if one.cost == WITHDRAWN_COST * instance.scale
    ]
    if withdrawn:
        options["withdrawn"] = withdrawn
    return Counting(METHODS[instance.rule], options)


def _config(instance: Instance) -> dict[str, JSON]:
    """The limits that the file states, widened where a vote in it was accepted beyond them."""
    meta, count = instance.meta, len(instance.projects)
    lengths = [len(voter.projects) for voter in instance.voters if voter.projects] or [1]
    least = optional_whole("min_length", meta.get("min_length", "")) or 1
    most = optional_whole("max_length", meta.get("max_length", ""))
    if most is None:
        most = 1 if instance.vote_type == "choose-1" else count
    config: dict[str, JSON] = {
        "least": min(least, *lengths),
        "most": min(max(most, *lengths), count),
    }
    if meta.get("max_sum_cost"):
        limit = money("max_sum_cost", meta["max_sum_cost"]) * instance.scale
        config["limit"] = max(int(limit), _dearest_vote(instance))
    return config


def _dearest_vote(instance: Instance) -> int:
    costs = {project.id: project.cost for project in instance.projects}
    return max((sum(costs[one] for one in voter.projects) for voter in instance.voters), default=0)


def _option_ids(instance: Instance) -> dict[str, str]:
    """The ids of the file where all can stand in a question, numbers otherwise."""
    if not 1 <= len(instance.projects) <= MOST_OPTIONS:
        raise WrongValue(
            f"사업은 1개에서 {MOST_OPTIONS}개까지만 지원합니다.",
            f"from 1 to {MOST_OPTIONS} projects are supported.",
        )
    ids = [project.id for project in instance.projects]
    if all(ID.fullmatch(one) for one in ids):
        return {one: one for one in ids}
    return {one: f"p{place}" for place, one in enumerate(ids, 1)}


def _option(option: str, project: Project) -> dict[str, JSON]:
    made: dict[str, JSON] = {"id": option, "title": _title(project), "cost": project.cost}
    named = dict.fromkeys(_plain(one)[:MOST_CATEGORY] for one in project.categories)
    if categories := [{"ko": one, "en": one} for one in named if one][:MOST_CATEGORIES]:
        made["categories"] = categories
    return made


def _title(project: Project) -> Words:
    """The name in NFC on one line, cut where it is too long; the id where there is none."""
    name = _plain(project.name) or project.id
    name = name if len(name) <= MOST_TITLE else name[: MOST_TITLE - 1] + "…"
    return {"ko": name, "en": name}


def _plain(text: str) -> str:
    """In NFC on one line."""
    plain = "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") else c
        for c in unicodedata.normalize("NFC", text)
    )
    return " ".join(plain.split())
