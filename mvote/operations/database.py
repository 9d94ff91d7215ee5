"""Bring the databases to the newest revision, and say whether they are there."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from alembic import command, context
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import Connection, Engine, create_engine, pool
from sqlalchemy.exc import SQLAlchemyError

import mvote
from mvote.db import METADATA
from mvote.db import engine as engine_of
from mvote.settings import Settings, SettingsFault, Wing


class DatabaseFault(SettingsFault):
    """A database is missing, cannot be reached, or is not at this program's revision."""


def upgrade(settings: Settings, wings: Iterable[Wing]) -> dict[Wing, str]:
    """Migrate each wing's database; returns the revisions reached.  Raises DatabaseFault."""
    done: dict[Wing, str] = {}
    for wing in wings:
        engine = _plain_engine(settings, wing)
        try:
            with engine.connect() as connection:
                config = _config(wing)
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                connection.commit()
        except (SQLAlchemyError, OSError) as error:
            raise DatabaseFault(_unreachable(wing, error)) from None
        finally:
            engine.dispose()
        done[wing] = head(wing)
    return done


def head(wing: Wing) -> str:
    """The newest revision that this program knows."""
    found = ScriptDirectory.from_config(_config(wing)).get_current_head()
    if found is None:
        raise DatabaseFault(f"the migrations of the {wing} wing are not installed")
    return found


def check_revision(wing: Wing) -> None:
    """Whether the running app's database is at the newest revision.  Raises DatabaseFault."""
    try:
        with engine_of(wing).connect() as connection:
            found = MigrationContext.configure(connection).get_current_revision()
    except SQLAlchemyError as error:
        raise DatabaseFault(_unreachable(wing, error)) from None
    if found is None:
        raise DatabaseFault(f"the {wing} database is empty; run `mvote db upgrade`")
    if found != head(wing):
        raise DatabaseFault(
            f"the {wing} database is at revision {found} and this program needs {head(wing)};"
            " run `mvote db upgrade` with the newest program"
        )


def check_revisions(app: Flask, wings: Iterable[Wing]) -> None:
    """``check_revision`` for every wing that the app serves."""
    with app.app_context():
        for wing in wings:
            check_revision(wing)


def migrate(wing: Wing) -> None:
    """What ``migrations/<wing>/env.py`` runs.

    SQLite alters a table by copying it; with foreign keys on, dropping the old
    table deletes the rows that refer to it, in silence.  So they are off during
    the migration and checked behind it.
    """
    connection: Connection = context.config.attributes["connection"]
    sqlite = connection.dialect.name == "sqlite"
    if sqlite:
        connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=METADATA[wing],
        render_as_batch=sqlite,
        compare_type=True,
        render_item=_render_item,
    )
    with context.begin_transaction():
        context.run_migrations()
    if sqlite and connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall():
        raise DatabaseFault(f"a migration of the {wing} database broke a reference between rows")


def _render_item(kind: str, item: Any, autogen_context: Any) -> str | Literal[False]:
    """Spell our own column types in generated migrations."""
    if kind == "type" and type(item).__module__ == "mvote.db":
        autogen_context.imports.add("import mvote.db")
        return f"mvote.db.{type(item).__name__}()"
    return False


def _config(wing: Wing) -> Config:
    package = Path(mvote.__file__).parent
    installed = package / "_migrations" / wing
    folder = installed if installed.exists() else package.parent / "migrations" / wing
    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _plain_engine(settings: Settings, wing: Wing) -> Engine:
    url = settings.database_url(wing)
    if url.startswith("sqlite:///"):
        Path(url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    return create_engine(url, poolclass=pool.NullPool)


def _unreachable(wing: Wing, error: Exception) -> str:
    cause = str(getattr(error, "orig", None) or error).strip().splitlines()
    return (
        f"the {wing} database cannot be used (MVOTE_{wing.upper()}_DATABASE_URL):"
        f" {cause[0] if cause else type(error).__name__}"
    )
