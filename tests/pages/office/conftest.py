"""An office with two officials, for tests without a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from tests.databases import city_on_sqlite
from tests.pages.office.desk import Desk
from tests.town import settle_in


@pytest.fixture(scope="module")
def city(sqlite_template: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """Both wings in one process; nothing here is decided by the engine."""
    with city_on_sqlite(
        sqlite_template, tmp_path_factory.mktemp("office"), official_passwords="yes"
    ) as made:
        settle_in(made)
        yield made


@pytest.fixture
def desk(city: Flask) -> Desk:
    """An official who drafts, answers, moderates and manages, signed in."""
    made = Desk(city)
    assert made.sign_in("drafter").status_code == 303
    return made
