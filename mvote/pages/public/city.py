"""Pages on how the city does: its figures, what stands before the mayor, its indicators."""

from datetime import UTC, datetime
from fractions import Fraction
from typing import Any

from flask import Blueprint, render_template, request

from mvote.core.text import Words
from mvote.pages.public.line import draw_line
from mvote.pages.public.routes import FOLDER, page
from mvote.votes.discussions import service as records
from mvote.votes.dues import service as dues
from mvote.votes.dues.rules import KIND_WORDS, LATE, MAYOR, OVERDUE, Due
from mvote.votes.indicators import service as indicators
from mvote.votes.indicators.rules import BECAME_WORDS, Indicator
from mvote.votes.indicators.rules_data import TABLES
from mvote.votes.indicators.rules_figures import POLLS, PROPOSALS
from mvote.web.errors import NoSuchAddress
from mvote.web.guard import guarded
from mvote.web.paging import read_place, spell_place

city_pages = Blueprint("city_pages", __name__, template_folder=str(FOLDER / "templates"))

MOST_INDICATORS = 200
MOST_QUESTIONS = 200
MOST_ROWS = 100
"""So many of one department stand on a page, and the others behind it."""


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
    return render_template("mayor.html", **_view_one(state=OVERDUE, told=MAYOR))


@city_pages.get("/overdue")
@guarded
@page
def show_overdue() -> str:
    """What is overdue, by department, and what came late.

    Behind the address ``department`` leaves all that one owes, ``late`` all that came late.
    """
    department = request.args.get("department")
    if "late" in request.args:
        return render_template("overdue_list.html", **_view_one(state=LATE, newest=True))
    if department is None:
        return render_template("overdue.html", **view_overdue(now=_now()))
    if department not in dues.owner_names():
        raise NoSuchAddress()
    view = _view_one(state=OVERDUE, department=department)
    return render_template("overdue_list.html", department=department, **view)


@city_pages.get("/data/")
@guarded
@page
def show_data() -> str:
    """The open data: every table with its columns."""
    return render_template("data.html", tables=TABLES.values())


def view_overdue(*, now: datetime) -> dict[str, Any]:
    """The first that each department owes past its date, and the last that came late.

    ``next`` is where the list of a department goes on, by its code.
    """
    overdue = dues.list_overdue(now=now)
    shown = {code: owed[:MOST_ROWS] for code, owed in overdue.items()}
    late, later = _first(dues.list_all_dues(state=LATE, newest=True, limit=MOST_ROWS + 1, now=now))
    every = [due for owed in shown.values() for due in owed]
    return {
        "overdue": shown,
        "next": {code: _first(owed)[1] for code, owed in overdue.items()},
        "late": late,
        "later": later,
        **_listed([*every, *late], now),
    }


def _view_one(**asked: Any) -> dict[str, Any]:
    """One list of dues, from where the reader goes on."""
    now, after = _now(), read_place(request.args.get("after", ""))
    found = dues.list_all_dues(**asked, after=after, limit=MOST_ROWS + 1, now=now)
    shown, following = _first(found)
    return {"next": following, **_listed(shown, now)}


def _first(found: list[Due]) -> tuple[list[Due], str | None]:
    """What stands on one page, and where the next begins; None where there is none."""
    shown = found[:MOST_ROWS]
    last = shown[-1] if len(found) > MOST_ROWS else None
    return shown, spell_place(last.due_at, last.id) if last else None


def _listed(found: list[Due], now: datetime) -> dict[str, Any]:
    heads = records.find_heads({one.record for one in found})
    titles: dict[str, Words] = {record: head.title for record, head in heads.items()}
    return {
        "dues": found,
        "titles": titles,
        "kinds": KIND_WORDS,
        "names": dues.owner_names(),
        "now": now,
    }


def _line(indicator: Indicator) -> Any:
    """A line of the values; None of less than two."""
    return draw_line([Fraction(one.value) for one in indicator.values])


def _now() -> datetime:
    return datetime.now(UTC)
