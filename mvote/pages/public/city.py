"""Pages on how the city does: its figures, what stands before the mayor, its indicators."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from flask import Blueprint, render_template

from mvote.core.text import Words
from mvote.pages.public.line import draw_line
from mvote.pages.public.routes import FOLDER, page
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import KIND_WORDS, LATE, OVERDUE, Due
from mvote.votes.indicators import service as indicators
from mvote.votes.indicators.rules import BECAME_WORDS, Indicator
from mvote.votes.indicators.rules_data import TABLES
from mvote.votes.indicators.rules_figures import POLLS, PROPOSALS
from mvote.web.guard import guarded

city_pages = Blueprint("city_pages", __name__, template_folder=str(FOLDER / "templates"))

MOST_INDICATORS = 200
MOST_QUESTIONS = 200
MOST_LATE = 200
MOST_ROWS = 100
"""So many of one department stand on a page; all of them are in the open data."""


@city_pages.get("/city")
@guarded
@page
def show_city() -> str:
    """What the city owes, answers, adopts and keeps, and what it measures."""
    found = indicators.get_figures(now=_now())
    measured = indicators.list_indicators(limit=MOST_INDICATORS)
    return render_template(
        "city.html",
        figures=found.city,
        departments=found.departments,
        names=dues.owner_names(),
        indicators=[(one, _line(one)) for one in measured],
        matters=(POLLS, PROPOSALS),
    )


@city_pages.get("/city/indicators/<indicator>")
@guarded
@page
def show_indicator(indicator: str) -> str:
    """One indicator, every version of its values, and what citizens asked."""
    found, told = indicators.get_indicator(indicator)
    return render_template(
        "indicator.html",
        indicator=found,
        told=told,
        line=_line(found),
        scope=indicators.find_current(),
        questions=indicators.list_questions(indicator=found.id, limit=MOST_QUESTIONS),
        became=BECAME_WORDS,
        names=dues.owner_names(),
    )


@city_pages.get("/mayor")
@guarded
@page
def show_mayor() -> str:
    """What is overdue so long that it stands before the mayor."""
    now = _now()
    found = dues.list_all_dues(state=OVERDUE, told="mayor", now=now)
    return render_template("mayor.html", **_listed(found, now))


@city_pages.get("/overdue")
@guarded
@page
def show_overdue() -> str:
    """What is overdue, by department, and what came late."""
    return render_template("overdue.html", **view_overdue(now=_now()))


@city_pages.get("/data/")
@guarded
@page
def show_data() -> str:
    """The open data: every table with its columns."""
    return render_template("data.html", tables=TABLES.values())


def view_overdue(*, now: datetime) -> dict[str, Any]:
    """What departments owe past its date, and what came late, the newest first."""
    overdue = dues.list_overdue(now=now)
    late = dues.list_all_dues(state=LATE, now=now)[-MOST_LATE:]
    every = [due for listed in overdue.values() for due in listed]
    return {"overdue": overdue, "late": late[::-1], **_listed([*every, *late], now)}


def _listed(found: list[Due], now: datetime) -> dict[str, Any]:
    heads = records.find_heads({one.record for one in found})
    titles: dict[str, Words] = {record: head.title for record, head in heads.items()}
    return {
        "dues": found,
        "titles": titles,
        "kinds": KIND_WORDS,
        "names": dues.owner_names(),
        "now": now,
        "most": MOST_ROWS,
    }


def _line(indicator: Indicator) -> Any:
    """A line of the values; None of less than two."""
    return draw_line([Fraction(one.value) for one in indicator.values])


def _now() -> datetime:
    return datetime.now(UTC)
