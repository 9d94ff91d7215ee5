"""One history of migrations a wing makes, on either engine, the tables that the program uses."""

from importlib import import_module
from pkgutil import walk_packages

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import create_engine, pool

import mvote
from mvote.db import METADATA
from mvote.operations.database import upgrade
from mvote.settings import WINGS, Settings
from tests.databases import DatabaseUrls


@pytest.fixture(scope="module", autouse=True)
def every_table_is_known() -> None:
    for module in walk_packages(mvote.__path__, "mvote."):
        if module.name.endswith(".tables"):
            import_module(module.name)


def test_the_migrations_make_the_tables_that_the_program_uses(database_urls: DatabaseUrls) -> None:
    for wing, url in zip(WINGS, database_urls, strict=True):
        engine = create_engine(url, poolclass=pool.NullPool)
        with engine.connect() as connection:
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            assert compare_metadata(context, METADATA[wing]) == []
            assert context.get_current_revision() is not None


def test_an_upgrade_that_has_nothing_to_do_changes_nothing(
    empty_database_urls: DatabaseUrls,
) -> None:
    people, votes = empty_database_urls
    settings = Settings(people_database_url=people, votes_database_url=votes)
    assert upgrade(settings, WINGS) == upgrade(settings, WINGS)
