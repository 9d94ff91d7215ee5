"""Acts without a name: nobody acts twice, nobody acts for another, nothing tells who or when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.exc import IntegrityError

from mvote.core.canonical import b64u
from mvote.core.errors import Refusal
from mvote.core.ids import new_id
from mvote.core.scope import Scope, ScopeRefused
from mvote.db import engine, transaction
from mvote.votes.participation import service as participation
from mvote.votes.participation.rules import Taken
from mvote.votes.participation.tables import HolderRow
from mvote.web.matrix import MATRIX
from tests.votes.acting import Actor, permit

NOW = datetime(2030, 6, 1, tzinfo=UTC)
on_sqlite = pytest.mark.parametrize("database_urls", ["sqlite"], indirect=True)
THREADS = 16
ACTORS = 60
AT_CHANCE = 15
"""A random order puts one actor in his own place on average; 15 is out of reach."""


def opened(kind: str = "proposal", **facts: Any) -> str:
    scope_id = new_id()
    with transaction("votes") as session:
        participation.open_scope(session, scope_id, kind=kind, now=NOW, **facts)
    permit(scope_id)
    return scope_id


def take(raw: Any, scope_id: str, act: str = "support", now: datetime = NOW) -> Taken:
    with transaction("votes") as session:
        return participation.take_act(session, raw, scope_id=scope_id, act=act, now=now)


def refused(raw: Any, scope_id: str, **given: Any) -> str:
    """The code of the refusal."""
    with pytest.raises(Refusal) as told:
        take(raw, scope_id, **given)
    return told.value.code()


@pytest.fixture(autouse=True)
def inside(app: Flask) -> Any:
    with app.app_context():
        yield app


def test_one_of_sixteen_at_once_counts_and_no_old_act_comes_back(inside: Flask) -> None:
    scope = opened()
    ada = Actor.of(scope, "Ada")
    act = ada.act("support", {"on": True})
    together = Barrier(THREADS)

    def send(_: int) -> bool:
        with inside.app_context():
            together.wait()
            return take(act, scope).new

    with ThreadPoolExecutor(THREADS) as pool:
        assert sorted(pool.map(send, range(THREADS))) == [False] * (THREADS - 1) + [True]
    assert take(act, scope) == Taken(ada.holder, 1, {"on": True}, new=False)
    later = ada.act("support", {"on": False})
    assert take(later, scope).new
    assert refused(act, scope) == "act-outdated"
    assert refused(ada.act("support", {"on": True}, seq=2), scope) == "act-outdated"
    assert not take(later, scope).new


@on_sqlite
def test_whoever_has_no_permit_for_this_very_thing_gets_nowhere() -> None:
    scope, other = opened(), opened()
    ada, eve = Actor.of(scope, "Ada"), Actor.of(scope, "Eve")
    elsewhere = Actor.of(other, "Ada")
    assert ada.holder != elsewhere.holder, "one citizen is two strangers in two scopes"
    right = ada.act("support", {"on": True})
    forged = eve.act("support", {"on": True})
    small = {**right, "bk": b64u((1).to_bytes(32, "little"))}
    sigs = right["permit"][0] | {"sig": forged["permit"][0]["sig"]}
    for raw, code in [
        ({**right, "body": {"on": False}}, "act-forged"),
        ({**right, "seq": 2}, "act-forged"),
        ({**right, "sig": forged["sig"]}, "act-forged"),
        ({**right, "permit": forged["permit"]}, "permit-not-valid"),
        ({**right, "permit": [sigs]}, "permit-not-valid"),
        ({**right, "bk": forged["bk"]}, "permit-not-valid"),
        ({**right, "permit": elsewhere.act("support", {})["permit"]}, "permit-not-valid"),
        (elsewhere.act("support", {"on": True}), "act-for-another"),
        (ada.act("propose", {"on": True}, seq=1), "act-for-another"),
        (small, "act-malformed"),
        ({**right, "permit": right["permit"] * 2}, "act-malformed"),
        ({**right, "permit": []}, "act-malformed"),
        ({**right, "name": "Ada"}, "act-malformed"),
        ({**right, "seq": True}, "act-malformed"),
        ({**right, "nonce": right["nonce"] + "="}, "act-malformed"),
        (ada.act("support", {"text": "가" * 30_000}, seq=1), "act-too-large"),
        (ada.act("support", {}, seq=5_001), "too-many-acts"),
        ([right], "act-malformed"),
    ]:
        assert refused(raw, scope) == code
    assert refused(right, new_id()) == refused(right, "no id") == "scope-unknown"
    assert take(right, scope).new, "nothing of it used up the permit"


@on_sqlite
def test_nothing_is_taken_before_a_scope_is_ready_nor_after_its_end() -> None:
    waiting = new_id()
    with transaction("votes") as session:
        made = participation.open_scope(session, waiting, kind="call", now=NOW)
        assert participation.open_scope(session, waiting, kind="pool", now=NOW) == made
    scope = opened(closes=NOW + timedelta(days=1))
    ada, bea = Actor.of(scope, "Ada"), Actor.of(scope, "Bea")
    assert refused(Actor.of(waiting).act("support", {}), waiting) == "scope-opening"
    act = ada.act("support", {})
    late = NOW + timedelta(days=1)
    assert refused(act, scope, now=late) == "scope-is-closed"
    assert take(act, scope).new
    assert not take(act, scope, now=late).new, "it counted, and that is told also later"
    assert participation.close_due(late) == 1
    assert participation.close_due(late) == 0
    assert not take(act, scope, now=late).new
    for act in (ada.act("support", {}), bea.act("support", {})):
        assert refused(act, scope) == "scope-is-closed"
    assert participation.get_scope(scope).state == "closed"
    definition = made.to_json()
    for field, wrong in [
        ("audience", {}),
        ("proof", "desk"),
        ("closes", "tomorrow"),
        ("scope", "x"),
        ("kind", "poll"),
        ("more", 1),
    ]:
        with pytest.raises(ScopeRefused) as told:
            Scope.from_json({**definition, field: wrong})
        assert any(name.startswith(field) for name in told.value.errors), field
    assert Scope.from_json(definition) == made


def test_no_row_tells_when_an_act_came_nor_in_which_order(inside: Flask) -> None:
    scope = opened()
    actors = [Actor.of(scope, f"actor {number}") for number in range(ACTORS)]
    for actor in actors:
        take(actor.act("support", {}), scope)
    came = [actor.holder for actor in actors]
    place = "1" if engine("votes").dialect.name == "sqlite" else "ctid"
    by_time = [] if place == "1" else ["xmin::text::bigint, ctid"]
    if by_time:
        assert _recovered(came, place) == ACTORS, "the attack works where nobody writes anew"
    assert participation.order_rows(HolderRow, now=NOW) == 1
    assert participation.order_rows(HolderRow, now=NOW + timedelta(days=1)) == 0
    for by in [place, *by_time]:
        assert _recovered(came, by) < AT_CHANCE, by
    columns = {one["name"] for one in inspect(engine("votes")).get_columns("scope_holders")}
    assert columns == {"scope", "holder", "seq", "digest"}
    take(actors[0].act("support", {}), scope)
    assert participation.order_rows(HolderRow, now=NOW) == 0, "not before the next interval"
    later = NOW + timedelta(days=1)
    if place == "1":
        with engine("votes").connect() as reader:
            reader.execute(text("SELECT 1 FROM scope_holders"))
            assert participation.order_rows(HolderRow, now=later) == 1
            assert _log_of(inside) > 0, "whoever reads it holds the log, and that what was there"
        assert participation.order_rows(HolderRow, now=later) == 0
        assert _log_of(inside) == 0, "but only until the next round"
        _fails_once(actors[1], scope, later + timedelta(days=1))
    else:
        assert participation.order_rows(HolderRow, now=later) == 1
    if place == "1":
        with engine("votes").connect() as connection:
            asked = text("SELECT sql FROM sqlite_master WHERE name = 'scope_holders'")
            assert "WITHOUT ROWID" in connection.execute(asked).scalar_one()


def _fails_once(actor: Actor, scope: str, at: datetime) -> None:
    """What could not be written anew is not left for an interval in the order it came in."""
    take(actor.act("support", {}), scope)
    fails = "BEGIN SELECT RAISE(ABORT, 'no'); END"
    with engine("votes").begin() as connection:
        connection.execute(text(f"CREATE TRIGGER fails BEFORE DELETE ON scope_holders {fails}"))
    with pytest.raises(IntegrityError):
        participation.order_rows(HolderRow, now=at)
    with engine("votes").begin() as connection:
        connection.execute(text("DROP TRIGGER fails"))
    assert participation.order_rows(HolderRow, now=at) == 1


def _log_of(app: Flask) -> int:
    """Bytes of SQLite's log, in which every row lies as it came."""
    path = app.config["SQLALCHEMY_BINDS"]["votes"]["url"].removeprefix("sqlite:///")
    return Path(f"{path}-wal").stat().st_size


def _recovered(came: list[str], by: str) -> int:
    with engine("votes").connect() as connection:
        order = "" if by == "1" else f" ORDER BY {by}"
        lie = connection.execute(text(f"SELECT holder FROM scope_holders{order}")).scalars().all()
    assert sorted(lie) == sorted(came)
    return sum(a == b for a, b in zip(came, lie, strict=True))


@on_sqlite
def test_every_route_that_takes_an_act_refuses_an_identity(inside: Flask) -> None:
    taking = []
    for rule in inside.url_map.iter_rules():
        doc = getattr(inside.view_functions[rule.endpoint], "_apidoc", {})
        given = doc.get("arguments", {}).get("parameters", [])
        if any(type(one.get("schema")).__name__ == "ActIn" for one in given):
            taking.append(rule.endpoint.rsplit(".", 1)[-1])
    assert {MATRIX[name].name for name in taking} <= {"permit-holder"}
    assert taking
