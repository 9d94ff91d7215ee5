"""How the outcome of a question is laid out: bars, totals, rounds, pairs and figures."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from mvote.core.canonical import JSON
from mvote.core.counting import METHODS
from mvote.core.text import Words
from mvote.core.ties import TIE_RULES
from mvote.pages import labels
from mvote.pages.chart import draw
from mvote.pages.language import in_words, number, with_unit
from mvote.pages.public.figure import figure
from mvote.pages.public.spread import grade_of, unit_of, view_grades, view_histogram
from mvote.votes.results.rules import percent


def view_outcome(question: Mapping[str, JSON], chosen: set[str]) -> dict[str, Any]:
    """One question of a published result, for the template; ``chosen`` are option ids."""
    outcome, titles = question["outcome"], _titles(question)
    method = METHODS.get(question["counting"]["method"])
    why = {one["option"]: one["why"] for one in outcome["rounds"] if "option" in one}
    rows: list[dict[str, Any]] = [
        {
            "title": titles.get(option, _plain(option)),
            "cost": _costs(question).get(option),
            "total": Fraction(total),
            "figure": _shown(question, option, total),
            "share": f"{percent(total, outcome['valid'])} %" if method.shares else "",
            "won": option in chosen,
            "why": why.get(option),
        }
        for option, total in outcome["totals"].items()
    ]
    ranked = sorted(rows, key=lambda row: row["total"], reverse=True)
    return {
        "title": question["title"],
        "outcome": outcome,
        "rows": ranked,
        "chart": draw([_bar(row) for row in ranked]),
        "costs": any(_costs(question).values()),
        "shares": method.shares,
        "totals": method.totals,
        "stages": _stages(outcome["rounds"], titles),
        "pairs": _pairs(outcome.get("pairwise"), titles),
        "figures": _figures(question, titles),
        "histogram": view_histogram(question),
        "grades": view_grades(question, titles),
        "ties": [_tie(tie, titles) for tie in outcome["ties"]],
    }


def _titles(question: Mapping[str, JSON]) -> dict[str, Words]:
    return {option["id"]: option["title"] for option in question["options"]}


def _costs(question: Mapping[str, JSON]) -> dict[str, int | None]:
    return {option["id"]: option["cost"] for option in question["options"]}


def _plain(text: str) -> Words:
    return {"ko": text, "en": text}


def _bar(row: Mapping[str, Any]) -> tuple[str, Fraction, str, bool]:
    words = f"{row['figure']} · {row['share']}" if row["share"] else row["figure"]
    return in_words(row["title"]), max(row["total"], Fraction(0)), words, row["won"]


def _stages(rounds: Sequence[Mapping[str, JSON]], titles: Mapping[str, Words]) -> Any:
    """A table of stages, one column each, and what each of them did; None where there is none."""
    stages = [one for one in rounds if "totals" in one]
    if not stages:
        return None
    met = dict.fromkeys(option for stage in stages for option in stage["totals"])
    order = [*(one for one in titles if one in met), *(one for one in met if one not in titles)]
    lines = [
        (titles.get(option, _plain(option)), [_cell(option, stage) for stage in stages])
        for option in order
    ]
    return {
        "columns": range(1, len(stages) + 1),
        "lines": lines,
        "exhausted": [figure(stage["exhausted"]) for stage in stages],
        "quotas": [figure(stage["quota"]) if "quota" in stage else "" for stage in stages],
        "steps": [_step(stage, titles) for stage in stages],
    }


def _cell(option: str, stage: Mapping[str, JSON]) -> dict[str, str]:
    total = stage["totals"].get(option)
    if option in stage["elected"]:
        state = "elected"
    else:
        state = "eliminated" if option in stage["eliminated"] else ""
    return {"figure": "" if total is None else figure(total), "state": state}


def _step(stage: Mapping[str, JSON], titles: Mapping[str, Words]) -> dict[str, Any]:
    return {
        "why": stage.get("why"),
        "transfers": [
            {
                "title": titles.get(one["option"], _plain(one["option"])),
                "reason": labels.TRANSFERS.get(one["reason"], _plain(one["reason"])),
                "to": [
                    (titles.get(option, _plain(option)), figure(total))
                    for option, total in one["to"].items()
                ],
            }
            for one in stage.get("transfers", ())
            if one["to"]
        ],
    }


def _pairs(pairwise: Mapping[str, Mapping[str, int]] | None, titles: Mapping[str, Words]) -> Any:
    """Everyone against everyone: how many ranked the row's option above the column's."""
    if not pairwise:
        return None
    order = [option for option in titles if option in pairwise]
    lines = [(titles[one], [_pair(pairwise, one, other) for other in order]) for one in order]
    return {"columns": [titles[option] for option in order], "lines": lines}


def _pair(pairwise: Mapping[str, Mapping[str, int]], one: str, other: str) -> dict[str, Any]:
    if one == other:
        return {"figure": "–", "won": False}
    ours, theirs = pairwise[one].get(other, 0), pairwise[other].get(one, 0)
    return {"figure": number(ours), "won": ours > theirs}


def _shown(question: Mapping[str, JSON], option: str, total: str) -> str:
    grade = grade_of(question, option, total)
    return figure(total) if grade is None else in_words(grade)


def _figures(question: Mapping[str, JSON], titles: Mapping[str, Words]) -> list[tuple[Words, str]]:
    """Single numbers that a method found besides the totals; tables are in the data files."""
    found, unit = question["outcome"].get("figures") or {}, unit_of(question)
    made = [
        (label, with_unit(figure(str(found[name])), unit))
        for name, label in labels.FIGURES.items()
        if isinstance(found.get(name), int | str)
    ]
    if found.get("ranking"):
        groups = (" = ".join(in_words(titles[one]) for one in group) for group in found["ranking"])
        made.append((labels.WHOLE_ORDER, " > ".join(groups)))
    return made


def _tie(tie: Mapping[str, JSON], titles: Mapping[str, Words]) -> dict[str, Any]:
    known = {rule.name: rule.label for rule in TIE_RULES}
    return {
        "options": [titles.get(option, _plain(option)) for option in tie["options"]],
        "rule": known.get(tie["rule"], _plain(tie["rule"])),
        "order": [titles.get(option, _plain(option)) for option in tie["order"]],
    }
