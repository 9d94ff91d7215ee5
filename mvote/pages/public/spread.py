"""How answers spread: the histogram of numbers, and how often each option got each grade."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from mvote.core.canonical import JSON
from mvote.core.questions.scale import Scale, read_scale
from mvote.core.text import Words
from mvote.pages.chart import Chart, draw
from mvote.pages.language import number, with_unit
from mvote.pages.public.figure import figure

MOST_GRADES = 11
"""A longer scale would make a table that nobody reads; the data files hold it."""
IN_GRADES = ("majority-judgment", "score-median")
"""Methods whose totals are grades of the scale."""


def view_histogram(question: Mapping[str, JSON]) -> Chart | None:
    """A bar for each interval, from the lowest; None where the answers are no numbers."""
    bins = (question["outcome"].get("figures") or {}).get("histogram")
    if not bins:
        return None
    unit = unit_of(question)
    rows = [
        (
            with_unit(f"{figure(one['from'])} – {figure(one['to'])}", unit),
            Fraction(one["count"]),
            number(one["count"]),
            False,
        )
        for one in bins
    ]
    return draw(rows, most=len(rows), ranked=False)


def unit_of(question: Mapping[str, JSON]) -> Words | None:
    """What the numbers of a question are numbers of."""
    unit: Words | None = question.get("config", {}).get("unit")
    return unit


def view_grades(question: Mapping[str, JSON], titles: Mapping[str, Words]) -> Any:
    """How often each option got each grade of the scale, the best first; None without one."""
    scale, scores = _scale(question), _scores(question)
    if scale is None or not scores or scale.most - scale.least >= MOST_GRADES:
        return None
    values = range(scale.most, scale.least - 1, -1)
    return {
        "columns": [scale.name_of(value) for value in values],
        "lines": [
            (titles[option], [number(counts.get(str(value), 0)) for value in values])
            for option, counts in scores.items()
            if option in titles
        ],
    }


def grade_of(question: Mapping[str, JSON], option: str, total: str) -> Words | None:
    """The name of a grade that an option got in total; None where totals are no such grades."""
    scale = _scale(question)
    if scale is None or not scale.grades or question["counting"]["method"] not in IN_GRADES:
        return None
    if not _scores(question).get(option):
        return {"ko": "평가 없음", "en": "not rated"}
    return scale.name_of(int(total)) if total.isdigit() else None


def _scale(question: Mapping[str, JSON]) -> Scale | None:
    given = question.get("config", {}).get("scale")
    return read_scale(given) if given is not None else None


def _scores(question: Mapping[str, JSON]) -> Mapping[str, Mapping[str, int]]:
    scores: Mapping[str, Mapping[str, int]] = (question["outcome"].get("figures") or {}).get(
        "scores", {}
    )
    return scores
