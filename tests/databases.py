"""Fixtures for everything that touches a database: on SQLite and on a real PostgreSQL.

A test that asks for ``database_urls``, ``settings``, ``app``, ``http`` or
``live_server`` runs once on each engine, on databases of its own.  One that needs
a single engine says ``@pytest.mark.parametrize("database_urls", ["sqlite"],
indirect=True)``; ``"mixed"`` is one engine for each wing.
"""

import itertools
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.routing import Rule

from mvote.app import create_app
from mvote.db import engines
from mvote.operations.database import upgrade
from mvote.settings import WINGS, Settings
from tests.postgres import Cluster, Shelf
from tests.require import require

ENGINES = ("sqlite", "postgresql")
_numbers = itertools.count(1)


class DatabaseUrls(NamedTuple):
    """SQLAlchemy addresses; on PostgreSQL each with the credential of its own wing."""

    people: str
    votes: str


def _sqlite_urls(folder: Path) -> DatabaseUrls:
    return DatabaseUrls(*(f"sqlite:///{folder / wing}.db" for wing in WINGS))


def _migrate(urls: DatabaseUrls) -> None:
    upgrade(Settings(people_database_url=urls.people, votes_database_url=urls.votes), WINGS)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the migrated, empty databases of both wings."""
    folder = tmp_path_factory.mktemp("sqlite-template")
    _migrate(_sqlite_urls(folder))
    return folder


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Cluster]:
    """A running server; without databases of mvote."""
    cluster = Cluster(require("postgresql"))
    yield cluster
    cluster.stop()


@pytest.fixture(scope="session")
def postgresql_shelves(postgresql: Cluster) -> dict[str, Shelf]:
    """By wing, migrated, empty databases to borrow."""
    templates = {wing: f"{wing}_template" for wing in WINGS}
    _migrate(DatabaseUrls(*(postgresql.create(wing, name) for wing, name in templates.items())))
    return {wing: Shelf(postgresql, wing, name) for wing, name in templates.items()}


@pytest.fixture(params=ENGINES)
def empty_database_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseUrls]:
    """Two databases without tables, for tests of the migrations themselves."""
    if request.param == "sqlite":
        yield _sqlite_urls(tmp_path)
    else:
        yield from _made_anew(request.getfixturevalue("postgresql"))


@pytest.fixture(params=ENGINES)
def database_urls(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[DatabaseUrls]:
    """Two migrated, empty databases; ``mixed``: people on PostgreSQL, votes on SQLite."""
    on_sqlite = {"sqlite": WINGS, "mixed": ("votes",)}.get(request.param, ())
    urls = _sqlite_urls(tmp_path)
    for wing in on_sqlite:
        shutil.copy(request.getfixturevalue("sqlite_template") / f"{wing}.db", tmp_path)
    lent = [wing for wing in WINGS if wing not in on_sqlite]
    if not lent:
        yield urls
        return
    cluster: Cluster = request.getfixturevalue("postgresql")
    shelves: dict[str, Shelf] = request.getfixturevalue("postgresql_shelves")
    names = {wing: shelves[wing].borrow() for wing in lent}
    yield urls._replace(**{wing: cluster.url(wing, name) for wing, name in names.items()})
    for wing, name in names.items():
        shelves[wing].give_back(name)


def _made_anew(cluster: Cluster) -> Iterator[DatabaseUrls]:
    number = next(_numbers)
    names = {wing: f"{wing}_empty_{number}" for wing in WINGS}
    yield DatabaseUrls(*(cluster.create(wing, names[wing]) for wing in WINGS))
    for name in names.values():
        cluster.drop(name)


@pytest.fixture
def settings(database_urls: DatabaseUrls, tmp_path: Path) -> Settings:
    """An installation of its own: both wings, its keys in a temporary home, SMS into a file."""
    home = tmp_path / "home"
    home.mkdir()
    return Settings(
        home=home,
        people_database_url=database_urls.people,
        votes_database_url=database_urls.votes,
        sms_gateway=f"file:{home / 'sms.jsonl'}",
        official_passwords="yes",
        worker_seconds=0.25,
    )


@pytest.fixture(scope="session", autouse=True)
def addresses_compiled_once() -> Iterator[None]:
    """Werkzeug compiles two functions for each address of an app, which depend on its text alone.

    Hundreds of addresses in more than a thousand apps are a tenth of all the tests' time.
    """
    compiled: dict[Any, Any] = {}
    compile_builder = Rule._compile_builder

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        key = (rule.rule, str(rule.defaults), tuple(rule._trace), append_unknown)
        if key not in compiled:
            compiled[key] = compile_builder(rule, append_unknown)
        return compiled[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """Both wings in this process, without a worker."""
    made = create_app("both", settings)
    yield made
    with made.app_context():
        for engine in engines.engines.values():
            engine.dispose()


@contextmanager
def city_on_sqlite(template: Path, home: Path, **changes: Any) -> Iterator[Flask]:
    """Both wings on migrated, empty databases of their own, for all tests of a module."""
    for wing in WINGS:
        shutil.copy(template / f"{wing}.db", home)
    sms = f"file:{home / 'sms.jsonl'}"
    made = create_app("both", Settings(home=home, sms_gateway=sms, **changes))
    yield made
    with made.app_context():
        for engine in engines.engines.values():
            engine.dispose()


@pytest.fixture
def http(app: Flask) -> FlaskClient:
    """Requests to ``app`` without a network."""
    return app.test_client()


@pytest.fixture(scope="session", autouse=True)
def no_settings_from_outside() -> Iterator[None]:
    """A developer's own MVOTE_* variables and language do not reach the tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LC_ALL", "C.UTF-8")
        for name in os.environ:
            if name.startswith("MVOTE_") and name != "MVOTE_TEST_DATA":
                patch.delenv(name)
        yield
