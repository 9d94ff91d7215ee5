"""How many an audience holds, asked by somebody who wants to know of one person."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask

from mvote.people.rolls.rules_counts import draw, draw_slack
from mvote.people.rolls.service.counts import tell_count
from mvote.people.rolls.service.registers import import_list, import_register
from tests.people.conftest import Phones, on_sqlite

HEADER = "number,district,birth_year,gender"
MAPO = {"all": [{"condition": "district", "any_of": ["mapo"]}]}
DAY = timedelta(days=1, seconds=1)


def of(*conditions: dict[str, Any]) -> dict[str, Any]:
    return {"all": list(conditions)}


def number(place: int) -> str:
    return f"010-2345-{place:04}"


@pytest.fixture
def inside(app: Flask) -> Iterator[Flask]:
    with app.app_context():
        yield app


@pytest.fixture
def live(inside: Flask, now: datetime) -> Callable[[int], None]:
    """So many people live in Mapo, the first of them the only one born in 1920."""

    def take(people: int) -> None:
        years = ["1922", *["1985"] * (people - 1)]
        rows = [f"{number(place)},mapo,{year},f\n" for place, year in enumerate(years)]
        import_register([HEADER + "\n", *rows], replace=True, now=now)

    return take


def test_a_number_is_rounded_and_few_are_not_told(
    live: Callable[[int], None], now: datetime
) -> None:
    live(137)
    told = tell_count(MAPO, now=now)
    assert (told.state, told.count) in {("counted", 120), ("counted", 130)}
    assert tell_count(MAPO, now=now) == told
    born = {"condition": "birth-year", "from": 1920, "to": 1924}
    assert tell_count(of(born), now=now).state == "few"
    assert tell_count(of({"condition": "verified-number"}), now=now).state == "unknown"


def test_chance_decides_where_tens_begin_and_few_are_always_few() -> None:
    assert {draw(number) for number in range(20) for _ in range(50)} == {None}
    assert {draw(25) for _ in range(400)} == {None, 20}
    assert {draw(30) for _ in range(400)} == {20, 30}
    assert min(draw_slack() for _ in range(400)) >= 20


def test_two_audiences_that_differ_by_one_person_are_told_the_same(
    live: Callable[[int], None], now: datetime
) -> None:
    """Whether an old woman is in the register, asked in every way that leaves her out."""
    answers = set()
    young = {"condition": "birth-year", "from": 1925, "to": None}
    for people in range(140, 150):
        live(people)
        answers.add(tell_count(MAPO, now=now))
        answers.add(tell_count(of(*MAPO["all"], young), now=now))
        answers.add(tell_count(of({"any": [{"all": [*MAPO["all"], young]}]}), now=now))
    assert len(answers) == 1


def test_a_list_with_one_name_more_is_told_the_same(
    live: Callable[[int], None], now: datetime
) -> None:
    live(60)
    for name, people in (("without", range(1, 40)), ("with", range(40))):
        import_list(name, [number(place) + "\n" for place in people], now=now)
    asked = [of({"condition": "list", "list": name}) for name in ("without", "with")]
    assert tell_count(asked[0], now=now) == tell_count(asked[1], now=now)


def test_who_adds_people_one_by_one_never_sees_the_number_move_by_one(
    live: Callable[[int], None], now: datetime
) -> None:
    """Day after day: it stays until some twenty came, at a point that chance chose."""
    live(100)
    before, moved = tell_count(MAPO, now=now), 0
    for day, people in enumerate(range(101, 120), 1):
        live(people)
        moved += tell_count(MAPO, now=now + day * DAY) != before
    assert moved == 0
    live(150)
    assert tell_count(MAPO, now=now + 20 * DAY).count in (140, 150)


def test_the_register_is_looked_at_once_a_day(live: Callable[[int], None], now: datetime) -> None:
    live(100)
    before = tell_count(MAPO, now=now)
    live(300)
    assert tell_count(MAPO, now=now + timedelta(hours=23)) == before
    assert tell_count(MAPO, now=now + DAY) != before


@on_sqlite
def test_officials_ask_for_drafts_so_often_in_an_hour_and_citizens_do_not(
    phones: Phones, live: Callable[[int], None], add_official: Callable[..., str]
) -> None:
    live(100)
    add_official("kim", duties=("drafter",))
    kim = phones.sign_in_official("kim")["access"]
    asked = [
        phones.post("/audience-counts", {"audience": MAPO}, token=kim).status_code
        for _ in range(21)
    ]
    assert asked == [200] * 20 + [429]
    citizen = phones.sign_in()["access"]
    assert phones.post("/audience-counts", {"audience": MAPO}, token=citizen).status_code == 403
    add_official("lee", duties=("drafter",))
    lee = phones.sign_in_official("lee")["access"]
    wrong = phones.post("/audience-counts", {"audience": {"all": []}}, token=lee)
    assert (wrong.status_code, wrong.json["code"]) == (422, "audience-refused")
