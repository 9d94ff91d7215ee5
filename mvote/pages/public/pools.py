"""The page of an opinion pool: statements while it is open, then groups, a plot and contests."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, render_template

from mvote.pages.public.routes import FOLDER, page, turn_to
from mvote.pages.public.views import department_names
from mvote.votes.discussions import service as records
from mvote.votes.pools import service
from mvote.votes.pools.rules import GRID, OPEN
from mvote.votes.pools.service import PoolResult
from mvote.web.guard import guarded

pool_pages = Blueprint("pool_pages", __name__, template_folder=str(FOLDER / "templates"))

LETTERS = "ABCDE"
COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8c6d1f")
"""Told apart by most eyes (Okabe and Ito), on paper and on black; letters tell them all."""
MARGIN = 8
WIDEST, NARROWEST = 4.0, 1.2
CROWDED = 24.0
"""The more dots, the smaller each."""


@dataclass(frozen=True, slots=True)
class Dot:
    """People of one group at one spot, in the units of the picture."""

    x: float
    y: float
    r: float
    colour: str


@dataclass(frozen=True, slots=True)
class Label:
    letter: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Plot:
    """``top``, ``width`` and ``height`` in the units of the picture."""

    dots: Sequence[Dot]
    labels: Sequence[Label]
    top: int
    width: int
    height: int


@pool_pages.get("/pools")
@guarded
@page
def show_pools() -> str:
    """Every opinion pool, the newest first."""
    shown, following = turn_to(service.list_newest_pools, lambda one: (one.opened_at, one.id))
    return render_template(
        "pools.html",
        pools=shown,
        departments=department_names(),
        next=following,
    )


@pool_pages.get("/pools/<pool>")
@guarded
@page
def show_pool(pool: str) -> str:
    """An opinion pool."""
    found = service.get_pool(pool)
    shared = {
        "pool": found,
        "title": records.find_heads([found.record])[found.record].title,
        "departments": department_names(),
    }
    if found.frozen_at is None:
        shown = sorted(service.list_shown(pool), key=lambda one: (one.number is None, one.id))
        return render_template(
            "pool.html",
            is_open=found.state == OPEN,
            statements=shown,
            **shared,
        )
    result, contests = service.get_result(pool), service.list_contests(pool)
    return render_template("pool_result.html", contests=contests, **view_result(result), **shared)


def view_result(found: PoolResult) -> dict[str, Any]:
    """What the template shows of a result."""
    result = found.result
    by_number = {one["number"]: one for one in result["statements"]}
    letters = {one["name"]: letter_of(one["name"]) for one in result["groups"]}
    return {
        "result": result,
        "few": result["participants"] < result["least"],
        "digest": found.digest,
        "texts": found.texts,
        "by_number": by_number,
        "by_id": {one["id"]: one for one in result["statements"]},
        "letters": letters,
        "plot": draw(result["places"]) if result["places"] else None,
    }


def letter_of(name: str) -> str:
    """Groups have letters on the page: a number beside numbers of people is easily misread."""
    return LETTERS[int(name)] if int(name) < len(LETTERS) else name


def draw(places: Sequence[Sequence[Any]]) -> Plot:
    """Dots whose area grows with people, and each group's letter in the middle of them."""
    most = max(people for *_, people in places)
    widest = min(WIDEST, CROWDED / len(places) ** 0.5)
    dots, sums = [], dict[str, list[float]]()
    for name, x, y, people in places:
        r = max(NARROWEST, widest * (people / most) ** 0.5)
        colour = COLOURS[int(name) % len(COLOURS)]
        dots.append(Dot(MARGIN + x, MARGIN + GRID - y, round(r, 2), colour))
        total = sums.setdefault(name, [0.0, 0.0, 0.0])
        for place, value in enumerate((x, y, 1)):
            total[place] += value * people
    labels = [
        Label(letter_of(name), round(MARGIN + x / n, 1), round(MARGIN + GRID - y / n, 1))
        for name, (x, y, n) in sorted(sums.items())
    ]
    top = round(min(dot.y for dot in dots)) - MARGIN
    high = round(max(dot.y for dot in dots)) + MARGIN - top
    return Plot(dots, labels, top, GRID + 2 * MARGIN, high)
